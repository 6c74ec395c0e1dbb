"""Small pictures as PNG and JPEG bytes: images, codes, photographs."""

import io
import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ae_core.datasets import Images

NEGATIVE, POSITIVE = (164, 91, 189), (47, 158, 91)
PHOTOGRAPH_SIDE = 300  # pixels


def image_png(image: Images) -> bytes:
    """An image (784,) or of any (height, width) or (height, width, 3), as it is."""
    return _bytes(Image.fromarray(image.reshape(28, 28) if image.ndim == 1 else image), "PNG")


def photograph_jpeg(pixels: Images) -> bytes:
    """A photograph (height, width, 3), its longer side at most 300 pixels."""
    picture = Image.fromarray(pixels)
    picture.thumbnail((PHOTOGRAPH_SIDE, PHOTOGRAPH_SIDE))
    return _bytes(picture, "JPEG", quality=80)


def code_png(code: NDArray[np.floating]) -> bytes:
    """A code (n,) as a square of cells: green above 0, purple below, the stronger the larger; 0 is clear."""
    side = math.ceil(math.sqrt(len(code)))
    cells = np.zeros((side * side, 4), np.uint8)
    strength = np.abs(code) / (np.abs(code).max(initial=0) or 1)
    cells[: len(code), :3] = np.where(code[:, None] > 0, POSITIVE, NEGATIVE)
    cells[: len(code), 3] = np.rint(strength**0.7 * 255)
    return _bytes(Image.fromarray(cells.reshape(side, side, 4)), "PNG")


def _bytes(picture: Image.Image, kind: str, **options: int) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()
