"""Learning by heart: the gap between training and test error, and where one had better stopped."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from ae_core.autoencoder.model import Autoencoder
from ae_core.data.datasets import Images
from ae_core.evaluation.differences import standard_error
from ae_core.evaluation.out_of_distribution.scores import errors

T = TypeVar("T")

RISEN = 0.02  # a smaller rise is none


@dataclass(frozen=True)
class Curve:
    """The errors of one training at fixed steps.

    epochs, train, held_out : as long as there are places; MSE on images that it learns from, and on ones that it
        never sees
    doubt : two standard errors of the last held-out error's rise over the lowest, as a share of the lowest
    """

    epochs: tuple[float, ...]
    train: tuple[float, ...]
    held_out: tuple[float, ...]
    doubt: float = 0.0

    @property
    def stop(self) -> int | None:
        """The place of the lowest held-out error, where early stopping stops: the first of several; None if empty."""
        return int(np.argmin(self.held_out)) if self.held_out else None

    @property
    def rise(self) -> float:
        """By which share the held-out error has risen since its lowest place: 0 where no rise is to be seen."""
        if not self.held_out:
            return 0.0
        risen = self.held_out[-1] / max(min(self.held_out), 1e-12) - 1
        return risen if risen > max(RISEN, self.doubt) else 0.0


def learning_curve(stages: Iterable[tuple[float, Autoencoder]], seen: Images, held_out: Images) -> Curve:
    """The errors of a network at stages of its training: epochs (a float) and the network as it is then.

    seen, held_out : images (n, 784) that it learns from, and ones that it does not
    """
    epochs, train, unseen = [], [], []
    for epoch, model in stages:
        epochs.append(epoch)
        train.append(float(errors(model, seen).mean()))
        unseen.append(errors(model, held_out))
    means = [float(each.mean()) for each in unseen]
    doubt = 2 * standard_error(unseen[-1] - unseen[int(np.argmin(means))]) / max(min(means), 1e-12)
    return Curve(tuple(epochs), tuple(train), tuple(means), doubt)


def generalisation_gap(train: float, test: float) -> float:
    """How many times larger the test error is than the training error; 1 is no gap."""
    return test / max(train, 1e-12)


def thinned(values: Sequence[T], most: int) -> tuple[T, ...]:
    """At most so many of the values, evenly spaced, the first and the last among them."""
    if not values:
        return ()
    places = np.unique(np.linspace(0, len(values) - 1, min(most, len(values))).round().astype(int))
    return tuple(values[place] for place in places)
