"""What keeps a strong network from learning by heart, each remedy on the same patients."""

from collections.abc import Mapping
from statistics import fmean
from typing import Any

import streamlit as st

from ae_core.charts import capacity as figures
from ae_core.evaluation.capacity import experiments
from ae_core.evaluation.capacity.overfitting import Curve, generalisation_gap
from ae_core.formatting import spelled
from ae_core.spec import Spec
from ae_core.ui.background.sweep_results import HELD_OUT
from ae_core.ui.layout.charts import show_chart
from ae_core.ui.layout.tables import table
from ae_core.ui.session.visitor import current_run
from ae_core.ui.too_powerful.parts import FORMATS, curve_beside, name_of
from ae_core.ui.too_powerful.sweep import Point, sweep

PATIENT = "The patient"
TREATMENTS: dict[str, Mapping[str, Any]] = {
    PATIENT: {}, **{remedy.name: remedy.changes for remedy in experiments.REGULARISERS},
}
WORDS = {
    PATIENT: "nothing is scarce", **{remedy.name: remedy.words for remedy in experiments.REGULARISERS},
    experiments.EARLY: f"a new training, as long as the error on {HELD_OUT:,} held-out training digits fell",
}


def regularisers() -> None:
    """What keeps a strong network from learning by heart, measured on the same patients."""
    patients = experiments.patients(current_run().spec.seed)
    patient = patients[0]
    st.markdown(
        f"The patient: {name_of(patient)}, {patient.train_images:,} digits, {patient.epochs} epochs. It has much room "
        "and too few digits. Each remedy changes one thing (the learning rate follows width and noise; more data are "
        f"seen once). All is done with {spelled(len(patients))} seeds: what differs less than they do is no difference."
    )
    named = [(name, each.replace(**changes)) for each in patients for name, changes in TREATMENTS.items()]

    def curves() -> list[Curve] | None:
        known = [curve for curve in map(curve_beside, patients) if curve is not None]
        return known if len(known) == len(patients) else None

    def stopped() -> list[Spec]:
        pairs = ((each, curve_beside(each)) for each in patients)
        return [
            experiments.early_stopped(each, curve.epochs[curve.stop])
            for each, curve in pairs if curve is not None and curve.stop is not None
        ]

    def draw(points: list[Point], _: object) -> None:
        names = [*(name for name, _ in named), *[experiments.EARLY] * (len(points) - len(named))]
        _show({
            name: [point for each, point in zip(names, points, strict=True) if each == name]
            for name in (*TREATMENTS, experiments.EARLY)
        })

    specs = [spec for _, spec in named]
    sweep("remedies", specs, f"Treat {spelled(len(patients))} patients eight ways", draw, curves, then=stopped)
    st.caption(
        "Means over the seeds, on clean images. ±: two standard errors. Gap: test error divided by training error. "
        "Identity score: how much comes back of noise and shuffled pixels. Probe: accuracy of "
        "a linear classifier on 1,000 labelled codes."
    )


def _show(points: dict[str, list[Point]]) -> None:
    """The chart and the table of what is known, by remedy and seed by seed."""
    measured = {
        name: {point.spec.seed: point.result.study for point in row if point.result} for name, row in points.items()
    }
    measured = {name: studies for name, studies in measured.items() if studies}
    if not measured:
        return
    rows = {
        name: {seed: (study.test, study.identity) for seed, study in studies.items()}
        for name, studies in measured.items()
    }
    show_chart(
        figures.regulariser_chart(rows, PATIENT, len(points), experiments.SEEDS), "remedy_chart",
        "Test error and identity score of each remedy",
    )
    effects = figures.effects_of(rows, PATIENT, 0)
    table(
        [
            {"Remedy": name, "Test MSE": fmean(study.test for study in studies.values()),
             "Change": effects[name].words if name in effects else None,
             "Gap": fmean(generalisation_gap(study.train, study.test) for study in studies.values()),
             "Identity score": fmean(study.identity for study in studies.values()),
             "Probe": 100 * fmean(study.probe or 0 for study in studies.values()),
             "Parameters": points[name][0].spec.parameters, "What": WORDS[name]}
            for name, studies in measured.items()
        ],
        label="The measured effect of each remedy", formats=FORMATS,
    )
