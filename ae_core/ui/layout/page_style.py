"""The style of all pages: the colours by name, and what differs from Streamlit's own."""

from functools import cache
from pathlib import Path

import streamlit as st

from ae_core.charts.colours import css_variables


def page_style() -> None:
    """Style the page; nothing is seen of it where it stands."""
    st.html(_style())


@cache
def _style() -> str:
    rules = Path(__file__).with_name("style.css").read_text(encoding="utf-8")
    return f"<style>:root {{ {css_variables()} }}\n{rules}</style>"
