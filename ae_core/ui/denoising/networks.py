"""The networks that the page compares, and the noise it tests them with."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from ae_core.data.registry import DATA_SETS
from ae_core.evaluation.classical_denoisers import available
from ae_core.runs.run import Run
from ae_core.spec import RULES
from ae_core.ui.denoising.measurements import TABLE_IMAGES, Noise
from ae_core.ui.session.page_runs import control_of, other_run
from ae_core.ui.session.state import State, state
from ae_core.ui.session.visitor import current_run, train_try

SHOWN = 8  # images in a row
LEVEL = 0.4  # where the visitor has not chosen any noise
EPOCHS = 3  # of a denoiser to try


@dataclass(frozen=True)
class Networks:
    """The networks on the page.

    denoiser : the visitor's run, or None where it was trained without noise
    control : the same without noise: her own run or one beside it; None while the machine is full
    """

    denoiser: Run | None
    control: Run | None

    @property
    def runs(self) -> dict[str, Run]:
        """Both, by the names that they have on the page: a control is one only beside a denoiser."""
        named = {"control" if self.denoiser else "your network": self.control, "denoiser": self.denoiser}
        return {name: run for name, run in named.items() if run is not None}

    @property
    def live(self) -> bool:
        """Whether one of them still trains, or could not start yet."""
        return self.control is None or any(run.live for run in self.runs.values())


def networks() -> Networks:
    """The visitor's run and its control, which starts if nobody has it yet."""
    run = current_run()
    if not run.spec.noise:
        return Networks(None, run)
    return Networks(run, other_run(control_of(run.spec), "control"))


def choose_noise() -> Noise:
    """Draw what the test noise is chosen with; it begins as the noise of training."""
    spec = current_run().spec
    if state.test_noise is None:
        state.test_noise = spec.noise or LEVEL
    if state.test_kind is None:
        state.test_kind = spec.noise_kind
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.slider(
            "Test noise", 0.0, 1.0, step=0.05, format="%.3g", key=State.test_noise.key, persist_state="session",
            width=260,
            help="How strongly the images below are corrupted: your choice, whatever the network was trained with.",
        )
        st.selectbox(
            "Test noise kind", RULES["noise_kind"].choices, key=State.test_kind.key, persist_state="session", width=190
        )
        st.button(f"Other {DATA_SETS[spec.data].nouns}", icon=":material/casino:", on_click=_other_images)
        if spec.noise and test_noise() != Noise(spec.noise_kind, spec.noise, spec.data):
            st.button("As in training", icon=":material/undo:", on_click=_test_with, args=(spec.noise_kind, spec.noise))
    return test_noise()


def test_noise() -> Noise:
    """The chosen test noise; what a forged message holds beyond its bounds is brought back into them."""
    kind = state.test_kind
    spec = current_run().spec
    level = LEVEL if state.test_noise is None else min(1.0, max(0.0, float(state.test_noise)))
    if level != spec.noise:  # which may have any number of decimals
        level = round(level, 3)
    return Noise(kind if kind in RULES["noise_kind"].choices else RULES["noise_kind"].choices[0], level, spec.data)


def first_image() -> int:
    """The number of the first test image in the rows."""
    return state.first_digit % (test_noise().tested(TABLE_IMAGES) - SHOWN)


def methods() -> tuple[str, ...]:
    """The classical denoisers that are installed."""
    return available()


def try_noise(label: str, kind: str, level: float, test: float | None = None, **others: Any) -> None:
    """A button that trains a denoiser, perhaps with other settings, and tests it with its noise or another level."""
    changes = {"noise": level, "noise_kind": kind, "epochs": EPOCHS} | others
    st.button(
        label, key="try " + label, icon=":material/experiment:", on_click=_train_and_test,
        args=(("data",), changes, level if test is None else test),
    )


def try_it_with_noise(label: str, kind: str, level: float) -> None:
    """A button that trains the network on the page again, with noise, and tests it with the same noise."""
    changes = {"noise": level, "noise_kind": kind, "epochs": max(EPOCHS, current_run().spec.epochs)}
    st.button(
        label, key="try " + label, icon=":material/experiment:", type="primary", on_click=_train_and_test,
        args=(tuple(RULES), changes, level),
    )


def _train_and_test(keep: tuple[str, ...], changes: dict[str, Any], test: float) -> None:
    if train_try(keep, changes):
        _test_with(changes["noise_kind"], test)


def _test_with(kind: str, level: float) -> None:
    state.test_noise, state.test_kind = level, kind


def _other_images() -> None:
    state.first_digit = first_image() + SHOWN


