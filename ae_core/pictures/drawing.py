"""A drawing or a photo of handwriting -> 28 x 28 pixels, prepared as the authors of MNIST did.

"The original black and white images were size normalized to fit in a 20x20 pixel box while preserving their aspect
ratio [...] and the images were centered in a 28x28 image by computing the center of mass of the pixels."
Source: Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits".

Before that, the digits are searched; all other ink is left out. Afterwards strokes thinner than MNIST's are thickened.
"""

import numpy as np
from PIL import Image

from .connected_components import EIGHT, Mask
from .ink import FIELD, Levels, ink_of
from .picture import Picture, Pixels, Preparation
from .search import channel_of, find_digits

BOX = 20
FULL = 224  # ink weaker than this is strengthened
FAINTEST = 64  # in large pictures fainter pixels are soft edges
THINNEST = 1.5  # pixels of the box: thinner strokes are thickened; MNIST's have 2 to 5
CHANNELS = ("Grey", "Blueness", "Redness")
NO_INK = "No ink was found: the image is left empty."
LEAST_LEFT_OUT = 4  # pixels, below which nobody sees what is left out


def prepare_drawing(picture: Picture, digit: int = 0) -> Preparation:
    """The drawing as MNIST has its digits, with every step; a picture without ink gives an empty image and a notice.

    digit : which one, from left to right from 0, where there are several: see `digit_count`
    """
    found = find_digits(picture)
    if found is None:
        return _without_ink(picture)
    channel = channel_of(picture, found.channel, picture.grey.shape)
    levels = ink_of(channel, found.contrast).levels
    place = _enlarged(found.places[digit], levels.shape)
    gain = _gain(levels[place])
    written = _pixels(np.where(place, levels, 0), gain)
    if not written.any():  # seen in the smaller picture of the search only
        return _without_ink(picture)
    cropped = _crop(written)
    width = found.widths[digit] * max(levels.shape) / max(found.left_out.shape)
    thick = _thickened(cropped, round(THINNEST * max(cropped.shape) / BOX - width))
    boxed = _into_box(thick)
    steps = [(CHANNELS[found.channel], channel), ("White ink on black", _pixels(levels, gain))]
    if found.left_out.sum() >= LEAST_LEFT_OUT:
        left_out = _enlarged(found.left_out, levels.shape)
        steps.append(("Left out", _pixels(np.where(left_out, levels, 0), gain)))
    steps.append(("Cropped to the ink", cropped))
    if thick is not cropped:
        steps.append(("Strokes thickened", thick))
    steps += [("Shrunk into 20 x 20", boxed), ("Centred by mass", _centre(boxed))]
    count = len(found.places)
    notices = (f"There are {count} digits: this is number {digit + 1} from the left.",) if count > 1 else ()
    return Preparation(tuple(steps), notices)


def _without_ink(picture: Picture) -> Preparation:
    empty = np.zeros((FIELD, FIELD), np.uint8)
    return Preparation((("Grey", picture.grey), ("Nothing found", empty)), (NO_INK,))


def digit_count(picture: Picture) -> int:
    """How many digits there are beside each other."""
    found = find_digits(picture)
    return len(found.places) if found else 0


def _enlarged(mask: Mask, shape: tuple[int, ...]) -> Mask:
    """A mask of the search at the picture's own resolution."""
    from scipy import ndimage

    if mask.shape == shape:
        return mask
    enlarged: Mask = np.asarray(Image.fromarray(mask).resize((shape[1], shape[0]))) > 0
    return ndimage.binary_dilation(enlarged, EIGHT) if mask.any() else enlarged


def _gain(levels: Levels) -> float:
    """What makes weak ink strong."""
    strong = levels[levels > levels.max() / 2]
    peak = float(np.percentile(strong, 95)) if strong.size else 0.0
    return 255 / peak if 0 < peak < FULL else 1.0


def _pixels(levels: Levels, gain: float) -> Pixels:
    """White ink on black."""
    pixels: Pixels = np.rint(np.clip(levels * gain, 0, 255)).astype(np.uint8)
    return pixels


def _crop(ink: Pixels) -> Pixels:
    """The part of the image that holds ink."""
    # At MNIST's own size every grey pixel is part of a stroke.
    faintest = 0 if max(ink.shape) <= FIELD or ink.max() <= FAINTEST else FAINTEST
    rows, columns = np.flatnonzero((ink > faintest).any(axis=1)), np.flatnonzero((ink > faintest).any(axis=0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _thickened(ink: Pixels, by: int) -> Pixels:
    """Strokes wider by so many pixels: thin ones would be lost in the box. The same array where nothing is to do."""
    from scipy import ndimage

    if by < 1:
        return ink
    size = by + 1
    thick: Pixels = ndimage.maximum_filter(np.pad(ink, size), size)
    return _crop(thick)


def _into_box(ink: Pixels) -> Pixels:
    """The same with its longer side 20 pixels, its proportions kept."""
    height, width = ink.shape
    scale = BOX / max(height, width)
    if scale == 1:
        return ink
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = np.asarray(Image.fromarray(ink).resize(size, Image.Resampling.LANCZOS))
    peak = int(small.max())  # thin strokes fade when they shrink
    return np.rint(small * (255 / peak)).astype(np.uint8) if 0 < peak < FULL else small


def _centre(ink: Pixels) -> Pixels:
    """The box in a field of 28 x 28 pixels, its centre of mass in the middle, to the nearest whole pixel."""
    mass = ink.astype(np.float64)
    total = mass.sum()
    field = np.zeros((FIELD, FIELD), np.uint8)
    corner = []
    for axis, length in enumerate(ink.shape):
        centre = float(mass.sum(axis=1 - axis) @ np.arange(length)) / total
        corner.append(int(np.clip(round(FIELD / 2 - centre), 0, FIELD - length)))
    top, left = corner
    field[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return field
