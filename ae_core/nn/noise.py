"""Corruptions: what a denoising autoencoder has to undo. A table name -> function.

Every function takes pixels in [0, 1] (a float tensor of any shape), a level in [0, 1] and a random
generator, and returns new pixels in [0, 1] of the same shape. Level 0 changes nothing.
"""

from collections.abc import Callable

import torch
from torch import Generator, Tensor


def gaussian(pixels: Tensor, level: float, generator: Generator) -> Tensor:
    """Add normal noise of standard deviation `level`, then clip."""
    return _normal_like(pixels, generator).mul_(level).add_(pixels).clamp_(0, 1)


def salt_and_pepper(pixels: Tensor, level: float, generator: Generator) -> Tensor:
    """Set a share `level` of the pixels to black or white, half and half."""
    chance = _uniform_like(pixels, generator)
    return torch.where(chance < level, (chance < level / 2).to(pixels.dtype), pixels)


def masking(pixels: Tensor, level: float, generator: Generator) -> Tensor:
    """Set a share `level` of the pixels to black."""
    return torch.where(_uniform_like(pixels, generator) < level, 0, pixels)


def speckle(pixels: Tensor, level: float, generator: Generator) -> Tensor:
    """Multiply each pixel by 1 plus normal noise of standard deviation `level`, then clip."""
    return _normal_like(pixels, generator).mul_(level).add_(1).mul_(pixels).clamp_(0, 1)


NOISES: dict[str, Callable[[Tensor, float, Generator], Tensor]] = {
    "gaussian": gaussian,
    "salt and pepper": salt_and_pepper,
    "masking": masking,
    "speckle": speckle,
}


def corrupt(pixels: Tensor, kind: str, level: float, generator: Generator) -> Tensor:
    """Pixels corrupted by the named kind of noise; level 0 gives the pixels themselves."""
    return NOISES[kind](pixels, level, generator) if level else pixels


def _normal_like(pixels: Tensor, generator: Generator) -> Tensor:
    return torch.empty_like(pixels).normal_(generator=generator)


def _uniform_like(pixels: Tensor, generator: Generator) -> Tensor:
    # float32 even for bfloat16 pixels: 256 steps would make a level of 0.001 mean 0.004
    return torch.empty_like(pixels, dtype=torch.float32).uniform_(generator=generator)
