"""Deeper, or wider?"""

from collections.abc import Mapping

import streamlit as st

from ae_core.charts import capacity as figures
from ae_core.charts.capacity import Dot
from ae_core.evaluation.capacity import experiments
from ae_core.evaluation.capacity.overfitting import generalisation_gap
from ae_core.evaluation.capacity.study import Linear
from ae_core.formatting import counted
from ae_core.spec import Spec
from ae_core.ui.layout.charts import show_chart
from ae_core.ui.layout.tables import table
from ae_core.ui.session.visitor import current_run
from ae_core.ui.too_powerful.parts import FORMATS, dots_of, epochs_of, pca_beside, probe_column
from ae_core.ui.too_powerful.sweep import Point, results, sweep


def depth_and_width() -> None:
    """Depth and width with the visitor's code size."""
    run = current_run()
    specs = experiments.shape_sweep(run.spec)

    def draw(points: list[Point], baseline: dict[int, Linear] | None) -> None:
        dots: dict[int, list[Dot]] = {}
        for point in points:
            known_dots = dots_of([point] if point.result else [], "parameters", baseline or {})
            dots.setdefault(point.spec.depth, []).extend(known_dots)
        known = {depth: row for depth, row in dots.items() if row}
        if baseline is not None and known:
            theirs = baseline.get(run.spec.code_size)
            show_chart(
                figures.shape_chart(known, theirs.test if theirs else None, run.spec.code_size, len(points)),
                "shape_chart", "Test error against parameters, one line for each depth",
            )
            st.caption("Circles: width 32, squares 128, diamonds 512; grey dashes: training error.")
        found = results(points)
        table(
            [
                {"Depth": each.spec.depth, "Width": each.spec.width if each.spec.depth else None,
                 "Parameters": each.spec.parameters, "Training MSE": each.study.train,
                 "Test MSE": each.study.test, "PCA": pca_error(baseline, each.spec),
                 "Gap": generalisation_gap(each.study.train, each.study.test),
                 "Identity score": each.study.identity, **probe_column(each.study)}
                for each in found
            ],
            label="Errors of all depths and widths", formats=FORMATS,
        )

    st.markdown(f"A code of {counted(run.spec.code_size, 'number')} between networks of ten shapes: deeper, or wider?")
    sweep(
        "shapes", specs, "Train ten shapes", draw, lambda: pca_beside(specs),
    )
    st.caption(
        f"Trained without noise, {epochs_of(experiments.plain(run.spec))}. PCA: with as many numbers as the narrowest "
        "layer has, which may be a hidden one."
    )


def pca_error(baseline: Mapping[int, Linear] | None, spec: Spec) -> float | None:
    """The test error of PCA through the bottleneck of a network, where it is known."""
    found = (baseline or {}).get(spec.narrowest)
    return found.test if found else None
