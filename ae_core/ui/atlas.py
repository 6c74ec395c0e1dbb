"""The atlas of a run: its latent map, live and afterwards."""

import functools
from collections.abc import Mapping
from typing import Any

from ae_core.datasets import mnist
from ae_core.latent import Images, encode_images
from ae_core.layouts import layout_digits
from ae_core.power.gap import thinned
from ae_core.runs import Run
from ae_core.train import Snapshot
from ae_core.ui.channel import View
from ae_core.ui.latent_map import Survey, latent_map, latent_view, survey
from ae_core.ui.live_component import live_component
from ae_core.ui.parts import status_line
from ae_core.ui.session import recording_of

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
    live_component(latent_map, MAP, scene_of, key="latent_map")


def scene_of(run: Run) -> dict[str, Any]:
    """What the map shows before it has any codes."""
    spec = run.spec
    return {
        "run": recording_of(run), "status": run.state, "message": run.message,
        "code_size": spec.code_size, "loss_name": spec.loss.upper(), "epochs": spec.epochs,
    }


def _fields(run: Run, asked: Mapping[str, str]) -> dict[str, Any]:
    live = run.live  # read once: it may end meanwhile
    images, labels = surveyed_digits()
    surveyed = survey_of(run)
    view = latent_view(
        run.spec,
        recording(run),
        status=run.state,
        surveyed=surveyed and surveyed.with_units(_numbers(asked.get("units", ""))),
        labels=labels,
        cloud_labels=cloud_labels(run),
        model=None if live else run.model(),
        images=None if live else images,
        message=run.message,
    )
    return {**view, "more": live}


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")[:2] if part.isdecimal() and len(part) < 5]


MAP = View(mark=lambda run: f"{run.state} {run.step}", fields=_fields)
