"""Charts of the page Latent space: units against digits, and codes on a plane."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from ae_core.charts.colours import FAINT, NEGATIVE, POSITIVE, Values

DIGITS = 10


def class_heat_map(
    means: Values, spread: Values, names: list[str], dead: list[bool]
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
            colorscale=[[0, NEGATIVE], [0.5, FAINT], [1, POSITIVE]],
            hovertemplate="digit %{y}, %{x}: %{z:+.2f} standard deviations (one is %{customdata:.2f})<extra></extra>",
            colorbar={"title": {"text": "standard<br>deviations"}, "thickness": 12},
            xgap=1,
            ygap=1,
        )
    )
    figure.update_xaxes(title="unit of the code", type="category", showgrid=False)
    figure.update_yaxes(title="digit", type="category", autorange="reversed", showgrid=False)
    return figure


def code_scatter(
    positions: Values, labels: NDArray[np.uint8], names: tuple[str, str], title: str
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
