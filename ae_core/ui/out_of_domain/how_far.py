"""How far from home: one test image led out of the domain, step by step."""

import numpy as np
import streamlit as st

from ae_core.charts.out_of_distribution import way_out
from ae_core.data.datasets import load
from ae_core.evaluation.out_of_distribution.scores import percentiles
from ae_core.evaluation.out_of_distribution.study import OodStudy
from ae_core.evaluation.out_of_distribution.warps import AXES, along, warped
from ae_core.ui.background.trained_network import Subject
from ae_core.ui.live.polling_fragment import show_when_measured
from ae_core.ui.out_of_domain.cards import Card, show_cards
from ae_core.ui.out_of_domain.measurements import answer, whole_study
from ae_core.ui.session.state import State, state

CHOICE = 100  # test images to choose from


def how_far(subject: Subject) -> None:
    """Sliders that lead a test image away, its error along the chosen way, and where the domain ends."""
    show_when_measured(lambda study: _show(subject, study), whole_study, subject)


def _show(subject: Subject, study: OodStudy) -> None:
    left, right = st.columns([1, 2], gap="large")
    with left:
        number = st.slider("Test image", 0, CHOICE - 1, 0, key="far_image", persist_state="session")
        amounts = {
            name: st.slider(f"{axis.label} ({axis.unit})", float(axis.low), float(axis.high), float(axis.home),
                            float(axis.step), key=State.far.key(name))
            for name, axis in AXES.items()
        }
        st.button("Back home", key="far_home", on_click=_go_home, icon=":material/home:")
    image = load(subject.spec.data).test[number]
    here = answer(subject.model, warped(image, amounts)[None])
    with right:
        chosen = st.segmented_control(
            "The error along", list(AXES), default="rotation", format_func=lambda name: AXES[name].label,
            key="far_axis", persist_state="session", required=True, wrap=True,
        )
        axis = AXES[chosen]
        way = answer(subject.model, along(image, chosen, amounts)).errors
        words = where_it_ends(axis.values(), way, study.limit, axis.home, axis.unit)
        st.markdown(f"**{words}**")
        st.plotly_chart(
            way_out(axis.values(), way, study.limit, amounts[chosen], f"{axis.label}, {axis.unit}"),
            key="way_out", alt=f"Error along {axis.label.lower()}. {words}", config={"displayModeBar": False},
        )
        percentile = float(percentiles(here.errors, study.home.errors)[0])
        show_cards(
            [Card("Your test image", here.images[0], here.codes[0], here.outputs[0],
                  float(here.errors[0]), percentile, nearest=image, nearest_caption="at home")],
            study.limit,
        )


def where_it_ends(values: list[float], errors: np.ndarray, limit: float, home: float, unit: str) -> str:
    """The first step away from home, in each direction, whose error is beyond the limit, in words."""
    outside = [value for value, error in zip(values, errors, strict=True) if error > limit]
    if not outside:
        return "It never leaves the domain this way."
    at_home = min(range(len(values)), key=lambda place: abs(values[place] - home))
    if errors[at_home] > limit:
        return "It is beyond the limit already, with this slider where it began."
    after = min((value for value in outside if value > home), default=None)
    before = max((value for value in outside if value < home), default=None)
    ends = " and ".join(f"{value:g}".replace("-", "−") for value in (before, after) if value is not None)
    return f"The domain ends at {ends} {unit}."


def _go_home() -> None:
    for name, axis in AXES.items():
        state.far[name] = float(axis.home)
