"""The page's big picture: the same network with ten sizes of its code."""

import streamlit as st

from ae_core.power import experiments, figures
from ae_core.power.experiments import CODES
from ae_core.power.figures import Dot
from ae_core.power.study import Linear
from ae_core.ui.denoising.company import show_chart
from ae_core.ui.power.parts import dots_of, epochs_of, name_of, pca_beside
from ae_core.ui.power.sweep import Point, sweep
from ae_core.ui.session import current_run


def code_sizes() -> None:
    """The page's big picture: ten sizes of the code."""
    run = current_run()

    def draw(points: list[Point], baseline: dict[int, Linear] | None) -> None:
        own, newest = None, run.newest
        if newest is not None and not run.spec.noise:
            own = Dot(run.spec.code_size, newest.test_mse, None, run.spec.parameters)
        errors = {size: found.test for size, found in (baseline or {}).items()}
        show_chart(
            figures.code_chart(dots_of(points, "code_size"), errors, own, CODES), "code_chart",
            "Training and test error, and PCA's, against the code size",
        )

    sweep(
        "codes", lambda: experiments.code_sweep(run.spec), "Train ten code sizes, from 1 to 512", draw,
        lambda: pca_beside(run.spec, CODES),
    )
    spec = experiments.plain(run.spec)
    narrow = f" Its narrowest hidden layer has {min(spec.hidden_sizes)} nodes: a larger code adds no room." if (
        spec.depth and min(spec.hidden_sizes) < CODES[-1]
    ) else ""
    st.caption(
        f"Your network ({name_of(spec)}), {epochs_of(spec)}, without noise. Hollow marks still train and are tested "
        f"on 200 images; filled ones on all. Bars: numbers that the network learns.{narrow}"
    )
