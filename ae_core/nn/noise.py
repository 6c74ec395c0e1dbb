"""Corruptions: what a denoising autoencoder has to undo. A new one is one more entry in NOISES.

Every function takes pixels in [0, 1] (a float tensor of any shape), a level in [0, 1] and a random
generator, and returns new pixels in [0, 1] of the same shape. Level 0 changes nothing.
All of it is methods of tensors: the table is known without PyTorch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Generator, Tensor


@dataclass(frozen=True, kw_only=True)
class NoiseKind:
    """A kind of noise.

    corrupt : pixels, level, generator -> noisy pixels
    level : what the level is, in words
    """

    corrupt: Callable[[Tensor, float, Generator], Tensor]
    level: str


def gaussian(pixels: Tensor, level: float, generator: Generator) -> Tensor:
    """Add normal noise of standard deviation `level`, then clip."""
    return _normal_like(pixels, generator).mul_(level).add_(pixels).clamp_(0, 1)


def salt_and_pepper(pixels: Tensor, level: float, generator: Generator) -> Tensor:
    """Set a share `level` of the pixels to black or white, half and half."""
    chance = _uniform_like(pixels, generator)
    return pixels.where(chance >= level, (chance < level / 2).to(pixels.dtype))


def masking(pixels: Tensor, level: float, generator: Generator) -> Tensor:
    """Set a share `level` of the pixels to black."""
    return pixels.masked_fill(_uniform_like(pixels, generator) < level, 0)


def speckle(pixels: Tensor, level: float, generator: Generator) -> Tensor:
    """Multiply each pixel by 1 plus normal noise of standard deviation `level`, then clip."""
    return _normal_like(pixels, generator).mul_(level).add_(1).mul_(pixels).clamp_(0, 1)


NOISES: dict[str, NoiseKind] = {
    "gaussian": NoiseKind(corrupt=gaussian, level="the standard deviation of normal noise that is added"),
    "salt and pepper": NoiseKind(corrupt=salt_and_pepper, level="the share of pixels made black or white"),
    "masking": NoiseKind(corrupt=masking, level="the share of pixels made black"),
    "speckle": NoiseKind(
        corrupt=speckle, level="the standard deviation of normal noise that each pixel is multiplied by"
    ),
}


def corrupt(pixels: Tensor, kind: str, level: float, generator: Generator) -> Tensor:
    """Pixels corrupted by the named kind of noise; level 0 gives the pixels themselves."""
    return NOISES[kind].corrupt(pixels, level, generator) if level else pixels


def _normal_like(pixels: Tensor, generator: Generator) -> Tensor:
    return pixels.new_empty(pixels.shape).normal_(generator=generator)


def _uniform_like(pixels: Tensor, generator: Generator) -> Tensor:
    # float32 even for bfloat16 pixels: 256 steps would make a level of 0.001 mean 0.004
    return pixels.new_empty(pixels.shape).float().uniform_(generator=generator)
