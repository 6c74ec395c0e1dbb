"""Small pictures as PNG and JPEG bytes: images, codes, photographs."""

import io
import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ae_core.charts.colours import NEGATIVE, POSITIVE, SMALL_SHOWN, rgb
from ae_core.charts.images import png_of
from ae_core.data.datasets import Images

PHOTOGRAPH_SIDE = 300  # pixels


def image_png(image: Images) -> bytes:
    """An image (784,) or of any (height, width) or (height, width, 3), as it is."""
    return png_of(image.reshape(28, 28) if image.ndim == 1 else image)


def photograph_jpeg(pixels: Images) -> bytes:
    """A photograph (height, width, 3), its longer side at most 300 pixels."""
    picture = Image.fromarray(pixels)
    picture.thumbnail((PHOTOGRAPH_SIDE, PHOTOGRAPH_SIDE))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=80)
    return file.getvalue()


def code_png(code: NDArray[np.floating]) -> bytes:
    """A code (n,) as a square of cells: green above 0, purple below, the stronger the larger; 0 is clear."""
    code = np.nan_to_num(code)
    side = math.ceil(math.sqrt(len(code)))
    cells = np.zeros((side * side, 4), np.uint8)
    strength = np.abs(code) / (np.abs(code).max(initial=0) or 1)
    cells[: len(code), :3] = np.where(code[:, None] > 0, rgb(POSITIVE), rgb(NEGATIVE))
    cells[: len(code), 3] = np.rint(strength**SMALL_SHOWN * 255)
    return png_of(cells.reshape(side, side, 4))
