"""A part of a page that is drawn again and again while it waits for news.

The browser asks for the next time when it has the last answer, and when no script runs: Streamlit's own `run_every`
asks at fixed times, and drops the answer of a run that the next one overtakes.
"""

import functools
import itertools
import time
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec

import streamlit as st

from ae_core.ui.crowd import crowd, pause
from ae_core.ui.session import visitor
from ae_core.ui.theatre.packing import pack
from ae_core.ui.told import told
from ae_core.ui.turns import turn

P = ParamSpec("P")

_SCRIPT = """
export default function ({ data, parentElement, setTriggerValue }) {
  const { turn, pause } = unpack(data);
  askWhenIdle(parentElement, () => setTriggerValue("turn", turn), pause * 1000);
}
"""
_HERE = Path(__file__).parent
_PARTS = (_HERE / "theatre" / "tools.js", _HERE / "idle.js")
_COMPONENT = st.components.v2.component(
    "poll", html="<i></i>", js="\n".join(path.read_text(encoding="utf-8") for path in _PARTS) + _SCRIPT
)


_numbers = itertools.count()


def polled(part: Callable[P, None], waiting: bool) -> Callable[P, None]:
    """A part of a page in a fragment of its own that is drawn again while it is waiting, less often in a crowd."""
    key = f"poll {next(_numbers)}"

    @functools.wraps(part)
    @turn()
    def drawing(*args: P.args, **kwargs: P.kwargs) -> None:
        with told():
            part(*args, **kwargs)
        if waiting:
            crowd().see(visitor())
            _ask_again(pause(crowd().size()), key)

    drawn: Callable[P, None] = st.fragment(drawing)
    return drawn


def _ask_again(seconds: float, key: str) -> None:
    turn = time.monotonic()  # each message has to differ from the last one, or the browser is not called
    data = pack({"pause": seconds, "turn": turn})  # a dict would load pandas
    _COMPONENT(data=data, key=key, on_turn_change=lambda: None)
