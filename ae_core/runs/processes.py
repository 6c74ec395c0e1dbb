"""Processes that train, so that answers to visitors never wait for the GIL.

They are forked from the server before it has much to do, and share the memory of its libraries and images.
"""

import contextlib
import itertools
import logging
import threading
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from typing import Any

from ae_core.data.datasets import DataError, Dataset
from ae_core.runs.pool import BEHIND, RunPool, Training
from ae_core.runs.run import ProcessLost, Run
from ae_core.spec import Spec
from ae_core.system.child_process import ChildProcess, WithArrays
from ae_core.system.memory_and_priority import give_back, keep_for_the_next_step
from ae_core.system.resources import limits
from ae_core.training.loop import Diverged, Snapshot, train

Load = Callable[[str], Dataset]

LOST = "The process that trained this was lost. The same experiment started again from its seed."
LIMIT = 100.0  # seconds of the processor's time for a snapshot; with the largest networks it takes 1

_log = logging.getLogger(__name__)


class ProcessPool(RunPool):
    """A `RunPool` whose threads do not train but wait, each for the next snapshot that a process makes.

    Two threads for each process: while one takes a snapshot in, the other has asked for the next.
    """

    def __init__(self, load: Load, *, cores: int | None = None, **bounds: Any) -> None:
        processes = cores or limits().processes
        super().__init__(load, cores=2 * processes, **bounds)
        with contextlib.suppress(DataError):  # whoever asks for it will be told
            load("mnist")  # before the fork: then all have it in common
        self._processes = [TrainingProcess(load) for _ in range(processes)]
        self._places: dict[Run, TrainingProcess] = {}  # where each trains

    def _snapshots(self, run: Run) -> Generator[Snapshot | None]:
        worker = self._places[run] = self._idlest()
        try:
            yield from worker.training(run.spec)
        except (EOFError, OSError) as error:
            if not worker.lost:  # then it is training's own
                raise
            if threading.main_thread().is_alive():  # else the server stops, and has ended its processes
                raise ProcessLost(LOST) from error
        finally:
            with self._lock:
                worker.trainings -= 1
                del self._places[run]

    def renew(self) -> None:
        with self._lock:
            for place, worker in enumerate(self._processes):
                if not worker.trainings:
                    worker.end()
                    self._processes[place] = TrainingProcess(self.load)

    def _begin(self) -> None:
        """These threads only wait: one with a low priority that holds the GIL would hold up all visitors."""

    def _chosen(self, ready: Sequence[Training]) -> Training | None:
        """The first of those whose process has the least to do: else one may be idle while the other is asked twice."""
        idlest = min(worker.asked for worker in self._processes)

        def asked(training: Training) -> int:
            worker = self._places.get(training.run)
            return idlest if worker is None else worker.asked

        return min(ready, key=asked, default=None)

    def _idlest(self) -> "TrainingProcess":
        """The process with the fewest trainings, which has one more from now on; in place of a lost one a new one.

        Chosen and counted under one lock: no other run takes the same one meanwhile, and `renew` leaves it alone.
        """
        with self._lock:
            place = min(range(len(self._processes)), key=lambda place: self._processes[place].trainings)
            if self._processes[place].lost:
                self._processes[place] = TrainingProcess(self.load)
            worker = self._processes[place]
            worker.trainings += 1
            return worker


class TrainingProcess:
    """A process that trains.

    trainings : how many it is at, or is about to be; its pool counts them, under its lock
    """

    def __init__(self, load: Load) -> None:
        self.trainings = 0
        self._numbers = itertools.count()
        self._child = ChildProcess(Trainings(load), BEHIND, "training", LIMIT)

    @property
    def lost(self) -> bool:
        """Whether it was found to be gone."""
        return self._child.lost

    @property
    def asked(self) -> int:
        """How many snapshots it has been asked for and not made yet."""
        return self._child.asked

    def end(self) -> None:
        """End the process."""
        self._child.end()

    def training(self, spec: Spec) -> Generator[Snapshot]:
        """What `train` yields over there, each snapshot made when it is asked for.

        Raises what `train` raises, and EOFError or OSError when the process is gone.
        """
        number = next(self._numbers)
        try:
            while (told := self._child.ask((number, spec))) is not None:
                yield replace(told.answer, weights=told.arrays)
        finally:
            if not self.lost:
                with contextlib.suppress(EOFError, OSError):
                    self._child.ask((number, None))


class Trainings:
    """In the process: a snapshot, its weights beside it, for each question about a training.

    None for one that has ended or is to end.
    """

    def __init__(self, load: Load) -> None:
        self.load = load
        self._generators: dict[int, Generator[Snapshot]] = {}

    def __call__(self, question: tuple[int, Spec | None]) -> WithArrays | None:
        number, spec = question
        if spec is not None:
            if number not in self._generators:
                keep_for_the_next_step()
                self._generators[number] = train(spec, self.load(spec.data))
            try:
                snapshot = next(self._generators[number])
                return WithArrays(replace(snapshot, weights=None), snapshot.weights or ())
            except StopIteration:
                pass
            except (Diverged, DataError):
                raise
            except Exception:
                _log.exception("Training %s failed", spec.key)
                raise
        self._generators.pop(number, None)
        give_back()
        return None
