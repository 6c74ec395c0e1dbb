"""Regularisers as places: what each does to the error and to the copying."""

from collections.abc import Mapping

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from ae_core.charts.capacity.axes import PALE
from ae_core.charts.colours import FAILURE, GRID, OUTPUT
from ae_core.charts.style import titled


def regulariser_chart(dots: Mapping[str, tuple[float, float]], patient: str, count: int) -> go.Figure:
    """Every regulariser as a row: its test error and its identity score, with a line from the overfitted one.

    dots : name -> test MSE and identity score
    count : how many rows there will be; before all are measured nothing is concluded
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
        figure.update_xaxes(title=what, gridcolor=GRID, rangemode="tozero", nticks=5, exponentformat="none",
                             row=1, col=column + 1)
    figure.update_yaxes(autorange="reversed", gridcolor=GRID, automargin=True)
    figure.update_layout(showlegend=False)
    question = "What keeps a strong network from copying and from learning by heart?"
    return titled(figure, regulariser_finding(dots, patient) if len(dots) == count else question, 420)


def regulariser_finding(dots: Mapping[str, tuple[float, float]], patient: str) -> str:
    """With which regulariser the test error is lowest, and with which copying; ties go to the first one."""
    error, copying = (min(dots, key=lambda name: round(dots[name][column], 4)) for column in (0, 1))
    ill = f"{dots[patient][0]:.4f}"
    first = f"None lowers the test error of {ill}" if error == patient else (
        f"The test error is lowest with {error.lower()}: {dots[error][0]:.4f}, not {ill}"
    )
    second = "none copies less than the patient" if copying == patient else f"copying is least with {copying.lower()}"
    return f"{first}; {second}"
