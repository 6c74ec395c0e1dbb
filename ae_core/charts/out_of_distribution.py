"""Pictures of the domain: arrays in, Plotly figures out. A colour means the same as on every other page."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from ae_core.charts.colours import CLEAR, FAILURE, GRID, INPUT, OUTPUT, faded
from ae_core.charts.style import log_ticks, plain_number

Scores = NDArray[np.float64]

PALE = 0.35  # opacity of areas
BANDWIDTH = 0.06  # of the densities, in powers of ten
FLAT = 0.01  # a hill ends where it is lower
LEAST = 1e-6  # an error below is drawn here: the axis is logarithmic


@dataclass(frozen=True)
class Mark:
    """A picture on the ruler: what it is called, and its error."""

    title: str
    error: float


def log_density(errors: Scores, grid: Scores) -> Scores:
    """How dense errors lie at each place of a grid, on a logarithmic scale, the highest place 1.

    errors : positive (n,); grid : powers of ten (m,), for instance -2 for 0.01
    """
    counts, edges = np.histogram(np.log10(errors.clip(LEAST)), bins=400)
    middles = (edges[1:] + edges[:-1]) / 2
    density = np.exp(-0.5 * np.square((grid[:, None] - middles) / BANDWIDTH)) @ counts
    highest: Scores = density / max(density.max(), 1e-300)
    return highest


def ruler(home: Scores, limit: float, marks: Sequence[Mark], home_title: str) -> go.Figure:
    """Home's errors as a hill, and on the ruler below it one mark for each picture."""
    grid = _grid([home, np.array([mark.error for mark in marks])])
    figure = go.Figure()
    figure.add_scatter(
        x=10**grid, y=log_density(home, grid), fill="tozeroy", line={"color": OUTPUT, "width": 1.5},
        fillcolor=faded(OUTPUT, PALE), name=home_title, hoverinfo="skip",
    )
    for far, name, color in ((False, "passes as one of them", INPUT), (True, "a stranger", FAILURE)):
        chosen = [mark for mark in marks if (mark.error > limit) == far]
        if chosen:
            figure.add_scatter(
                x=[max(mark.error, LEAST) for mark in chosen], y=[-0.12] * len(chosen), mode="markers", name=name,
                marker={"color": color, "size": 11, "symbol": "diamond" if far else "circle"},
                text=[mark.title for mark in chosen], hovertemplate="%{text}: error %{x:.4f}<extra></extra>",
            )
    _limit_line(figure, limit, grid)
    _log_axis(figure, "Squared error per pixel, log scale", grid)
    figure.update_yaxes(visible=False, range=[-0.28, 1.3])
    return _quiet(figure, 210)


def ridges(titles: Sequence[str], errors: Sequence[Scores], threshold: float) -> go.Figure:
    """One hill of errors for each set, the first one home at the top; what the threshold gets wrong is vermilion."""
    grid = _grid(errors)
    figure = go.Figure()
    for row, (title, values) in enumerate(zip(titles, errors, strict=True)):
        base = len(titles) - 1 - row
        density = log_density(values, grid) * 0.85
        wrong_above, alone = row == 0, len(values) == 1
        colour = OUTPUT if row == 0 else INPUT
        for above in () if alone else (False, True):  # one image has no hill
            part = (density > FLAT) & (grid >= np.log10(threshold) if above else grid <= np.log10(threshold))
            if not part.any():
                continue
            color = FAILURE if above == wrong_above else colour
            figure.add_scatter(
                x=np.concatenate([10 ** grid[part], 10 ** grid[part][::-1]]),
                y=np.concatenate([base + density[part], np.full(int(part.sum()), float(base))]),
                fill="toself", fillcolor=faded(color, 0.55), line={"color": color, "width": 1}, hoverinfo="skip",
            )
        wrong = alone and bool(values[0] > threshold) == wrong_above
        figure.add_scatter(
            x=[float(np.median(values).clip(LEAST))], y=[base + 0.06], mode="markers",
            marker={"color": FAILURE if wrong else colour, "size": 7},
            hovertemplate=f"{title}: median %{{x:.4f}}, {len(values):,} images<extra></extra>",
        )
    figure.add_vline(x=threshold, line={"color": FAILURE, "width": 2})
    _log_axis(figure, "Squared error per pixel, log scale", grid)
    figure.update_yaxes(
        tickvals=[len(titles) - 1 - row for row in range(len(titles))], ticktext=list(titles), showgrid=False,
        zeroline=False, range=[-0.15, len(titles)],
    )
    return _quiet(figure, 90 + 40 * len(titles), legend=False)


def way_out(values: Sequence[float], errors: Scores, limit: float, here: float, title: str) -> go.Figure:
    """The error along a way out of the domain: vermilion where it is outside."""
    figure = go.Figure()
    inside = np.where(errors <= limit, errors, np.nan)
    figure.add_scatter(
        x=list(values), y=errors, mode="lines+markers", line={"color": INPUT, "width": 2},
        marker={"color": [FAILURE if error > limit else OUTPUT for error in errors], "size": 6},
        hovertemplate="%{x:g}: error %{y:.4f}<extra></extra>", showlegend=False,
    )
    figure.add_scatter(
        x=list(values), y=inside, mode="lines", line={"color": OUTPUT, "width": 3}, hoverinfo="skip", showlegend=False,
    )
    figure.add_scatter(
        x=[min(values), max(values)], y=[limit, limit], mode="lines", name="limit of 95% of test images",
        line={"color": FAILURE, "dash": "dash", "width": 1.5}, hoverinfo="skip",
    )
    figure.add_vline(x=here, line={"color": INPUT, "width": 1, "dash": "dot"})
    figure.update_xaxes(title=title, gridcolor=GRID, zeroline=False)
    figure.update_yaxes(title="Squared error per pixel", rangemode="tozero", gridcolor=GRID, zeroline=False,
                        exponentformat="none")
    return _quiet(figure, 320)


def _grid(errors: Sequence[Scores]) -> Scores:
    """Powers of ten that all errors lie between."""
    every = np.concatenate(list(errors)).clip(LEAST)
    grid: Scores = np.linspace(np.log10(every.min()) - 0.25, np.log10(every.max()) + 0.25, 500)
    return grid


def _limit_line(figure: go.Figure, limit: float, grid: Scores) -> None:
    # Not add_vline: on a logarithmic axis Plotly puts its text elsewhere.
    side = "left" if np.log10(limit) > grid.mean() else "right"  # where there is room on a phone
    figure.add_scatter(
        x=[limit, limit], y=[0, 1.15], mode="lines+text", text=["", f" limit of 95%: {limit:.3g} "],
        textposition=f"middle {side}", line={"color": FAILURE, "dash": "dash", "width": 1.5}, showlegend=False,
        hoverinfo="skip",
    )


def _log_axis(figure: go.Figure, title: str, grid: Scores) -> None:
    ticks = log_ticks(float(10 ** grid[0]), float(10 ** grid[-1]))
    figure.update_xaxes(
        type="log", title=title, gridcolor=GRID, zeroline=False, range=[grid[0], grid[-1]], tickvals=ticks,
        ticktext=[plain_number(tick) for tick in ticks], minor={"showgrid": False},
    )


def _quiet(figure: go.Figure, height: int, legend: bool = True) -> go.Figure:
    figure.update_layout(
        height=height, margin={"l": 8, "r": 8, "t": 28, "b": 8}, showlegend=legend, hovermode="closest",
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        paper_bgcolor=CLEAR, plot_bgcolor=CLEAR,
    )
    return figure
