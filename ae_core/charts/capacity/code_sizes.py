"""Errors against the code size."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from ae_core.charts.capacity.axes import PALE, Dot, code_axis, draw_errors, error_axis
from ae_core.charts.colours import BASELINE, INPUT, OUTPUT
from ae_core.charts.style import titled
from ae_core.formatting import counted, listed

ENOUGH = 0.05  # a larger code that takes off less of the error than this is no help


def code_chart(dots: Sequence[Dot], pca: Mapping[int, float], own: Dot | None, sizes: Sequence[int]) -> go.Figure:
    """Errors against the code size, PCA beside them, parameters of the dots on a second axis.

    pca : code size -> test MSE with as many numbers as the narrowest layer then has
    own : the network that the visitor looks at
    """
    figure = go.Figure()
    figure.add_scatter(
        x=list(pca), y=list(pca.values()), name="PCA, test", mode="lines+markers",
        line={"color": BASELINE, "width": 2}, marker={"size": 5},
        hovertemplate="code %{x}: MSE %{y:.5f}<extra>PCA through the same bottleneck</extra>",
    )
    draw_errors(figure, dots, "code")
    if own is not None:
        figure.add_scatter(
            x=[own.at], y=[own.test], name="your network", mode="markers",
            marker={"symbol": "star", "size": 15, "color": OUTPUT, "line": {"width": 1, "color": INPUT}},
            hovertemplate="your network, code %{x}: MSE %{y:.5f}<extra></extra>",
        )
    code_axis(figure, sizes, [own.at] if own is not None else [])
    error_axis(figure)
    if dots:
        _draw_parameters(figure, dots)
    complete = bool(dots and pca) and all(dot.train is not None for dot in dots) and len(dots) == len(sizes)
    return titled(figure, code_finding(dots) if complete else "The larger the code, the smaller the error?", 460)


def _draw_parameters(figure: go.Figure, dots: Sequence[Dot]) -> None:
    figure.add_bar(
        x=[dot.at for dot in dots], y=[dot.parameters for dot in dots], yaxis="y2", name="parameters (right)",
        marker_color=PALE, width=[0.35 * dot.at for dot in dots],
        hovertemplate="code %{x}: %{y:,} parameters<extra></extra>",
    )
    figure.update_layout(
        yaxis2={
            "overlaying": "y", "side": "right", "type": "log", "title": "parameters", "showgrid": False,
            "range": [3, 8], "dtick": 1, "exponentformat": "SI",
        },
    )


def code_finding(dots: Sequence[Dot]) -> str:
    """From where on a larger code no longer helps, and where PCA is the better one."""
    ordered = sorted(dots, key=lambda dot: dot.at)
    best = min(dot.test for dot in dots)
    enough = next(dot for dot in ordered if dot.test <= best * (1 + ENOUGH))
    first = "The largest code has the smallest error" if enough is ordered[-1] else (
        f"More than {counted(int(enough.at), 'number')} hardly {'helps' if enough.at == 1 else 'help'}"
    )
    compared = [dot for dot in ordered if dot.pca is not None]
    if not compared:
        return f"{first}; there are too few images for PCA"
    worse, alike, better = ([f"{dot.at:g}" for dot in compared if dot.against_pca == sign] for sign in (-1, 0, 1))
    parts = [
        f"{what} at {listed(sizes)}" if len(sizes) < len(compared) else f"{what} wherever it exists"
        if len(compared) < len(dots) else f"{what} everywhere"
        for what, sizes in (("worse", worse), ("better", better), ("no different", alike)) if sizes
    ]
    return f"{first}; PCA is {', '.join(parts)}"
