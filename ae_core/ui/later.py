"""Measurements that take too long for a page's script: made one after the other beside it, kept, shared."""

import sys
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, ParamSpec, TypeVar

import streamlit as st
import torch

from ae_core.child import Child
from ae_core.system import give_back

P = ParamSpec("P")
T = TypeVar("T")
Call = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]

KEPT = 64
BEHIND = 10  # steps that measuring stands back behind answers to visitors: more than training, which is watched
AGAIN = 5.0  # seconds after which one that failed is made anew for whoever asks
STARTS = 2  # of one, before a process that is lost each time counts as its own fault


class Measurements:
    """Results of functions, made in the background and kept by name, the least recently used ones dropped.

    The thread that makes them is a daemon: a server that is asked to stop does not wait for it, as it would for an
    executor of the standard library with all that is queued there.

    apart : whether the thread has a process of its own make them; functions, arguments and results then travel, and
        what a function keeps for its next call stays over there
    """

    def __init__(self, apart: bool = False) -> None:
        self._queue: SimpleQueue[tuple[Future[Any], Call]] = SimpleQueue()
        self._futures: OrderedDict[Hashable, Future[Any]] = OrderedDict()
        self._failed: dict[Hashable, float] = {}  # when
        self._lock = Lock()
        self._child = Child(_made, BEHIND, "measuring") if apart else None
        Thread(target=self._work, name="measuring", daemon=True).start()

    def ask(self, name: Hashable, function: Callable[..., T], *args: Any, **kwargs: Any) -> T | None:
        """The result of the function known by this name, or None while it is being made. Raises what it raised."""
        with self._lock:
            future = self._futures.get(name)
            if future is None or self._is_over(name, future):
                future = self._futures[name] = self._submit(function, args, kwargs)
            self._futures.move_to_end(name)
            while len(self._futures) > KEPT:
                self._failed.pop(self._futures.popitem(last=False)[0], None)
        return future.result() if future.done() else None

    def wait(self) -> None:
        """Return when all that was asked for so far is made: one thread makes it, in turn."""
        self._submit(bool).result()

    def _is_over(self, name: Hashable, future: "Future[Any]") -> bool:
        """Whether a measurement has failed, and a while ago."""
        if not future.done() or future.exception() is None:
            return False
        if time.monotonic() - self._failed.setdefault(name, time.monotonic()) < AGAIN:
            return False
        del self._failed[name]
        return True

    def _submit(
        self, function: Callable[..., Any], args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> "Future[Any]":
        future: Future[Any] = Future()
        self._queue.put((future, (function, args, kwargs or {})))
        return future

    def _work(self) -> None:
        torch.set_num_threads(1)
        while True:
            future, call = self._queue.get()
            try:
                future.set_result(self._made_apart(call) if self._child else _made(call))
            except BaseException as error:  # whoever asks gets it
                future.set_exception(error)
            del future, call  # while it waits for the next one, this one's data may go
            give_back()

    def _made_apart(self, call: Call) -> Any:
        for start in range(STARTS):
            assert self._child is not None
            if self._child.lost:
                self._child = Child(_made, BEHIND, "measuring")
            try:
                return self._child.ask(call)
            except (EOFError, OSError) as lost:
                if start == STARTS - 1:
                    raise RuntimeError(f"{STARTS} processes in a row were lost") from lost
        return None


def _made(call: Call) -> Any:
    function, args, kwargs = call
    try:
        return function(*args, **kwargs)
    finally:
        del args, kwargs
        give_back()


@st.cache_resource(show_spinner=False)
def measurements() -> Measurements:
    """The measurements of all visitors of this server, made in a thread of it: they find what it has loaded."""
    return Measurements()


@st.cache_resource(show_spinner=False)
def measurements_apart() -> Measurements:
    """Those that would hold up the server: they compute long in Python, or load libraries that nothing else needs."""
    return Measurements(apart=sys.platform == "linux")


def later(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
    """What a function of these (hashable) arguments gives, or None while it is still being measured.

    A page that gets None shows that it waits and asks again: see `polled`.
    """
    return measurements().ask(_name(function, args, kwargs), function, *args, **kwargs)


def apart(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
    """As `later`, with a function that can be imported, and in a process of its own."""
    return measurements_apart().ask(_name(function, args, kwargs), function, *args, **kwargs)


def _name(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Hashable:
    return function.__module__, function.__qualname__, args, tuple(sorted(kwargs.items()))
