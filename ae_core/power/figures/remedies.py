"""Remedies as places: what each does to the error and to the copying."""

from collections.abc import Mapping

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from ae_core.figures import FAILURE, GRID, OUTPUT, titled
from ae_core.power.figures.axes import PALE


def remedy_chart(dots: Mapping[str, tuple[float, float]], patient: str) -> go.Figure:
    """Every remedy as a row: its test error, and its identity score; a line leads to each from the patient's.

    dots : name -> test MSE and identity score
    """
    figure = make_subplots(1, 2, shared_yaxes=True, horizontal_spacing=0.06)
    names = list(dots)
    for column, what in enumerate(("test MSE", "identity score")):
        values = [place[column] for place in dots.values()]
        if patient in dots:
            there = dots[patient][column]
            figure.add_scatter(
                x=[x for value in values for x in (there, value, None)], y=[y for name in names for y in (name,) * 3],
                mode="lines", line={"color": PALE, "width": 3}, hoverinfo="skip", row=1, col=column + 1,
            )
            figure.add_vline(x=there, line={"color": FAILURE, "width": 1, "dash": "dot"}, row=1, col=column + 1)
        figure.add_scatter(
            x=values, y=names, mode="markers", row=1, col=column + 1,
            marker={
                "size": 12, "color": [FAILURE if name == patient else OUTPUT for name in names],
                "symbol": ["diamond" if name == patient else "circle" for name in names],
            },
            hovertemplate=f"%{{y}}: {what} %{{x:.4f}}<extra></extra>",
        )
        figure.update_xaxes(title=what, gridcolor=GRID, rangemode="tozero", nticks=5, row=1, col=column + 1)
    figure.update_yaxes(autorange="reversed", gridcolor=GRID, automargin=True)
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
