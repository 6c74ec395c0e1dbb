"""The pool of runs: training in threads, shared by everybody who asks for the same Spec."""
import contextlib
import itertools
import logging
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field

import torch

from ae_core.data.datasets import DataError, Dataset
from ae_core.runs.run import PoolFull, ProcessLost, Run, State
from ae_core.spec import Spec
from ae_core.system.memory_and_priority import give_back, give_way
from ae_core.system.resources import MIB, limits, memory_left, usable_cores
from ae_core.training.loop import Diverged, Snapshot, train

GRACE = 150.0  # seconds that a visitor may be silent: a dropped connection has 120 s to come back
ABSENT = 10.0  # seconds after which her run rests: others have its turns until she is back
LEFT = -math.inf  # when a visitor who has left was there last
STARTS = 3  # of one run, before its being lost each time counts as its own fault
BEHIND = 5  # steps that training stands back behind the answers to visitors
NEEDED = 96 * MIB  # memory that has to be left for one more run, and for what else grows meanwhile
RUN_BYTES = 12 * MIB  # memory that a run takes: those before their first snapshot are still to take it
UNSEEN = "Stopped before its first picture. Press Train to begin anew."
BROKE_OFF = "Training broke off unexpectedly. Press Train to try again."

_log = logging.getLogger(__name__)


@dataclass(eq=False)
class Training:
    """A run that trains, and who watches it.

    visitors : when each was last seen, as of `time.monotonic`, or LEFT
    """

    run: Run
    snapshots: Generator[Snapshot | None]
    visitors: dict[str, float] = field(default_factory=dict)

    @property
    def silence(self) -> float:
        """Seconds since a visitor was there."""
        return time.monotonic() - max(self.visitors.values(), default=LEFT)


