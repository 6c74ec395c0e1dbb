"""Learning by heart: errors against the number of training images, and over the epochs."""

from collections.abc import Sequence

import plotly.graph_objects as go

from ae_core.charts.capacity.axes import Dot, draw_errors, error_axis, log10
from ae_core.charts.colours import FAILURE, FAINT, GRID, INPUT, OUTPUT
from ae_core.charts.style import titled
from ae_core.evaluation.capacity.overfitting import Curve, generalisation_gap


def amount_chart(dots: Sequence[Dot]) -> go.Figure:
    """Training and test error of a big network against the number of training images; between them the gap."""
    figure = go.Figure()
    known = sorted((dot for dot in dots if dot.train is not None), key=lambda dot: dot.at)
    draw_errors(figure, dots, "training images", fill=True)
    for dot in known:
        assert dot.train is not None
        figure.add_annotation(
            x=log10(dot.at), y=0.5 * (log10(dot.test) + log10(dot.train)), showarrow=False,
            text=f"<b>× {generalisation_gap(dot.train, dot.test):,.3g}</b>", font={"color": FAILURE, "size": 14},
            bgcolor=FAINT,
            yshift=0 if generalisation_gap(dot.train, dot.test) > 1.5 else 20,  # else it would stand on the lines
        )
    amounts = sorted(dot.at for dot in dots)
    figure.update_xaxes(
        title="training images", type="log", tickvals=amounts, ticktext=[f"{amount:,.0f}" for amount in amounts],
        gridcolor=GRID, range=[1.6, 5.05],
    )
    error_axis(figure)
    return titled(figure, amount_finding(known), 400)


def amount_finding(known: Sequence[Dot]) -> str:
    """How large the gap is with the fewest and with the most images."""
    if len(known) < 2 or known[0].train is None or known[-1].train is None:
        return "How much larger is the test error than the training error?"
    few, many = generalisation_gap(known[0].train, known[0].test), generalisation_gap(known[-1].train, known[-1].test)
    return (
        f"With {known[0].at:,.0f} digits its error on unseen ones is {few:,.3g} times that on learned ones; "
        f"with {known[-1].at:,.0f} it is {many:.2f} times"
    )


def learning_chart(curve: Curve, amount: int) -> go.Figure:
    """Training error and error on held-out images over the epochs, the place of early stopping marked."""
    figure = go.Figure()
    for name, values, colour in (("training", curve.train, INPUT), ("held out", curve.held_out, OUTPUT)):
        figure.add_scatter(
            x=curve.epochs, y=values, name=name, mode="lines", line={"color": colour, "width": 2.5},
            hovertemplate=f"epoch %{{x:.3g}}: {name} MSE %{{y:.5f}}<extra></extra>",
        )
    if curve.stop is not None:
        epoch, lowest = curve.epochs[curve.stop], curve.held_out[curve.stop]
        figure.add_scatter(
            x=[epoch], y=[lowest], mode="markers", name="early stopping",
            marker={"symbol": "octagon", "size": 13, "color": FAILURE},
            hovertemplate="stop here, epoch %{x:.3g}: MSE %{y:.5f}<extra></extra>",
        )
        figure.add_vline(x=epoch, line={"color": FAILURE, "width": 1, "dash": "dot"})
    figure.update_xaxes(title="epoch", gridcolor=GRID, rangemode="tozero")
    error_axis(figure)
    return titled(figure, learning_finding(curve, amount), 380)


def learning_finding(curve: Curve, amount: int) -> str:
    """Whether the error on held-out digits rises again, and from where on."""
    if curve.stop is None or not curve.rise:
        return f"{amount:,} digits: no rise of the error on held-out digits is to be seen, nothing to stop early"
    return (
        f"{amount:,} digits: after epoch {curve.epochs[curve.stop]:.3g} it only learns by heart; "
        f"the error on held-out digits rises by {curve.rise:.0%}"
    )
