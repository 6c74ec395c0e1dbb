"""Regularisers as rows: what each does to the error on unseen images, and to the copying, over several seeds."""

from collections.abc import Mapping

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from ae_core.charts.capacity.axes import PALE
from ae_core.charts.colours import FAILURE, GRID, OUTPUT
from ae_core.charts.style import titled
from ae_core.evaluation.capacity.seeds import Effect, effect_of
from ae_core.formatting import listed, spelled

Values = Mapping[str, Mapping[int, tuple[float, float]]]  # name -> seed -> test MSE and identity score


def regulariser_chart(rows: Values, patient: str, names: int, seeds: int) -> go.Figure:
    """Every regulariser as a row, its test error and its identity score: a small dot for each seed, a large one for
    their mean, and a line from the mean of the patients.

    names, seeds : how many rows there will be, and dots in each; before all are measured nothing is concluded
    """
    figure = make_subplots(1, 2, shared_yaxes=True, horizontal_spacing=0.06)
    for column, what in enumerate(("test MSE", "identity score")):
        means = {name: sum(pair[column] for pair in pairs.values()) / len(pairs) for name, pairs in rows.items()}
        if patient in means:
            figure.add_scatter(
                x=[x for mean in means.values() for x in (means[patient], mean, None)],
                y=[y for name in means for y in (name,) * 3],
                mode="lines", line={"color": PALE, "width": 3}, hoverinfo="skip", row=1, col=column + 1,
            )
            figure.add_vline(
                x=means[patient], line={"color": FAILURE, "width": 1, "dash": "dot"}, row=1, col=column + 1
            )
        every = [(name, pair[column]) for name, pairs in rows.items() for pair in pairs.values()]
        for dots, size, name in ((every, 5, "one seed"), (list(means.items()), 12, "mean")):
            figure.add_scatter(
                x=[value for _, value in dots], y=[row for row, _ in dots], mode="markers", name=name, row=1,
                col=column + 1, marker={
                    "size": size, "color": [FAILURE if row == patient else OUTPUT for row, _ in dots],
                    "symbol": ["diamond" if row == patient else "circle" for row, _ in dots],
                },
                hovertemplate=f"%{{y}}, {name}: {what} %{{x:.4f}}<extra></extra>",
            )
        figure.update_xaxes(title=what, gridcolor=GRID, rangemode="tozero", nticks=5, exponentformat="none",
                             row=1, col=column + 1)
    figure.update_yaxes(autorange="reversed", gridcolor=GRID, automargin=True)
    figure.update_layout(showlegend=False)
    complete = len(rows) == names and all(len(pairs) == seeds for pairs in rows.values())
    return titled(figure, regulariser_finding(rows, patient) if complete else "What lowers the error on unseen digits?",
                  420)


def effects_of(rows: Values, patient: str, column: int) -> dict[str, Effect]:
    """What each regulariser does to the test MSE (column 0) or to the identity score (1), by name, where it is known
    for two seeds or more."""
    effects = {}
    for name, pairs in rows.items():
        both = [seed for seed in pairs if seed in rows.get(patient, {})]
        if name != patient and len(both) > 1:
            effects[name] = effect_of(*([row[seed][column] for seed in both] for row in (pairs, rows[patient])))
    return effects


def regulariser_finding(rows: Values, patient: str) -> str:
    """With what the test error is lower, beyond what seeds do; the table beside the chart has all the rest."""
    effects = {name: each for name, each in effects_of(rows, patient, 0).items() if each.seen and each.change < 0}
    helpful = sorted(effects, key=lambda name: effects[name].change)
    told = [f"{name[:1].lower()}{name[1:]} (−{-effects[name].change:.0%})" for name in helpful]
    lower = f"the test error is lower with {listed(told)}" if told else "nothing lowers the test error"
    return f"Over {spelled(len(rows[patient]))} seeds {lower}"
