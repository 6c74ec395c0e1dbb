"""What the autoencoder has to beat."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ae_core.formatting import counted
from ae_core.nn.losses import Loss

LINEAR_CODE = "the linear code with the least squared error on the training images"  # what PCA is
CHUNK = 1000  # images in one pass: all of them as floats would take much memory


@dataclass(frozen=True)
class Reference:
    """A loss that gives another one its meaning.

    kind : "baseline" for something to beat, "bound" for the best that there is
    meaning : what the label stands for, where it does not say so itself
    """

    label: str
    value: float
    kind: Literal["baseline", "bound"]
    meaning: str = ""


@dataclass(frozen=True)
class PrincipalComponents:
    """The linear code of PCA, for pixels in [0, 1].

    mean : (784,)
    components : (at most 784, 784), the most important first; n images have at most n of them
    """

    mean: Tensor
    components: Tensor

    def size(self, wanted: int) -> int:
        """The size of a code, if `wanted` numbers are asked for: there are only so many components."""
        return min(wanted, len(self.components))

    def encode(self, pixels: Tensor, size: int) -> Tensor:
        """Codes (n, at most size) of pixels (n, 784)."""
        return (pixels - self.mean) @ self.components[:size].T

    def decode(self, codes: Tensor) -> Tensor:
        """Reconstructions (n, 784) of codes (n, size); they may leave [0, 1]."""
        return self.mean + codes @ self.components[: codes.shape[1]]

    def reconstruct(self, pixels: Tensor, size: int) -> Tensor:
        """The nearest images (n, 784) that at most `size` components can express."""
        return self.decode(self.encode(pixels, size))

    def rival(self, pixels: Tensor, size: int, output: str) -> Tensor:
        """What to hold a network with this kind of output against: within [0, 1], as behind a sigmoid, or as it is."""
        images = self.reconstruct(pixels, size)
        return images.clamp(0, 1) if output == "sigmoid" else images


def principal_components(images: NDArray[np.uint8]) -> PrincipalComponents:
    """PCA of uint8 images (n, 784): the eigenvectors of their covariance, all that n images allow.

    The sums are made of a thousand images at a time: all of them as numbers would take 188 MB, and scikit-learn's
    import another 180. Computes on as many threads as torch gives the calling one.
    """
    total = torch.zeros(images.shape[1], dtype=torch.float64)
    products = torch.zeros(images.shape[1], images.shape[1], dtype=torch.float64)
    for part in torch.from_numpy(images).split(CHUNK):
        levels = part.double()  # whole numbers, so the sums are exact
        total += levels.sum(dim=0)
        products.addmm_(levels.T, levels)
    mean = total / len(images)
    covariance = (products / len(images) - mean.outer(mean)) / 255**2
    _, vectors = torch.linalg.eigh(covariance)  # the smallest first
    components = vectors.T.flip(0)[: len(images)]
    return PrincipalComponents((mean / 255).float(), components.float().contiguous())


def references(
    loss: Loss, fitted: PrincipalComponents, parts: Iterable[tuple[Tensor, Tensor]], size: int, output: str
) -> tuple[Reference, ...]:
    """Losses over test pixels to hold a network with `size` numbers and this kind of output against.

    PCA was not made for every loss: its output is clipped where that suits it best.

    parts : what goes in, perhaps corrupted, and what should come out, (n, 784) each, some images at a time
    """
    sums: dict[tuple[str, int], float] = defaultdict(float)
    count = 0
    for pixels, target in parts:
        mean, projected = fitted.mean.clamp(0, 1).expand_as(target), fitted.rival(pixels, size, output)
        count += len(target)
        answers = {"mean": [mean], "copy": [target], "pca": loss.clipped(projected)}
        for name, outputs in answers.items():
            for way, theirs in enumerate(outputs):
                sums[name, way] += float(loss.each(theirs, target).sum())
    pca = min(s for (name, _), s in sums.items() if name == "pca")
    return (
        Reference("mean image", sums["mean", 0] / count, "baseline"),
        Reference(f"PCA, {counted(fitted.size(size), 'number')}", pca / count, "baseline", LINEAR_CODE),
        Reference("perfect copy", sums["copy", 0] / count, "bound"),
    )
