"""Ink: how far a channel of the picture, its lightness or a colour difference, departs from its paper at each pixel.

Paper reflects a share of the light that falls on it. Either it has one shade, that of the picture's rim, or it is found
by a morphological closing: strokes are closed from their sides, while the edge of a shadow or of a sheet stays where
it is.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .picture import Pixels

Levels = NDArray[np.float32]

FIELD = 28  # pixels of a side of an MNIST image
NOISY = 2.0  # grey levels of noise from which a picture is a photo of paper and not drawn on a screen
EVEN = 24  # levels between the quartiles of the rim: below, the paper has one shade
WIDEST_STROKE = 0.25  # of the shorter side: what is narrower is closed
DARKEST_PAPER = 32  # below, a share of the light is mostly noise


@dataclass(frozen=True)
class Contrast:
    """Which departure from the paper counts as ink.

    dark : darker than the paper, or lighter
    even : the paper has the shade of the rim, or it is found by closing
    colour : a channel of colour difference, whose levels are no light, or lightness
    """

    dark: bool
    even: bool
    colour: bool = False


@dataclass(frozen=True, eq=False)
class Ink:
    """Levels (height, width) of 0 to 255, below 0 where the paper is surpassed; and their robust deviation on paper."""

    levels: Levels
    noise: float


def ink_of(channel: Pixels, contrast: Contrast) -> Ink:
    """The ink on a channel, its denoising included."""
    from scipy import ndimage

    noisy = noise_of(channel) > NOISY and min(channel.shape) >= 3
    if noisy:
        channel = ndimage.median_filter(channel, 3)
    light: Levels = (channel if contrast.dark else 255 - channel).astype(np.float32)
    if contrast.even:
        middle = _rim(channel)[1]
        paper = np.full_like(light, middle if contrast.dark else 255 - middle)
    else:
        size = max(3, int(WIDEST_STROKE * min(light.shape)) | 1)
        smooth = ndimage.uniform_filter(light, 3) if noisy else light  # a closing follows the lightest pixels
        paper = ndimage.minimum_filter(ndimage.maximum_filter(smooth, size), size)
    levels = paper - light
    if not contrast.colour:
        levels *= 255 / np.maximum(paper, DARKEST_PAPER)
    middle = np.median(levels)
    deviation = 1.4826 * float(np.median(np.abs(levels - middle)))
    return Ink(levels - max(middle, np.float32(0)), deviation)


def is_even(channel: Pixels) -> bool:
    """Whether the rim of the channel has one shade."""
    low, _, high = _rim(channel)
    return bool(high - low <= EVEN)


def noise_of(channel: Pixels) -> float:
    """Standard deviation of the noise, from the differences of neighbours, most of which lie on the same ground."""
    if max(channel.shape) <= FIELD:
        return 0.0  # at MNIST's own size neighbours differ because strokes are that thin
    steps = np.abs(np.diff(channel.astype(np.int16), axis=1))
    return 1.4826 * float(np.median(steps)) / np.sqrt(2) if steps.size else 0.0


def _rim(channel: Pixels) -> tuple[float, float, float]:
    """Quartiles of the pixels along the four sides."""
    depth = max(1, min(channel.shape) // 20)
    sides = channel[:depth], channel[-depth:], channel[:, :depth], channel[:, -depth:]
    low, middle, high = np.percentile(np.concatenate([side.ravel() for side in sides]), [25, 50, 75])
    return float(low), float(middle), float(high)
