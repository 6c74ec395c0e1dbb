"""The page's big picture: the same network with ten sizes of its code."""

from collections.abc import Sequence

import streamlit as st

from ae_core.charts import capacity as figures
from ae_core.charts.capacity import Dot
from ae_core.charts.growing_sweep import growing_sweep_image
from ae_core.evaluation.capacity import experiments
from ae_core.evaluation.capacity.experiments import CODES
from ae_core.evaluation.capacity.study import Linear
from ae_core.ui.layout.charts import show_chart
from ae_core.ui.layout.findings import divergence_of
from ae_core.ui.session.visitor import current_run
from ae_core.ui.too_powerful.parts import dots_of, epochs_of, name_of, pca_beside
from ae_core.ui.too_powerful.sweep import Point, sweep


def code_sizes() -> None:
    """The page's big picture: ten sizes of the code."""
    run = current_run()
    specs = experiments.code_sweep(run.spec)

    def draw(points: list[Point], baseline: dict[int, Linear] | None) -> None:
        own, newest = None, run.newest
        if newest is not None and not run.spec.noise and not divergence_of(run):
            own = Dot(run.spec.code_size, newest.test["mse"], None, run.spec.parameters)
        pca = baseline or {}
        errors = {spec.code_size: pca[spec.narrowest].test for spec in specs if spec.narrowest in pca}
        dots = dots_of(points, "code_size", pca)
        growing = any(point.open for point in points)
        if growing:
            st.html(growing_sweep_image(dots, errors, CODES))
        else:
            show_chart(
                figures.code_chart(dots, errors, own, CODES), "code_chart",
                "Training and test error, and PCA's, against the code size",
            )
        if dots:
            st.caption(code_size_marks(dots, growing))

    sweep(
        "codes", specs, "Train ten code sizes, from 1 to 512", draw, lambda: pca_beside(specs),
    )
    spec = experiments.plain(run.spec)
    narrow = (
        f" Its narrowest hidden layer has {min(spec.hidden_sizes)} nodes: a larger code adds no room, and PCA gets no "
        "more numbers either."
    ) if spec.depth and min(spec.hidden_sizes) < CODES[-1] else ""
    no_star = " Yours learns with noise: it is no match for these and has no star." if run.spec.noise else ""
    st.caption(
        f"Your network ({name_of(spec)}) with ten sizes of its code, trained without noise, {epochs_of(spec)}."
        f"{no_star}{narrow}"
    )


def code_size_marks(dots: Sequence[Dot], growing: bool) -> str:
    """What the marks of the chart mean, as far as it has them.

    growing : whether the sweep still trains: the picture that grows has no bars
    """
    hollow = growing or any(dot.train is None for dot in dots)
    said = ["Hollow marks still train and are tested on 200 images; filled ones on all."] if hollow else []
    return " ".join(said if growing else [*said, "Bars: numbers that the network learns."])
