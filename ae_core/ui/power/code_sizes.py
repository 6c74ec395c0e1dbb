"""The page's big picture: the same network with ten sizes of its code."""

from collections.abc import Sequence

import streamlit as st

from ae_core.power import experiments, figures
from ae_core.power.experiments import CODES
from ae_core.power.figures import Dot
from ae_core.power.live import live_image
from ae_core.power.study import Linear
from ae_core.ui.denoising.company import show_chart
from ae_core.ui.findings import divergence_of
from ae_core.ui.power.parts import dots_of, epochs_of, name_of, pca_beside
from ae_core.ui.power.sweep import Point, sweep
from ae_core.ui.session import current_run


def code_sizes() -> None:
    """The page's big picture: ten sizes of the code."""
    run = current_run()

    def draw(points: list[Point], baseline: dict[int, Linear] | None) -> None:
        own, newest = None, run.newest
        if newest is not None and not run.spec.noise and not divergence_of(run):
            own = Dot(run.spec.code_size, newest.test_mse, None, run.spec.parameters)
        errors = {size: found.test for size, found in (baseline or {}).items()}
        dots = dots_of(points, "code_size")
        growing = any(point.open for point in points)
        if growing:
            st.html(live_image(dots, errors, CODES))
        else:
            show_chart(
                figures.code_chart(dots, errors, own, CODES), "code_chart",
                "Training and test error, and PCA's, against the code size",
            )
        if dots:
            st.caption(marks(dots, growing))

    sweep(
        "codes", experiments.code_sweep(run.spec), "Train ten code sizes, from 1 to 512", draw,
        lambda: pca_beside(run.spec, CODES),
    )
    spec = experiments.plain(run.spec)
    narrow = f" Its narrowest hidden layer has {min(spec.hidden_sizes)} nodes: a larger code adds no room." if (
        spec.depth and min(spec.hidden_sizes) < CODES[-1]
    ) else ""
    no_star = " Yours learns with noise: it is no match for these and has no star." if run.spec.noise else ""
    st.caption(
        f"Your network ({name_of(spec)}) with ten sizes of its code, trained without noise, {epochs_of(spec)}."
        f"{no_star}{narrow}"
    )


def marks(dots: Sequence[Dot], growing: bool) -> str:
    """What the marks of the chart mean, as far as it has them.

    growing : whether the sweep still trains: the picture that grows has no bars
    """
    hollow = growing or any(dot.train is None for dot in dots)
    said = ["Hollow marks still train and are tested on 200 images; filled ones on all."] if hollow else []
    return " ".join(said if growing else [*said, "Bars: numbers that the network learns."])
