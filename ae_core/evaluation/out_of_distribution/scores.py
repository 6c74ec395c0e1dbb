"""How strange an image is: scores of images, and what a score is worth. A higher score is stranger."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from ae_core.autoencoder.model import Autoencoder, to_pixels
from ae_core.data.datasets import Images
from ae_core.evaluation.baselines import PrincipalComponents

Scores = NDArray[np.float64]
Pair = tuple[Scores, Scores]

BATCH = 2000  # images


@torch.no_grad()
def errors(model: Autoencoder, images: Images) -> Scores:
    """Squared error of each image's reconstruction, mean over its pixels: float64 (n,), of images (n, 784)."""
    parts = [
        (model(pixels) - pixels).square().mean(dim=1).numpy()
        for pixels in map(to_pixels, _split(images))
    ]
    return np.concatenate(parts).astype(np.float64)


def pca_errors(
    fitted: PrincipalComponents, images: Images, size: int, bounds: tuple[float, float] = (0.0, 1.0)
) -> Scores:
    """What `size` components cannot express of each image: squared error, mean over its pixels, (n,).

    bounds : what the answers are clipped to: to [0, 1], where all pixels are, they only come nearer
    """
    parts = [
        (fitted.reconstruct(pixels, size).clamp(*bounds) - pixels).square().mean(dim=1).numpy()
        for pixels in map(to_pixels, _split(images))
    ]
    return np.concatenate(parts).astype(np.float64)


def brightness_distance(images: Images, mean: Images | Scores) -> Scores:
    """How far the mean pixel of each image (n, 784) is from that of the mean training image (784,), in [0, 1]."""
    distance: Scores = np.abs(images.mean(axis=1) / 255 - mean.mean())
    return distance


def mean_image_distance(images: Images, mean: Images | Scores) -> Scores:
    """Squared difference of each image (n, 784) to the mean training image (784,) in [0, 1], mean over pixels."""
    parts = [np.square(part / 255 - mean).mean(axis=1) for part in _split(images)]
    return np.concatenate(parts)


@dataclass(frozen=True, eq=False)
class Gaussian:
    """A normal distribution of codes: mean (size,) and the (pseudo-)inverse of its covariance (size, size)."""

    mean: Scores
    precision: Scores

    @classmethod
    def of(cls, codes: NDArray[np.float32]) -> "Gaussian":
        """The one that fits codes (n, size) best."""
        exact = codes.astype(np.float64)
        covariance = np.atleast_2d(np.cov(exact, rowvar=False))
        return cls(exact.mean(axis=0), np.linalg.pinv(covariance, hermitian=True).astype(np.float64))

    def distance(self, codes: NDArray[np.float32]) -> Scores:
        """Mahalanobis distance of each code (n, size) from the mean: (n,), in standard deviations.

        Source: P. C. Mahalanobis, "On the generalised distance in statistics", 1936.
        """
        away = codes - self.mean
        distance: Scores = np.sqrt(np.einsum("ni,ij,nj->n", away, self.precision, away).clip(0))
        return distance


def percentiles(scores: Scores, home: Scores) -> Scores:
    """For each score the share of home scores below it, in per cent."""
    return np.searchsorted(np.sort(home), scores, side="left") / len(home) * 100


def auroc(home: Scores, strangers: Scores) -> float:
    """The chance that a random stranger has a higher score than a random home image (ties count half), by scikit-learn.

    1 tells all strangers from home, 0.5 is a guess, below 0.5 strangers look more at home than home itself.
    """
    from sklearn.metrics import roc_auc_score

    truth = np.repeat([0, 1], [len(home), len(strangers)])
    return float(roc_auc_score(truth, np.concatenate([home, strangers])))


def auroc_doubt(first: Pair, second: Pair | None = None) -> float:
    """Two standard errors of an AUROC, or of the difference of two AUROCs of the same images; infinite for one image.

    Source: E. DeLong, D. DeLong, D. Clarke-Pearson, "Comparing the areas under two or more correlated receiver
    operating characteristic curves", 1988.

    first, second : scores of home (n,) and of strangers (m,)
    """
    placed = _placements(*first)
    if second is not None:
        placed = [ours - theirs for ours, theirs in zip(placed, _placements(*second), strict=True)]
    if min(map(len, placed)) < 2:
        return math.inf
    return 2 * math.sqrt(sum(float(each.var(ddof=1)) / len(each) for each in placed))


def _placements(home: Scores, strangers: Scores) -> list[Scores]:
    """The share of home below each stranger (m,), and the share of strangers above each home image (n,); ties half."""
    return [_share_below(home, strangers), 1 - _share_below(strangers, home)]


def _share_below(values: Scores, limits: Scores) -> Scores:
    ordered = np.sort(values)
    twice = np.searchsorted(ordered, limits, "left") + np.searchsorted(ordered, limits, "right")
    share: Scores = twice / (2 * len(values))
    return share


def false_alarms(home: Scores, threshold: float) -> float:
    """Share of home images that would be refused: their score is above the threshold."""
    return float(np.mean(home > threshold))


def misses(strangers: Scores, threshold: float) -> float:
    """Share of strangers that would be let in: their score is not above the threshold."""
    return float(np.mean(strangers <= threshold))


def _split(images: Images) -> list[Images]:
    return [images[start : start + BATCH] for start in range(0, len(images), BATCH)]
