"""Charts of sweeps: numbers in, a Plotly figure out; each title says what was found."""

import math
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas  # noqa: F401 - Plotly trips over a pandas that another thread is just loading
import plotly.graph_objects as go

from ae_core.figures import BASELINE, FAILURE, GRID, INPUT, OUTPUT
from ae_core.power.gap import Curve, gap

PALE = "rgba(127, 133, 147, 0.28)"
DASHES = ("dot", "dash", "dashdot", "solid")
ENOUGH = 0.05  # a larger code that takes off less of the error than this is no help


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


def code_chart(dots: Sequence[Dot], pca: Mapping[int, float], own: Dot | None, sizes: Sequence[int]) -> go.Figure:
    """Errors against the code size, PCA beside them, parameters on a second axis.

    pca : code size -> test MSE; own : the network that the visitor looks at
    """
    figure = go.Figure()
    figure.add_bar(
        x=[dot.at for dot in dots], y=[dot.parameters for dot in dots], yaxis="y2", name="parameters (right)",
        marker_color=PALE, width=[0.35 * dot.at for dot in dots],
        hovertemplate="code %{x}: %{y:,} parameters<extra></extra>",
    )
    figure.add_scatter(
        x=list(pca), y=list(pca.values()), name="PCA, test", mode="lines+markers",
        line={"color": BASELINE, "width": 2}, marker={"size": 5},
        hovertemplate="%{x} components: MSE %{y:.5f}<extra>PCA</extra>",
    )
    _errors(figure, dots, "code")
    if own is not None:
        figure.add_scatter(
            x=[own.at], y=[own.test], name="your network", mode="markers",
            marker={"symbol": "star", "size": 15, "color": OUTPUT, "line": {"width": 1, "color": INPUT}},
            hovertemplate="your network, code %{x}: MSE %{y:.5f}<extra></extra>",
        )
    _code_axis(figure, sizes)
    _error_axis(figure)
    figure.update_layout(
        yaxis2={
            "overlaying": "y", "side": "right", "type": "log", "title": "parameters", "showgrid": False,
            "range": [3, 8], "dtick": 1, "exponentformat": "SI", "tickfont": {"color": INPUT},
        },
    )
    complete = bool(dots and pca) and all(dot.train is not None for dot in dots) and len(dots) == len(sizes)
    return _titled(figure, code_finding(dots, pca) if complete else "The larger the code, the smaller the error?", 460)


def code_finding(dots: Sequence[Dot], pca: Mapping[int, float]) -> str:
    """From where on a larger code no longer helps, and where PCA is the better one."""
    best = min(dots, key=lambda dot: dot.test)
    enough = next(dot for dot in sorted(dots, key=lambda dot: dot.at) if dot.test <= best.test * (1 + ENOUGH))
    largest = max(dots, key=lambda dot: dot.at)
    if enough is largest:
        first = f"Every doubling still helps, up to {largest.at:g} numbers"
    else:
        first = f"Beyond {enough.at:g} numbers a larger code no longer helps"
    lost = [
        f"{dot.at:g}" for dot in sorted(dots, key=lambda dot: dot.at) if pca.get(int(dot.at), math.inf) < dot.test
    ]
    if len(lost) == len(dots):
        return f"{first}; PCA is better everywhere"
    return f"{first}; PCA is better at {', '.join(lost)}" if lost else f"{first}; PCA is worse everywhere"


