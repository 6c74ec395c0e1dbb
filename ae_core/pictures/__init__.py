"""Any picture -> a 28 x 28 grey image in MNIST's convention (0 black background, 255 white ink), or a clear error.

`open_picture` reads the bytes of a file, `picture_from` an array or a Pillow image; then `prepare_drawing` or
`prepare_photograph` makes the small image and keeps every step on the way. `suggestion` says which of the two suits it.
"""

from .drawing import digit_count, prepare_drawing
from .drawing_or_photograph import Suggestion, looks_like_drawing, suggestion
from .photograph import prepare_photograph
from .picture import Picture, PictureError, Preparation, Step, picture_from
from .reading import MAX_BYTES, open_picture

__all__ = [
    "MAX_BYTES",
    "Picture",
    "PictureError",
    "Preparation",
    "Step",
    "Suggestion",
    "digit_count",
    "looks_like_drawing",
    "open_picture",
    "picture_from",
    "prepare_drawing",
    "prepare_photograph",
    "suggestion",
]
