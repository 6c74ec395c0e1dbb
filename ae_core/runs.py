"""Runs: training in threads, shared by everybody who asks for the same Spec."""

import contextlib
import itertools
import logging
import math
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from typing import Literal

import torch

from ae_core.datasets import DataError, Dataset
from ae_core.model import Autoencoder
from ae_core.spec import Spec
from ae_core.system import give_back, give_way
from ae_core.train import Diverged, Snapshot, train

State = Literal["queued", "running", "finished", "stopped", "failed"]

GRACE = 150.0  # seconds that a visitor may be silent: a dropped connection has 120 s to come back
ABSENT = 10.0  # seconds after which her run rests: others have its turns until she is back
REST = 0.2  # seconds between two looks for a visitor of one of the runs when all of them rest
LEFT = -math.inf  # when a visitor who has left was there last
STARTS = 3  # of one run, before its being lost each time counts as its own fault
BEHIND = 5  # steps that training stands back behind the answers to visitors
RESOLUTION = 100  # snapshots as far apart as a hundredth of the time so far are kept: a day's run has a thousand
MAX_RUNS = 64
MAX_BYTES = 400 * 2**20

_log = logging.getLogger(__name__)


class PoolFull(RuntimeError):
    """More experiments train at once than the machine can hold."""


class Lost(RuntimeError):
    """What trained a run is gone. Its words are for the run's visitors."""


_births = itertools.count(1)


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


