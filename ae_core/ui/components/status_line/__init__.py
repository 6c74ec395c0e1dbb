"""The status line of a run that trains: it follows the run through the channel, and the page starts anew at its end."""

from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent
_SHARED = _HERE.parent / "_shared"
_SCRIPTS = (_SHARED / "tools.js", _SHARED / "live_channel.js", _SHARED / "idle.js", _HERE / "status_line.js")

status_component = st.components.v2.component(
    "status",
    html='<p class="status"></p>',
    css=(_HERE / "status_line.css").read_text(encoding="utf-8"),
    js="\n".join(path.read_text(encoding="utf-8") for path in _SCRIPTS),
)
