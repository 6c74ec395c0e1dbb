"""The atlas of a run: its latent map, live and afterwards."""

import functools

import streamlit as st

from ae_core.datasets import mnist
from ae_core.latent import Images, encode_images
from ae_core.layouts import layout_digits
from ae_core.power.gap import thinned
from ae_core.runs import Run
from ae_core.train import Snapshot
from ae_core.ui.latent_map import Survey, latent_map, latent_view, survey
from ae_core.ui.parts import status_line
from ae_core.ui.polling_fragment import polling_fragment
from ae_core.ui.session import current_run

MOST_FRAMES = 120  # of a recording


def surveyed_digits() -> tuple[Images, Images]:
    """The test digits on the map, (5000, 784) and their labels: the same as UMAP and t-SNE place."""
    data, chosen = mnist(), layout_digits()
    return data.test[chosen], data.test_labels[chosen]


@functools.lru_cache(maxsize=6)
def surveyed(run: Run, step: int) -> Survey | None:
    """The codes of the surveyed digits in the newest state of a run, which has reached this step."""
    model = run.model()
    return survey(encode_images(model, surveyed_digits()[0])) if model else None


def cloud_labels(run: Run) -> Images:
    """Labels of the digits whose codes every snapshot carries: spread evenly over the test digits."""
    labels = mnist().test_labels
    count = len(run.newest.cloud) if run.newest else 1
    return labels[:: len(labels) // count][:count]


def recording(run: Run) -> tuple[Snapshot, ...]:
    """The snapshots that the map replays; only the newest of a network whose recorded codes are not those of digits."""
    return thinned(run.snapshots, MOST_FRAMES) if run.spec.data == "mnist" else run.snapshots[-1:]


def survey_of(run: Run) -> Survey | None:
    """The survey of a run's newest state, None before its first snapshot."""
    return surveyed(run, run.newest.step) if run.newest else None


def atlas(run: Run) -> None:
    """Show the map of a run and follow it while it trains; the whole page starts anew when it ends."""
    status_line(run)
    polling_fragment(_map)


def _map() -> bool:
    run = current_run()
    live = run.live  # read once: it may end while it is drawn
    images, labels = surveyed_digits()
    latent_map(
        latent_view(
            run.spec,
            recording(run),
            run=f"{run.id} {run.birth} {st.session_state.get('pressed', 0)}",
            status=run.state,
            surveyed=survey_of(run),
            labels=labels,
            cloud_labels=cloud_labels(run),
            model=None if live else run.model(),
            images=None if live else images,
            message=run.message,
        ),
        key="latent_map",
    )
    return live
