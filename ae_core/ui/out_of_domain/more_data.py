"""More data: sets that are not bundled, downloaded only when a visitor asks."""

from pathlib import Path
from tempfile import gettempdir

import numpy as np
import streamlit as st

from ae_core.charts.out_of_distribution import ridges
from ae_core.data.datasets import DataError, Images
from ae_core.data.downloads import EXTRAS, fetch, megabytes_here
from ae_core.evaluation.out_of_distribution.image_sets import ImageSet
from ae_core.evaluation.out_of_distribution.study import SCORES, Measured, OodStudy, inside
from ae_core.system.once import Once
from ae_core.ui.background.measurement_queue import Measurements
from ae_core.ui.background.trained_network import Subject
from ae_core.ui.layout.progress import Work, show_progress
from ae_core.ui.layout.tables import table
from ae_core.ui.live.polling_fragment import show_when_measured, wait_for
from ae_core.ui.out_of_domain.measurements import scorer, whole_study
from ae_core.ui.session.button_requests import request, requested
from ae_core.ui.session.state import state
from ae_core.ui.session.visitor import visitor

PER_MB = 0.2  # seconds, before anything of it is here


def more_data(subject: Subject) -> None:
    """Choose a further set; it is fetched, measured and shown."""
    st.markdown(
        "Nothing here is needed: these sets are fetched from their publishers when you press the button, once for all "
        "visitors of this server. No network here has trained on any of their images."
    )
    name = st.selectbox(
        "Data set", list(EXTRAS), key="extra_name",
        format_func=lambda name: f"{EXTRAS[name].title} ({EXTRAS[name].megabytes} MB)",
    )
    settings = name, subject.spec.key
    st.button("Download and measure", key="extra_fetch", on_click=_ask, args=(settings,))
    if not requested("more data", settings):
        return
    press = f"{visitor()} {state.downloads}"  # a new try each time, also after a failure
    images = arrived(name, press)
    if images is None:
        wait_for(lambda: _arriving(name, press))
    elif isinstance(images, DataError):
        st.warning(str(images), icon=":material/cloud_off:")
    else:
        show_when_measured(_show, measured_extra, subject, name)


def _ask(settings: tuple[str, str]) -> None:
    state.downloads += 1
    request("more data", settings)


@Once
def downloads() -> Measurements:
    """Downloads have a thread of their own: a slow server must not hold up what visitors measure."""
    return Measurements()


def folder() -> Path:
    """Where downloads are kept. Raises `DataError` where nothing can be written, which only a download minds."""
    try:
        return Path(gettempdir()) / "bottleneck-data"
    except OSError as error:
        raise DataError("There is no room for a download on this machine: its disk is full or read-only.") from error


def arrived(name: str, press: str) -> Images | DataError | None:
    """The images, or why there are none, or None while they come."""
    return downloads().ask((name, press), lambda: _fetched(name))


def _fetched(name: str) -> Images | DataError:
    try:
        return fetch(folder(), name)
    except DataError as error:
        return error


def _arriving(name: str, press: str) -> bool:
    waits = arrived(name, press) is None
    here, whole = megabytes_here(folder(), name), EXTRAS[name].megabytes
    show_progress(f"more data {press}", Work(whole, max(0.0, whole - here)), f"{here:.0f} of about {whole} MB", PER_MB)
    return waits


def measured_extra(subject: Subject, name: str) -> tuple[OodStudy, Measured]:
    """A downloaded set against home."""
    study = whole_study(subject)
    images = ImageSet(name, EXTRAS[name].title, fetch(folder(), name))
    return study, scorer(subject).against(study.home.scores, images)


def _show(found: tuple[OodStudy, Measured]) -> None:
    study, extra = found
    st.subheader(f"{extra.title}: mean error {study.beside_home(extra)}", anchor=False)
    st.plotly_chart(
        ridges([study.home.title, extra.title], [study.home.errors, extra.errors], study.limit),
        key="extra_ridges", config={"displayModeBar": False},
        alt=f"Errors of {extra.title} beside {inside(study.home.title)}, median {np.median(extra.errors):.4f}",
    )
    table(
        [{"Score": SCORES[score], "AUROC": value} for score, value in extra.auroc.items()],
        label="AUROC of each score", formats={"AUROC": "{:.3f}"},
    )
