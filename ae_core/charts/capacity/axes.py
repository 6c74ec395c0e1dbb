"""What the charts of sweeps share: the dots, their lines, the axes."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from ae_core.charts.colours import FAILURE, GRID, INPUT, OUTPUT, faded
from ae_core.charts.style import log_ticks, plain_number

PALE = faded(INPUT, 0.28)
DASHES = ("dot", "dash", "dashdot", "solid")


@dataclass(frozen=True)
class Dot:
    """One network on a chart.

    at : its place on the axis: code size, training images or parameters
    test : MSE on test images; provisional (few images) where train is None
    train : MSE on training images, None while it is not measured
    parameters : numbers that it learns
    doubt : standard error of `test`
    pca : PCA through as many numbers as the narrowest layer has, test MSE and standard error; None where unknown
    """

    at: float
    test: float
    train: float | None
    parameters: int
    text: str = ""
    doubt: float = 0.0
    pca: tuple[float, float] | None = None

    @property
    def against_pca(self) -> int:
        """-1 where its test error is more than two standard errors below that of PCA, 1 where as much above, else 0."""
        theirs, doubt = self.pca or (self.test, 0.0)
        difference = self.test - theirs
        return 0 if abs(difference) <= 2 * math.hypot(self.doubt, doubt) else int(math.copysign(1, difference))


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
            fill="tonexty" if fill and colour == OUTPUT else None, fillcolor=faded(FAILURE, 0.12),
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


def code_axis(figure: go.Figure, sizes: Sequence[int], others: Sequence[float] = ()) -> None:
    """An axis of the code sizes of a sweep, which includes other ones without ticks of their own."""
    every = (*sizes, *others)
    figure.update_xaxes(
        title="code size", type="log", tickvals=list(sizes), ticktext=code_labels(sizes), gridcolor=GRID,
        range=[log10(min(every) / 1.4), log10(max(every) * 1.4)], tickangle=0,
    )


def code_labels(sizes: Sequence[int]) -> list[str]:
    """What stands at code sizes: of many every second one, the last among them; all would run together on a phone."""
    step = 1 if len(sizes) < 6 else 2
    return ["" if (len(sizes) - 1 - place) % step else str(size) for place, size in enumerate(sizes)]


def error_axis(figure: go.Figure) -> None:
    """An axis of all errors that are drawn so far."""
    drawn = [value for trace in figure.data if trace.yaxis in (None, "y") for value in trace.y]
    low, high = error_range(drawn)
    ticks = log_ticks(low, high)
    figure.update_yaxes(
        title="MSE", type="log", gridcolor=GRID, zeroline=False, range=[log10(low), log10(high)],
        tickvals=ticks, ticktext=[plain_number(tick) for tick in ticks],
    )


def error_range(errors: Iterable[float]) -> tuple[float, float]:
    """From below the least error to above the greatest, half a decade or more; 0 and infinity have no place."""
    powers = [log10(error) for error in errors if error > 0 and math.isfinite(error)] or [-1.0]
    low, high = min(powers), max(powers)
    margin = max(0.06 * (high - low), (0.5 - (high - low)) / 2, 0.06)
    return 10 ** (low - margin), 10 ** (high + margin)


def log10(value: float) -> float:
    return math.log10(max(value, 1e-12))
