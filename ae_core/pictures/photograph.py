"""A photograph -> 28 x 28 grey pixels: nothing is found out, it is only squeezed."""

import numpy as np
from PIL import Image

from .picture import Picture, Preparation

FIELD = 28


def prepare_photograph(picture: Picture, *, crop: bool = True) -> Preparation:
    """The picture as 28 x 28 grey pixels, its centre square, or all of it with other proportions.

    >>> prepare_photograph(picture_from(np.zeros((60, 90), np.uint8))).image.shape
    (28, 28)
    """
    grey = Image.fromarray(picture.grey)
    steps = [("Grey", picture.grey)]
    if crop and grey.width != grey.height:
        grey = grey.crop(_centre_square(grey.size))
        steps.append(("Centre square", np.asarray(grey)))
    # Each small pixel is the mean of the area that it covers.
    small = grey.resize((FIELD, FIELD), Image.Resampling.BOX)
    steps.append(("28 x 28 pixels", np.asarray(small)))
    return Preparation(tuple(steps))


def _centre_square(size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the largest square in the middle."""
    side = min(size)
    left, top = (size[0] - side) // 2, (size[1] - side) // 2
    return left, top, left + side, top + side
