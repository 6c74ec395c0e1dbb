"""How near networks are to a mere copy, and what their codes are worth."""

from collections.abc import Mapping

import streamlit as st

from ae_core.charts import capacity as figures
from ae_core.data.registry import DATA_SETS
from ae_core.evaluation.capacity import experiments
from ae_core.evaluation.capacity.experiments import CODES
from ae_core.evaluation.capacity.identity import COPIES, TITLES
from ae_core.evaluation.capacity.study import Linear
from ae_core.formatting import listed
from ae_core.ui.layout.charts import show_chart
from ae_core.ui.layout.parts import folded
from ae_core.ui.layout.tables import table
from ae_core.ui.session.visitor import current_run
from ae_core.ui.too_powerful.parts import epochs_of, pca_beside
from ae_core.ui.too_powerful.sweep import Point, results, sweep

PROBE = (
    "The **probe** asks what the code is worth: a linear classifier that has seen 1,000 labelled codes names the class "
    "of others."
)
NO_PROBE = "{} have no classes: what a code is worth to a classifier cannot be asked here."


def identity() -> None:
    """How near to a mere copy, and what the code is worth."""
    run = current_run()
    known = DATA_SETS[run.spec.data]
    foreign = [other.topic for other in reversed(DATA_SETS.values()) if other is not known]
    probed = bool(known.classes)
    st.markdown(
        "In noise and in shuffled pixels there is nothing to learn. The **identity score** is how much of them comes "
        f"back: 0 nothing, 1 all. From {COPIES:g} on we say that a network *copies*. What comes back of "
        f"{listed(foreign)} is shown apart: a code may suit them and be no copy. "
        f"{PROBE if probed else NO_PROBE.format(known.topic.capitalize())}"
    )
    own, linear = experiments.code_sweep(run.spec), experiments.linear_sweep(run.spec)

    def draw(points: list[Point], baseline: dict[int, Linear] | None) -> None:
        found = results(points)
        by_key = {each.spec.key: each for each in found}
        lines = {
            name: {spec.code_size: by_key[spec.key] for spec in specs if spec.key in by_key}
            for name, specs in (("your network", own), ("the linear network", linear))
        }
        lines = {name: line for name, line in lines.items() if line}
        left, right = st.columns(2) if probed else (st.container(), st.container())
        with left:
            scores = {name: {size: each.study.identity for size, each in line.items()} for name, line in lines.items()}
            pca = {size: each.identity for size, each in (baseline or {}).items()}
            show_chart(
                figures.identity_chart(scores, pca, CODES), "identity_chart", "Identity score against the code size"
            )
        if probed:
            worth = {
                name: {size: each.study.probe for size, each in line.items() if each.study.probe is not None}
                for name, line in lines.items()
            }
            with right:
                show_chart(
                    figures.probe_chart(worth, CODES), "probe_chart", "Accuracy of the probe against the code size"
                )
        if len(found) == len(points):
            _kinds_table(
                lines["the linear network"][CODES[-1]].study.shares, f"Linear, {CODES[-1]} numbers",
                lines["your network"][CODES[-1]].study.shares, f"Your network, {CODES[-1]} numbers",
            )

    sweep(
        "copying", [*linear, *own], "Train them linear as well, and measure", draw,
        lambda: pca_beside(linear),
    )
    st.caption(f"Your network is trained here without noise, {epochs_of(own[0])}.")
    folded("How the score is made", _how_it_is_made, icon=":material/straighten:")


def _how_it_is_made() -> None:
    st.latex(
        r"s = \frac12 \sum_{\text{kinds}} \operatorname*{mean}_{x}\; \Bigl(1 - \min_{\gamma \ge 0} "
        r"\frac{\lVert \gamma\,(y - m) - (x - m) \rVert^2}{\lVert x - m \rVert^2}\Bigr)"
        r" = \frac12 \sum_{\text{kinds}} \operatorname*{mean}_{x}\; \cos_+^2\angle(y - m,\; x - m)"
    )
    st.markdown(
        "$x$ is the stranger, $y = g(f(x))$ the answer, $m$ the mean training image: the share of what sets the "
        "stranger apart from $m$ that comes back, when the contrast $\\gamma$ may be mended. It counts inside the "
        "window of pixels that hold ink in 1% of the training images: of the others no network ever learns "
        "anything, and outside of it the strangers are made black. The two kinds are noise and shuffled pixels."
    )


def _kinds_table(
    first: Mapping[str, float], first_name: str, second: Mapping[str, float], second_name: str
) -> None:
    """How much of each kind of stranger comes back through two networks."""
    table(
        [{"Stranger": TITLES[kind], first_name: 100 * first[kind], second_name: 100 * second[kind]} for kind in first],
        label="How much of each kind of stranger comes back",
        formats={first_name: "{:.0f}%", second_name: "{:.0f}%"},
    )
