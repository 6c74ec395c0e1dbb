"""A run: one training of one Spec, as all its visitors see it."""

import itertools
import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from ae_core.autoencoder.model import Autoencoder
from ae_core.spec import Spec
from ae_core.training.loop import Snapshot

State = Literal["queued", "running", "finished", "stopped", "failed"]


class PoolFull(RuntimeError):
    """More experiments train at once than the machine can hold."""


class ProcessLost(RuntimeError):
    """What trained a run is gone. Its words are for the run's visitors."""


class Run:
    """One training of one Spec, as all its visitors see it.

    Its fields are written by one thread at a time and read by many; a reader sees the past, never a
    torn state.

    birth : tells it in this process from an earlier or later training of the same Spec, which has the same id
    """

    def __init__(self, spec: Spec, snapshots: tuple[Snapshot, ...] = (), state: State = "queued", id: str = "") -> None:
        self.spec = spec.canonical  # not as the first visitor had it: what has no effect is nobody's choice
        self.id = id or spec.key
        self.birth = next(_births)
        self.state: State = state
        self.message: str | None = None
        self.done = threading.Event()
        self.bytes = sum(map(_bytes, snapshots))  # memory that the snapshots take
        self._snapshots = list(snapshots)

    @property
    def snapshots(self) -> tuple[Snapshot, ...]:
        """All snapshots so far, the oldest first."""
        return tuple(self._snapshots)

    @property
    def count(self) -> int:
        """How many snapshots there are so far."""
        return len(self._snapshots)

    @property
    def newest(self) -> Snapshot | None:
        """The newest snapshot; it holds the weights."""
        return self._snapshots[-1] if self._snapshots else None

    @property
    def step(self) -> int:
        """Steps that the newest snapshot has behind it, -1 before the first."""
        return self._snapshots[-1].step if self._snapshots else -1

    @property
    def live(self) -> bool:
        """Whether more snapshots are to come."""
        return self.state in ("queued", "running")

    def model(self) -> Autoencoder | None:
        """The network in its newest state, or None before the first snapshot. Made anew each time, in a millisecond."""
        newest = self.newest
        if newest is None or newest.weights is None:
            return None
        return Autoencoder.from_weights(self.spec, newest.weights).requires_grad_(False)

    def _add(self, snapshot: Snapshot) -> None:
        """Take a new snapshot. In a long run it may take the place of the newest one; those before never change."""
        last = self._snapshots[-2:]
        if len(last) == 2 and last[1].seconds - last[0].seconds < last[1].seconds / RESOLUTION:
            self._snapshots[-1] = snapshot  # at once: nobody sees a run without its newest
            self.bytes += _bytes(snapshot) - _bytes(last[1])
            return
        self._snapshots.append(snapshot)
        self.bytes += _bytes(snapshot)
        if len(self._snapshots) > 1:
            before = self._snapshots[-2]
            self._snapshots[-2] = replace(before, weights=None)
            self.bytes += _bytes(self._snapshots[-2]) - _bytes(before)

    def _go_on(self, first: int, snapshots: Sequence[Snapshot]) -> None:
        """Take the snapshots from a place on from another copy of this run, unless that is behind this one."""
        if snapshots and snapshots[-1].step > self.step:
            mine = [replace(snapshot, weights=None) for snapshot in self._snapshots[:first]]
            self._snapshots = [*mine, *snapshots]
            self.bytes = sum(map(_bytes, self._snapshots))

    def _end(self, state: State, message: str | None = None) -> None:
        self.message, self.state = message, state
        self.done.set()


def pace(spec: Spec, snapshots: Sequence[Snapshot], state: State) -> tuple[float, float | None]:
    """Images a second so far, and the seconds that are left at this pace, None where nothing trains."""
    last = snapshots[-1] if snapshots else None
    if last is None or last.seconds <= 0:
        return 0.0, None
    rate = last.images / last.seconds
    left = max(0, spec.epochs * spec.images - last.images)
    return rate, left / rate if rate > 0 and state == "running" else None


def _bytes(snapshot: Snapshot) -> int:
    pictures = snapshot.row.nbytes + snapshot.row_codes.nbytes + snapshot.cloud.nbytes
    return pictures + sum(weight.nbytes for weight in snapshot.weights or ())

RESOLUTION = 100  # snapshots as far apart as a hundredth of the time so far are kept: a day's run has a thousand
_births = itertools.count(1)
