"""A trained network that travels to where it is measured."""

import functools
from dataclasses import dataclass, field

from ae_core.autoencoder.model import Autoencoder, Weights
from ae_core.runs.run import Run
from ae_core.spec import Spec


@dataclass(frozen=True)
class Subject:
    """A trained network, known by its run and its step. It travels to where it is measured."""

    id: str
    step: int
    spec: Spec
    weights: Weights = field(compare=False, repr=False)

    @property
    def known_by(self) -> tuple[str, int, Spec]:
        """What tells it from all others, without its weights."""
        return self.id, self.step, self.spec

    @property
    def model(self) -> Autoencoder:
        """The network, not to be changed: it is made once."""
        return _network(self)


def subject_of(run: Run) -> Subject | None:
    """The network of a run that has ended, or None while it learns."""
    newest = run.newest
    if run.live or newest is None or newest.weights is None:
        return None
    return Subject(run.id, newest.step, run.spec, newest.weights)


@functools.lru_cache(maxsize=4)
def _network(subject: Subject) -> Autoencoder:
    return Autoencoder.from_weights(subject.spec, subject.weights).requires_grad_(False)
