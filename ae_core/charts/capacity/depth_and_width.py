"""Errors against depth and width."""

import math
from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from ae_core.charts.capacity.axes import DASHES, Dot, error_axis
from ae_core.charts.colours import BASELINE, CLEAR, GRID, INPUT, OUTPUT
from ae_core.charts.style import titled
from ae_core.evaluation.capacity.experiments import WIDTHS

MARKS = dict(zip((f"width {width}" for width in WIDTHS), ("circle", "square", "diamond"), strict=True))


def shape_chart(rows: Mapping[int, Sequence[Dot]], pca: float | None, code_size: int, count: int) -> go.Figure:
    """Errors against the number of parameters, one line for each depth (the keys).

    pca : test MSE of PCA with as many numbers, None where there are fewer images than that
    count : how many networks there will be; before all are measured nothing is concluded
    """
    figure = go.Figure()
    for depth, dots in rows.items():
        ordered = sorted(dots, key=lambda dot: dot.at)
        line = {"color": OUTPUT, "width": 1 + 0.8 * depth, "dash": DASHES[depth % len(DASHES)]}
        figure.add_scatter(
            x=[dot.at for dot in ordered], y=[dot.test for dot in ordered], text=[dot.text for dot in ordered],
            mode="lines+markers", line=line, name=f"depth {depth}",
            marker={
                "size": 10, "symbol": [MARKS.get(dot.text, "x") for dot in ordered],
                "color": [OUTPUT if dot.train is not None else CLEAR for dot in ordered],
                "line": {"width": 2, "color": OUTPUT},
            },
            hovertemplate=f"depth {depth}, %{{text}}, %{{x:,}} parameters: test MSE %{{y:.5f}}<extra></extra>",
        )
        known = [dot for dot in ordered if dot.train is not None]
        figure.add_scatter(
            x=[dot.at for dot in known], y=[dot.train for dot in known], mode="markers", showlegend=False,
            marker={"symbol": "line-ew-open", "size": 10, "color": INPUT, "line": {"width": 2, "color": INPUT}},
            hovertemplate=f"depth {depth}: training MSE %{{y:.5f}}<extra></extra>",
        )
    places = [dot.at for dots in rows.values() for dot in dots]
    if pca is not None and places:  # no add_hline: on a logarithmic axis it misplaces its words
        figure.add_scatter(
            x=[min(places), max(places)], y=[pca, pca], mode="lines", line={"color": BASELINE, "width": 2},
            name=f"PCA, {code_size} components", hovertemplate="PCA: test MSE %{y:.5f}<extra></extra>",
        )
    figure.update_xaxes(title="parameters", type="log", gridcolor=GRID, exponentformat="SI", dtick=1)
    error_axis(figure)
    every = [(depth, dot) for depth, dots in rows.items() for dot in dots]
    complete = sum(dot.train is not None for _, dot in every) == count
    return titled(figure, shape_finding(every) if complete else "Deeper or wider?", 420)


def shape_finding(every: Sequence[tuple[int, Dot]]) -> str:
    """Which network is the best, whether it is the largest, and how many beat PCA through the same bottleneck."""
    depth, best = min(every, key=lambda each: each[1].test)
    largest = max(every, key=lambda each: each[1].at)[1]
    name = f"depth {depth}, {best.text}" if depth else "no hidden layer"
    first = f"{'Largest and best' if best is largest else 'The best is not the largest'}: {name}, MSE {best.test:.4f}"
    if best is not largest and largest.test - best.test <= 2 * math.hypot(best.doubt, largest.doubt):
        first = f"Best: {name}, MSE {best.test:.4f}; the largest is no different"
    compared = [dot for _, dot in every if dot.pca is not None]
    better = sum(dot.against_pca < 0 for dot in compared)
    return f"{first}. {better} of {len(compared)} beat PCA of the same bottleneck" if compared else first
