"""A process forked from this one, that answers questions, so that the GIL stays free for visitors.

It shares the memory of all that is loaded already. That is why it is forked from the server, and not by Python's
forkserver, which would import all of it once more: the server and three processes then take 827 MiB at rest, not 446. A
fork beside other threads can leave a lock locked for ever; such a process computes nothing, and is replaced.

What goes through the pipe is pickled, by `multiprocessing`: it never comes from outside. A pipe takes 200 kB at a
time; whoever sends more waits until the other side, which is busy, has read it bit by bit. So arrays can go beside it,
through memory that both processes see.
"""

import contextlib
import logging
import math
import mmap
import multiprocessing
import os
import signal
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future
from dataclasses import dataclass
from multiprocessing import reduction
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ae_core.system.memory_and_priority import offer_to_oom_killer

_log = logging.getLogger(__name__)

# What PyTorch and its oneDNN keep for each combination of shapes in a matrix product, up to 1 MB together, 1,024 times
# by themselves. A process with 20 networks of different shapes takes 4 % longer for a step with these bounds, and with
# half of them 15 %.
CACHES = {"LRU_CACHE_CAPACITY": "32", "ONEDNN_PRIMITIVE_CACHE_CAPACITY": "128"}

STILL = 30.0  # seconds in which a process that has a question computes nothing at all: it has hung

Arrays = tuple[NDArray[np.float32], ...]
Answered = tuple[Any, Exception | None]


@dataclass(frozen=True)
class WithArrays:
    """An answer with arrays, float32, that go beside the pipe; they arrive read-only."""

    answer: Any
    arrays: Arrays


class ChildProcess:
    """The process, and the way to it. It ends when this process does, and when it does not answer any more.

    How long an answer takes depends on what else the machine does; how much it has to compute does not. So a process
    is ended that takes more of the processor's time than any answer needs, or none at all: what waits for a lock that
    was taken when it was forked, say, waits for good.

    Parameters
    ----------
    answer : called over there with each question; what it raises is raised here
    behind : steps of niceness that it stands back behind this process
    name : of the process
    limit : seconds of the processor's time for one answer, well above what any of them needs
    still : seconds after which one that computes nothing counts as hung. As long the process may take to read a
        question of more than the pipe holds: such questions are for one thread alone
    """

    def __init__(
        self, answer: Callable[[Any], Any], behind: int, name: str, limit: float, still: float = STILL
    ) -> None:
        self.lost = False  # whether it is gone
        self._limit, self._still = limit, still
        self._asking, self._listening = threading.Lock(), threading.Lock()
        self._unanswered: deque[Future[Answered]] = deque()
        self._connection, theirs = multiprocessing.Pipe()
        _bound(self._connection, still)
        context = multiprocessing.get_context("fork")
        self.process = context.Process(target=_work, args=(theirs, answer, behind), name=name, daemon=True)
        self.process.start()
        theirs.close()

    @property
    def asked(self) -> int:
        """How many questions have no answer yet."""
        return len(self._unanswered)

    def ask(self, question: Any) -> Any:
        """The answer to a question.

        When the process is gone `lost` is true and this raises EOFError or OSError; TimeoutError, one of the latter,
        if it was ended because this answer took more than the limit.

        Threads may ask at the same time: it finds the next question when it has answered one, and never waits for
        the one who asked.
        """
        answered: Future[Answered] = Future()
        # What cannot be is the asker's own error. As bytes: a view of a buffer, kept by the traceback of what is raised
        # here, is a complaint of Python 3.14 when both go.
        pickled = bytes(reduction.ForkingPickler.dumps(question))
        with self._asking, self._in_step():
            self._connection.send_bytes(pickled)
            self._unanswered.append(answered)
        with self._listening:
            while not answered.done():  # answers come in the order of the questions
                with self._in_step():
                    self._watch()
                    received = _receive(self._connection)
                    self._unanswered.popleft().set_result(received)
        answer, error = answered.result()
        if error is not None:
            raise error
        return answer

    def end(self) -> None:
        """End the process; who still waits for an answer is told that it is gone."""
        self.lost = True
        self.process.kill()
        self.process.join(STILL)  # one that waits for a broken disk cannot be killed

    def _watch(self) -> None:
        """Wait until the next answer comes. Raises TimeoutError and EOFError where it will not."""
        before = begun = _computed(self.process)
        while not self._connection.poll(self._still):
            now = _computed(self.process)
            if now == before:
                _log.warning("The process %r has hung for %g s and is ended", self.process.name, self._still)
                raise EOFError("the process has hung")
            if now - begun > self._limit:
                _log.warning("The process %r has computed for %.0f s and is ended", self.process.name, now - begun)
                raise TimeoutError("the answer took too long")
            before = now

    @contextlib.contextmanager
    def _in_step(self) -> Generator[None]:
        """For what goes through the pipe: where it fails the process ends.

        What follows may be the rest of it, and would be taken for the answer to another question.
        """
        if self.lost:
            raise EOFError("the process is gone")
        try:
            yield
        except (EOFError, OSError):
            self.end()
            raise
        except Exception as error:  # whatever unpickling raises
            self.end()
            _log.exception("What was answered cannot be received")
            raise EOFError("the process was ended: its answer cannot be received") from error


