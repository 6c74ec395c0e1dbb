"""A linear autoencoder finds the space of PCA; hidden layers go beyond."""

import streamlit as st

from ae_core.charts import capacity as figures
from ae_core.evaluation.capacity import experiments
from ae_core.evaluation.capacity.experiments import LINEAR_CODES
from ae_core.evaluation.capacity.study import Linear
from ae_core.ui.layout.charts import show_chart
from ae_core.ui.layout.tables import table
from ae_core.ui.session.visitor import current_run
from ae_core.ui.too_powerful.parts import pca_beside
from ae_core.ui.too_powerful.sweep import Point, results, sweep


def linear_is_pca() -> None:
    """Depth 0, squared error, linear output: PCA."""
    seed = current_run().spec.seed
    st.markdown(
        "Without hidden layers, with squared error and a linear output, the best that an autoencoder can do is to "
        "project on the first **principal components** (P. Baldi and K. Hornik, *Neural networks and principal "
        "component analysis*, 1989). It finds their space, not their axes: the principal angles between both "
        "spaces tell how near it came."
    )

    def draw(points: list[Point], baseline: dict[int, Linear] | None) -> None:
        linear, bent = (
            {point.spec.code_size: point.test for point in points
             if (point.spec.depth == 0) == flat and point.result and point.test is not None}
            for flat in (True, False)
        )
        left, right = st.columns(2)
        with left:
            errors = {size: found.unclipped for size, found in (baseline or {}).items()}
            if errors:
                show_chart(
                    figures.meeting_chart(linear, bent, errors), "meeting_chart", "Test errors beside those of PCA"
                )
        angles = {each.spec.code_size: each.angles for each in results(points) if each.angles}
        with right:
            if angles:
                show_chart(figures.angles_chart(angles), "angles_chart", "Principal angles to the space of PCA")
        if baseline and len(results(points)) == len(points):
            table(
                [
                    {"Code size": size, "PCA": baseline[size].unclipped, "Linear": linear[size],
                     "Linear / PCA": linear[size] / baseline[size].unclipped, "Hidden layers": bent[size],
                     "PCA / hidden": baseline[size].unclipped / bent[size]}
                    for size in LINEAR_CODES
                ],
                label="Test MSE of PCA, linear and nonlinear networks",
                formats={
                    "PCA": "{:.5f}", "Linear": "{:.5f}", "Linear / PCA": "{:.4f}", "Hidden layers": "{:.5f}",
                    "PCA / hidden": "{:.2f}",
                },
            )

    sweep(
        "meeting", experiments.meeting_pca(seed), "Train four linear networks and four others", draw,
        lambda: pca_beside(experiments.meeting_pca(seed)[: len(LINEAR_CODES)]),
    )
    st.caption(
        f"Linear: Adam, {experiments.PCA_LIKE.epochs} epochs. With hidden layers: depth {experiments.BENT.depth}, "
        f"width {experiments.BENT.width}, {experiments.BENT.epochs} epochs. Linear answers are not clipped "
        "to [0, 1] here. Directions that explain nearly equal "
        "shares of the digits are hard to tell apart: there the last angles stay wide although the error has met PCA's."
    )
