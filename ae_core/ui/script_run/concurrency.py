"""Scripts take turns: Python computes for one at a time, and those that run side by side only hold each other up.

Each call of Streamlit takes the one lock of its configuration. Ten scripts at once wait for it in a row, each time for
the next change of threads: all ten then take longer than one after the other.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

SCRIPTS_AT_ONCE = 2  # scripts: one may be reading a file, or loading a library
LONGEST_WAIT = 5.0  # seconds after which a script runs all the same: what holds a turn for so long waits itself

_turns = threading.BoundedSemaphore(SCRIPTS_AT_ONCE)
_mine = threading.local()


@contextmanager
def script_turn() -> Iterator[None]:
    """Wait for a turn and keep it in the block; a turn inside of one is the same."""
    if getattr(_mine, "inside", False):
        yield
        return
    _begin()
    try:
        yield
    finally:
        _end()


@contextmanager
def without_turn() -> Iterator[None]:
    """Give the turn away for the block, in which the script only waits; then wait for another."""
    _end()
    try:
        yield
    finally:
        _begin()


def _begin() -> None:
    _mine.got = _turns.acquire(timeout=LONGEST_WAIT)
    _mine.inside = True


def _end() -> None:
    _mine.inside = False
    if _mine.got:
        _turns.release()
