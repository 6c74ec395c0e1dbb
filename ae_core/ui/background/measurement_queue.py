"""Measurements that take too long for a page's script: made one after the other beside it, kept, shared."""

import copy
import math
import sys
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, ParamSpec, TypeVar

import numpy as np
import torch

from ae_core.evaluation.measuring_process import Call, is_short, make_room, measuring_process, result_of
from ae_core.system.memory_and_priority import give_back
from ae_core.system.once import Once
from ae_core.system.resources import limits
from ae_core.ui.script_run.end_page import MeasurementError

P = ParamSpec("P")
T = TypeVar("T")

WANTED = 10.0  # seconds after the last question in which somebody may still wait: a page asks every second or two
AGAIN = 5.0  # seconds after which one that failed is made anew for whoever asks
SHORT = "There is too little memory to measure this now. Please try again later."
STARTS = 2  # of one, before a process that is lost each time counts as its own fault


@dataclass(eq=False)
class _Measurement:
    """One of them: what is to be called, when somebody asked last, and since when all have read that it failed.

    bytes : memory that it takes, nearly all of it for its result
    """

    call: Call
    asked: float
    failed: float | None = None
    bytes: int = 1000
    result: "Future[Any]" = field(default_factory=Future)

    @property
    def broken(self) -> bool:
        return self.result.done() and self.result.exception() is not None


class Measurements:
    """Results of functions, made in the background and kept by name.

    Beyond `max_bytes` the least recently used results are dropped, but none that somebody asked for in the last
    seconds: a page that waits asks for all its results at each drawing, and would never have them together.

    The thread that makes them is a daemon: a server that is asked to stop does not wait for it, as it would for an
    executor of the standard library with all that is queued there.

    in_process : whether the thread has a process of its own make them; functions, arguments and results then travel,
        and what a function keeps for its next call stays over there
    """

    def __init__(self, in_process: bool = False, max_bytes: int | None = None) -> None:
        self.max_bytes = limits().result_bytes if max_bytes is None else max_bytes
        self._queue: SimpleQueue[tuple[Hashable, _Measurement]] = SimpleQueue()
        self._known: OrderedDict[Hashable, _Measurement] = OrderedDict()
        self._lock = Lock()
        self._child = measuring_process() if in_process else None
        Thread(target=self._work, name="measuring", daemon=True).start()

    def ask(self, name: Hashable, function: Callable[..., T], *args: Any, **kwargs: Any) -> T | None:
        """The result of the function known by this name, or None while it is being made. Raises what it raised.

        What is not made yet is forgotten when nobody asks again for some seconds.
        """
        now = time.monotonic()
        with self._lock:
            known = self._known.get(name)
            if known is not None and known.broken:
                known.failed = known.failed or now
            if known is None or (known.failed and now - known.failed >= AGAIN):
                known = self._known[name] = _Measurement((function, args, kwargs), now)
                self._queue.put((name, known))
            known.asked = now
            self._known.move_to_end(name)
        if not known.result.done():
            return None
        error = known.result.exception()
        if error is not None:
            raise copy.copy(error)  # what is raised holds all that stands in the frames that it has passed
        result: T = known.result.result()
        return result

    def known(self, name: Hashable) -> Any:
        """The result of this name where it is known already, else None; nothing is made."""
        with self._lock:
            measured = self._known.get(name)
        return None if measured is None or not measured.result.done() or measured.broken else measured.result.result()

    def wait(self) -> None:
        """Return when all that was asked for so far is made: one thread makes it, in turn."""
        last = _Measurement((bool, (), {}), asked=math.inf)
        self._queue.put((None, last))
        last.result.result()

    def forget(self) -> None:
        """Keep no result."""
        with self._lock:
            self._known.clear()

    def renew(self) -> None:
        """A fresh process takes the place of the one there is, which keeps what it once needed."""
        with self._lock:
            if self._child is not None:
                self._child.end()
                self._child = measuring_process()

    def _drop_surplus(self) -> None:
        """Drop results, the longest unused first, until the rest is within the bound."""
        now = time.monotonic()
        with self._lock:
            surplus = sum(known.bytes for known in self._known.values()) - self.max_bytes
            for name, known in list(self._known.items()):  # in the order of their last use
                if surplus <= 0 or now - known.asked < WANTED:
                    return
                surplus -= self._known.pop(name).bytes

    def _is_wanted(self, name: Hashable, measurement: _Measurement) -> bool:
        """Whether somebody may still wait for it; else it is forgotten, and made when somebody asks anew."""
        with self._lock:
            if time.monotonic() - measurement.asked < WANTED:
                return True
            if self._known.get(name) is measurement:
                del self._known[name]
            return False

    def _work(self) -> None:
        torch.set_num_threads(1)
        while True:
            name, measurement = self._queue.get()
            if not self._is_wanted(name, measurement):
                continue
            try:
                call = measurement.call
                make_room()
                result = self._made_in_process(call) if self._child else result_of(call)
                measurement.bytes += size_of(result)
                measurement.result.set_result(result)
                del result
            except MemoryError:
                measurement.result.set_exception(MeasurementError(SHORT))
            except BaseException as error:  # whoever asks gets it
                measurement.result.set_exception(error.with_traceback(None))
            measurement.call = bool, (), {}  # its data may go
            del measurement, call
            self._drop_surplus()
            give_back()

    def _made_in_process(self, call: Call) -> Any:
        for start in range(STARTS):
            assert self._child is not None
            if self._child.lost:
                self._child = measuring_process()
            child = self._child
            try:
                return child.ask(call)
            except (EOFError, OSError) as lost:
                if not child.lost:  # then it is the measurement's own
                    raise
                if isinstance(lost, TimeoutError):
                    raise MeasurementError("A measurement took too long and was ended.") from lost
                if start == STARTS - 1:
                    raise MeasurementError("A measurement broke off. Reload the page to try again.") from lost
            finally:
                if is_short():
                    child.end()  # with the libraries that it has loaded: the next measurement has a fresh one
        return None


