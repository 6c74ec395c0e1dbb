"""The best linear denoiser: least squares from noisy to clean training images, without any bottleneck."""

from dataclasses import dataclass

import torch
from torch import Tensor

from ae_core.autoencoder.model import to_pixels
from ae_core.data.datasets import Images
from ae_core.nn.noise import corrupt

PAIRS = 16_384  # at least so many noisy and clean images: a few images are used again, each time with other noise
CHUNK = 4096  # images in one pass
RIDGE = 1e-4  # added to the variance of each pixel: some never change


@dataclass(frozen=True)
class LinearDenoiser:
    """Output = offset + weights applied to the pixels.

    weights : (784, 784), noisy to clean; offset : (784,)
    """

    weights: Tensor
    offset: Tensor

    def clean(self, pixels: Tensor) -> Tensor:
        """Pixels (n, 784) cleaned; they may leave [0, 1]."""
        return pixels @ self.weights + self.offset


def linear_denoiser(images: Images, kind: str, level: float, seed: int) -> LinearDenoiser:
    """Fitted on uint8 images (n, 784), each with its own noise of this kind and level."""
    generator = torch.Generator().manual_seed(seed)
    size, count = images.shape[1], 0
    means = torch.zeros(2, size, dtype=torch.float64)
    inputs, crossed = (torch.zeros(size, size, dtype=torch.float64) for _ in range(2))
    while count < max(PAIRS, len(images)):
        for part in torch.from_numpy(images).split(CHUNK):
            clean = to_pixels(part.numpy())
            noisy = corrupt(clean, kind, level, generator)
            means += torch.stack([noisy.sum(dim=0), clean.sum(dim=0)])
            inputs += noisy.T @ noisy
            crossed += noisy.T @ clean
            count += len(part)
    before, after = means / count
    covariance = inputs / count - before.outer(before) + RIDGE * torch.eye(size)
    weights = torch.linalg.solve(covariance, crossed / count - before.outer(after))
    return LinearDenoiser(weights.float(), (after - before @ weights).float())
