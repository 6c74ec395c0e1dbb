"""The theatre: a network drawn in place while it learns, and its replay afterwards.

An inline Streamlit component without a build step. Python only packs a scene and its news into bytes; all
that moves is the plain JavaScript beside this file. News hold the frames that the browser does not know yet. They come
as answers to its questions.
"""

from pathlib import Path

import streamlit as st

from ae_core.ui.theatre.view import News, Scene, news, scene

__all__ = ["News", "Scene", "news", "scene", "theatre"]

_HERE = Path(__file__).parent
# One module in the browser, read in this order: each file holds one idea, the last one joins them.
_SCRIPTS = (
    "tools.js", "../channel.js", "../idle.js", "colours.js", "player.js", "machine.js", "scales.js", "labels.js",
    "curve.js", "row.js", "transport.js", "theatre.js",
)


def text(*names: str) -> str:
    """What the files of these names beside this one hold, one after the other."""
    return "\n".join((_HERE / name).read_text(encoding="utf-8") for name in names)


def script() -> str:
    """The whole JavaScript module of the component."""
    return text(*_SCRIPTS)


def markup() -> str:
    """The whole HTML of the component."""
    return text("theatre.html").replace("<!-- transport.html -->", text("transport.html"))


# The machine, the curve, the row of digits and the transport line of a run: `live_component` draws it. Its data are a
# `Scene`, and its `News` or the question that brings them. News may overlap: frames that are known are ignored.
theatre = st.components.v2.component(
    "theatre",
    html=markup(),
    css=text("theatre.css"),
    js=script(),
)
