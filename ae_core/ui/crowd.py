"""The crowd: how many visitors this server answers at once, and how often their pages may ask for news."""

import functools
import threading
import time
from collections.abc import Callable
from typing import ParamSpec

import streamlit as st

from ae_core.ui.session import visitor

P = ParamSpec("P")

POLL = 0.3  # seconds between two questions of a page, as long as there are few
EACH = 0.035  # seconds that every visitor adds for all: their answers then take a third of one core
SHARE = 4  # a pause is at least so many times as long as an answer takes: one that is overtaken is lost
LONGEST = 1.5  # seconds; nothing on a page that trains should stand still for two
LATELY = 3.0  # seconds; above every pause between two questions
TOLERANCE = 1.5


class Crowd:
    """Who asked lately, by name, and how long an answer takes at present.

    seconds : wall time of an answer, a running mean
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self._seen: dict[str, float] = {}
        self._lock = threading.Lock()

    def see(self, visitor: str) -> None:
        """Note that a visitor is there now."""
        with self._lock:
            self._seen[visitor] = time.monotonic()

    def answered(self, seconds: float) -> None:
        """Note how long an answer took."""
        self.seconds += (seconds - self.seconds) / 10

    def size(self) -> int:
        """How many were there lately."""
        with self._lock:
            limit = time.monotonic() - LATELY
            self._seen = {visitor: seen for visitor, seen in self._seen.items() if seen > limit}
            return len(self._seen)


@st.cache_resource(show_spinner=False)
def crowd() -> Crowd:
    """All visitors of this server."""
    return Crowd()


def pause(visitors: int, seconds: float = 0.0) -> float:
    """Seconds between two questions of a page, when so many visitors ask and an answer takes so long."""
    return min(LONGEST, max(POLL, EACH * visitors, SHARE * seconds))


def _pause_now() -> float:
    return pause(crowd().size(), crowd().seconds)


def polled(part: Callable[P, None], waiting: bool) -> Callable[P, None]:
    """A part of a page that is drawn again and again while it waits for news, less often the more visitors ask.

    When the pauses have grown much since the page was drawn, the page starts anew, at the slower pace.
    """
    every = _pause_now() if waiting else None

    @functools.wraps(part)
    def asking(*args: P.args, **kwargs: P.kwargs) -> None:
        crowd().see(visitor())
        if every is not None and _pause_now() > TOLERANCE * every:
            st.rerun()
        start = time.monotonic()
        part(*args, **kwargs)
        crowd().answered(time.monotonic() - start)

    drawn: Callable[P, None] = st.fragment(asking, run_every=every)
    return drawn
