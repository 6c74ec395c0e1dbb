"""The training player: a network drawn in place while it learns, and its replay afterwards.

An inline Streamlit component without a build step. Python only packs a scene and its delta into bytes; all
that moves is the plain JavaScript beside this file. A delta holds the frames that the browser does not know yet. It
comes as the answer to its question.
"""

from pathlib import Path

import streamlit as st

from ae_core.ui.components.training_player.view import Delta, Scene, delta, scene

__all__ = ["Delta", "Scene", "delta", "scene", "training_player"]

_HERE = Path(__file__).parent
# One module in the browser, read in this order: each file holds one idea, the last one joins them.
_SCRIPTS = (
    "../_shared/tools.js", "../_shared/live_channel.js", "../_shared/idle.js",
    "colours.js", "player.js", "machine.js", "scales.js", "labels.js",
    "curve.js", "row.js", "transport.js", "training_player.js",
)


def text(*names: str) -> str:
    """What the files of these names beside this one hold, one after the other."""
    return "\n".join((_HERE / name).read_text(encoding="utf-8") for name in names)


def script() -> str:
    """The whole JavaScript module of the component."""
    return text(*_SCRIPTS)


def markup() -> str:
    """The whole HTML of the component."""
    return text("training_player.html").replace("<!-- transport.html -->", text("transport.html"))


# The machine, the curve, the row of digits and the transport line of a run: `live_component` draws it. Its data are a
# `Scene`, and its `Delta` or the question that brings it. Deltas may overlap: frames that are known are ignored.
training_player = st.components.v2.component(
    "training_player",
    html=markup(),
    css=text("training_player.css"),
    js=script(),
)
