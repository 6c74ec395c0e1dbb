"""Where the digits of a picture are, found by trying.

Nobody knows beforehand whether ink is dark or light, whether the paper has one shade, and from which level on ink is
ink. So all of it is tried; the answer in which one finds strokes of one width on a quiet ground is taken.
"""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from . import digits
from .connected_components import EIGHT, Components, Mask, components, relative
from .ink import FIELD, Contrast, Ink, Levels, ink_of, is_even
from .picture import Picture, Pixels
from .strokes import Stroke, measured

SIDE = 512  # pixels of the longer side on which digits are looked for
# Shares of the peak: a ruled line is fainter than what is written over it. The lowest that will do is preferred.
PRIORS = {0.25: 1.0, 0.45: 0.96, 0.65: 0.92}
LARGEST = 16  # pieces that are measured
LEAST_EXTENT = 6  # pixels
SURE, DOUBTFUL = 0.9, 0.5  # likeness: nothing else is tried; colours are tried
FLAT = 12.0  # levels between neighbours in a picture whose lightness has no contrast
COLOURFUL = 24  # levels between the extremes of a colour difference
FAINT = 0.5  # of the contrast: fainter ink is no clutter
EDGE = 0.4  # of the contrast: a step between neighbours as large as this is an edge
EDGES = 0.015, 0.045  # share of them from which a sheet is not quiet, and at which it is none
TEXTURE = 0.15, 0.3  # the same for the steps between neighbours, their 90th percentile over the contrast
CLEAR = 5.0, 9.0  # contrast over noise from which ink is possible, and certain


@dataclass(frozen=True, eq=False)
class Digits:
    """What was found.

    contrast, channel : which departure from the paper is ink, and on which of `channels`
    places : masks (height, width), one for each digit, from left to right, at the resolution of the search
    widths : stroke width of each, in pixels of the search
    left_out : mask of all other ink
    likeness : 0 to 1, how much all this is a drawing
    """

    contrast: Contrast
    channel: int
    places: tuple[Mask, ...]
    widths: tuple[float, ...]
    left_out: Mask
    likeness: float


@functools.lru_cache(maxsize=2)  # what is suggested and what is prepared come from the same search
def find_digits(picture: Picture) -> Digits | None:
    """The digits in a picture, or None where there is no ink."""
    grey = _shrunk(picture.grey)
    steps = _steps(grey)
    found = list(_on_channel(0, grey, steps))
    if max((each.likeness for each in found), default=0) < DOUBTFUL and np.percentile(steps, 95) <= FLAT:
        for number in (1, 2):
            colour = channel_of(picture, number, grey.shape)
            if int(colour.max()) - int(colour.min()) >= COLOURFUL:
                found += _on_channel(number, colour, np.maximum(steps, _steps(colour)))
    return max(found, key=lambda each: each.likeness, default=None)


def channel_of(picture: Picture, number: int, shape: Sequence[int]) -> Pixels:
    """At a shape: 0 is the lightness; 1 and 2 are blue and red less the lightness, around 128."""
    if number == 0:
        return picture.grey
    image = Image.fromarray(picture.rgb).resize((shape[1], shape[0]), Image.Resampling.BILINEAR)
    channel: Pixels = np.asarray(image.convert("YCbCr"))[..., number]
    return channel


def _shrunk(grey: Pixels) -> Pixels:
    """The picture with its longer side at most `SIDE`; each pixel is the mean of the area that it covers."""
    image = Image.fromarray(grey)
    factor = max(image.size) / SIDE
    if factor <= 1:
        return grey
    size = max(1, round(image.width / factor)), max(1, round(image.height / factor))
    return np.asarray(image.resize(size, Image.Resampling.BOX))


def _steps(channel: Pixels) -> Levels:
    """How much each pixel's neighbours differ, noise smoothed away."""
    from scipy import ndimage

    smooth = channel.astype(np.float32)
    if max(channel.shape) > FIELD:
        smooth = ndimage.uniform_filter(smooth, 3)
    steps: Levels = ndimage.maximum_filter(smooth, 3) - ndimage.minimum_filter(smooth, 3)
    return steps


def _on_channel(number: int, channel: Pixels, steps: Levels) -> Iterator[Digits]:
    """What each contrast and threshold finds on a channel, the simplest first, until one is sure."""
    for even in (True, False) if is_even(channel) else (False,):
        best = 0.0
        for dark in (True, False):
            contrast = Contrast(dark, even, colour=number > 0)
            ink = ink_of(channel, contrast)
            share = relative(ink, colour=contrast.colour)
            for threshold, prior in PRIORS.items():
                if best >= prior:
                    break
                for found in _above(threshold, share, ink, steps, contrast, number):
                    best = max(best, found.likeness)
                    yield found
        if best >= SURE:
            return


