"""Measurements that take too long for a page's script: made in one thread beside it, kept, shared."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, ParamSpec, TypeVar

import streamlit as st
import torch

from ae_core.system import give_back, give_way

P = ParamSpec("P")
T = TypeVar("T")

KEPT = 64
BEHIND = 3  # steps that measuring stands back behind answers to visitors: less than training does


class Measurements:
    """Results of functions, made in the background and kept by name, the least recently used ones dropped.

    The thread that makes them is a daemon: a server that is asked to stop does not wait for it, as it would for an
    executor of the standard library with all that is queued there.
    """

    def __init__(self) -> None:
        self._queue: SimpleQueue[tuple[Future[Any], Callable[[], Any]]] = SimpleQueue()
        self._futures: OrderedDict[Hashable, Future[Any]] = OrderedDict()
        self._lock = Lock()
        Thread(target=self._work, name="measuring", daemon=True).start()

    def ask(self, name: Hashable, function: Callable[[], T]) -> T | None:
        """The result of the function known by this name, or None while it is being made."""
        with self._lock:
            future = self._futures.get(name)
            if future is None:
                future = self._futures[name] = self._submit(function)
            self._futures.move_to_end(name)
            while len(self._futures) > KEPT:
                self._futures.popitem(last=False)
        return future.result() if future.done() else None

    def wait(self) -> None:
        """Return when all that was asked for so far is made: one thread makes it, in turn."""
        self._submit(bool).result()

    def _submit(self, function: Callable[[], Any]) -> Future[Any]:
        future: Future[Any] = Future()
        self._queue.put((future, function))
        return future

    def _work(self) -> None:
        torch.set_num_threads(1)
        give_way(BEHIND)
        while True:
            future, function = self._queue.get()
            try:
                future.set_result(function())
            except BaseException as error:  # whoever asks gets it
                future.set_exception(error)
            del future, function  # while it waits for the next one, this one's data may go
            give_back()


@st.cache_resource(show_spinner=False)
def measurements() -> Measurements:
    """The measurements of all visitors of this server."""
    return Measurements()


def later(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
    """What a function of these (hashable) arguments gives, or None while it is still being measured.

    A page that gets None shows that it waits and asks again: see `waiting`.
    """
    name = (function.__module__, function.__qualname__, args, tuple(sorted(kwargs.items())))
    return measurements().ask(name, lambda: function(*args, **kwargs))
