"""The theatre: a network drawn in place while it learns, and its replay afterwards.

An inline Streamlit component without a build step. Python only packs a `TheatreView` into bytes; all
that moves is the plain JavaScript beside this file. A view may hold the pictures of a few frames
only: the browser keeps what it has, so that a poll carries just what is new.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from ae_core.ui.theatre.packing import pack
from ae_core.ui.theatre.view import TheatreView, theatre_view

__all__ = ["TheatreView", "theatre", "theatre_view"]

_HERE = Path(__file__).parent
# One module in the browser, read in this order: each file holds one idea, the last one joins them.
_SCRIPTS = ("tools.js", "colours.js", "player.js", "machine.js", "scales.js", "curve.js", "row.js", "transport.js",
            "theatre.js")


def text(*names: str) -> str:
    """What the files of these names beside this one hold, one after the other."""
    return "\n".join((_HERE / name).read_text(encoding="utf-8") for name in names)


def script() -> str:
    """The whole JavaScript module of the component."""
    return text(*_SCRIPTS)


def markup() -> str:
    """The whole HTML of the component."""
    return text("theatre.html").replace("<!-- transport.html -->", text("transport.html"))


_COMPONENT = st.components.v2.component(
    "theatre",
    html=markup(),
    css=text("theatre.css"),
    js=script(),
)


def theatre(view: TheatreView | Mapping[str, Any], *, key: str) -> None:
    """Draw a run: the machine, the curve, the row of digits and the transport line.

    Call it with the same key on every poll: the picture then changes in place. The field `first` says
    which frames' pictures the view carries; frames that the browser knows already are ignored, so views
    may overlap, and after a reload the whole recording (`first=0`) has to be sent once.
    """
    _COMPONENT(data=pack(view), key=key)