def _computed(process: BaseProcess) -> float:
    """Seconds that a process has computed so far, in whole ticks of the system's clock (10 ms)."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _bound(connection: Connection, seconds: float) -> None:
    """Let each read and write raise BlockingIOError that has moved nothing for so long: half a message is no answer."""
    whole, part = divmod(seconds, 1)
    with socket.socket(fileno=os.dup(connection.fileno())) as end:
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            end.setsockopt(socket.SOL_SOCKET, option, struct.pack("@ll", int(whole), int(part * 1e6)))


def _work(connection: Connection, answer: Callable[[Any], Any], behind: int) -> None:
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # not the server's way to stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server ends it
    server = multiprocessing.parent_process()
    assert server is not None
    _close_all_but(connection.fileno(), server.sentinel)
    threading.Thread(target=_end_with, args=(server,), daemon=True).start()
    offer_to_oom_killer(behind)
    torch.set_num_threads(1)
    for name, capacity in CACHES.items():  # read at the first product
        os.environ.setdefault(name, capacity)
    os.nice(behind)
    with contextlib.suppress(EOFError, OSError):  # then the server is gone
        while True:
            answered = _answered(answer, connection.recv())
            try:
                _send(connection, *answered)
            except OSError:
                raise
            except Exception as error:  # pickling has several
                _log.exception("What was answered cannot travel")
                _send(connection, None, RuntimeError(f"the answer cannot be pickled: {error}"))


def _answered(answer: Callable[[Any], Any], question: Any) -> Answered:
    try:
        return answer(question), None
    except Exception as error:
        return None, error


def _send(connection: Connection, answer: Any, error: Exception | None) -> None:
    arrays = answer.arrays if isinstance(answer, WithArrays) else ()
    with contextlib.ExitStack() as closing:
        memory = _memory_of(arrays, closing)
        shapes = None if memory is None else [array.shape for array in arrays]
        connection.send((answer if memory is None else answer.answer, error, shapes))
        if memory is not None:
            _send_file(connection, memory)


def _memory_of(arrays: Arrays, closing: contextlib.ExitStack) -> int | None:
    """A file in memory that holds the arrays, until it is closed; None without any, or where there is none to be had.

    A limit on the size of files counts for those in memory as well.
    """
    if not arrays:
        return None
    try:
        memory = os.memfd_create("arrays")
        closing.callback(os.close, memory)
        whole = all(os.write(memory, np.ascontiguousarray(array).data) == array.nbytes for array in arrays)
    except OSError:
        return None
    return memory if whole else None


def _receive(connection: Connection) -> Answered:
    answer, error, shapes = connection.recv()
    if shapes is None:
        return answer, error
    with open(_receive_file(connection), "rb") as memory:
        numbers = np.frombuffer(mmap.mmap(memory.fileno(), 0, prot=mmap.PROT_READ), np.float32)
    ends = np.cumsum([math.prod(shape) for shape in shapes])
    arrays = (part.reshape(shape) for part, shape in zip(np.split(numbers, ends[:-1]), shapes, strict=True))
    return WithArrays(answer, tuple(arrays)), error


def _end_with(server: "multiprocessing.process.BaseProcess") -> None:
    """End this process as soon as the server has ended, in the middle of whatever it computes."""
    server.join()
    os._exit(1)


def _send_file(connection: Connection, file: int) -> None:
    """Send an open file after what the connection has sent.

    `multiprocessing.reduction` waits for a byte in return, from Python 3.14 on, and on macOS before: it would take the
    first of the next question.
    """
    with socket.fromfd(connection.fileno(), socket.AF_UNIX, socket.SOCK_STREAM) as way:
        socket.send_fds(way, [b"F"], [file])


def _receive_file(connection: Connection) -> int:
    """The open file that comes next. Raises EOFError when there is none."""
    with socket.fromfd(connection.fileno(), socket.AF_UNIX, socket.SOCK_STREAM) as way:
        files = socket.recv_fds(way, 1, 1)[1]
    if not files:
        raise EOFError("no file came")
    return files[0]


def _close_all_but(*kept: int) -> None:
    """Close what was inherited: visitors' connections, and the port that a new server may want."""
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2 and int(name) not in kept:
            with contextlib.suppress(OSError):
                os.close(int(name))
