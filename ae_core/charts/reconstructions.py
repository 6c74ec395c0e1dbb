"""Charts of the page Reconstructions: the error of each class, and how errors of single images are spread."""

import math

import numpy as np
import plotly.graph_objects as go

from ae_core.charts.colours import BASELINE, BOUND, GRID, INPUT, OUTPUT, Values, faded
from ae_core.charts.style import titled
from ae_core.formatting import loss_text


def copies_claim(copies: int | None, images: int, things: str) -> str:
    """What the page claims: how many of the test images came back exact; None before it is known."""
    if copies is None:
        return "What went in, and what came back."
    if copies == images:
        return f"All {images:,} {things} came back exact."
    return f"{f'{copies:,}' if copies else 'None'} of {images:,} {things} came back exact."


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
