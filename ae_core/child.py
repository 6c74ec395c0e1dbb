"""A process forked from this one, that answers questions, so that Python's one lock stays free for visitors.

It shares the memory of all that is loaded already. What goes through the pipe is pickled, by `multiprocessing`: it
never comes from outside.
"""

import contextlib
import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

import torch

_log = logging.getLogger(__name__)


class Child:
    """The process, and the way to it. It ends when this process does.

    Parameters
    ----------
    answer : called over there with each question; what it raises is raised here
    behind : steps of niceness that it stands back behind this process
    name : of the process
    """

    def __init__(self, answer: Callable[[Any], Any], behind: int, name: str) -> None:
        self.lost = False  # whether it was found to be gone
        self._lock = threading.Lock()
        self._connection, theirs = multiprocessing.Pipe()
        context = multiprocessing.get_context("fork")
        self.process = context.Process(target=_work, args=(theirs, answer, behind), name=name, daemon=True)
        self.process.start()
        theirs.close()

    def ask(self, question: Any) -> Any:
        """The answer to a question; one at a time. Raises EOFError or OSError when the process is gone."""
        with self._lock:
            try:
                self._connection.send(question)
                answer, error = self._connection.recv()
            except (EOFError, OSError):
                self.lost = True
                raise
        if error is not None:
            raise error
        return answer


def _work(connection: Connection, answer: Callable[[Any], Any], behind: int) -> None:
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # not the server's way to stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server ends it
    _close_all_but(connection.fileno())
    torch.set_num_threads(1)
    os.nice(behind)
    with contextlib.suppress(EOFError, OSError):  # then the server is gone
        while True:
            answered = _answered(answer, connection.recv())
            try:
                connection.send(answered)
            except OSError:
                raise
            except Exception as error:  # pickling has several
                _log.exception("What was answered cannot travel")
                connection.send((None, RuntimeError(f"the answer cannot be pickled: {error}")))


def _answered(answer: Callable[[Any], Any], question: Any) -> tuple[Any, Exception | None]:
    try:
        return answer(question), None
    except Exception as error:
        return None, error


def _close_all_but(kept: int) -> None:
    """Close what was inherited: visitors' connections, and the port that a new server may want."""
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2 and int(name) != kept:
            with contextlib.suppress(OSError):
                os.close(int(name))
