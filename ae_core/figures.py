"""Pictures of what was measured: arrays in; a Plotly figure, PNG bytes or a colour out.

A colour means the same everywhere, and each stands out from a light and from a dark ground. Text has
no colour of its own: it takes the page's.
"""

import io
import math
import textwrap
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from PIL import Image

from ae_core.words import loss_text, with_exponent

Values = NDArray[np.floating[Any]]

INPUT = "#7f8593"  # what goes in: neutral
OUTPUT = "#5f6ddc"  # what the model made: the accent
FAILURE = "#dd5417"  # vermilion
BASELINE = "#ab7420"  # PCA and the like: amber
BOUND = "#7f8593"  # the best that there is

MISSING, EXTRA = "#2f86de", FAILURE  # error: ink that was lost, ink that was added
NEGATIVE, POSITIVE = "#a45bbd", "#2f9e5b"  # values of a code
SMALL_SHOWN = 0.6  # exponent below 1: small values stay visible

GRID = "rgba(127, 133, 147, 0.25)"

DIGITS = 10
MOST_TICKS = 7  # with more they run together on a phone


def digit_png(pixels: Values) -> bytes:
    """784 pixels, 0 the black ground and 1 the ink, as a PNG of 28 x 28; what is outside of [0, 1] is clipped."""
    grey = np.nan_to_num(np.clip(pixels, 0, 1)) * 255
    return png_of(np.rint(grey).astype(np.uint8).reshape(28, 28))


def error_png(error: Values) -> bytes:
    """784 signed errors (output - target) as a PNG of 28 x 28: extra ink vermilion, missing ink blue, none clear."""
    error = np.nan_to_num(np.clip(error, -1, 1)).reshape(28, 28)
    picture = np.empty((28, 28, 4), np.uint8)
    picture[..., :3] = np.where(error[..., None] > 0, rgb(EXTRA), rgb(MISSING))
    picture[..., 3] = np.rint(np.abs(error) ** SMALL_SHOWN * 255)
    return png_of(picture)


def code_colours(code: Values) -> list[str]:
    """A CSS colour for each value of a code (n,): green above 0, purple below, the largest strongest, 0 clear."""
    code = np.nan_to_num(code)
    strength = 0.85 * (np.abs(code) / (np.abs(code).max(initial=0) or 1)) ** SMALL_SHOWN
    hues = [rgb(POSITIVE if value > 0 else NEGATIVE) for value in code]
    return [f"rgba({red},{green},{blue},{share:.2f})" for (red, green, blue), share in zip(hues, strength, strict=True)]


def class_errors(
    ours: Values, pca: Values, bound: Values | None, loss: str, pca_label: str, title: str
) -> go.Figure:
    """The mean error of each digit 0 to 9 as bars, that of PCA and of a perfect copy as marks.

    ours, pca, bound : (10,); bound is None where a perfect copy has no error
    loss : the name of the loss, for the axis
    """
    digits = [str(digit) for digit in range(10)]
    figure = go.Figure(
        go.Bar(
            x=digits, y=ours, name="autoencoder", marker_color=OUTPUT, opacity=0.7,
            hovertemplate=f"%{{x}}: {loss} %{{y:.4f}}<extra>autoencoder</extra>",
        )
    )
    marks = [(pca_label, pca, BASELINE, "line-ew-open", 11)]
    if bound is not None:
        marks.append(("perfect copy", bound, BOUND, "line-ew-open", 8))
    for name, values, colour, symbol, size in marks:
        figure.add_scatter(
            x=digits, y=values, name=name, mode="markers",
            marker={"symbol": symbol, "size": size, "color": colour, "line": {"width": 3, "color": colour}},
            hovertemplate=f"%{{x}}: {loss} %{{y:.4f}}<extra>{name}</extra>",
        )
    figure.update_xaxes(title="digit", type="category")
    figure.update_yaxes(title=f"{loss}, mean per pixel", rangemode="tozero", gridcolor=GRID, exponentformat="none")
    return titled(figure, title)


def class_finding(ours: Values, pca: Values) -> str:
    """What the errors of the ten classes say."""
    easy, hard = int(ours.argmin()), int(ours.argmax())
    times = ours[hard] / ours[easy] if ours[easy] else 1
    first = f"The {hard} costs {times:,.1f} times as much as the {easy}"
    lost = [str(digit) for digit in np.flatnonzero(pca < ours)]
    if not lost:
        return f"{first}; PCA is worse on every digit"
    if len(lost) == 10:
        return f"{first}; PCA is better on every digit"
    return f"{first}; PCA is better on {', '.join(lost)}"


