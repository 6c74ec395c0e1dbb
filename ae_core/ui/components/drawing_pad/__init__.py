"""A pad to draw on, with mouse, pen or finger."""

import base64
import binascii
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ae_core.ui.components.inline import inline_component

__all__ = ["SIDE", "decoded", "drawing_pad"]

SIDE = 112  # pixels of a drawing: 4 x 28
_COMPONENT = inline_component(Path(__file__).parent)


def drawing_pad(key: str, *, label: str = "Drawing pad", hint: str = "Draw a digit here") -> NDArray[np.uint8] | None:
    """Show the pad; what is drawn on it: uint8 (112, 112), 0 = black ground, 255 = white ink. None while it is empty.

    The page (or the fragment around the pad) runs again after every stroke, Undo and Clear. Give the
    drawing to `pictures.picture_from` and `prepare_drawing` to get a digit as MNIST has them.

    label : what screen readers call it
    hint : stands on the empty pad
    """
    result = _COMPONENT(
        key=key, data={"label": label, "hint": hint}, default={"drawing": None}, on_drawing_change=lambda: None
    )
    return decoded(result.drawing)


def decoded(message: object) -> NDArray[np.uint8] | None:
    """The drawing in a message of the browser (base64 of 112 x 112 greys), or None: a message can be forged."""
    if not isinstance(message, str) or len(message) > 2 * SIDE * SIDE:
        return None
    try:
        greys = base64.b64decode(message, validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(greys) != SIDE * SIDE:
        return None
    drawing = np.frombuffer(greys, np.uint8).reshape(SIDE, SIDE)
    return drawing if drawing.any() else None
