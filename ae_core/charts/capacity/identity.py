"""How near networks are to a mere copy, and what their codes are worth, against the code size."""

import math
from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from ae_core.charts.capacity.axes import code_axis, draw_lines
from ae_core.charts.colours import BASELINE, GRID
from ae_core.charts.style import titled
from ae_core.evaluation.capacity.identity import COPIES
from ae_core.evaluation.capacity.study import PROBED
from ae_core.formatting import counted, listed


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
    """At which code sizes each network copies, or how far it is from that."""
    complete = {name: line for name, line in lines.items() if len(line) == count}
    if not complete:
        return "How much comes back of noise and of shuffled pixels?"
    parts = []
    for name, line in complete.items():
        sizes = [f"{size:,}" for size, score in line.items() if score >= COPIES]
        parts.append(f"{name} copies at {listed(sizes)}" if sizes else (
            f"{name} does not copy at any size: at most {max(line.values()):.0%} comes back"
        ))
    said = "; ".join(parts)
    return f"{said[:1].upper()}{said[1:]}"


def probe_chart(lines: Mapping[str, Mapping[int, float]], sizes: Sequence[int]) -> go.Figure:
    """Accuracy of a linear probe on the codes, against the code size."""
    figure = go.Figure()
    draw_lines(figure, lines, "accuracy")
    code_axis(figure, sizes)
    figure.update_yaxes(title="accuracy of the probe", tickformat=".0%", range=[0, 1.02], gridcolor=GRID)
    return titled(figure, probe_finding(lines, len(sizes)), 400)


def probe_finding(lines: Mapping[str, Mapping[int, float]], count: int) -> str:
    """From which size on more numbers no longer help the probe."""
    complete = [(name, line) for name, line in lines.items() if len(line) == count]
    if not complete:
        return "What is the code worth to somebody who has to name the class?"
    name, line = complete[0]
    best = max(line.values())
    doubt = 2 * math.sqrt(2 * best * (1 - best) / PROBED)  # of a difference of two shares of as many images
    size = min(size for size, accuracy in line.items() if accuracy >= best - doubt)
    said = f"From the code of {name} the probe names {line[size]:.1%} rightly at {counted(size, 'number')}"
    if size == max(line):
        return f"{said}, its best"
    largest = line[max(line)]
    return f"{said}; at {max(line):,} {'it is worse' if largest < best - doubt else 'no difference is to be seen'}"
