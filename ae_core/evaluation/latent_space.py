"""The code, seen from outside: where digits lie, what is between them, and how good a map it is.

Codes are float32 arrays (n, code size), one row for each image; labels serve display and scores only.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from ae_core.autoencoder.model import Autoencoder, to_pixels, to_uint8

Codes = NDArray[np.float32]
Images = NDArray[np.uint8]
Rows = TypeVar("Rows", Images, Codes)

DIGITS = 10
BATCH = 250  # images in one pass: more do not fit into the cache, and all as float32 not into a small memory
OUTLIERS = 0.02  # of the values lie below a range, and as many above it
DEAD = 1e-4  # of the largest variance: a unit that varies less says nothing
STEPS = 11  # of an interpolation, both ends included
GRID = 20  # pictures along each side of the manifold
NEIGHBOURS = 12  # of trustworthiness and continuity
VOTERS = 10  # of the k-nearest-neighbour accuracy
HELD_OUT = 4  # every fourth digit is judged by the others


def batches(rows: Rows) -> Iterator[Rows]:
    """Images or codes, some at a time."""
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


@torch.no_grad()
def encode_images(model: Autoencoder, images: Images) -> Codes:
    """Codes (n, code size) of uint8 images (n, 784)."""
    return np.concatenate([model.encode(to_pixels(part)).numpy() for part in batches(images)])


@torch.no_grad()
def decode_codes(model: Autoencoder, codes: Codes) -> Images:
    """uint8 images (n, 784) that the decoder makes of codes (n, code size), whatever numbers these are."""
    decoded = [model.decode(torch.from_numpy(np.ascontiguousarray(part, np.float32))) for part in batches(codes)]
    return np.concatenate([to_uint8(pixels.nan_to_num(0.0)) for pixels in decoded])


@dataclass(frozen=True)
class Plane:
    """A flat cut through the code space: the point (x, y) is the code origin + x across + y up.

    origin, across, up : float32 (code size,); `across` and `up` have length 1 and are orthogonal.
    A code of one number has a line for a plane: its `up` is 0.
    """

    origin: Codes
    across: Codes
    up: Codes

    def codes(self, positions: Codes) -> Codes:
        """The codes (n, code size) at positions (n, 2)."""
        return self.origin + positions @ np.stack([self.across, self.up])

    def positions(self, codes: Codes) -> Codes:
        """Where codes (n, code size) fall on the plane: (n, 2)."""
        return np.asarray((codes - self.origin) @ np.stack([self.across, self.up]).T, np.float32)


def unit_plane(codes: Codes, first: int, second: int | None = None) -> Plane:
    """The plane of two units; all others stay at their mean over the codes. None gives a line."""
    origin = codes.mean(axis=0)
    axes = np.zeros((2, codes.shape[1]), np.float32)
    for axis, unit in zip(axes, (first, second), strict=True):
        if unit is not None:
            axis[unit], origin[unit] = 1, 0
    return Plane(origin, *axes)


def principal_plane(codes: Codes) -> Plane:
    """The plane through the mean of the codes in which they vary most: their first two principal components."""
    _, directions = np.linalg.eigh(np.cov(codes.T))  # the largest variance comes last
    axes = directions.T[:-3:-1]
    axes *= np.sign(axes[np.arange(2), np.abs(axes).argmax(axis=1)])[:, None]  # else chance decides what is left
    return Plane(codes.mean(axis=0), *axes.astype(np.float32))


def best_plane(codes: Codes) -> Plane:
    """The plane that shows most of the codes: up to two units are shown as they are."""
    if codes.shape[1] <= 2:
        return unit_plane(codes, 0, 1 if codes.shape[1] == 2 else None)
    return principal_plane(codes)


def value_ranges(values: Codes, outliers: float = OUTLIERS) -> Codes:
    """Where the data lives: low and high (2, units) of values (n, units), as quantiles, without the outliers."""
    return np.quantile(values, [outliers, 1 - outliers], axis=0).astype(np.float32)


def class_means(codes: Codes, labels: Images) -> Codes:
    """The mean code of each digit 0..9: (10, code size); NaN where the labels have none of a digit."""
    return np.stack([
        codes[labels == digit].mean(axis=0) if (labels == digit).any() else np.full(codes.shape[1], np.nan, np.float32)
        for digit in range(DIGITS)
    ])


def dead_units(codes: Codes) -> NDArray[np.bool_]:
    """Which units (code size,) say nothing: their variance over the codes is as good as 0."""
    variance = codes.var(axis=0)
    return np.asarray(variance <= max(DEAD * float(variance.max()), 1e-12))


@dataclass(frozen=True)
class Manifold:
    """What the decoder draws over a region of a plane.

    low, high : float32 (2,), the corners of the region: centres of the outermost pictures
    codes : float32 (rows, columns, code size), the top row at the highest y
    pictures : uint8 (rows, columns, 784)
    """

    low: Codes
    high: Codes
    codes: Codes
    pictures: Images


def manifold(model: Autoencoder, plane: Plane, positions: Codes, steps: int = GRID) -> Manifold:
    """Decode a grid of points over the region of a plane where positions (n, 2) of data lie.

    Evenly spaced points, so that the pictures can lie behind a map; one row of them on a line.
    """
    low, high = value_ranges(positions)
    rows = steps if plane.up.any() else 1
    x, y = np.meshgrid(np.linspace(low[0], high[0], steps), np.linspace(high[1], low[1], rows))
    codes = plane.codes(np.stack([x.ravel(), y.ravel()], axis=1).astype(np.float32))
    pictures = decode_codes(model, codes)
    return Manifold(low, high, codes.reshape(rows, steps, -1), pictures.reshape(rows, steps, -1))


def tiled(pictures: Images) -> Images:
    """One picture (rows * 28, columns * 28) of pictures (rows, columns, 784)."""
    rows, columns = pictures.shape[:2]
    return pictures.reshape(rows, columns, 28, 28).swapaxes(1, 2).reshape(rows * 28, columns * 28)


def interpolate(model: Autoencoder, first: Codes, last: Codes, steps: int = STEPS) -> tuple[Codes, Images]:
    """Codes (steps, code size) on the straight line between two codes, and what the decoder draws there."""
    share = np.linspace(0, 1, steps, dtype=np.float32)[:, None]
    codes = (1 - share) * first + share * last
    return codes, decode_codes(model, codes)


@dataclass(frozen=True)
class EmbeddingScores:
    """How good a map codes are.

    accuracy : share of held-out digits whose 10 nearest codes vote for the right label
    trustworthiness : in [0, 1]; below 1 when neighbours on the map are no neighbours as pixels
    continuity : in [0, 1]; below 1 when neighbours as pixels are none on the map
    silhouette : in [-1, 1]; how far the digits' groups stand apart
    """

    accuracy: float
    trustworthiness: float
    continuity: float
    silhouette: float


def embedding_scores(codes: NDArray[Any], labels: Images, images: Images) -> EmbeddingScores:
    """Judge codes (n, code size) of images (n, 784) with their labels, all by scikit-learn.

    Every fourth digit is held out: the others vote on its label, and the slower measures take this
    sample only. Continuity is trustworthiness with the roles of pixels and map exchanged (J. Venna,
    S. Kaski, "Neighborhood preservation in nonlinear projection methods", 2001).
    """
    from sklearn.manifold import trustworthiness
    from sklearn.metrics import silhouette_score
    from sklearn.neighbors import KNeighborsClassifier

    held_out = np.arange(len(codes)) % HELD_OUT == HELD_OUT - 1
    sample, judged = codes[held_out], labels[held_out]
    pixels = np.divide(images[held_out], 255, dtype=np.float32)
    with _one_thread():
        voters = KNeighborsClassifier(VOTERS).fit(codes[~held_out], labels[~held_out])
        return EmbeddingScores(
            accuracy=float(voters.score(sample, judged)),
            trustworthiness=float(trustworthiness(pixels, sample, n_neighbors=NEIGHBOURS)),
            continuity=float(trustworthiness(sample, pixels, n_neighbors=NEIGHBOURS)),
            silhouette=float(silhouette_score(sample, judged)),
        )


def random_projection(images: Images, size: int, training: Images) -> tuple[Codes, float]:
    """Codes (n, size) of images by a random linear map, and the squared error of the best linear way back.

    The way back is the one with the least squared error on training images. The error is summed over the pixels of an
    image and averaged over images. The map comes from a fixed seed: it is the same for everybody.
    """
    from sklearn.random_projection import GaussianRandomProjection

    known, pixels = (np.divide(each, 255, dtype=np.float32) for each in (training, images))
    mean = known.mean(axis=0)
    with _one_thread():
        chance = GaussianRandomProjection(size, random_state=0).fit(known)
        codes = chance.transform(pixels - mean)
        inner = chance.transform(known - mean)
        back = np.linalg.lstsq(inner.T @ inner, inner.T @ (known - mean), rcond=None)[0]
    return codes.astype(np.float32), float(np.square(codes @ back + mean - pixels).sum(axis=1).mean())


def _one_thread() -> Any:
    from threadpoolctl import threadpool_limits

    return threadpool_limits(1)  # the cores belong to the training
