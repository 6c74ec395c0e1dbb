"""A Pillow image of any mode -> RGB as a person sees it, small enough to work on.

Pillow alone gets three things wrong: `convert` cuts 16-bit and float values off at 255, it drops the alpha channel and
shows the colours hidden under it, and it needs several copies of a large image. So values are scaled by their real
range, transparency is laid on white (light ink on black), and both is done in bands of rows that are shrunk at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIDE = 1024  # pixels of the longer side: a digit of a tenth of the sheet still has 100
LIGHT = 192  # mean shade of what is to be seen, from which too little of it would be left on white
BAND_PIXELS = 1_000_000
TWELVE_BIT = 4095  # cameras and scanners store 12-bit values in 16-bit files


class ValuesError(ValueError):
    """Some of the values are not finite numbers."""


@dataclass(frozen=True)
class Scale:
    """The values that are shown black and white, and whether a visitor should hear of it."""

    black: float
    white: float
    notice: str = ""

    def apply(self, values: NDArray[np.generic]) -> NDArray[np.uint8]:
        """Any numbers -> uint8 of the same shape, rounded."""
        share = (values.astype(np.float64) - self.black) / (self.white - self.black)
        return np.rint(np.clip(share, 0.0, 1.0) * 255).astype(np.uint8)


def as_rgb(image: Image.Image) -> tuple[Image.Image, tuple[str, ...]]:
    """The image in RGB without transparency, its longer side at most `SIDE`, and notices about what was done.

    Raises `ValuesError` when float values are infinite or not numbers.
    """
    scale = _scale_of(image) if image.mode == "F" or image.mode.startswith("I") else None
    factor = max(1, max(image.size) // SIDE)
    small = Image.new("RGB", (-(-image.width // factor), -(-image.height // factor)))
    ground = _ground(image)
    for top, band in _bands(image, factor):
        if scale:
            band = Image.fromarray(scale.apply(np.asarray(band)))
        elif ground:
            band = Image.alpha_composite(Image.new("RGBA", band.size, ground), band.convert("RGBA"))
        band = band.convert("RGB")
        small.paste(band.reduce(factor) if factor > 1 else band, (0, top // factor))
    small.thumbnail((SIDE, SIDE))
    notices = (scale.notice if scale else "", f"Transparent parts are shown {ground}." if ground else "")
    return small, tuple(notice for notice in notices if notice)


def _bands(image: Image.Image, factor: int) -> Iterator[tuple[int, Image.Image]]:
    """The image in bands of whole rows, each with its top; a band's height is a multiple of the factor."""
    width, height = image.size
    rows = factor * max(1, BAND_PIXELS // (width * factor))
    for top in range(0, height, rows):
        yield top, image.crop((0, top, width, min(top + rows, height)))


def _ground(image: Image.Image) -> str:
    """The colour to lay transparency on: white, or black under light ink; "" where nothing is transparent."""
    if not image.has_transparency_data or image.mode.startswith("I"):
        return ""
    opaque, light, cover = True, 0.0, 0.0
    for _, band in _bands(image, 1):
        rgba = band.convert("RGBA")
        alpha = np.asarray(rgba.getchannel("A"))
        opaque &= int(alpha.min()) == 255
        cover += float(alpha.sum(dtype=np.int64))
        light += float((alpha.astype(np.float32) * np.asarray(rgba.convert("RGB").convert("L"))).sum(dtype=np.float64))
    if opaque:
        return ""
    return "black" if light > LIGHT * cover else "white"


def _scale_of(image: Image.Image) -> Scale:
    """How to show values that are not 8-bit: by the convention that they follow, else by the range found."""
    low, high = _extremes(image)
    if image.mode.startswith("I;16"):
        if 0 < high <= TWELVE_BIT:
            return Scale(0, high, f"The values reach only {high:,.0f} of 65,535: they were brightened.")
        return Scale(0, 65535)
    if low >= 0 and high <= 1:
        return Scale(0, 1)
    if low >= 0 and high <= 255:
        return Scale(0, 255)
    if low == high:
        return Scale(low, low + abs(low))
    return Scale(low, high, f"The values run from {low:,.6g} to {high:,.6g}: they were scaled to black and white.")


def _extremes(image: Image.Image) -> tuple[float, float]:
    """The lowest and the highest value of a one-channel image, or a `ValuesError`."""
    ends: list[float] = []
    for _, band in _bands(image, 1):
        values = np.asarray(band)
        ends += [float(values.min()), float(values.max())]
    if not np.isfinite(ends).all():  # a single NaN makes both extremes NaN
        raise ValuesError("not finite")
    return min(ends), max(ends)
