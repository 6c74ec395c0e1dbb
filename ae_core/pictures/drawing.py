"""A drawing or a photo of handwriting -> 28 x 28 pixels, prepared as the authors of MNIST did.

"The original black and white images were size normalized to fit in a 20x20 pixel box while preserving their aspect
ratio [...] and the images were centered in a 28x28 image by computing the center of mass of the pixels."
Source: Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits".

Before that, what is ink and what is paper has to be found out, on sheets with shadows, too.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from .picture import Picture, Pixels, Preparation

Levels = NDArray[np.floating]

FIELD, BOX = 28, 20
EVEN = 16  # grey levels between the quartiles of the frame: below, the paper has one shade
NOISY = 2.0  # grey levels of noise from which a picture is a photo of paper and not drawn on a screen
FAINT = 24  # ink of less contrast is none
FULL = 224  # ink weaker than this is strengthened
PAPER_SIDE = 96  # pixels of the longer side on which the light on the paper is estimated
HALF_PAPER = 0.4  # share of paper in a drawing that fills its sheet (measured: 0.41 to 0.99)
MOSTLY_PAPER = 0.85  # share of it in a photo of writing (0.88 to 0.98); a photo of anything else has less, or no ink
WIDEST_STROKE = 25  # pixels of these: what is narrower is ink, what is wider is light


def prepare_drawing(picture: Picture) -> Preparation:
    """The drawing as MNIST has its digits, with every step; a picture without ink gives an empty image and a notice."""
    ink = _ink(picture.grey)
    steps = [("Grey", picture.grey), ("White ink on black", ink)]
    if not ink.any():
        empty = np.zeros((FIELD, FIELD), np.uint8)
        return Preparation((*steps, ("Nothing found", empty)), ("No ink was found: the image is left empty.",))
    cropped = _crop(ink)
    boxed = _into_box(cropped)
    steps += [("Cropped to the ink", cropped), ("Shrunk into 20 x 20", boxed), ("Centred by mass", _centre(boxed))]
    return Preparation(tuple(steps))


def looks_like_drawing(picture: Picture) -> bool:
    """Whether the picture is mostly paper of one shade with some ink of another, rather than a photograph."""
    ink = _ink(picture.grey)
    paper, stroke = float(np.mean(ink <= 32)), float(np.mean(ink > 160))
    between = 1 - paper - stroke
    least_paper = MOSTLY_PAPER if _even_paper(picture.grey) is None else HALF_PAPER
    return paper >= least_paper and stroke > 0 and between <= 2 * stroke


def _ink(grey: Pixels) -> Pixels:
    """White ink on black, of any polarity and light; all 0 when there is no ink. Same shape."""
    noisy = _noise(grey) > NOISY
    if noisy and min(grey.shape) >= 3:
        grey = np.asarray(Image.fromarray(grey).filter(ImageFilter.MedianFilter(3)))
    even = _even_paper(grey)
    dark_ink = _ink_is_dark(grey) if even is None else even - int(grey.min()) >= int(grey.max()) - even
    if not dark_ink:
        grey = 255 - grey
    paper = _uneven_paper(grey) if even is None else _sheet(grey.shape, even if dark_ink else 255 - even)
    if noisy:
        paper = _below_noise(paper, grey)
    # Paper reflects a share of the light that falls on it: 0 is paper, 255 ink that reflects nothing.
    return _strengthened(255 * (paper - grey) / np.maximum(paper, 32))


def _below_noise(paper: Levels, grey: Pixels) -> Levels:
    """The paper so dark that its noise, as it is in the picture, no longer counts as ink."""
    difference = paper - grey
    middle = np.median(difference)
    deviation = 1.4826 * float(np.median(np.abs(difference - middle)))
    return paper - np.float32(middle + 5 * deviation)


def _strengthened(levels: Levels) -> Pixels:
    """The levels as pixels, stretched where the ink is weak; all 0 where it is too faint to be any."""
    strong = levels[levels > levels.max() / 2]
    peak = float(np.percentile(strong, 95)) if levels.max() > 0 else 0.0
    gain = 0.0 if peak < FAINT else 255 / peak if peak < FULL else 1.0
    pixels: Pixels = np.rint(np.clip(levels * gain, 0, 255)).astype(np.uint8)
    return pixels


def _sheet(shape: tuple[int, ...], shade: int) -> Levels:
    return np.full(shape, shade, np.float32)


def _noise(grey: Pixels) -> float:
    """Standard deviation of the noise, from the differences of neighbours, most of which lie on the same ground."""
    if max(grey.shape) <= FIELD:
        return 0.0  # at MNIST's own size neighbours differ because strokes are that thin
    steps = np.abs(np.diff(grey.astype(np.int16), axis=1))
    return 1.4826 * float(np.median(steps)) / np.sqrt(2) if steps.size else 0.0


def _even_paper(grey: Pixels) -> int | None:
    """The shade of the paper along the frame of the picture, or None if it is not one."""
    rim = max(1, min(grey.shape) // 20)
    frame = np.concatenate([grey[:rim].ravel(), grey[-rim:].ravel(), grey[:, :rim].ravel(), grey[:, -rim:].ravel()])
    low, middle, high = np.percentile(frame, [25, 50, 75])
    return int(middle) if high - low <= EVEN else None


def _thumbnail(grey: Pixels) -> Image.Image:
    small = Image.fromarray(grey)
    small.thumbnail((PAPER_SIDE, PAPER_SIDE), Image.Resampling.BOX)
    return small


def _ink_is_dark(grey: Pixels) -> bool:
    """Whether the few pixels that differ most from their surroundings are the darker ones."""
    small = _thumbnail(grey)
    around = small.filter(ImageFilter.GaussianBlur(max(small.size) / 6))
    difference = np.asarray(small, np.float32) - np.asarray(around, np.float32)
    return float(np.mean(difference**3)) <= 0


def _uneven_paper(grey: Pixels) -> Levels:
    """The paper under dark ink: strokes are closed from their sides, then the light is smoothed. Same shape."""
    small = _thumbnail(grey)
    closed = small.filter(ImageFilter.MaxFilter(WIDEST_STROKE)).filter(ImageFilter.MinFilter(WIDEST_STROKE))
    light = closed.filter(ImageFilter.GaussianBlur(WIDEST_STROKE / 4))
    return np.asarray(light.resize(grey.shape[::-1], Image.Resampling.BICUBIC), np.float32)


def _crop(ink: Pixels) -> Pixels:
    """The part of the image that holds ink."""
    # At MNIST's own size every grey pixel is part of a stroke; in larger pictures faint ones are soft edges.
    faintest = 0 if max(ink.shape) <= FIELD else 64
    rows, columns = np.flatnonzero((ink > faintest).any(axis=1)), np.flatnonzero((ink > faintest).any(axis=0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


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
