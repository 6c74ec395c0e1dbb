"""What was measured on the networks of sweeps: a few numbers each, kept longer than the networks themselves."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from ae_core.autoencoder.model import Autoencoder, Weights
from ae_core.data.datasets import load
from ae_core.evaluation.capacity.overfitting import Curve, learning_curve
from ae_core.evaluation.capacity.study import Pictures, Study, study, worst_pictures
from ae_core.evaluation.capacity.subspace import directions, principal_angles
from ae_core.evaluation.divergence import has_diverged
from ae_core.spec import Spec
from ae_core.system.once import Once
from ae_core.training.loop import train
from ae_core.training.snapshot_schedule import FixedSteps
from ae_core.ui.background.run_measurements import pca

KEPT = 400
HELD_OUT = 2_000  # training images, the last ones, that choose where to stop
FOLLOWED = 500  # training images, the first ones, beside them
STAGES = 30  # of a curve, about


@dataclass(frozen=True)
class Result:
    """All that the page shows of a trained network.

    angles : degrees between its directions and those of PCA, for a linear network only
    pictures : what it rebuilds worst, where somebody asked for it
    """

    spec: Spec
    study: Study
    angles: tuple[float, ...] = ()
    pictures: Pictures | None = None

    @property
    def diverged(self) -> bool:
        """Whether nothing is to be concluded from this network."""
        return has_diverged(self.study.train, self.study.test, self.spec.data)


class SweepResults:
    """Results by Spec. Same Spec, same result: it holds for every visitor. The least recently used ones go first."""

    def __init__(self, kept: int = KEPT) -> None:
        self.kept = kept
        self._results: OrderedDict[str, Result] = OrderedDict()
        self._lock = Lock()

    def get(self, spec: Spec) -> Result | None:
        """What is known of a Spec."""
        with self._lock:
            if spec.key in self._results:
                self._results.move_to_end(spec.key)
            return self._results.get(spec.key)

    def write(self, result: Result) -> None:
        """Keep a result."""
        with self._lock:
            self._results[result.spec.key] = result
            self._results.move_to_end(result.spec.key)
            while len(self._results) > self.kept:
                self._results.popitem(last=False)


@Once
def sweep_results() -> SweepResults:
    """The results of all visitors of this server."""
    return SweepResults()


def result_of(spec: Spec, weights: Weights, shown: int) -> Result:
    """Measure a finished run, in about a second.

    shown : how many pictures of each kind to keep
    """
    model = Autoencoder.from_weights(spec, weights).requires_grad_(False)
    angles: tuple[float, ...] = ()
    if spec.depth == 0 and spec.output == "linear":
        components = pca(spec.images, spec.data).components[: spec.code_size].T.double().numpy()
        angles = tuple(principal_angles(directions(model), components).tolist())
    pictures = worst_pictures(spec, model, shown) if shown else None
    return Result(spec, study(spec, model), angles, pictures)


def curve_of(spec: Spec) -> Curve:
    """Train the network of a Spec once more, and look at it at fixed steps: same Spec, same curve. Some seconds.

    Raises `ValueError` where the Spec learns from the held-out images.
    """
    data = load(spec.data)
    if spec.images > len(data.train) - HELD_OUT:
        raise ValueError(f"No image is held out of {spec.images:,}.")
    stages = (
        (snapshot.epoch, Autoencoder.from_weights(spec, snapshot.weights).requires_grad_(False))
        for snapshot in train(spec, data, FixedSteps(spec.steps, -(-spec.steps // STAGES))) if snapshot.weights
    )
    return learning_curve(stages, data.train[: min(spec.images, FOLLOWED)], data.train[-HELD_OUT:])
