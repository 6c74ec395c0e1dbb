"""Strokes: whether a piece of ink is drawn with a pen, by its stroke width beside its extent and by its ground.

The distance transform gives each pixel of ink its distance to the paper. Over a stroke its mean is a quarter of the
stroke's width, and twice its maximum is the width at the widest place.
"""

from dataclasses import dataclass

import numpy as np

from .connected_components import EIGHT, Components, Mask
from .ink import Ink, Levels

COARSE = 24  # pixels of extent: below, a width is known to a quarter only
EDGE = 0.08  # of the contrast: the least step at the outline of ink, for a soft stroke enlarged twenty times
MARGIN = 0.25  # of the extent: how far around a piece its ground is looked at


@dataclass(frozen=True)
class Stroke:
    """A piece of ink, measured.

    extent, width : pixels, of the longer side of its box and of the stroke
    length : of the stroke, in extents
    aspect : width of the box over its height
    holes : parts of the paper that it encloses
    widest : the width at the widest place over the mean width
    contrast : median level of its ink
    unrest : root mean square of the ink on the ground around it, over the contrast
    edged : share of its outline where the picture has an edge
    """

    extent: float
    width: float
    length: float
    aspect: float
    holes: int
    widest: float
    contrast: float
    unrest: float
    edged: float

    @property
    def likeness(self) -> float:
        """From 0 to 1, how much it looks like a digit. Bounds measured on MNIST: first where 99 % still lie inside."""
        thickness = self.width / self.extent
        coarse = self.extent <= COARSE
        return (
            (_fades(thickness, 0.32, 0.42) if coarse else _fades(thickness, 0.26, 0.34))
            * _fades(thickness * self.length, 0.58, 0.7)  # the share of a square that it fills
            * _fades(self.length, 5, 8)
            * (1 - (_fades(self.length, 0.4, 0.55) if coarse else _fades(self.length, 0.7, 0.9)))
            * (1 - _fades(thickness, 0.006, 0.012))
            * _fades(self.aspect, 1.8, 2.6)
            * _fades(self.holes, 3, 6)
            * _fades(self.widest, 2.2, 3.5)
            * _fades(self.unrest, 0.12, 0.3)
            * (1 - _fades(self.edged, 0.6, 0.8))
        )


def measured(pieces: Components, piece: int, ink: Ink, steps: Levels, known: Mask) -> Stroke:
    """The stroke that a piece, counted from 0, is made of.

    steps : how much each pixel's neighbours differ
    known : what lies about on the ground without making it unquiet
    """
    from scipy import ndimage

    inside = np.pad(pieces.labels[pieces.box(piece)] == piece + 1, 1)
    height, width = inside.shape[0] - 2, inside.shape[1] - 2
    extent, area = max(height, width), int(pieces.areas[piece])
    outline = (inside & ~ndimage.binary_erosion(inside))[1:-1, 1:-1]
    rough = 2 * area / max(int(outline.sum()), 1)
    if rough > 0.5 * extent or area > 12 * rough * extent:  # no stroke at all: not worth a distance transform
        return Stroke(extent, rough, area / rough / extent, width / height, 0, 1.0, 0.0, 1.0, 0.0)
    distances = ndimage.distance_transform_edt(inside)
    stroke_width = max(1.0, 4 * float(distances.sum()) / area - 1)
    contrast, unrest = _ground(pieces, piece, ink, known, round(MARGIN * extent), round(stroke_width / 3) + 1)
    edged = float((steps[pieces.box(piece)][outline] > EDGE * contrast).mean())
    return Stroke(
        extent, stroke_width, area / stroke_width / extent, width / height, _holes(inside),
        2 * float(distances.max()) / stroke_width, contrast, unrest, edged,
    )


def _holes(inside: np.ndarray) -> int:
    """Enclosed parts of the paper, specks aside."""
    from scipy import ndimage

    paper, _ = ndimage.label(~inside)
    sizes = np.bincount(paper.ravel())
    sizes[[0, paper[0, 0]]] = 0
    return int((sizes > max(3, 0.003 * inside.size)).sum())


def _ground(
    pieces: Components, piece: int, ink: Ink, known: Mask, margin: int, edge: int
) -> tuple[float, float]:
    """The contrast of a piece and the unrest of the ground around it; its soft edge, so wide, belongs to neither."""
    from scipy import ndimage

    top, bottom, left, right = pieces.boxes[piece]
    margin = max(2, margin)
    around = (slice(max(0, top - margin), bottom + margin), slice(max(0, left - margin), right + margin))
    inside, levels = pieces.labels[around] == piece + 1, ink.levels[around]
    contrast = float(np.median(levels[inside]))
    ground = np.abs(levels[~ndimage.binary_dilation(inside, EIGHT, iterations=edge) & ~known[around]])
    if not ground.size or contrast <= 0:
        return contrast, 0.0
    return contrast, float(np.sqrt(np.mean(np.minimum(ground, contrast) ** 2))) / contrast


def _fades(value: float, start: float, end: float) -> float:
    """1 up to the start, 0 from the end on, a straight line between."""
    return float(np.clip((end - value) / (end - start), 0, 1))
