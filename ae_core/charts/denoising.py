"""Charts of the Denoising page: numbers in, a Plotly figure out; each title says what was found."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from ae_core.charts.colours import BASELINE, BEST, FAILURE, GRID, INK, INPUT, OUTPUT, WORSE
from ae_core.charts.images import png_of
from ae_core.charts.style import titled
from ae_core.evaluation.differences import clearly_less
from ae_core.formatting import counted, listed

Values = NDArray[np.floating[Any]]
Curve = Mapping[float, Values]  # level of noise -> the errors (n,) of the same images

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "5px 2px 1px 2px")
SYMBOLS = ("square", "diamond", "triangle-up", "x", "star", "triangle-down", "cross", "hexagon")
NEGATIVE, POSITIVE, GROUND = (122, 45, 140), (20, 113, 58), (230, 230, 235)  # weights, as the machine draws codes
WINDOW = 7  # pixels: a stroke and its sides
NEAR = 1 / 3  # of the mean image's error: an answer with less is near the image
DENOISER, NOISY = "denoiser", "noisy input"
UNTRAINED = "control", "your network"  # what a network without noise is called, beside a denoiser and alone


def noise_curves(curves: Mapping[str, Curve], level: float | None, kind: str, title: str) -> go.Figure:
    """MSE against the level of the test noise.

    curves : by the name of the method; networks and the noisy input have colours of their own
    level : the noise that the denoiser was trained with, None where there is no denoiser
    """
    figure = go.Figure()
    looks = zip(itertools.cycle(DASHES), itertools.cycle(SYMBOLS))  # of seven and of eight: 56 differ
    for name, curve in curves.items():
        levels, symbol, size = sorted(curve), "circle", 5
        if name == DENOISER:
            line = {"color": OUTPUT, "width": 4}
        elif name in UNTRAINED:
            line = {"color": OUTPUT, "width": 2, "dash": "dot"}
        elif name == NOISY:
            line = {"color": INPUT, "width": 2}
        else:
            dash, symbol = next(looks)
            line, size = {"color": BASELINE, "width": 1.6, "dash": dash}, 8
        figure.add_scatter(
            x=levels, y=[float(curve[at].mean()) for at in levels], name=name, mode="lines+markers", line=line,
            marker={"size": size, "symbol": symbol},
            hovertemplate=f"level %{{x:.2f}}: MSE %{{y:.4f}}<extra>{name}</extra>",
        )
    if level is not None:
        figure.add_vline(x=level, line={"color": OUTPUT, "width": 1, "dash": "dash"}, annotation_text="trained here")
    figure.update_xaxes(title=f"level of the test noise ({kind})", range=[-0.03, 1.03], gridcolor=GRID)
    figure.update_yaxes(title="MSE to the clean image", rangemode="tozero", gridcolor=GRID)
    return titled(figure, title, 470)


def curves_finding(curves: Mapping[str, Curve], trained: float | None, complete: bool = True) -> str:
    """Where the denoiser errs clearly less than all others, where none errs clearly less, and who beats it at home.

    trained : the level that the denoiser was trained with, None where there is none or it was another kind of noise
    complete : whether all points are there; before that nothing is concluded
    """
    if not complete:
        return "Measuring, level by level"
    ours = curves.get(DENOISER)
    if ours is None:
        return _without_denoiser(curves)
    others = {name: curve for name, curve in curves.items() if name != DENOISER}
    known = [level for level in sorted(ours) if all(level in curve for curve in others.values())]
    won = [level for level in known if all(clearly_less(ours[level], each[level]) for each in others.values())]
    even = [
        level for level in known
        if level not in won and not any(clearly_less(each[level], ours[level]) for each in others.values())
    ]
    first = f"The denoiser is clearly the best at level {_said(won, known)}" if won else (
        "The denoiser is nowhere clearly the best"
    )
    equal = f"; nothing is clearly better at {_said(even, known)}" if even else ""
    home = min(known, key=lambda level: abs(level - trained)) if known and trained is not None else None
    if home is None or home in won or not others:
        return first + equal
    rival = min(others, key=lambda name: float(others[name][home].mean()))
    numbers = f"{rival} {others[rival][home].mean():.4f}, denoiser {ours[home].mean():.4f}"
    return f"{first}{equal}. At {home:g}: {numbers}"


def _without_denoiser(curves: Mapping[str, Curve]) -> str:
    """What noise does to the error of a network that never saw any."""
    curve = next((curves[name] for name in UNTRAINED if name in curves), {})
    if not curve:
        return "How much noise each method takes away"
    low, high = min(curve), max(curve)
    grows = "grows" if clearly_less(curve[low], curve[high]) else "does not grow"
    return (
        f"Trained without noise, the network's error {grows} with the noise: {curve[low].mean():.4f} at level {low:g}, "
        f"{curve[high].mean():.4f} at {high:g}"
    )


def _said(chosen: Sequence[float], known: Sequence[float]) -> str:
    return listed([f"{a:g} to {b:g}" if a < b else f"{a:g}" for a, b in _spans(chosen, known)])


def _spans(chosen: Sequence[float], known: Sequence[float]) -> list[tuple[float, float]]:
    """Runs of neighbours among the known levels that are all chosen, as first and last."""
    spans: list[tuple[float, float]] = []
    before = None
    for place, level in enumerate(known):
        if level in chosen:
            if spans and before == place - 1:
                spans[-1] = spans[-1][0], level
            else:
                spans.append((level, level))
            before = place
    return spans


def kind_map(errors: Values, kinds: Sequence[str], level: float, title: str) -> go.Figure:
    """MSE of networks trained on one kind of noise (rows) and tested on another (columns): (kinds, kinds).

    NaN where a network is not measured.
    """
    relative = errors / np.fmin.reduce(errors, axis=0)  # NaN where nothing of a column is known
    text = [["" if np.isnan(value) else f"{value:.4f}" for value in row] for row in errors]
    figure = go.Figure(
        go.Heatmap(
            z=np.log2(relative), x=list(kinds), y=list(kinds), customdata=relative,
            text=text, texttemplate="%{text}",
            colorscale=[[0, BEST], [0.5, WORSE], [1, FAILURE]], showscale=False, xgap=3, ygap=3,
            textfont={"color": INK, "size": 14},
            hovertemplate="trained on %{y}, tested on %{x}:<br>MSE %{text}, %{customdata:.2f} times the best of the "
            "column<extra></extra>",
        )
    )
    figure.update_xaxes(title=f"tested on, level {level:g}", side="bottom")
    figure.update_yaxes(title="trained on", autorange="reversed")
    return titled(figure, title, 400)


def kinds_finding(errors: Values, kinds: Sequence[str]) -> str:
    """Which networks are clearly the best at their own noise, and the worst exchange.

    errors : (kinds, kinds, n), of the same n images; with NaN among them nothing is concluded yet
    """
    if np.isnan(errors).any():
        return "Network by network"
    means = errors.mean(axis=2)
    relative = means / means.min(axis=0)
    every = range(len(kinds))
    own = [
        kinds[place] for place in every
        if all(clearly_less(errors[place, place], errors[other, place]) for other in every if other != place)
    ]
    trained, tested = divmod(int(relative.argmax()), len(kinds))
    first = "Each is the best at its own noise" if len(own) == len(kinds) else (
        f"Best at its own noise: {', '.join(own)}" if own else "None is clearly the best at its own noise"
    )
    return (
        f"{first}; trained on {kinds[trained]}, {kinds[tested]} noise costs "
        f"{relative[trained, tested]:.1f} times the best"
    )


def rounds_chart(errors: Values, changes: Values, shown: int, title: str) -> go.Figure:
    """Error and change after each round of feeding the output back."""
    rounds = np.arange(len(errors))
    figure = go.Figure()
    figure.add_scatter(
        x=rounds, y=errors, name="error to the clean image", mode="lines+markers", line={"color": OUTPUT, "width": 3},
        hovertemplate="round %{x}: MSE %{y:.4f}<extra>error</extra>",
    )
    figure.add_scatter(
        x=rounds[1:], y=changes[1:], name="change in this round", mode="lines+markers",
        line={"color": INPUT, "width": 2, "dash": "dot"}, hovertemplate="round %{x}: MSE %{y:.5f}<extra>change</extra>",
    )
    figure.add_vline(x=shown, line={"color": OUTPUT, "width": 1, "dash": "dash"})
    figure.update_xaxes(title="times fed back", gridcolor=GRID)
    figure.update_yaxes(title="MSE", type="log", gridcolor=GRID, dtick=1)
    return titled(figure, title, 360)


def rounds_finding(errors: Values, changes: Values, mean: float) -> str:
    """Whether feeding the output back settles, and whether on the clean image: well below the MSE of the mean image.

    At rest the last round changes little and the last three errors differ by at most 1 %: small steps that all lead
    the same way are no rest.
    """
    last, best = len(errors) - 1, int(errors.argmin())
    rests = changes[last] < 0.02 * changes[1] and np.ptp(errors[-3:]) <= 0.01 * errors[last]
    comes_to_rest = "it comes to rest" if rests else "it keeps moving"
    worse = "worse than " if errors[last] > mean else ""
    if errors[last] <= 1.1 * errors[best]:
        found = f"Fed back {last} times {comes_to_rest}"
        if errors[last] < NEAR * mean:
            return f"{found} near the clean image: MSE {errors[last]:.4f}"
        where = "on a blot, not on the clean image" if rests else "far from the clean image"
        return f"{found} {where}: MSE {errors[last]:.4f}, {worse}the mean image {mean:.4f}"
    rounds = counted(best, "round")
    end = f"then {comes_to_rest}{', but not on' if rests else ', away from'} the clean image: {errors[last]:.4f}"
    beyond = f", {worse}the mean image {mean:.4f}" if worse else ""
    return f"Best after {rounds} (MSE {errors[best]:.4f}); {end}{beyond}"


def localisation(weights: Values, inked: NDArray[np.bool_]) -> Values:
    """How localised filters are: the share (n,) of each one's squared weights inside its densest 7 x 7 pixels.

    Only pixels that ever hold ink count: in others the weights of a network without noise stay at their random
    start, since their inputs are always 0.

    weights : (n, 784); inked : (784,)
    """
    energy = (weights.astype(np.float64) ** 2 * inked).reshape(-1, 28, 28)
    sums = np.pad(energy.cumsum(axis=1).cumsum(axis=2), ((0, 0), (1, 0), (1, 0)))
    inside = sums[:, WINDOW:, WINDOW:] - sums[:, :-WINDOW, WINDOW:] - sums[:, WINDOW:, :-WINDOW]
    inside += sums[:, :-WINDOW, :-WINDOW]
    share: Values = inside.max(axis=(1, 2)) / np.maximum(energy.sum(axis=(1, 2)), 1e-300)
    return share


def strongest(weights: Values, count: int) -> NDArray[np.intp]:
    """The numbers of the filters with the largest norm, the largest first."""
    return np.argsort(-np.linalg.norm(weights, axis=1), kind="stable")[:count]


def filter_tile(weights: Values, columns: int = 8, scale: int = 3) -> bytes:
    """Filters (n, 784) side by side as a PNG: purple below 0, green above, each scaled by its own largest weight."""
    rows = -(-len(weights) // columns)
    tile = np.full((rows * 29 + 1, columns * 29 + 1, 3), 127, np.uint8)
    for place, weight in enumerate(weights):
        share = (weight / max(float(np.abs(weight).max()), 1e-12)).reshape(28, 28, 1)
        ends = np.where(share > 0, np.array(POSITIVE), np.array(NEGATIVE))
        colour = np.array(GROUND) + (ends - np.array(GROUND)) * np.abs(share)
        top, left = place // columns * 29 + 1, place % columns * 29 + 1
        tile[top : top + 28, left : left + 28] = np.rint(colour)
    return png_of(tile.repeat(scale, 0).repeat(scale, 1))