def error_histogram(test: Values, train: Values, loss: str, title: str) -> go.Figure:
    """How the errors of single images (n,) are spread: test images against training images, as shares.

    The axis ends where 99.9 % of the errors do; the last bin holds what is beyond.
    """
    both = np.concatenate([test, train])
    edges = np.linspace(both.min(), max(np.quantile(both, 0.999), both.min() + 1e-9), 61)
    figure = go.Figure()
    for name, errors, colour in (("training images", train, INPUT), ("test images", test, OUTPUT)):
        shares = np.histogram(np.minimum(errors, edges[-1]), edges)[0] / len(errors)
        figure.add_scatter(
            x=np.repeat(edges, 2), y=np.concatenate([[0], np.repeat(shares, 2), [0]]), name=name, mode="lines",
            line={"color": colour, "width": 2}, fill="tozeroy", fillcolor=faded(colour),
            hovertemplate=f"{loss} %{{x:.4f}}: %{{y:.1%}}<extra>{name}</extra>",
        )
    figure.update_xaxes(title=f"{loss} of one image, mean per pixel", gridcolor=GRID, exponentformat="none")
    figure.update_yaxes(title="share of the images", tickformat=".0%", rangemode="tozero", gridcolor=GRID)
    return titled(figure, title)


def histogram_finding(test: Values, train: Values) -> str:
    """What test against training says: a difference counts only beyond 1 % and twice its standard error."""
    gap = float(test.mean() - train.mean())
    chance = 2 * math.sqrt(test.var() / len(test) + train.var() / len(train))
    numbers = f"{loss_text(float(test.mean()))} against {loss_text(float(train.mean()))}"
    if abs(gap) <= min(max(chance, 0.01 * float(train.mean())), float(train.mean())):  # not where a few run away
        return f"Unseen images come out as well as training images: {numbers}"
    share = gap / float(train.mean())
    if share < 0:
        return f"Unseen images come out {-share:.0%} better than training images: {numbers}"
    times = f"{share:.0%} worse than" if share < 1 else f"{share + 1:,.1f} times as bad as"
    return f"Unseen images come out {times} training images: {numbers}"


def class_heat_map(
    means: Values, spread: Values, names: list[str], dead: list[bool]
) -> go.Figure:
    """How each unit answers to each digit: the unit's mean over the digit, counted from its mean over all.

    means : (10, units), the mean code of each digit, in standard deviations of the unit
    spread : (units,), the standard deviations, for the hover text
    names : of the units; dead : which of them say nothing (they are left empty)
    """
    values = np.where(np.asarray(dead), np.nan, means)
    labels = [f"{name} (dead)" if gone else name for name, gone in zip(names, dead, strict=True)]
    figure = go.Figure(
        go.Heatmap(
            z=values,
            x=labels,
            y=[str(digit) for digit in range(DIGITS)],
            customdata=np.broadcast_to(spread, values.shape),
            zmid=0,
            zmin=-2,
            zmax=2,
            colorscale=[[0, NEGATIVE], [0.5, "rgba(127, 133, 147, 0.1)"], [1, POSITIVE]],
            hovertemplate="digit %{y}, %{x}: %{z:+.2f} standard deviations (one is %{customdata:.2f})<extra></extra>",
            colorbar={"title": {"text": "standard<br>deviations"}, "thickness": 12},
            xgap=1,
            ygap=1,
        )
    )
    figure.update_xaxes(title="unit of the code", type="category", showgrid=False)
    figure.update_yaxes(title="digit", type="category", autorange="reversed", showgrid=False)
    return figure


def code_scatter(
    positions: Values, labels: NDArray[np.uint8], names: tuple[str, str], title: str
) -> go.Figure:
    """Codes on a plane (n, 2), one colour for each digit (n,); digits can be switched on and off in the legend."""
    figure = go.Figure([
        go.Scattergl(
            x=positions[labels == digit, 0],
            y=positions[labels == digit, 1],
            mode="markers",
            marker={"size": 4, "opacity": 0.8},
            name=str(digit),
            hovertemplate=f"digit {digit}<br>{names[0]} %{{x:.2f}}<br>{names[1]} %{{y:.2f}}<extra></extra>",
        )
        for digit in range(DIGITS)
    ])
    legend = {"title": {"text": "digit"}, "itemsizing": "constant"}
    figure.update_layout(title=title, xaxis_title=names[0], yaxis_title=names[1], legend=legend)
    return figure


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


def signed(value: float) -> str:
    """A value of a code in about three digits, with a true minus sign: "+0.50", "−12.3", "+2.2e+5"."""
    size = abs(value)
    digits = 2 if size < 10 else 1 if size < 100 else 0
    return ("−" if value < 0 else "+") + (with_exponent(size, 1) if size >= 1e5 else f"{size:.{digits}f}")


def png_of(pixels: NDArray[np.uint8]) -> bytes:
    """Grey values (height, width), or colours (height, width, 3 or 4), as a PNG."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue, 0 to 255, of a colour "#rrggbb"."""
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue


def faded(colour: str, opacity: float = 0.18) -> str:
    """A colour "#rrggbb" that lets the ground through, as Plotly and CSS take it."""
    return f"rgba{(*rgb(colour), opacity)}"
