"""Charts as pages draw them."""

import plotly.graph_objects as go
import streamlit as st


def show_chart(figure: go.Figure, key: str, alt: str) -> None:
    """Draw a chart without Plotly's bar of tools, which would cover its title."""
    st.plotly_chart(figure, key=key, alt=alt, config={"displayModeBar": False})
