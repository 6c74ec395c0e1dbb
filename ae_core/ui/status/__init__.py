"""The status line of a run that trains: it follows the run through the channel, and the page starts anew at its end."""

from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent
_UI = _HERE.parent
_SCRIPTS = (_UI / "theatre" / "tools.js", _UI / "channel.js", _UI / "idle.js", _HERE / "status.js")

following = st.components.v2.component(
    "status",
    html='<p class="status"></p>',
    css=(_HERE / "status.css").read_text(encoding="utf-8"),
    js="\n".join(path.read_text(encoding="utf-8") for path in _SCRIPTS),
)