class RunPool:
    """Trains runs in as many threads as there are cores and keeps the finished ones within bounds.

    Runs that train take turns, one snapshot a turn, so that with many of them all move on. A run
    whose visitors are silent for `absent` seconds rests. It ends when its last visitor has left it, or has been silent
    for `grace` seconds; sooner where a full pool needs its place.

    Parameters
    ----------
    load : gives the data set of a name, called in the training thread when a run has its first turn
    cores : runs that train at the same moment
    max_runs : that train at once, and that are kept with those that have ended; of these half as many stay in any case
    max_bytes : of those that have ended. The longest unused goes first
    """

    def __init__(
        self,
        load: Callable[[str], Dataset],
        *,
        cores: int | None = None,
        max_runs: int = MAX_RUNS,
        max_bytes: int = MAX_BYTES,
        grace: float = GRACE,
        absent: float = ABSENT,
    ) -> None:
        self.load, self.max_runs, self.max_bytes, self.grace, self.absent = load, max_runs, max_bytes, grace, absent
        self.cores = cores or os.cpu_count() or 1
        self._lock = threading.Lock()
        self._runs: dict[str, Run] = {}  # in the order of their last use
        self._turns: deque[Run] = deque()
        self._training: dict[str, Generator[Snapshot | None]] = {}
        self._visitors: dict[str, dict[str, float]] = {}  # run -> visitor -> last seen, or LEFT
        self._workers = 0
        self._frozen = itertools.count(1)

    def join(self, spec: Spec, visitor: str) -> Run:
        """The run of a Spec, started now if nobody has it yet; the visitor leaves every other one.

        Raises `PoolFull` when too many different experiments train already.

        visitor : her name, or hers, a space and more for a run beside her own; those take half of the places at most,
            or a few sweeps of ten networks would leave none to a class
        """
        with self._lock:
            run = self._runs.get(spec.key)
            if run is None or run.state in ("stopped", "failed"):
                if not self._has_place(beside=" " in visitor):
                    raise PoolFull(
                        f"{len(self._training)} experiments train already. Please try again in a minute."
                    )
                run = Run(spec)
                self._runs[run.id] = run
                self._training[run.id] = self._train(run)
                self._turns.appendleft(run)  # the first picture at once, then fair turns
            self._leave_all(visitor)
            if run.live:
                self._visitors.setdefault(run.id, {})[visitor] = time.monotonic()
            self._use(run)
            self._forget_surplus()
            self._start_workers()
            return run

    def get(self, id: str, visitor: str) -> Run | None:
        """The run with this id, if it is still kept; tells that the visitor is still there."""
        with self._lock:
            run = self._runs.get(id)
            if run is not None:
                self._use(run)
                visitors = self._visitors.setdefault(id, {}) if run.live else {}
                if visitors.get(visitor) != LEFT:  # a question that was on its way when she left is not her return
                    visitors[visitor] = time.monotonic()
            return run

    def ended(self, id: str) -> Run | None:
        """The run with this id if it is still kept and trains no more; looking at it makes nobody its visitor."""
        with self._lock:
            run = self._runs.get(id)
            return None if run is None or run.live else run

    def stop(self, id: str, visitor: str) -> Run | None:
        """Take a visitor out of a run and give her a run of her own, frozen at its newest snapshot.

        The shared run goes on for its other visitors; without any it ends. None where nothing trains.
        """
        with self._lock:
            run = self._runs.get(id)
            if run is None or not run.live or not run.snapshots:
                return None
            frozen = Run(run.spec, run.snapshots, "stopped", id=f"{id}#{next(self._frozen)}")
            frozen.done.set()
            self._runs[frozen.id] = frozen
            self._visitors.setdefault(id, {})[visitor] = LEFT
            self._forget_surplus()
            return frozen

    def leave(self, visitor: str) -> None:
        """Take a visitor out of all runs, and all whose names begin with hers and a space: those beside her.

        Runs that nobody else watches end.
        """
        with self._lock:
            beside = {name for names in self._visitors.values() for name in names if name.startswith(f"{visitor} ")}
            for name in (visitor, *beside):
                self._leave_all(name)

    def ahead(self, run: Run) -> int:
        """How many runs have their turn before this one; 0 for a run that is training at this moment."""
        with self._lock:
            before = itertools.takewhile(lambda other: other is not run, self._turns)
            return sum(self._silence(other) < self.absent for other in before) if run in self._turns else 0

    def sharing(self) -> int:
        """How many runs share the cores now."""
        return len(self._training)

    def forget(self) -> None:
        """Keep no run that has ended."""
        with self._lock:
            self._runs = {id: run for id, run in self._runs.items() if run.live}

    def renew(self) -> None:
        """Fresh processes take the place of idle ones, which keep what they once needed. Threads keep nothing."""

    def close(self) -> None:
        """End all training; returns when no thread is left."""
        with self._lock:
            self._visitors.clear()
            runs = [run for run in self._runs.values() if run.live]
        for run in runs:
            run.done.wait()

    def _train(self, run: Run) -> Generator[Snapshot | None]:
        """Training that begins again from its seed where it is lost. A None is a turn that brought nothing new."""
        for _ in range(STARTS):
            try:
                with contextlib.closing(self._snapshots(run.spec)) as snapshots:
                    for snapshot in snapshots:
                        known = snapshot and run.newest and snapshot.step <= run.newest.step
                        yield None if known else snapshot  # visitors see each moment once
                return
            except Lost as lost:
                run.message = str(lost)
        raise RuntimeError(f"it was lost {STARTS} times in a row")

    def _snapshots(self, spec: Spec) -> Generator[Snapshot | None]:
        """What `train` yields, and None for a turn that brought nothing. Raises `Lost`."""
        yield from train(spec, self.load(spec.data))

    def _begin(self) -> None:
        """What a thread of the pool does first."""
        torch.set_num_threads(1)  # several threads in one product wait for each other when cores are busy
        give_way(BEHIND)

    # -- all below: the lock is held, unless said otherwise --

    def _leave_all(self, visitor: str) -> None:
        for visitors in self._visitors.values():
            if visitor in visitors:
                visitors[visitor] = LEFT

    def _silence(self, run: Run) -> float:
        """Seconds since a visitor of the run was there."""
        return time.monotonic() - max(self._visitors.get(run.id, {}).values(), default=LEFT)

    def _has_place(self, beside: bool) -> bool:
        """Whether one more run may train; in a full pool the longest silent one may end for it."""
        if beside and 2 * self._count_beside() >= self.max_runs:
            return False
        return len(self._training) < self.max_runs or self._make_room()

    def _count_beside(self) -> int:
        """How many runs train that nobody watches as her own."""
        there = [[name for name, seen in self._visitors.get(id, {}).items() if seen != LEFT] for id in self._training]
        return sum(all(" " in name for name in names) for names in there)

    def _make_room(self) -> bool:
        """End the run whose visitors have been silent for longest; whether there is one that rests."""
        longest = max((self._runs[id] for id in self._training), key=self._silence)
        if self._silence(longest) < min(self.absent, self.grace):
            return False
        self._visitors.pop(longest.id, None)
        return True

    def _next(self) -> Run | None:
        """The run that has its turn now; it leaves the row. None while all rest."""
        run = self._chosen([run for run in self._turns if not self.absent <= self._silence(run) < self.grace])
        if run is not None:
            self._turns.remove(run)
        return run

    def _chosen(self, ready: Sequence[Run]) -> Run | None:
        """One of the runs, in the order of their turns, that do not rest or are to end."""
        return ready[0] if ready else None

    def _use(self, run: Run) -> None:
        self._runs[run.id] = self._runs.pop(run.id)

    def _forget_surplus(self) -> None:
        ended = {id: run.bytes for id, run in self._runs.items() if not run.live}
        room = max(self.max_runs - (len(self._runs) - len(ended)), self.max_runs // 2)
        for id in list(self._runs)[:-1]:  # the newest stays in any case
            if len(ended) <= room and sum(ended.values()) <= self.max_bytes:
                break
            if id in ended:
                del self._runs[id], ended[id]

    def _start_workers(self) -> None:
        while self._workers < min(self.cores, len(self._training)):
            self._workers += 1
            threading.Thread(target=self._work, name="training", daemon=True).start()

    def _work(self) -> None:
        """A thread: give one run after the other a turn, until none is left. Runs without the lock."""
        self._begin()
        while True:
            with self._lock:
                if not self._turns:
                    self._workers -= 1
                    return
                run = self._next()
                if run is not None:
                    generator = self._training[run.id]
                    watched = self._silence(run) < self.grace
                    if not watched:  # decided and done under one lock: nobody joins in between
                        self._runs.pop(run.id, None)
                        self._retire(run)
            if run is None:
                time.sleep(REST)
            elif not watched:
                generator.close()
                run._end("stopped")
            elif self._turn(run, generator):
                with self._lock:
                    self._turns.append(run)
            else:
                with self._lock:
                    self._retire(run)
                    self._forget_surplus()
                del generator  # it holds what the run trained with
                give_back()

    def _retire(self, run: Run) -> None:
        del self._training[run.id]
        self._visitors.pop(run.id, None)

    def _turn(self, run: Run, generator: Generator[Snapshot | None]) -> bool:
        """Train until the next snapshot; whether there may be more. Runs without the lock."""
        try:
            run.state = "running"
            snapshot = next(generator)
            if snapshot is not None:
                run._add(snapshot)
            return True
        except StopIteration:
            run._end("finished", run.message)
        except (Diverged, DataError) as error:
            run._end("failed", str(error))
        except Exception:
            _log.exception("Training %s failed", run.id)
            run._end("failed", "Training broke off unexpectedly. Press Train to try again.")
        return False


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
