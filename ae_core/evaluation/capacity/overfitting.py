"""Learning by heart: the gap between training and test error, and where one had better stopped."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

T = TypeVar("T")


@dataclass(frozen=True)
class Curve:
    """The errors of one training, snapshot by snapshot.

    epochs, train, test : as long as there are snapshots; MSE of a batch, and of some hundred test images
    """

    epochs: tuple[float, ...]
    train: tuple[float, ...]
    test: tuple[float, ...]

    @property
    def stop(self) -> int | None:
        """The place of the lowest test error: stopping there is early stopping. None for an empty curve.

        The first one where several are the lowest. The test images choose it here, and so it is a little
        too good: in earnest a third set of images chooses.
        """
        return int(np.argmin(self.test)) if self.test else None

    @property
    def rise(self) -> float:
        """By which factor the test error has risen since its lowest place: 1 for not at all."""
        return self.test[-1] / min(self.test) if self.test else 1.0


def generalisation_gap(train: float, test: float) -> float:
    """How many times larger the test error is than the training error; 1 is no gap."""
    return test / max(train, 1e-12)


def thinned(values: Sequence[T], most: int) -> tuple[T, ...]:
    """At most so many of the values, evenly spaced, the first and the last among them."""
    if not values:
        return ()
    places = np.unique(np.linspace(0, len(values) - 1, min(most, len(values))).round().astype(int))
    return tuple(values[place] for place in places)
