"""Connected components: the pieces that ink falls into above a threshold."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .ink import FIELD, Ink, Levels

Mask = NDArray[np.bool_]

EIGHT = np.ones((3, 3), bool)  # pixels that touch at a corner are connected
FAINTEST, FAINTEST_COLOUR = 8.0, 6.0  # levels of ink
SIGNIFICANT = 5.0  # deviations of the noise
PEAK = 0.92  # of a piece's strongest pixel, which noise has made a little too strong


@dataclass(frozen=True, eq=False)
class Components:
    """The pieces, numbered from 1.

    labels : int (height, width), 0 where there is no piece
    boxes : int (n, 4), first and past-the-last row, first and past-the-last column of each
    areas : int (n,), pixels of each
    """

    labels: NDArray[np.int32]
    boxes: NDArray[np.int64]
    areas: NDArray[np.int64]

    @property
    def extents(self) -> NDArray[np.int64]:
        """The longer side of each box."""
        longer: NDArray[np.int64] = np.maximum(self.boxes[:, 1] - self.boxes[:, 0], self.boxes[:, 3] - self.boxes[:, 2])
        return longer

    @property
    def on_border(self) -> Mask:
        """Which touch the border of the picture; at MNIST's own size that says nothing."""
        height, width = self.labels.shape
        if max(height, width) <= FIELD:
            return np.zeros(len(self.boxes), bool)
        first: Mask = np.any(self.boxes[:, [0, 2]] <= 0, axis=1)
        last: Mask = np.any(self.boxes[:, [1, 3]] >= (height, width), axis=1)
        return np.logical_or(first, last)

    def box(self, piece: int) -> tuple[slice, slice]:
        """The box of a piece, counted from 0, as an index of the labels."""
        top, bottom, left, right = self.boxes[piece]
        return slice(top, bottom), slice(left, right)

    def mask(self, pieces: list[int]) -> Mask:
        """Where the pieces are, counted from 0."""
        chosen = np.zeros(len(self.boxes) + 1, bool)
        chosen[np.array(pieces, int) + 1] = True
        return chosen[self.labels]


def relative(ink: Ink, *, colour: bool = False) -> Levels:
    """The ink as a share of the peak of the piece that it belongs to; 0 where it does not surpass the noise."""
    from scipy import ndimage

    floor = max(FAINTEST_COLOUR if colour else FAINTEST, SIGNIFICANT * ink.noise)
    labels, count = ndimage.label(ink.levels > floor, EIGHT)
    peaks = np.full(count + 1, np.inf, np.float32)
    if count:
        peaks[1:] = PEAK * ndimage.maximum(ink.levels, labels, np.arange(1, count + 1))
    share: Levels = ink.levels / peaks[labels]
    return np.where(labels > 0, share, np.float32(0))


def components(mask: Mask) -> Components:
    """The connected components of a mask."""
    from scipy import ndimage

    labels, count = ndimage.label(mask, EIGHT)
    places = ndimage.find_objects(labels)
    boxes = np.array([[rows.start, rows.stop, columns.start, columns.stop] for rows, columns in places], np.int64)
    return Components(labels, boxes.reshape(-1, 4), np.bincount(labels.ravel(), minlength=count + 1)[1:])