def size_of(value: Any) -> int:
    """Bytes of memory that a value takes with all that it holds: arrays, and containers or dataclasses of them."""
    if isinstance(value, np.ndarray | torch.Tensor):
        return int(value.nbytes)
    if isinstance(value, dict):
        parts = [*value, *value.values()]
    elif isinstance(value, list | tuple | set | frozenset):
        parts = [*value]
    else:
        parts = [*getattr(value, "__dict__", {}).values()]
    return sys.getsizeof(value) + sum(map(size_of, parts))


@Once
def thread_measurements() -> Measurements:
    """The measurements of all visitors of this server, made in a thread of it: they find what it has loaded."""
    return Measurements()


@Once
def process_measurements() -> Measurements:
    """Those that would hold up the server: they compute long in Python, or load libraries that nothing else needs."""
    if sys.platform != "linux":
        import pandas  # noqa: F401 - with scikit-learn it comes anyway, and Plotly trips over one that is half loaded
    return Measurements(in_process=sys.platform == "linux")


def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
    """What a function of these (hashable) arguments gives, or None while it is still being measured.

    A page that gets None shows that it waits and asks again: see `polling_fragment`.
    """
    return thread_measurements().ask(_name(function, args, kwargs), function, *args, **kwargs)


def in_process(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
    """As `in_thread`, with a function that can be imported, and in a process of its own."""
    return process_measurements().ask(_name(function, args, kwargs), function, *args, **kwargs)


def _name(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Hashable:
    return function.__module__, function.__qualname__, _known_by(args), tuple(sorted(kwargs.items()))


def _known_by(args: Any) -> Hashable:
    """Arguments as a name holds them: of a network what tells it from others, for a name is kept long after its use."""
    if isinstance(args, tuple):
        return tuple(map(_known_by, args))
    known: Hashable = getattr(args, "known_by", args)
    return known
