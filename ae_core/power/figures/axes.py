"""What the charts of sweeps share: the dots, their lines, the axes."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from ae_core.figures import GRID, INPUT, OUTPUT

PALE = "rgba(127, 133, 147, 0.28)"
ERRORS = [digit * 10.0**power for power in range(-7, 1) for digit in (1, 3)]  # more would run together
DASHES = ("dot", "dash", "dashdot", "solid")


@dataclass(frozen=True)
class Dot:
    """One network on a chart.

    at : its place on the axis: code size, training images or parameters
    test : MSE on test images; provisional (few images) where train is None
    train : MSE on training images, None while it is not measured
    parameters : numbers that it learns
    """

    at: float
    test: float
    train: float | None
    parameters: int
    text: str = ""


def draw_errors(figure: go.Figure, dots: Sequence[Dot], what: str, fill: bool = False) -> None:
    """Training errors as grey dashes, test errors as the accent's dots; hollow marks for what still trains."""
    known = sorted((dot for dot in dots if dot.train is not None), key=lambda dot: dot.at)
    hollow = [dot for dot in dots if dot.train is None]
    dash = {"symbol": "line-ew-open", "size": 10, "line": {"width": 2.5, "color": INPUT}}  # wider than the dots
    for name, values, colour, mark in (
        ("training error", [dot.train for dot in known], INPUT, dash),
        ("test error", [dot.test for dot in known], OUTPUT, {"symbol": "circle", "size": 9}),
    ):
        figure.add_scatter(
            x=[dot.at for dot in known], y=values, name=name, mode="lines+markers",
            line={"color": colour, "width": 3 if colour == OUTPUT else 1.5}, marker=mark,
            fill="tonexty" if fill and colour == OUTPUT else None, fillcolor="rgba(221, 84, 23, 0.12)",
            hovertemplate=f"%{{x:,}} {what}: MSE %{{y:.5f}}<extra>{name}</extra>",
        )
    if hollow:
        figure.add_scatter(
            x=[dot.at for dot in hollow], y=[dot.test for dot in hollow], name="in training", mode="markers",
            marker={"size": 11, "symbol": "circle-open", "color": OUTPUT, "line": {"width": 2}},
            hovertemplate=f"%{{x:,}} {what}: MSE %{{y:.5f}} so far<extra></extra>",
        )


def draw_lines(figure: go.Figure, lines: Mapping[str, Mapping[int, float]], what: str) -> None:
    for number, (name, line) in enumerate(lines.items()):
        figure.add_scatter(
            x=list(line), y=list(line.values()), name=name, mode="lines+markers",
            line={"color": OUTPUT, "width": 3 if number == 0 else 2, "dash": "solid" if number == 0 else "dash"},
            marker={"size": 8, "symbol": "circle" if number == 0 else "diamond"},
            hovertemplate=f"code %{{x}}: {what} %{{y:.3f}}<extra>{name}</extra>",
        )


def code_axis(figure: go.Figure, sizes: Sequence[int]) -> None:
    figure.update_xaxes(
        title="code size", type="log", tickvals=list(sizes), ticktext=[str(size) for size in sizes], gridcolor=GRID,
        range=[log10(min(sizes) / 1.4), log10(max(sizes) * 1.4)], tickangle=0,
    )


def error_axis(figure: go.Figure) -> None:
    figure.update_yaxes(title="MSE", type="log", gridcolor=GRID, tickvals=ERRORS, tickformat="~g", zeroline=False)


def log10(value: float) -> float:
    return math.log10(max(value, 1e-12))
