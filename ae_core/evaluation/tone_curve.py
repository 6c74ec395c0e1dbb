"""A tone curve: brightness and contrast of a cleaned image, set on examples.

Noise that is clipped to [0, 1] has no mean of zero: at 0.4 it lifts black by 0.16 and lowers white as much. No filter
that only averages can undo that, and two numbers can.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.floating[Any]]

ROUNDS = 10  # of fitting what is not clipped: the error hardly falls after that


class ToneCurve(NamedTuple):
    """Each pixel times a contrast, plus an offset, clipped to [0, 1]."""

    contrast: float = 1.0
    offset: float = 0.0

    def __call__(self, pixels: Values) -> Values:
        """Pixels of the same shape, in [0, 1]."""
        result: Values = np.clip(self.contrast * pixels + self.offset, 0, 1)
        return result


UNCHANGED = ToneCurve()


def best_tone(pixels: Values, clean: Values) -> tuple[ToneCurve, float]:
    """The tone curve that brings pixels nearest to the clean ones, both of one shape, and its mean squared error.

    Least squares, then again on the pixels only that the curve before did not clip; the best of all, or no change.
    """
    curves, chosen = [UNCHANGED], np.ones(pixels.shape, bool)
    for _ in range(1 + ROUNDS):
        if chosen.sum() < 2:
            break
        curves.append(_least_squares(pixels[chosen].astype(np.float64), clean[chosen].astype(np.float64)))
        chosen = np.abs(curves[-1].contrast * pixels + curves[-1].offset - 0.5) < 0.5
    errors = [float(np.mean((curve(pixels) - clean) ** 2)) for curve in curves]
    best = int(np.argmin(errors))
    return curves[best], errors[best]


def _least_squares(pixels: Values, clean: Values) -> ToneCurve:
    spread = pixels - pixels.mean()
    contrast = float((spread * clean).mean() / max(float((spread**2).mean()), 1e-12))
    return ToneCurve(contrast, float(clean.mean() - contrast * pixels.mean()))
