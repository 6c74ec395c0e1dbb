"""When to take a snapshot."""

import contextlib
import time
from collections.abc import Iterator


class SnapshotSchedule:
    """Decides which steps are worth a snapshot: the first few, then evenly in time.

    Some forty over a run and at least five a second, as long as they take only a small share of
    the running time. Time that the consumer lets the generator wait counts for the rhythm (a
    visitor is waiting too) but not as running time. Where many runs take turns, turns get shorter, so
    that each of them comes to its next snapshot well within a second. What a turn takes is
    counted in time of the processor, which others may use as well.
    """

    dense = 4  # a snapshot at each of the first steps: most is learned there
    share = 0.08  # of the running time goes into snapshots, at most
    crowded_share = 0.5  # the same where many take turns
    round = 0.45  # seconds in which all that take turns should have had theirs

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self.start = self.latest = time.perf_counter()
        self.resumption = time.thread_time()  # when this turn began, on the processor's clock
        self.waited = 0.0  # seconds so far
        self.used = self.turn = self.cost = 0.0  # seconds: training in this turn and in the latest; its snapshot
        self.lap = self.round  # seconds between the latest two snapshots
        self.step = 0  # of the latest snapshot

    @property
    def seconds(self) -> float:
        """Running time so far."""
        return time.perf_counter() - self.start - self.waited

    def due(self, step: int) -> bool:
        self.used = time.thread_time() - self.resumption
        if step < self.dense:
            return True
        interval = min(0.2, self.seconds / step * self.steps / 40)
        if time.perf_counter() - self.latest <= interval or self.used <= self.cost * (1 / self.crowded_share - 1):
            return False
        rounded = self.used * (1 + 0.5 / (step - self.step))  # nearest, or turns of a few long steps stay too long
        return self.used > self.cost / self.share or rounded > self.turn * self.round / self.lap

    def taken(self, step: int) -> None:
        """The snapshot that was due at a step is ready."""
        self.turn, self.cost = self.used, time.thread_time() - self.resumption - self.used
        self.step = step

    @contextlib.contextmanager
    def waiting(self) -> Iterator[None]:
        """As long as the consumer has the snapshot, and asks for no more."""
        now = time.perf_counter()
        self.lap, self.latest = max(now - self.latest, 1e-3), now
        yield
        self.waited += time.perf_counter() - self.latest
        self.resumption = time.thread_time()


class FixedSteps(SnapshotSchedule):
    """Takes a snapshot every so many steps, whatever time it takes: two trainings of a Spec have them at the same."""

    def __init__(self, steps: int, every: int) -> None:
        super().__init__(steps)
        self.every = every

    def due(self, step: int) -> bool:
        return step % self.every == 0
