"""Which connected components are digits: frames, lines and specks are told from strokes, broken strokes are joined."""

from collections.abc import Mapping, Sequence

import numpy as np

from .connected_components import Components, Mask
from .strokes import Stroke

LIKE = 0.3  # likeness of a piece beside the best one that counts as a digit, too
AS_LARGE, AS_WIDE = 0.6, 2.5  # its extent beside that of the best one; stroke widths differ by this factor at most
AS_STRONG = 0.5  # its contrast beside that of the best one
PART = 0.15  # of the digit's extent: what is smaller and apart is a speck
ENCLOSED = 0.3  # of its extent: what encloses so large a piece is a frame
LINE_WIDTH, LINE_LENGTH = 0.012, 0.2  # of the picture's longer side: at most, and at least


def frames(pieces: Components, largest: Sequence[int]) -> list[int]:
    """Pieces in whose holes other large pieces lie: drawn boxes, coloured frames."""
    from scipy import ndimage

    found = []
    for outer in largest:
        top, bottom, left, right = pieces.boxes[outer]
        filled: Mask | None = None
        for inner in largest:
            box = pieces.boxes[inner]
            within = box[0] > top and box[1] < bottom and box[2] > left and box[3] < right
            if not within or pieces.extents[inner] <= ENCLOSED * pieces.extents[outer]:
                continue
            if filled is None:
                filled = ndimage.binary_fill_holes(pieces.labels[pieces.box(outer)] == outer + 1)
            if filled[box[0] - top : box[1] - top, box[2] - left : box[3] - left].all():
                found.append(outer)
                break
    return found


def ruled_lines(pieces: Components) -> list[int]:
    """Pieces that come in from the border, long and thin."""
    side, extents = max(pieces.labels.shape), pieces.extents
    thin = pieces.areas < LINE_WIDTH * side * extents
    return [int(piece) for piece in np.flatnonzero(pieces.on_border & thin & (extents > LINE_LENGTH * side))]


def best_of(pool: Sequence[int], strokes: Mapping[int, Stroke]) -> int:
    """The piece that is most like a digit, large ones preferred; the largest where none is."""
    return max(pool, key=lambda piece: (strokes[piece].likeness + 1e-6) * np.sqrt(strokes[piece].extent))


def alike(best: int, pool: Sequence[int], strokes: Mapping[int, Stroke]) -> list[int]:
    """The best piece and all others that are as large, thick, strong and much like a digit."""
    model = strokes[best]
    return [
        piece for piece in pool if piece == best or (
            strokes[piece].likeness > LIKE and strokes[piece].extent > AS_LARGE * model.extent
            and model.width / AS_WIDE < strokes[piece].width < model.width * AS_WIDE
            and strokes[piece].contrast > AS_STRONG * model.contrast
        )
    ]


def joined(
    wholes: Sequence[int], parts: Sequence[int], pieces: Components, strokes: Mapping[int, Stroke]
) -> list[list[int]]:
    """Digits from left to right, each a list of its pieces, the largest first.

    wholes : pieces that are digits, or large parts of one
    parts : pieces that may belong to a digit near them, where they are no specks
    """
    extent = max(strokes[piece].extent for piece in wholes)
    digits: list[list[int]] = []
    for piece in sorted(wholes, key=lambda piece: -strokes[piece].extent):
        owner = next((digit for digit in digits if _belongs(piece, digit[0], pieces, strokes)), None)
        if owner is None:
            digits.append([piece])
        else:
            owner.append(piece)
    for piece in parts:
        if piece not in wholes and PART * extent < strokes[piece].extent <= extent:
            owner = next((digit for digit in digits if _belongs(piece, digit[0], pieces, strokes)), None)
            if owner is not None:
                owner.append(piece)
    return sorted(digits, key=lambda digit: int(pieces.boxes[digit[0], 2]))


def _belongs(piece: int, digit: int, pieces: Components, strokes: Mapping[int, Stroke]) -> bool:
    """Whether a piece is a part of a digit: near it, and no digit of its own beside it."""
    a, b, width = pieces.boxes[piece], pieces.boxes[digit], strokes[digit].width
    down, across = (max(a[axis] - b[axis + 1], b[axis] - a[axis + 1], 0) for axis in (0, 2))
    if a[1] - a[0] > AS_LARGE * (b[1] - b[0]):  # two digits side by side, or one whose halves nearly touch
        return bool(across <= 0.5 * width and down == 0)
    return bool(max(down, across) <= max(width, PART * strokes[digit].extent))
