"""A part of a page in a fragment of its own that is drawn again for as long as it waits for something.

The browser asks for the next time when it has the last answer, and when no script runs: Streamlit's own `run_every`
asks at fixed times, and drops the answer of a run that the next one overtakes.
"""

import itertools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import streamlit as st

from ae_core.ui.background.measurement_queue import in_process
from ae_core.ui.components.poll import poll
from ae_core.ui.live.presence import polling_interval, presence
from ae_core.ui.script_run.concurrency import script_turn
from ae_core.ui.script_run.end_page import errors_in_sentences
from ae_core.ui.session.visitor import visitor

P = ParamSpec("P")
T = TypeVar("T")

MEASURING = ":material/hourglass_top: Measuring …"

_numbers = itertools.count()


def polling_fragment(part: Callable[[], bool]) -> None:
    """Draw a part of a page, and draw it again as long as it waits; less often when there are many visitors.

    When it has waited and waits no more, the whole page runs again: other parts may depend on what has come. Fragments
    are not to be nested.

    part : draws what is known now, and returns whether anything of it is still to come. It has to find that out from
        what it drew: a second look, a moment later, may see something else
    """
    _draw_while_waiting(part, waited=False)


def wait_for(part: Callable[[], bool]) -> None:
    """As `polling_fragment`, on a page that has seen already that something is missing.

    What was missing may have come before the part looks for the first time: then the page runs again at once.
    """
    _draw_while_waiting(part, waited=True)


def _draw_while_waiting(part: Callable[[], bool], waited: bool) -> None:
    key = f"poll {next(_numbers)}"

    @script_turn()
    def drawing() -> None:
        nonlocal waited
        waits = False
        with errors_in_sentences():  # what ends the part in a sentence ends its waiting as well
            waits = part()
        if waits:
            presence().see(visitor())
            poll(polling_interval(presence().size()), key)
        elif waited:
            st.rerun()
        waited = waits

    st.fragment(drawing)()


def show_when_measured(show: Callable[[T], object], function: Callable[P, T], *args: P.args, **names: P.kwargs) -> None:
    """Show what a function gives of hashable arguments, as soon as it is measured in the background."""

    def part() -> bool:
        result = in_process(function, *args, **names)
        if result is None:
            st.caption(MEASURING)
            return True
        show(result)
        return False

    polling_fragment(part)
