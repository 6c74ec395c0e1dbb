"""Deeper, or wider?"""

import streamlit as st

from ae_core.charts import capacity as figures
from ae_core.charts.capacity import Dot
from ae_core.evaluation.capacity import experiments
from ae_core.evaluation.capacity.overfitting import generalisation_gap
from ae_core.evaluation.capacity.study import Linear
from ae_core.ui.layout.charts import show_chart
from ae_core.ui.layout.tables import table
from ae_core.ui.session.visitor import current_run
from ae_core.ui.too_powerful.parts import FORMATS, dots_of, epochs_of, pca_beside, probe_column
from ae_core.ui.too_powerful.sweep import Point, results, sweep
from ae_core.words import counted


def depth_and_width() -> None:
    """Depth and width with the visitor's code size."""
    run = current_run()

    def draw(points: list[Point], baseline: dict[int, Linear] | None) -> None:
        dots: dict[int, list[Dot]] = {}
        for point in points:
            dots.setdefault(point.spec.depth, []).extend(dots_of([point] if point.result else [], "parameters"))
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
                 "Test MSE": each.study.test, "Gap": generalisation_gap(each.study.train, each.study.test),
                 "Identity score": each.study.identity, **probe_column(each.study)}
                for each in found
            ],
            label="Errors of all depths and widths", formats=FORMATS,
        )

    st.markdown(f"A code of {counted(run.spec.code_size, 'number')} between networks of ten shapes: deeper, or wider?")
    sweep(
        "shapes", experiments.shape_sweep(run.spec), "Train ten shapes", draw,
        lambda: pca_beside(run.spec, (run.spec.code_size,)),
    )
    st.caption(f"Trained without noise, {epochs_of(experiments.plain(run.spec))}.")
