"""When to take a snapshot."""

import time


class Pace:
    """Decides which steps are worth a snapshot: the first few, then evenly in time.

    Some forty over a run and at least five a second, as long as they take only a small share of
    the running time. Time that the consumer lets the generator wait counts for the rhythm (a
    visitor is waiting too) but not as running time. Where many runs take turns, turns get shorter, so
    that each of them comes to its next snapshot about once in a second.
    """

    dense = 4  # a snapshot at each of the first steps: most is learned there
    share = 0.08  # of the running time goes into snapshots, at most
    crowded_share = 0.3  # the same where many take turns
    round = 1.0  # seconds in which all that take turns should have had theirs

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self.start = self.latest = self.asked = time.perf_counter()
        self.waited = self.ran = self.cost = 0.0
        self.turn = self.crowd = 1.0  # seconds of the latest turn; turns in a round, by the time that it waited

    @property
    def seconds(self) -> float:
        """Running time so far."""
        return time.perf_counter() - self.start - self.waited

    def due(self, step: int) -> bool:
        self.asked = time.perf_counter()
        if step < self.dense:
            return True
        interval = min(0.2, self.seconds / step * self.steps / 40)
        shortest = min(self.cost / self.share, max(self.cost / self.crowded_share, self.round / self.crowd))
        return self.asked - self.latest > interval and self.seconds - self.ran > shortest

    def taken(self) -> None:
        """A snapshot that was due is ready; now the consumer has it."""
        self.latest = time.perf_counter()
        self.turn = self.seconds - self.ran
        self.cost, self.ran = self.latest - self.asked, self.seconds

    def resumed(self) -> None:
        """The consumer asks for more."""
        waited = time.perf_counter() - self.latest
        self.waited += waited
        self.crowd = 1 + waited / max(self.turn, 1e-3)
