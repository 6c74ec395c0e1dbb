"""The tone curve: it finds what was done to the pixels, and never makes them worse."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ae_core.evaluation.tone_curve import UNCHANGED, ToneCurve, best_tone

PIXELS = arrays(np.float64, (2, 30), elements=st.floats(-2, 3))


def test_a_change_of_contrast_and_offset_is_undone_although_the_result_is_clipped() -> None:
    pixels = np.random.default_rng(0).uniform(0, 1, (5, 784))
    curve, error = best_tone(pixels, ToneCurve(2.5, -0.8)(pixels))
    assert curve == pytest.approx((2.5, -0.8), abs=0.01) and error < 1e-6


@given(PIXELS, PIXELS)
def test_it_is_never_worse_than_no_change_and_its_error_is_the_one_that_it_gives(
    pixels: np.ndarray, clean: np.ndarray
) -> None:
    curve, error = best_tone(pixels, clean.clip(0, 1))
    assert error <= np.mean((UNCHANGED(pixels) - clean.clip(0, 1)) ** 2)
    assert error == pytest.approx(np.mean((curve(pixels) - clean.clip(0, 1)) ** 2))
    assert curve(pixels).min() >= 0 and curve(pixels).max() <= 1


def test_pixels_that_are_all_equal_become_the_mean() -> None:
    curve, error = best_tone(np.zeros((1, 4)), np.array([[0.0, 0.5, 0.5, 1.0]]))
    assert curve(np.zeros(1)) == pytest.approx(0.5) and error == pytest.approx(0.125)
