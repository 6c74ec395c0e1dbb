"""How long things take: a formula for training, corrected by what has been seen on this machine."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from ae_core.nn.optimizers import OPTIMIZERS
from ae_core.spec import PIXELS, Spec

PRIOR = 5.0  # seconds of work by a formula after which what is seen counts as much as what was expected
TRAINING_PRIOR = 0.5  # the same for the pace of training


def training_seconds(spec: Spec, step: int = 0) -> float:
    """Seconds that training takes from this step on, by the formula of `step_seconds`, at a pace of 1."""
    return max(0, spec.steps - step) * step_seconds(spec)


def step_seconds(spec: Spec) -> float:
    """Seconds of one training step on one core, at a pace of 1.

    With n images in a batch, weight matrices whose sides are a <= b, P weights in them, and N nodes in all layers:

        1.4e-12 * 6 P n                        matrix products, forth and back
        + sum(0.7e-12 * (4 a² b + 18 a³))      Muon makes each matrix orthogonal; see its entry in OPTIMIZERS
        + 5e-9 * N n + 21e-9 * P               what is done for each node of an image, and for each weight
        + 10e-9 * 784 n                        with noise only

    Fitted to sixteen networks (depth 0 to 3, width 32 to 1,024, batches of 64 to 512): between 0.66 and 1.16 times
    what they took. Another machine is faster or slower by about the same factor for all: see `pace`.
    """
    sides = list(pairwise(spec.layer_sizes))
    batch = min(spec.batch_size, spec.images)
    weights = sum(a * b for a, b in sides)
    seconds = 1.4e-12 * 6 * weights * batch + 5e-9 * sum(spec.layer_sizes) * batch + 21e-9 * weights
    learning = sides[: len(sides) // 2] if spec.decoder == "tied" else sides
    seconds += sum(OPTIMIZERS[spec.optimizer].seconds(min(side), max(side)) for side in learning)
    return seconds + (10e-9 * PIXELS * batch if spec.noise else 0.0)


def pace(seen: Iterable[tuple[Spec, int, float]]) -> float:
    """How many seconds this machine takes for each second of the formula: 1 where nothing was seen.

    (T + sum of the seconds that were taken) / (T + sum of the seconds by the formula), T = 0.5 s.

    seen : of each training its Spec, the steps that it has done, and the seconds that they took
    """
    expected = taken = TRAINING_PRIOR
    for spec, steps, seconds in seen:
        expected += steps * step_seconds(spec)
        taken += seconds
    return taken / expected


def side_by_side(costs: Sequence[float], cores: int) -> float:
    """Seconds until all is done of things that take so many seconds of a core each, on so many cores."""
    return max(sum(costs) / cores, max(costs, default=0.0))


def time_left(left: float, done: float, elapsed: float, pace: float) -> float:
    """Seconds until the end: what is left, at the pace of what is done.

    left * (T * pace + elapsed) / (T + done), T = 5: at first the expected pace counts, later the one that is seen.

    left, done : work, in seconds by a formula; elapsed : seconds that the work done took
    pace : seconds expected for each second by the formula
    """
    return left * (PRIOR * pace + elapsed) / (PRIOR + done)


def about(seconds: float) -> str:
    """Seconds as one says them before they are over: "a few seconds", "about 40 s", "about 3 min"."""
    if seconds <= 5:
        return "a few seconds"
    if seconds < 90:
        return f"about {5 * round(seconds / 5)} s"
    return f"about {round(seconds / 60):,} min"
