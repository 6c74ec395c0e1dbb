"""Processes that train, so that answers to visitors never wait for Python's one lock.

They are forked from the server before it has much to do, and share the memory of its libraries and images. What goes
through the pipes between them is pickled, by `multiprocessing`: it never comes from outside.
"""

import contextlib
import itertools
import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator
from multiprocessing.connection import Connection
from typing import Any

import torch

from ae_core.datasets import DataError, Dataset
from ae_core.runs import BEHIND, Run, RunPool
from ae_core.spec import Spec
from ae_core.system import give_back
from ae_core.train import Diverged, Snapshot, train

Load = Callable[[str], Dataset]

STARTS = 3  # of one run, before a process that is lost each time counts as the run's own fault
LOST = "The process that trained this was lost. The same experiment started again from its seed."

_log = logging.getLogger(__name__)


class ProcessPool(RunPool):
    """A `RunPool` whose threads do not train but wait, each for the next snapshot that a process makes.

    Two threads for each process: while one takes a snapshot in, the other has asked for the next.
    """

    def __init__(self, load: Load, *, cores: int | None = None, **bounds: Any) -> None:
        processes = cores or os.cpu_count() or 1
        super().__init__(load, cores=2 * processes, **bounds)
        with contextlib.suppress(DataError):  # whoever asks for it will be told
            load("mnist")  # before the fork: then all have it in common
        self._processes = [Worker(load) for _ in range(processes)]

    def _train(self, run: Run) -> Generator[Snapshot | None]:
        for _ in range(STARTS):
            try:
                for snapshot in self._idlest().training(run.spec):
                    known = run.newest is not None and snapshot.step <= run.newest.step
                    yield None if known else snapshot  # known from the first start
                return
            except (EOFError, OSError):
                if not threading.main_thread().is_alive():
                    return  # the server stops, and has ended its processes
                run.message = LOST
        raise RuntimeError(f"{STARTS} processes in a row were lost")

    def _idlest(self) -> "Worker":
        """The process with the fewest trainings; in place of one that was lost comes a new one."""
        with self._lock:
            place = min(range(len(self._processes)), key=lambda place: self._processes[place].trainings)
            if self._processes[place].lost:
                self._processes[place] = Worker(self.load)
            return self._processes[place]


class Worker:
    """A process of its own, and the way to it.

    trainings : how many it is at
    lost : whether it was found to be gone
    """

    def __init__(self, load: Load) -> None:
        self.trainings, self.lost = 0, False
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self._connection, theirs = multiprocessing.Pipe()
        context = multiprocessing.get_context("fork")
        self._process = context.Process(target=_work, args=(theirs, load), name="training", daemon=True)
        self._process.start()
        theirs.close()

    def training(self, spec: Spec) -> Generator[Snapshot]:
        """What `train` yields over there, each snapshot made when it is asked for.

        Raises what `train` raises, and EOFError or OSError when the process is gone.
        """
        number = next(self._numbers)
        self.trainings += 1
        try:
            while (snapshot := self._ask(number, spec)) is not None:
                yield snapshot
        finally:
            self.trainings -= 1
            if not self.lost:
                with contextlib.suppress(EOFError, OSError):
                    self._ask(number, None)

    def _ask(self, number: int, spec: Spec | None) -> Snapshot | None:
        with self._lock:
            try:
                self._connection.send((number, spec))
                answer: Snapshot | Exception | None = self._connection.recv()
            except (EOFError, OSError):
                self.lost = True
                raise
        if isinstance(answer, Exception):
            raise answer
        return answer


def _work(connection: Connection, load: Load) -> None:
    """The process: a snapshot for each question about a training, None for one that has ended or is to end."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # not the server's way to stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server ends it
    _close_all_but(connection.fileno())
    torch.set_num_threads(1)
    os.nice(BEHIND)
    trainings: dict[int, Generator[Snapshot]] = {}
    while True:
        try:
            number, spec = connection.recv()
        except (EOFError, OSError):
            return  # the server is gone
        connection.send(_next(trainings, number, spec, load))


def _next(
    trainings: dict[int, Generator[Snapshot]], number: int, spec: Spec | None, load: Load
) -> Snapshot | Exception | None:
    try:
        if spec is not None:
            if number not in trainings:
                trainings[number] = train(spec, load(spec.data))
            return next(trainings[number])
    except StopIteration:
        pass
    except (Diverged, DataError) as error:
        return error
    except Exception as error:
        _log.exception("Training %s failed", spec.key if spec else number)
        return error
    trainings.pop(number, None)
    give_back()
    return None


def _close_all_but(kept: int) -> None:
    """Close what was inherited: visitors' connections, and the port that a new server may want."""
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2 and int(name) != kept:
            with contextlib.suppress(OSError):
                os.close(int(name))