def shape_chart(rows: Mapping[int, Sequence[Dot]], pca: float | None, code_size: int) -> go.Figure:
    """Errors against the number of parameters, one line for each depth (the keys).

    pca : test MSE of PCA with as many numbers, None where there are fewer images than that
    """
    figure = go.Figure()
    for depth, dots in rows.items():
        ordered = sorted(dots, key=lambda dot: dot.at)
        line = {"color": OUTPUT, "width": 1 + 0.8 * depth, "dash": DASHES[depth % len(DASHES)]}
        figure.add_scatter(
            x=[dot.at for dot in ordered], y=[dot.test for dot in ordered], text=[dot.text for dot in ordered],
            mode="lines+markers+text", textposition="top center", line=line, name=f"depth {depth}, test",
            marker={
                "size": 9, "color": [OUTPUT if dot.train is not None else "rgba(0,0,0,0)" for dot in ordered],
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
    if pca is not None:
        figure.add_hline(y=pca, line={"color": BASELINE, "width": 2}, annotation_text=f"PCA, {code_size} components")
    figure.update_xaxes(title="parameters", type="log", gridcolor=GRID, exponentformat="SI", dtick=1)
    _error_axis(figure)
    every = [(depth, dot) for depth, dots in rows.items() for dot in dots]
    complete = all(dot.train is not None for _, dot in every)
    return _titled(figure, shape_finding(every) if complete and every else "Deeper or wider?", 420)


def shape_finding(every: Sequence[tuple[int, Dot]]) -> str:
    """Which network is the best, and whether it is also the largest."""
    depth, best = min(every, key=lambda each: each[1].test)
    largest = max(every, key=lambda each: each[1].at)[1]
    name = f"depth {depth}, {best.text}" if depth else "no hidden layer"
    if best is largest:
        return f"The largest network is the best: {name}, MSE {best.test:.4f}"
    times = largest.at / best.at
    return f"The best is not the largest: {name}, MSE {best.test:.4f}; the largest learns {times:.1f} times the numbers"


def amount_chart(dots: Sequence[Dot]) -> go.Figure:
    """Training and test error of a big network against the number of training images; between them the gap."""
    figure = go.Figure()
    known = sorted((dot for dot in dots if dot.train is not None), key=lambda dot: dot.at)
    _errors(figure, dots, "training images", fill=True)
    for dot in known:
        assert dot.train is not None
        figure.add_annotation(
            x=_log10(dot.at), y=0.5 * (_log10(dot.test) + _log10(dot.train)), showarrow=False,
            text=f"<b>× {gap(dot.train, dot.test):,.3g}</b>", font={"color": FAILURE, "size": 14},
            bgcolor="rgba(127,133,147,0.15)",
        )
    amounts = sorted(dot.at for dot in dots)
    figure.update_xaxes(
        title="training images", type="log", tickvals=amounts, ticktext=[f"{amount:,.0f}" for amount in amounts],
        gridcolor=GRID, range=[1.6, 5.05],
    )
    _error_axis(figure)
    return _titled(figure, amount_finding(known), 400)


def amount_finding(known: Sequence[Dot]) -> str:
    """How large the gap is with the fewest and with the most images."""
    if len(known) < 2 or known[0].train is None or known[-1].train is None:
        return "How much larger is the test error than the training error?"
    few, many = gap(known[0].train, known[0].test), gap(known[-1].train, known[-1].test)
    return (
        f"With {known[0].at:,.0f} digits it is {few:,.3g} times worse on unseen ones, "
        f"with {known[-1].at:,.0f} {many:.2f} times"
    )


def learning_chart(curve: Curve, amount: int) -> go.Figure:
    """Training and test error over the epochs, the place of early stopping marked."""
    figure = go.Figure()
    for name, values, colour in (("training", curve.train, INPUT), ("test", curve.test, OUTPUT)):
        figure.add_scatter(
            x=curve.epochs, y=values, name=name, mode="lines", line={"color": colour, "width": 2.5},
            hovertemplate=f"epoch %{{x:.3g}}: {name} MSE %{{y:.5f}}<extra></extra>",
        )
    if curve.stop is not None:
        epoch, lowest = curve.epochs[curve.stop], curve.test[curve.stop]
        figure.add_scatter(
            x=[epoch], y=[lowest], mode="markers", name="early stopping",
            marker={"symbol": "octagon", "size": 13, "color": FAILURE},
            hovertemplate="stop here, epoch %{x:.3g}: test MSE %{y:.5f}<extra></extra>",
        )
        figure.add_vline(x=epoch, line={"color": FAILURE, "width": 1, "dash": "dot"})
    figure.update_xaxes(title="epoch", gridcolor=GRID, rangemode="tozero")
    _error_axis(figure)
    return _titled(figure, learning_finding(curve, amount), 380)


def learning_finding(curve: Curve, amount: int) -> str:
    """Whether the test error rises again, and from where on."""
    if curve.stop is None or len(curve.test) < 3:
        return f"{amount:,} training digits"
    if curve.rise < 1.02:
        return f"{amount:,} digits: the test error does not rise, there is nothing to stop early"
    return (
        f"{amount:,} digits: after epoch {curve.epochs[curve.stop]:.3g} it only learns by heart; "
        f"the test error rises by {curve.rise - 1:.0%}"
    )


def identity_chart(
    lines: Mapping[str, Mapping[int, float]], pca: Mapping[int, float], sizes: Sequence[int]
) -> go.Figure:
    """How near to a mere copy, against the code size: names of networks, then code size -> score."""
    figure = go.Figure()
    figure.add_scatter(
        x=list(pca), y=list(pca.values()), name="PCA", mode="lines", line={"color": BASELINE, "width": 2},
        hovertemplate="%{x} components: %{y:.2f}<extra>PCA</extra>",
    )
    _lines(figure, lines, "score")
    _code_axis(figure, sizes)
    figure.update_yaxes(title="identity score", range=[-0.03, 1.05], gridcolor=GRID)
    return _titled(figure, identity_finding(lines, len(sizes)), 400)


def identity_finding(lines: Mapping[str, Mapping[int, float]], count: int) -> str:
    """Which network gives back the most of what it should not know."""
    complete = {name: line for name, line in lines.items() if len(line) == count}
    if not complete:
        return "How much comes back of images that it should not be able to rebuild?"
    name, (size, score) = max(
        ((name, max(line.items(), key=lambda each: each[1])) for name, line in complete.items()),
        key=lambda each: each[1][1],
    )
    return f"{name.capitalize()} with {size:,} numbers gives back {score:.0%} of what it has never learned"


def probe_chart(lines: Mapping[str, Mapping[int, float]], sizes: Sequence[int]) -> go.Figure:
    """Accuracy of a linear probe on the codes, against the code size."""
    figure = go.Figure()
    _lines(figure, lines, "accuracy")
    _code_axis(figure, sizes)
    figure.update_yaxes(title="accuracy of the probe", tickformat=".0%", range=[0, 1.02], gridcolor=GRID)
    return _titled(figure, probe_finding(lines, len(sizes)), 400)


def probe_finding(lines: Mapping[str, Mapping[int, float]], count: int) -> str:
    """Where the code is worth the most, and what the largest one is worth."""
    complete = [line for line in lines.values() if len(line) == count]
    if not complete:
        return "What is the code worth to somebody who has to tell digits apart?"
    line = complete[0]
    size, best = max(line.items(), key=lambda each: each[1])
    largest = max(line)
    if size == largest:
        return f"The largest code, {size:,} numbers, is worth the most: {best:.1%}"
    return f"A code of {size:,} is worth the most, {best:.1%}; {largest:,} numbers say no more: {line[largest]:.1%}"


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
    return _titled(figure, remedy_finding(dots, patient), 420)


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


def meeting_chart(
    linear: Mapping[int, float], bent: Mapping[int, float], pca: Mapping[int, float]
) -> go.Figure:
    """Test errors of linear networks, of ones with hidden layers, and of PCA, against the code size."""
    figure = go.Figure()
    figure.add_scatter(
        x=list(pca), y=list(pca.values()), name="PCA", mode="lines", line={"color": BASELINE, "width": 3},
        hovertemplate="%{x} components: MSE %{y:.5f}<extra>PCA</extra>",
    )
    for name, line, dash, symbol in (
        ("linear autoencoder", linear, "dot", "circle-open"), ("with hidden layers", bent, "solid", "circle"),
    ):
        figure.add_scatter(
            x=list(line), y=list(line.values()), name=name, mode="lines+markers",
            line={"color": OUTPUT, "width": 2, "dash": dash}, marker={"size": 11, "symbol": symbol},
            hovertemplate=f"code %{{x}}: MSE %{{y:.5f}}<extra>{name}</extra>",
        )
    _code_axis(figure, list(pca))
    _error_axis(figure)
    return _titled(figure, meeting_finding(linear, bent, pca), 400)


def meeting_finding(linear: Mapping[int, float], bent: Mapping[int, float], pca: Mapping[int, float]) -> str:
    """How near the linear network comes to PCA, and what hidden layers buy."""
    if set(linear) != set(pca) or set(bent) != set(pca):
        return "Does a linear autoencoder meet PCA?"
    away = max(linear[size] / pca[size] - 1 for size in pca)
    size = max(pca, key=lambda size: pca[size] / bent[size])
    times = pca[size] / bent[size]
    met = f"The linear network meets PCA within {away:.1%}" if away < 0.02 else (
        f"The linear network is up to {away:.0%} away from PCA"
    )
    return f"{met}; hidden layers take its error to 1/{times:.1f} at {size} numbers"


def angles_chart(angles: Mapping[int, Sequence[float]]) -> go.Figure:
    """Principal angles between the linear networks' directions and PCA's, a line for each code size."""
    figure = go.Figure()
    for number, (size, degrees) in enumerate(angles.items()):
        figure.add_scatter(
            x=list(range(1, len(degrees) + 1)), y=list(degrees), name=f"code {size}", mode="lines+markers",
            line={"color": OUTPUT, "width": 1 + 0.6 * number, "dash": DASHES[number % len(DASHES)]},
            marker={"size": 5}, hovertemplate=f"code {size}, angle %{{x}}: %{{y:.1f}}°<extra></extra>",
        )
    figure.add_hline(
        y=90, line={"color": FAILURE, "width": 1, "dash": "dot"}, annotation_text="90°: nothing in common",
        annotation_position="bottom right",
    )
    figure.update_xaxes(title="principal angle, the smallest first", gridcolor=GRID)
    figure.update_yaxes(title="degrees", range=[-2, 95], gridcolor=GRID)
    return _titled(figure, angles_finding(angles), 400)


def angles_finding(angles: Mapping[int, Sequence[float]]) -> str:
    """How near the two spaces are."""
    if not angles:
        return "The same space, axes aside?"
    medians = [sorted(degrees)[len(degrees) // 2] for degrees in angles.values()]
    worst = max(max(degrees) for degrees in angles.values())
    return f"The same space, axes aside: half of the angles are below {max(medians):.2g}°, the largest is {worst:.0f}°"


def _errors(figure: go.Figure, dots: Sequence[Dot], what: str, fill: bool = False) -> None:
    """Training errors as grey line, test errors as the accent's; hollow marks for what still trains."""
    known = sorted((dot for dot in dots if dot.train is not None), key=lambda dot: dot.at)
    hollow = [dot for dot in dots if dot.train is None]
    for name, values, colour, symbol in (
        ("training error", [dot.train for dot in known], INPUT, "square"),
        ("test error", [dot.test for dot in known], OUTPUT, "circle"),
    ):
        figure.add_scatter(
            x=[dot.at for dot in known], y=values, name=name, mode="lines+markers",
            line={"color": colour, "width": 3 if colour == OUTPUT else 1.5}, marker={"size": 9, "symbol": symbol},
            fill="tonexty" if fill and colour == OUTPUT else None, fillcolor="rgba(221, 84, 23, 0.12)",
            hovertemplate=f"%{{x:,}} {what}: MSE %{{y:.5f}}<extra>{name}</extra>",
        )
    if hollow:
        figure.add_scatter(
            x=[dot.at for dot in hollow], y=[dot.test for dot in hollow], name="in training", mode="markers",
            marker={"size": 11, "symbol": "circle-open", "color": OUTPUT, "line": {"width": 2}},
            hovertemplate=f"%{{x:,}} {what}: MSE %{{y:.5f}} so far<extra></extra>",
        )


def _lines(figure: go.Figure, lines: Mapping[str, Mapping[int, float]], what: str) -> None:
    for number, (name, line) in enumerate(lines.items()):
        figure.add_scatter(
            x=list(line), y=list(line.values()), name=name, mode="lines+markers",
            line={"color": OUTPUT, "width": 3 if number == 0 else 2, "dash": "solid" if number == 0 else "dash"},
            marker={"size": 8, "symbol": "circle" if number == 0 else "circle-open"},
            hovertemplate=f"code %{{x}}: {what} %{{y:.3f}}<extra>{name}</extra>",
        )


def _code_axis(figure: go.Figure, sizes: Sequence[int]) -> None:
    figure.update_xaxes(
        title="code size", type="log", tickvals=list(sizes), ticktext=[str(size) for size in sizes], gridcolor=GRID,
        range=[_log10(min(sizes) / 1.4), _log10(max(sizes) * 1.4)], tickangle=0,
    )


def _error_axis(figure: go.Figure) -> None:
    figure.update_yaxes(title="MSE", type="log", gridcolor=GRID, dtick=1, tickformat="~g", zeroline=False)


def _log10(value: float) -> float:
    return math.log10(max(value, 1e-12))


def _titled(figure: go.Figure, title: str, height: int) -> go.Figure:
    # Plotly does not break lines: a title has to fit a telephone.
    lines = textwrap.wrap(title, 46)
    figure.update_layout(
        title={"text": "<br>".join(lines), "font": {"size": 15}, "x": 0, "y": 0.95, "yanchor": "top"},
        height=height, margin={"l": 8, "r": 8, "t": 44 + 20 * len(lines), "b": 8}, hovermode="closest",
        legend={"orientation": "h", "y": -0.24, "x": 0, "yanchor": "top"},
    )
    return figure
