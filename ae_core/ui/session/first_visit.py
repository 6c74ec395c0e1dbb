"""A newcomer's first look is at the digits: the settings beside them are sent when she has seen the first.

A browser builds together what reaches it together. The sidebar's settings take it half a second, by which the first
digits would come later. So the first script of a visit sends the page and waits until a component of it has got its
first answer from the channel; then it sends the sidebar.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ae_core.ui.script_run.concurrency import without_turn
from ae_core.ui.session.visitor import visitor

LONGEST_WAIT = 1.0  # seconds: a browser that takes longer gets the settings all the same


class _FirstVisit:
    """What is known of a newcomer's page."""

    def __init__(self) -> None:
        self.asks = False  # whether anything on it will ask the channel
        self.answered = threading.Event()


_looks: dict[str, _FirstVisit] = {}  # by the visitor's name, while her first script runs


@contextmanager
def page_before_sidebar(newcomer: bool) -> Iterator[None]:
    """Draw the page in this block; a newcomer's page is on her screen at its end."""
    if not newcomer:
        yield
        return
    name, look = visitor(), _FirstVisit()
    _looks[name] = look
    try:
        yield
        if look.asks:
            with without_turn():
                look.answered.wait(LONGEST_WAIT)
    finally:
        _looks.pop(name, None)


def will_ask(visitor: str) -> None:
    """A component of this visitor's page will ask the channel."""
    if look := _looks.get(visitor):
        look.asks = True


def has_seen(visitor: str) -> None:
    """The channel has answered this visitor."""
    if look := _looks.get(visitor):
        look.answered.set()
