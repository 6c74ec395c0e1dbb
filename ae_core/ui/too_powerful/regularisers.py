"""What keeps a strong network from copying and from learning by heart, each remedy on the same patient."""

import streamlit as st

from ae_core.charts import capacity as figures
from ae_core.evaluation.capacity import experiments
from ae_core.evaluation.capacity.overfitting import generalisation_gap
from ae_core.spec import Spec
from ae_core.ui.background.sweep_results import sweep_results
from ae_core.ui.layout.charts import show_chart
from ae_core.ui.layout.tables import table
from ae_core.ui.session.visitor import current_run
from ae_core.ui.too_powerful.parts import FORMATS, name_of, probe_column
from ae_core.ui.too_powerful.sweep import Point, sweep
from ae_core.words import counted


def regularisers() -> None:
    """What keeps a strong network from copying, each measured on the same patient."""
    seed = current_run().spec.seed
    patient = experiments.OVERFITTED.replace(seed=seed)
    st.markdown(
        f"The patient: {name_of(patient)}, {patient.train_images:,} digits, {patient.epochs} epochs. It has room for "
        "a copy and too few digits. Each remedy changes one thing (the learning rate follows width and noise; "
        "more data are seen once)."
    )

    treated = [patient, *(patient.replace(**dict(remedy.changes)) for remedy in experiments.REGULARISERS)]

    def stopped() -> list[Spec]:
        known = sweep_results().get(patient)
        if known is None or known.curve.stop is None:
            return []
        return [experiments.early_stopped(patient, known.curve.epochs[known.curve.stop])]

    names = ["The patient", *(remedy.name for remedy in experiments.REGULARISERS), experiments.EARLY]
    words = ["nothing is scarce", *(remedy.words for remedy in experiments.REGULARISERS)]

    def draw(points: list[Point], _: object) -> None:
        known = {name: point for name, point in zip(names, points, strict=False) if point.result}
        if not known:
            return
        places = {
            name: (point.result.study.test, point.result.study.identity)
            for name, point in known.items() if point.result
        }
        show_chart(
            figures.regulariser_chart(places, names[0], len(names)), "remedy_chart", "Identity score against test error"
        )
        told = [*words, where_stopped(points[-1].spec)]
        said = dict(zip(names, told, strict=False))
        table(
            [
                {"Remedy": name, "Test MSE": point.result.study.test,
                 "Gap": generalisation_gap(point.result.study.train, point.result.study.test),
                 "Identity score": point.result.study.identity, **probe_column(point.result.study),
                 "Parameters": point.spec.parameters, "What": said[name]}
                for name, point in known.items() if point.result
            ],
            label="The measured effect of each remedy", formats=FORMATS,
        )

    sweep("remedies", treated, "Treat the patient eight ways", draw, then=stopped)
    st.caption(
        "All measured on clean images. Gap: how many times larger the test error is than the training error. "
        "Identity score: 0 nothing of a strange image comes back, 1 a mere copy. Probe: accuracy of a linear "
        "classifier on 1,000 labelled codes."
    )


def where_stopped(spec: Spec) -> str:
    """What early stopping did."""
    epochs = counted(spec.epochs, "epoch")
    return f"a new training of {epochs}, where the patient's test error on 200 test digits was lowest"
