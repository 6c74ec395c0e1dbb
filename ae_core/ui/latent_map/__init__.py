"""The latent map: where digits lie in the code, and what the decoder draws at any point of it.

An inline Streamlit component without a build step, in the theatre's style. Python packs a view into
bytes; the decoder's weights go along, so that the browser decodes by itself, without the server.
"""

from pathlib import Path

import streamlit as st

from ae_core.ui import theatre
from ae_core.ui.latent_map.view import Survey, latent_view, survey

__all__ = ["Survey", "latent_map", "latent_view", "survey"]

_HERE = Path(__file__).parent
# One module in the browser, read in this order: each file holds one idea, the last one joins them.
_SHARED = ("tools.js", "../channel.js", "../idle.js", "colours.js", "player.js", "scales.js", "transport.js")
_SCRIPTS = ("palette.js", "decoder.js", "plane.js", "dots.js", "field.js", "marks.js", "panel.js", "between.js",
            "units.js", "latent_map.js")


def script() -> str:
    """The whole JavaScript module of the component."""
    return "\n".join([theatre.text(*_SHARED), *(_read(name) for name in _SCRIPTS)])


def markup() -> str:
    """The HTML of the component."""
    return _read("latent_map.html").replace("<!-- transport.html -->", theatre.text("transport.html"))


def style() -> str:
    """The CSS of the component: the theatre's, and what is special here."""
    return "\n".join([theatre.text("theatre.css"), _read("latent_map.css")])


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


# `live_component` draws it; its answers are what `latent_view` gives.
latent_map = st.components.v2.component("latent_map", html=markup(), css=style(), js=script())
