"""Images as PNG bytes."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ae_core.charts.colours import EXTRA, MISSING, SMALL_SHOWN, Values, rgb


def digit_png(pixels: Values) -> bytes:
    """784 pixels, 0 the black ground and 1 the ink, as a PNG of 28 x 28; what is outside of [0, 1] is clipped."""
    grey = np.nan_to_num(np.clip(pixels, 0, 1)) * 255
    return png_of(np.rint(grey).astype(np.uint8).reshape(28, 28))


def error_png(error: Values) -> bytes:
    """784 signed errors (output - target) as a PNG of 28 x 28: extra ink vermilion, missing ink blue, none clear."""
    error = np.nan_to_num(np.clip(error, -1, 1)).reshape(28, 28)
    picture = np.empty((28, 28, 4), np.uint8)
    picture[..., :3] = np.where(error[..., None] > 0, rgb(EXTRA), rgb(MISSING))
    picture[..., 3] = np.rint(np.abs(error) ** SMALL_SHOWN * 255)
    return png_of(picture)


def png_of(pixels: NDArray[np.uint8]) -> bytes:
    """Grey values (height, width), or colours (height, width, 3 or 4), as a PNG."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()
