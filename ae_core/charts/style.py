"""What all Plotly figures share: the finding as their title, the ticks of a logarithmic axis."""

import math
import textwrap

import numpy as np
import plotly.graph_objects as go

MOST_TICKS = 7  # with more they run together on a phone


def titled(figure: go.Figure, title: str, height: int = 350) -> go.Figure:
    """The figure with its finding above it, in lines that fit a telephone or half a page: Plotly breaks none itself.

    height : pixels of the whole, legend and two lines of title included; each further line adds its own
    """
    lines = textwrap.wrap(title, 38)
    height += 20 * max(0, len(lines) - 2)  # or the axis would run into the legend
    figure.update_layout(
        title={"text": "<br>".join(lines), "font": {"size": 15}, "x": 0, "y": 1 - 20 / height, "yanchor": "top"},
        height=height, margin={"l": 8, "r": 8, "t": 44 + 20 * len(lines), "b": 8}, hovermode="closest",
        legend={"orientation": "h", "y": -0.26, "x": 0, "yanchor": "top"},
    )
    return figure


def log_ticks(low: float, high: float) -> list[float]:
    """Where a logarithmic axis from low to high has ticks: at most seven, and from half a decade on at least two."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for digits in ((1, 2, 5), range(1, 10), (1, 3), (1,)):  # all nine only where the first three are hardly ever met
        ticks = [tick for power in powers for digit in digits if low <= (tick := float(f"{digit}e{power}")) <= high]
        if 2 <= len(ticks) <= MOST_TICKS:
            return ticks
    return ticks[:: -(-len(ticks) // MOST_TICKS)]


def plain_number(value: float) -> str:
    """A tick without a prefix or an exponent: "0.0001"; from a million on with one: "1e+09"."""
    return f"{value:g}" if value >= 1e6 else np.format_float_positional(value, trim="-")
