"""What the other files of this room hand to each other: a picture as a person sees it, and its preparation."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .colours import ValuesError, as_rgb

Pixels = NDArray[np.uint8]
Step = tuple[str, Pixels]

SHOWN_SIDE = 640  # pixels of the longer side: enough to recognise a picture on a page
NO_PICTURE = "The array is not a picture: it needs a height and a width, and 3 or 4 channels if it has colours."
NARROW = 8  # a picture this many times longer than wide leaves next to nothing in 28 x 28


class PictureError(ValueError):
    """A picture cannot be used; the message is one plain sentence for the visitor."""


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture, upright and without transparency.

    rgb : uint8 (height, width, 3), its longer side at most 640, for display
    grey : uint8 (height, width), its longer side at most 1024, for the preparations
    notices : plain sentences about what was done to it
    """

    rgb: Pixels
    grey: Pixels
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Preparation:
    """The way from a picture to the model's input.

    steps : pairs of a short plain title and a uint8 image (height, width); the last one is the (28, 28) result
    notices : plain sentences about what was found on the way
    """

    steps: tuple[Step, ...]
    notices: tuple[str, ...] = ()

    @property
    def image(self) -> Pixels:
        """The result: uint8 (28, 28), 0 is the black background, 255 white ink."""
        return self.steps[-1][1]


def picture_from(source: Image.Image | NDArray[np.generic]) -> Picture:
    """The Picture of a Pillow image of any mode, or of an array such as a drawing pad gives.

    Parameters
    ----------
    source : a Pillow image, or an array (height, width) of any numbers, or uint8 (height, width, 3 or 4) as RGB or RGBA

    Raises
    ------
    PictureError
        It has no pixels, no shape of a picture, or values that are not numbers.
    """
    image = source if isinstance(source, Image.Image) else _image_from(source)
    if 0 in image.size:
        raise PictureError("The picture has no pixels: please choose another.")
    try:
        rgb, notices = as_rgb(image)
    except ValuesError as error:
        raise PictureError("The picture holds values that are not numbers: please choose another.") from error
    grey = np.asarray(rgb.convert("L"))
    shown = rgb.copy()
    shown.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
    return Picture(np.asarray(shown), grey, (*notices, *_remarks(image.size, grey)))


def _image_from(array: NDArray[np.generic]) -> Image.Image:
    """A Pillow image of an array; numbers wider than Pillow's own become float32."""
    if array.ndim not in (2, 3):
        raise PictureError(NO_PICTURE)
    if array.ndim == 2 and array.dtype.kind in "iuf" and array.dtype not in (np.uint8, np.uint16):
        with np.errstate(over="ignore"):  # too large for float32 is infinite, and refused as such
            array = array.astype(np.float32)
    try:
        return Image.fromarray(np.ascontiguousarray(array))
    except (TypeError, ValueError, IndexError, KeyError, SystemError) as error:
        raise PictureError(NO_PICTURE) from error


def _remarks(size: tuple[int, int], grey: Pixels) -> tuple[str, ...]:
    """What a visitor should know of a picture before it is shrunk to 28 x 28."""
    remarks = []
    if grey.min() == grey.max():
        remarks.append("There is nothing to see: the whole picture has one shade.")
    if max(size) > NARROW * min(size):
        remarks.append("The picture is very long and narrow: little of it is left in 28 x 28 pixels.")
    return tuple(remarks)
