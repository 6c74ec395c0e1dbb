"""The status line of a run that trains: it follows the run through the channel, and the page starts anew at its end."""

from pathlib import Path

import streamlit as st

from ae_core.ui.theatre.packing import pack

_HERE = Path(__file__).parent
_UI = _HERE.parent
_SCRIPTS = (_UI / "theatre" / "tools.js", _UI / "channel.js", _UI / "idle.js", _HERE / "status.js")

_COMPONENT = st.components.v2.component(
    "status",
    html='<p class="status"></p>',
    css=(_HERE / "status.css").read_text(encoding="utf-8"),
    js="\n".join(path.read_text(encoding="utf-8") for path in _SCRIPTS),
)


def following(experiment: str, words: str, question: dict[str, str], *, key: str) -> None:
    """One line: the experiment and how far it is, in words that change as the run goes on.

    question : what to ask the channel
    """
    data = pack({"experiment": experiment, "words": words, "question": question})  # a dict would load pandas
    _COMPONENT(data=data, key=key, on_ended_change=lambda: None)
