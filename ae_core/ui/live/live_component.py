"""A component that shows the visitor's run and asks by itself what is new of it: over HTTP, or over the websocket.

Over HTTP it asks the channel, and no script runs: see `channel`. Where nobody answers there, its questions come as a
trigger of the component, and the fragment that draws it sends the same answer. A test without a server gets it so too.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from ae_core.runs.run import Run
from ae_core.ui.components.packing import pack
from ae_core.ui.live.channel import View, answer_fields, is_served, question
from ae_core.ui.live.presence import polling_interval, presence
from ae_core.ui.script_run.concurrency import script_turn
from ae_core.ui.script_run.end_page import errors_in_sentences
from ae_core.ui.session.first_visit import will_ask
from ae_core.ui.session.state import state
from ae_core.ui.session.visitor import current_run, visitor


def live_component(
    component: Callable[..., Any], view: View, scene: Callable[[Run], Mapping[str, Any]], *, key: str
) -> None:
    """Draw a component in a fragment, with the question that it is to ask; at the run's end the page runs again.

    component : made by `st.components.v2.component`; with the triggers "ask", and "ended" for the end of a run
    scene : what of the component stays the same as long as the run does, as `pack` takes it
    """
    was_live = False

    def hear() -> None:
        asked = _question(state.sent[key].ask)
        state.questions[key] = asked  # until it is answered: the page may run again in between
        if asked.get("websocket") == "True":
            state.websocket = True

    @script_turn()
    def drawing() -> None:
        nonlocal was_live
        with errors_in_sentences():
            run = current_run()
            live = run.live
            if was_live and not live:
                st.rerun()
            was_live = live
            asked, state.questions[key] = state.questions[key], {}
            shown = scene(run)
            asks = {**question(run), "recording": str(shown.get("run", ""))}
            # each message has to differ from the last one, or the browser is not called: it may have to ask again
            data = {**shown, "live": live, "question": asks, "turn": time.monotonic()}
            if asked or uses_websocket():
                still = all(asked.get(name) == value for name, value in asks.items())  # else it is of an earlier run
                data |= answer_fields(view, run, asked if still else asks)
                data["pause"] = polling_interval(presence().size())
            else:
                will_ask(visitor())
            component(data=pack(data), key=key, on_ask_change=hear, on_ended_change=lambda: None)

    st.fragment(drawing)()


def uses_websocket() -> bool:
    """Whether this visitor's components get their answers over the websocket alone."""
    return not is_served() or state.websocket


def _question(sent: Any) -> dict[str, str]:
    """What a browser has sent as a question, in text, as it would come over HTTP."""
    return {str(name): str(value) for name, value in sent.items()} if isinstance(sent, Mapping) else {}