def _above(
    threshold: float, share: Levels, ink: Ink, steps: Levels, contrast: Contrast, channel: int
) -> Iterator[Digits]:
    """The digits above a threshold: those that keep clear of the border, and those that may touch it."""
    pieces = components(share > threshold)
    border = pieces.on_border
    least = LEAST_EXTENT if max(share.shape) > FIELD else 1
    lines = digits.ruled_lines(pieces)
    by_size = [int(piece) for piece in np.argsort(-pieces.extents) if pieces.extents[piece] >= least]
    largest = [piece for piece in by_size if piece not in lines][:LARGEST]
    boxes = digits.frames(pieces, largest)
    aside = _around(pieces.mask([*boxes, *lines]))
    strokes = {piece: measured(pieces, piece, ink, steps, aside) for piece in largest}
    free = [piece for piece in largest if piece not in boxes]
    raised = threshold > min(PRIORS)
    inside = [piece for piece in free if not border[piece]]
    for pool in [pool for pool in (inside, free if len(free) > len(inside) else []) if pool]:
        best = digits.best_of(pool, strokes)
        # Above a raised threshold there are other things near the digit, which are no parts of it.
        found = digits.joined(digits.alike(best, pool, strokes), [] if raised else pool, pieces, strokes)
        parts = [piece for piece in next(digit for digit in found if best in digit) if piece != best]
        if parts:  # they are no unrest on its ground
            strokes[best] = measured(pieces, best, ink, steps, aside | _around(pieces.mask(parts)))
        likeness = (
            strokes[best].likeness * _clear(strokes[best], ink) * float(np.clip((6 - len(parts)) / 3, 0, 1))
            * _sheet(pieces, [piece for digit in found for piece in digit], boxes, strokes[best], ink, steps)
            * 0.97 ** (len(found) - 1) * PRIORS[threshold] * (1.0 if contrast.even else 0.93)
            * (_at_border(strokes[best], contrast) if border[pool].any() else 1.0)
        )
        places = tuple(_grown(pieces, digit, 0 if raised else strokes[digit[0]].width / 2) for digit in found)
        left_out = (share > threshold) & ~np.logical_or.reduce(places)
        yield Digits(contrast, channel, places, tuple(strokes[digit[0]].width for digit in found), left_out, likeness)


def _clear(stroke: Stroke, ink: Ink) -> float:
    """1 for ink that stands out of the noise, 0 for what may be noise; a little less for a very small digit."""
    stands_out = (stroke.contrast / max(ink.noise, 0.5) - CLEAR[0]) / (CLEAR[1] - CLEAR[0])
    size = float(stroke.extent / max(ink.levels.shape))
    return float(np.clip(stands_out, 0, 1)) * (0.7 + 0.3 * min(1.0, size / 0.2))


def _at_border(stroke: Stroke, contrast: Contrast) -> float:
    """What touches the border may be a digit on a sheet of one shade, if it is no thin line."""
    thick = float(np.clip((stroke.width / stroke.extent - 0.02) / 0.03, 0, 1))
    return thick * (0.95 if contrast.even else 0.4)


def _sheet(
    pieces: Components, inked: list[int], boxes: list[int], stroke: Stroke, ink: Ink, steps: Levels
) -> float:
    """1 for a sheet with nothing but digits and what comes in from its border, 0 for a picture full of edges."""
    touching = [int(piece) for piece in np.flatnonzero(pieces.on_border)]
    known = {*inked, *boxes, *touching}
    large = np.flatnonzero(pieces.extents > digits.PART * stroke.extent)
    others = pieces.mask([int(piece) for piece in large if piece not in known])
    clutter = float((ink.levels[others] > FAINT * stroke.contrast).sum() / pieces.areas[inked].sum())
    unknown = np.where(_around(pieces.mask([*known])), 0, steps)
    edges = float((unknown > EDGE * stroke.contrast).mean())
    texture = float(np.percentile(unknown, 90)) / max(stroke.contrast, 1.0)
    quiet = np.clip((EDGES[1] - edges) / (EDGES[1] - EDGES[0]), 0, 1)
    smooth = np.clip((TEXTURE[1] - texture) / (TEXTURE[1] - TEXTURE[0]), 0, 1)
    return float(quiet * smooth / (1 + 0.3 * clutter))


def _around(mask: Mask) -> Mask:
    """The mask with its soft edges."""
    from scipy import ndimage

    around: Mask = ndimage.binary_dilation(mask, EIGHT, iterations=3)
    return around


def _grown(pieces: Components, digit: list[int], reach: float) -> Mask:
    """The place of a digit with its soft edges, which reach so many pixels beyond its pieces and into no other."""
    from scipy import ndimage

    mask = pieces.mask(digit)
    free = mask | (pieces.labels == 0)
    grown: Mask = ndimage.binary_dilation(mask, EIGHT, iterations=int(np.ceil(reach)) + 1, mask=free)
    return grown