class RunPool:
    """Trains runs in as many threads as there are cores and keeps the finished ones within bounds.

    Runs that train take turns, one snapshot a turn, so that with many of them all move on. A run
    whose visitors are silent for `absent` seconds rests. It ends when its last visitor has left it, or has been silent
    for `grace` seconds; sooner where a full pool needs its place.

    Parameters
    ----------
    load : gives the data set of a name, called in the training thread when a run has its first turn
    cores : runs that train at the same moment
    max_runs : the most runs that train at once, and the most that are kept in all, trained ones included. At least half
        of this number of trained runs is kept. Without it: as many as fit into the memory
    max_bytes : memory of the trained runs that are kept. The least recently used one goes first
    """

    def __init__(
        self,
        load: Callable[[str], Dataset],
        *,
        cores: int | None = None,
        max_runs: int | None = None,
        max_bytes: int | None = None,
        grace: float = GRACE,
        absent: float = ABSENT,
    ) -> None:
        self.load, self.grace, self.absent = load, grace, absent
        self.max_runs, self.max_bytes = max_runs or limits().runs, max_bytes or limits().run_bytes
        self.cores = cores or usable_cores()
        self._lock = threading.Condition()  # notified when a run may have a turn again, or has let go of all
        self._runs: dict[str, Run] = {}  # in the order of their last use
        self._training: dict[str, Training] = {}  # those of `_runs` that are live, and no others
        self._turns: deque[Training] = deque()  # those that no thread trains at this moment, the next one first
        self._open: set[Training] = set()  # all whose generators are not closed yet, also of runs that have ended
        self._workers = 0  # threads
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
                self._find_memory()
                self._find_place(beside=" " in visitor)
                run = Run(spec)
                self._begin_training(run)
            self._leave_all(visitor)
            if run.live:
                self._training[run.id].visitors[visitor] = time.monotonic()
            self._use(run)
            self._forget_surplus()
            self._start_workers()
            self._lock.notify_all()
            return run

    def get(self, id: str, visitor: str) -> Run | None:
        """The run with this id, if it is still kept; tells that the visitor is still there."""
        with self._lock:
            run = self._runs.get(id)
            if run is not None:
                self._use(run)
                if run.live:
                    self._see(self._training[id], visitor)
            return run

    def ended(self, id: str) -> Run | None:
        """The run with this id if it is still kept and trains no more; looking at it makes nobody its visitor."""
        with self._lock:
            run = self._runs.get(id)
            return None if run is None or run.live else run

    def stop(self, id: str, visitor: str) -> Run | None:
        """Take a visitor out of a run and give her a run of her own, frozen at its newest snapshot.

        The shared run goes on for its other visitors; without any it ends. Before its first snapshot there is nothing
        to freeze: then her own run has none, and a message that says so. None where nothing trains.
        """
        with self._lock:
            run = self._runs.get(id)
            if run is None or not run.live:
                return None
            frozen = Run(run.spec, run.snapshots, "stopped", id=f"{id}#{next(self._frozen)}")
            if not frozen.count:
                frozen.message = UNSEEN
            frozen.done.set()
            self._runs[frozen.id] = frozen
            self._training[id].visitors[visitor] = LEFT
            self._forget_surplus()
            self._lock.notify_all()
            return frozen

    def leave(self, visitor: str) -> None:
        """Take a visitor out of all runs, and all whose names begin with hers and a space: those beside her.

        Runs that nobody else watches end.
        """
        with self._lock:
            for training in self._training.values():
                for name in training.visitors:
                    if name == visitor or name.startswith(f"{visitor} "):
                        training.visitors[name] = LEFT
            self._lock.notify_all()

    def ahead(self, run: Run) -> int:
        """How many runs have their turn before this one; 0 for a run that is training at this moment."""
        with self._lock:
            runs = [training.run for training in self._turns]
            before = itertools.islice(self._turns, runs.index(run) if run in runs else 0)
            return sum(other.silence < self.absent for other in before)

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
        """End all that trains now; returns when it has let go of all that it trained with.

        Who asks for a run meanwhile has one that begins anew, and is not waited for.
        """
        with self._lock:
            ending = set(self._open)
            for training in ending:
                self._retire(training, "stopped")
            self._lock.notify_all()
            self._lock.wait_for(lambda: ending.isdisjoint(self._open))

    def _train(self, run: Run) -> Generator[Snapshot | None]:
        """Training that begins again from its seed where it is lost. A None is a turn that brought nothing new."""
        for _ in range(STARTS):
            try:
                with contextlib.closing(self._snapshots(run)) as snapshots:
                    for snapshot in snapshots:
                        known = snapshot and run.newest and snapshot.step <= run.newest.step
                        yield None if known else snapshot  # visitors see each moment once
                return
            except ProcessLost as lost:
                with self._lock:
                    if run.live:
                        run.message = str(lost)
        raise RuntimeError(f"it was lost {STARTS} times in a row")

    def _snapshots(self, run: Run) -> Generator[Snapshot | None]:
        """What `train` yields, and None for a turn that brought nothing. Raises `ProcessLost`."""
        yield from train(run.spec, self.load(run.spec.data))

    def _begin(self) -> None:
        """What a thread of the pool does first."""
        torch.set_num_threads(1)  # several threads in one product wait for each other when cores are busy
        give_way(BEHIND)

    def _work(self) -> None:
        """A thread: give one run after the other a turn, until none is left."""
        training: Training | None = None
        try:
            self._begin()
            while (training := self._next()) is not None:
                self._turn(training)
                training = None
        except BaseException:  # of no run's making: those are caught with the turn
            _log.exception("A thread that trains has died")
            with self._lock:
                self._workers -= 1
                if training is not None:
                    self._retire(training, "failed", BROKE_OFF)
                    self._open.discard(training)
                self._end_without_workers()

    def _next(self) -> Training | None:
        """The training that has its turn now; it leaves the row. Waits while all in the row rest.

        None where there is none in the row: the thread is not counted any more, and has to end.
        """
        with self._lock:
            while self._turns:
                training = self._chosen([each for each in self._turns if not self._rests(each)])
                if training is None:
                    self._lock.wait(min(self.grace - each.silence for each in self._turns))
                    continue
                if training.silence >= self.grace:  # decided and done under one lock: nobody joins in between
                    self._retire(training, "stopped")
                elif training.run.live:
                    training.run.state = "running"
                self._turns.remove(training)
                return training
            self._workers -= 1
            return None

    def _turn(self, training: Training) -> None:
        """Train until the next snapshot. Whatever that raises, the run goes on afterwards or has ended."""
        try:
            if self._advance(training):
                return
        except StopIteration:
            self._retire(training, "finished", training.run.message)
        except (Diverged, DataError) as error:
            self._retire(training, "failed", str(error))
        except BaseException:  # also what is meant to end a thread: somebody waits for this run
            _log.exception("Training %s failed", training.run.spec.key)
            self._retire(training, "failed", BROKE_OFF)
        self._let_go(training)

    def _advance(self, training: Training) -> bool:
        """Train until the next snapshot; whether there may be more. Raises what training raises, and StopIteration."""
        if not training.run.live:
            return False
        snapshot = next(training.snapshots)
        with self._lock:
            if not training.run.live:  # a full pool, or one that is closed, has ended it meanwhile
                return False
            if snapshot is not None:
                training.run._add(snapshot)
            self._turns.append(training)
            return True

    def _let_go(self, training: Training) -> None:
        """Free what a run trained with."""
        try:
            training.snapshots.close()
            give_back()
        except BaseException:
            _log.exception("Training %s did not end well", training.run.spec.key)
        with self._lock:
            self._open.discard(training)
            self._lock.notify_all()

    def _retire(self, training: Training, state: State, message: str | None = None) -> None:
        """End a run: it gives its place back, and everybody sees it in the same moment. Once is enough.

        Its generator is closed by the thread that is at it, or by the next that finds it in the row.
        """
        with self._lock:
            run = training.run
            if not run.live:
                return
            del self._training[run.id]
            training.visitors.clear()
            if state == "stopped":
                del self._runs[run.id]
            run._end(state, message)
            self._forget_surplus()

    # -- all below: the lock is held --

    def _begin_training(self, run: Run) -> None:
        training = Training(run, self._train(run))
        self._runs[run.id] = run
        self._training[run.id] = training
        self._open.add(training)
        self._turns.appendleft(training)  # the first picture at once, then fair turns

    def _see(self, training: Training, visitor: str) -> None:
        """Note that a visitor is there. A question that was on its way when she left is not her return."""
        if training.visitors.get(visitor) == LEFT:
            return
        rested = self._rests(training)
        training.visitors[visitor] = time.monotonic()
        if rested:
            self._lock.notify_all()

    def _leave_all(self, visitor: str) -> None:
        for training in self._training.values():
            if visitor in training.visitors:
                training.visitors[visitor] = LEFT

    def _rests(self, training: Training) -> bool:
        """Whether others have its turns: its visitors are away, and may come back."""
        return self.absent <= training.silence < self.grace

    def _find_memory(self) -> None:
        """Have enough for one more run; what idle processes hold may go for it. Raises `PoolFull`."""
        needed = NEEDED + RUN_BYTES * sum(not run.count for run in map(self._runs.__getitem__, self._training))
        if memory_left() < needed:
            self.renew()
            if memory_left() < needed:
                raise PoolFull("The memory of this server is full. Please try again in a minute.")

    def _find_place(self, beside: bool) -> None:
        """See to a place for one more run; in a full pool the longest silent one ends for it. Raises `PoolFull`."""
        full = len(self._training) >= self.max_runs
        if (beside and 2 * self._count_beside() >= self.max_runs) or (full and not self._make_room()):
            raise PoolFull(f"{len(self._training)} experiments train already. Please try again in a minute.")

    def _count_beside(self) -> int:
        """How many runs train that nobody watches as her own."""
        there = [[name for name, seen in each.visitors.items() if seen != LEFT] for each in self._training.values()]
        return sum(all(" " in name for name in names) for names in there)

    def _make_room(self) -> bool:
        """End the run whose visitors have been silent for longest; whether there is one that rests."""
        longest = max(self._training.values(), key=lambda training: training.silence)
        if longest.silence < min(self.absent, self.grace):
            return False
        self._retire(longest, "stopped")
        return True

    def _chosen(self, ready: Sequence[Training]) -> Training | None:
        """One of those, in the order of their turns, that do not rest or are to end."""
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
            try:
                threading.Thread(target=self._work, name="training", daemon=True).start()
            except RuntimeError:  # the system gives no more threads
                _log.exception("No thread could be started")
                self._end_without_workers()
                return
            self._workers += 1

    def _end_without_workers(self) -> None:
        """Where no thread is left, end all runs: nobody would ever give them a turn."""
        if self._workers == 0:
            for training in list(self._training.values()):
                self._retire(training, "failed", BROKE_OFF)
            self._open.difference_update(self._turns)
            self._turns.clear()
            self._lock.notify_all()


