"""The pad: what Python makes of the browser's messages."""

import base64

import numpy as np
import pytest

from ae_core.pictures import picture_from, prepare_drawing
from ae_core.ui.components.drawing_pad import SIDE, decoded


def message(drawing: np.ndarray) -> str:
    return base64.b64encode(drawing.tobytes()).decode()


def one() -> np.ndarray:
    """A vertical stroke, left of the middle."""
    drawing = np.zeros((SIDE, SIDE), np.uint8)
    drawing[20:90, 30:40] = 255
    return drawing


def test_a_drawing_arrives_as_it_was_drawn() -> None:
    drawing = decoded(message(one()))
    assert drawing is not None
    np.testing.assert_array_equal(drawing, one())


def test_an_empty_pad_gives_nothing() -> None:
    assert decoded(None) is None
    assert decoded(message(np.zeros((SIDE, SIDE), np.uint8))) is None


@pytest.mark.parametrize("forged", ["", "äöü", "AAAA", "=" * 40, 7, ["A"], {"drawing": "A"}, "A" * 10**6, "A" * 16_725])
def test_a_forged_message_gives_nothing(forged: object) -> None:
    assert decoded(forged) is None


def test_a_drawn_stroke_becomes_a_centred_digit_of_white_ink() -> None:
    image = prepare_drawing(picture_from(one())).image
    assert image.shape == (28, 28)
    assert image.max() == 255
    assert image[0, 0] == 0
    rows, columns = np.nonzero(image > 127)
    assert abs(rows.mean() + 0.5 - 14) < 1 and abs(columns.mean() + 0.5 - 14) < 1
    assert np.ptp(rows) + 1 == 20
