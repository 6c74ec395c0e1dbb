"""The latent map: where digits lie in the code, and what the decoder draws at any point of it.

An inline Streamlit component without a build step, in the player's style. Python packs a view into
bytes; the decoder's weights go along, so that the browser decodes by itself, without the server.
"""

from pathlib import Path

import streamlit as st

from ae_core.ui.components import training_player
from ae_core.ui.components.latent_map.view import EncodedImages, encoded, latent_view

__all__ = ["EncodedImages", "encoded", "latent_map", "latent_view"]

_HERE = Path(__file__).parent
# One module in the browser, read in this order: each file holds one idea, the last one joins them.
_SHARED = ("../_shared/tools.js", "../_shared/live_channel.js", "../_shared/idle.js", "colours.js", "player.js",
           "scales.js", "transport.js")
_SCRIPTS = ("palette.js", "decoder.js", "plane.js", "dots.js", "field.js", "marks.js", "panel.js", "between.js",
            "units.js", "latent_map.js")


def script() -> str:
    """The whole JavaScript module of the component."""
    return "\n".join([training_player.text(*_SHARED), *(_read(name) for name in _SCRIPTS)])


def markup() -> str:
    """The HTML of the component."""
    return _read("latent_map.html").replace("<!-- transport.html -->", training_player.text("transport.html"))


def style() -> str:
    """The CSS of the component: the player's, and what is special here."""
    return "\n".join([training_player.text("training_player.css"), _read("latent_map.css")])


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


# `live_component` draws it; its answers are what `latent_view` gives.
latent_map = st.components.v2.component("latent_map", html=markup(), css=style(), js=script())
