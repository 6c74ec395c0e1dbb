"""Data in, Plotly figure out; no state, no Streamlit."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

DIGITS = 10


def class_heat_map(
    means: NDArray[np.floating], spread: NDArray[np.floating], names: list[str], dead: list[bool]
) -> go.Figure:
    """How each unit answers to each digit: the unit's mean over the digit, counted from its mean over all.

    means : (10, units), the mean code of each digit, in standard deviations of the unit
    spread : (units,), the standard deviations, for the hover text
    names : of the units; dead : which of them say nothing (they are left empty)
    """
    values = np.where(np.asarray(dead), np.nan, means)
    labels = [f"{name} (dead)" if gone else name for name, gone in zip(names, dead, strict=True)]
    figure = go.Figure(
        go.Heatmap(
            z=values,
            x=labels,
            y=[str(digit) for digit in range(DIGITS)],
            customdata=np.broadcast_to(spread, values.shape),
            zmid=0,
            zmin=-2,
            zmax=2,
            colorscale=[[0, "#7a2d8c"], [0.5, "#e6e6eb"], [1, "#14713a"]],  # safe for the colour-blind
            hovertemplate="digit %{y}, %{x}: %{z:+.2f} standard deviations (one is %{customdata:.2f})<extra></extra>",
            colorbar={"title": {"text": "standard<br>deviations"}, "thickness": 12},
            xgap=1,
            ygap=1,
        )
    )
    figure.update_xaxes(title="unit of the code", type="category", showgrid=False)
    figure.update_yaxes(title="digit", type="category", autorange="reversed", showgrid=False)
    figure.update_layout(height=360, margin={"l": 50, "r": 10, "t": 40, "b": 50})
    return figure


def code_scatter(
    positions: NDArray[np.floating], labels: NDArray[np.uint8], names: tuple[str, str], title: str
) -> go.Figure:
    """Codes on a plane (n, 2), one colour for each digit (n,); digits can be switched on and off in the legend."""
    figure = go.Figure([
        go.Scattergl(
            x=positions[labels == digit, 0],
            y=positions[labels == digit, 1],
            mode="markers",
            marker={"size": 4, "opacity": 0.8},
            name=str(digit),
            hovertemplate=f"digit {digit}<br>{names[0]} %{{x:.2f}}<br>{names[1]} %{{y:.2f}}<extra></extra>",
        )
        for digit in range(DIGITS)
    ])
    legend = {"title": {"text": "digit"}, "itemsizing": "constant"}
    figure.update_layout(title=title, xaxis_title=names[0], yaxis_title=names[1], legend=legend)
    return figure
