"""How near networks are to a mere copy, and what their codes are worth, against the code size."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from ae_core.charts.capacity.axes import code_axis, draw_lines
from ae_core.charts.colours import BASELINE, GRID
from ae_core.charts.style import titled
from ae_core.words import counted


def identity_chart(
    lines: Mapping[str, Mapping[int, float]], pca: Mapping[int, float], sizes: Sequence[int]
) -> go.Figure:
    """How near to a mere copy, against the code size: names of networks, then code size -> score."""
    figure = go.Figure()
    figure.add_scatter(
        x=list(pca), y=list(pca.values()), name="PCA", mode="lines", line={"color": BASELINE, "width": 2},
        hovertemplate="%{x} components: %{y:.2f}<extra>PCA</extra>",
    )
    draw_lines(figure, lines, "score")
    code_axis(figure, sizes)
    figure.update_yaxes(title="identity score", range=[-0.03, 1.05], gridcolor=GRID)
    return titled(figure, identity_finding(lines, len(sizes)), 400)


def identity_finding(lines: Mapping[str, Mapping[int, float]], count: int) -> str:
    """Which network gives back the most of what it should not know."""
    complete = {name: line for name, line in lines.items() if len(line) == count}
    if not complete:
        return "How much comes back of images that it should not be able to rebuild?"
    name, (size, score) = max(
        ((name, max(line.items(), key=lambda each: each[1])) for name, line in complete.items()),
        key=lambda each: each[1][1],
    )
    return f"{name.capitalize()} with {counted(size, 'number')} gives back {score:.0%} of what it has never learned"


def probe_chart(lines: Mapping[str, Mapping[int, float]], sizes: Sequence[int]) -> go.Figure:
    """Accuracy of a linear probe on the codes, against the code size."""
    figure = go.Figure()
    draw_lines(figure, lines, "accuracy")
    code_axis(figure, sizes)
    figure.update_yaxes(title="accuracy of the probe", tickformat=".0%", range=[0, 1.02], gridcolor=GRID)
    return titled(figure, probe_finding(lines, len(sizes)), 400)


def probe_finding(lines: Mapping[str, Mapping[int, float]], count: int) -> str:
    """Where the code is worth the most, and what the largest one is worth."""
    complete = [(name, line) for name, line in lines.items() if len(line) == count]
    if not complete:
        return "What is the code worth to somebody who has to name the class?"
    name, line = complete[0]
    size, best = max(line.items(), key=lambda each: each[1])
    largest = max(line)
    if size == largest:
        return f"The code of {name} is worth the most at its largest, {counted(size, 'number')}: {best:.1%}"
    return f"The code of {name} is worth the most at {counted(size, 'number')}, {best:.1%}; {largest:,} say no more"
