"""What the autoencoder has to beat."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ae_core.metrics import bce, mse

CLIPS = (0.001, 0.003, 0.01, 0.02, 0.05)


@dataclass(frozen=True)
class Reference:
    """A loss that gives another one its meaning.

    kind : "baseline" for something to beat, "bound" for the best that there is
    """

    label: str
    value: float
    kind: Literal["baseline", "bound"]


@dataclass(frozen=True)
class PrincipalComponents:
    """The linear code of PCA: mean (784,) and components (784, 784), the most important first, pixels in [0, 1]."""

    mean: Tensor
    components: Tensor

    def encode(self, pixels: Tensor, size: int) -> Tensor:
        """Codes (n, size) of pixels (n, 784)."""
        return (pixels - self.mean) @ self.components[:size].T

    def decode(self, codes: Tensor) -> Tensor:
        """Reconstructions (n, 784) of codes (n, size); they may leave [0, 1]."""
        return self.mean + codes @ self.components[: codes.shape[1]]

    def reconstruct(self, pixels: Tensor, size: int) -> Tensor:
        """The nearest images (n, 784) that `size` components can express."""
        return self.decode(self.encode(pixels, size))


def principal_components(images: NDArray[np.uint8]) -> PrincipalComponents:
    """PCA of uint8 images (n, 784), all components that n images allow, by scikit-learn."""
    from sklearn.decomposition import PCA
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):  # the cores belong to the training
        pca = PCA(svd_solver="covariance_eigh" if len(images) > 784 else "full")
        pca.fit(np.multiply(images, np.float32(1 / 255), dtype=np.float32))
    return PrincipalComponents(torch.from_numpy(pca.mean_), torch.from_numpy(pca.components_))


def pca_bce(fitted: PrincipalComponents, pixels: Tensor, target: Tensor, size: int) -> float:
    """Binary cross-entropy of PCA, whose output is clipped where that suits it best: it was not made for this loss."""
    output = fitted.reconstruct(pixels, size)
    return min(bce(output, target, clip=clip) for clip in CLIPS)


def references(
    loss: str, fitted: PrincipalComponents, pixels: Tensor, target: Tensor, size: int
) -> tuple[Reference, ...]:
    """Losses over test pixels (n, 784) to hold a network with a code of `size` numbers against.

    pixels, target : what goes in, perhaps corrupted, and what should come out
    """
    mean = fitted.mean.clamp(0, 1).expand_as(target)
    if loss == "bce":
        return (
            Reference("mean image", bce(mean, target), "baseline"),
            Reference(f"PCA, {size} numbers", pca_bce(fitted, pixels, target, size), "baseline"),
            Reference("perfect copy", bce(target, target), "bound"),
        )
    return (
        Reference("mean image", mse(mean, target), "baseline"),
        Reference(f"PCA, {size} numbers", mse(fitted.reconstruct(pixels, size), target), "baseline"),
        Reference("perfect copy", 0.0, "bound"),
    )
