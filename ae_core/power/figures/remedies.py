"""Remedies as places: what each does to the error and to the copying."""

from collections.abc import Mapping

import plotly.graph_objects as go

from ae_core.figures import FAILURE, GRID, OUTPUT, titled
from ae_core.power.figures.axes import PALE


def remedy_chart(dots: Mapping[str, tuple[float, float]], patient: str) -> go.Figure:
    """Every remedy as a place: identity score against test error; the lower left is the best."""
    figure = go.Figure()
    if patient in dots:
        there = dots[patient]
        for name, place in dots.items():
            if name != patient:
                figure.add_scatter(
                    x=[there[0], place[0]], y=[there[1], place[1]], mode="lines", line={"color": PALE, "width": 1.5},
                    hoverinfo="skip",
                )
    sides = ("top center", "bottom center", "middle right", "middle left")
    for number, (name, (error, score)) in enumerate(dots.items()):
        colour = FAILURE if name == patient else OUTPUT
        figure.add_scatter(
            x=[error], y=[score], mode="markers+text", text=[name], textposition=sides[number % len(sides)],
            marker={"size": 12, "color": colour, "symbol": "diamond" if name == patient else "circle"},
            hovertemplate=f"{name}: test MSE %{{x:.4f}}, identity score %{{y:.2f}}<extra></extra>",
        )
    figure.update_xaxes(title="test MSE", gridcolor=GRID, type="log", dtick="D2")
    figure.update_yaxes(title="identity score", gridcolor=GRID)
    figure.update_layout(showlegend=False)
    return titled(figure, remedy_finding(dots, patient), 420)


def remedy_finding(dots: Mapping[str, tuple[float, float]], patient: str) -> str:
    """Which remedy helps the test error most, and which keeps best from copying."""
    others = {name: place for name, place in dots.items() if name != patient}
    if patient not in dots or not others:
        return "What keeps a strong network from copying and from learning by heart?"
    error = min(others, key=lambda name: others[name][0])
    copy = min(others, key=lambda name: others[name][1])
    better = others[error][0] < dots[patient][0]
    first = f"{error} lowers the test error most: {others[error][0]:.4f}" if better else "None lowers the test error"
    return f"{first}, not {dots[patient][0]:.4f}; {copy.lower()} copies least"
