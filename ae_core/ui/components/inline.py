"""How a component comes to the browser: inline, in Streamlit's own page and theme, without a build step."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from ae_core.ui.components.bundle import component_files

NOTHING = "<i></i>"  # of a component that shows nothing


def inline_component(folder: Path) -> Callable[..., Any]:
    """The component of a folder, under the folder's name: its HTML, CSS and JavaScript are named as the folder is."""
    files = component_files(folder)
    made: Callable[..., Any] = st.components.v2.component(
        folder.name, html=files.html or NOTHING, css=files.css, js=files.js
    )
    return made
