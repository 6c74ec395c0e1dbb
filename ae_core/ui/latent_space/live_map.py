"""The latent map of a run, live and afterwards."""

import functools
from collections.abc import Mapping
from typing import Any

from ae_core.data.datasets import mnist
from ae_core.evaluation.capacity.overfitting import thinned
from ae_core.evaluation.latent_space import Images, encode_images
from ae_core.evaluation.umap_tsne import layout_digits
from ae_core.nn.losses import LOSSES
from ae_core.runs.run import Run
from ae_core.training.loop import Snapshot
from ae_core.ui.components.latent_map import EncodedImages, encoded, latent_map, latent_view
from ae_core.ui.layout.parts import status_line
from ae_core.ui.live.channel import View
from ae_core.ui.live.live_component import live_component
from ae_core.ui.session.visitor import recording_of

MOST_FRAMES = 120  # of a recording


def map_digits() -> tuple[Images, Images]:
    """The test digits on the map, (5000, 784) and their labels: the same as UMAP and t-SNE place."""
    data, chosen = mnist(), layout_digits()
    return data.test[chosen], data.test_labels[chosen]


@functools.lru_cache(maxsize=6)
def encoded_map_digits(run: Run, step: int) -> EncodedImages | None:
    """The codes of the digits on the map in the newest state of a run, which has reached this step."""
    model = run.model()
    return encoded(encode_images(model, map_digits()[0])) if model else None


def cloud_labels(run: Run) -> Images:
    """Labels of the digits whose codes every snapshot carries: spread evenly over the test digits."""
    labels = mnist().test_labels
    count = len(run.newest.cloud) if run.newest else 1
    return labels[:: len(labels) // count][:count]


def recording(run: Run) -> tuple[Snapshot, ...]:
    """The snapshots that the map replays; only the newest of a network whose recorded codes are not those of digits."""
    return thinned(run.snapshots, MOST_FRAMES) if run.spec.data == "mnist" else run.snapshots[-1:]


def encoded_digits_of(run: Run) -> EncodedImages | None:
    """The digits on the map, encoded by a run's newest state, None before its first snapshot."""
    return encoded_map_digits(run, run.newest.step) if run.newest else None


def live_map(run: Run) -> None:
    """Show the map of a run and follow it while it trains; the whole page starts anew when it ends."""
    status_line(run)
    live_component(latent_map, MAP_VIEW, scene_of, key="latent_map")


def scene_of(run: Run) -> dict[str, Any]:
    """What the map shows before it has any codes."""
    spec = run.spec
    return {
        "run": recording_of(run), "status": run.state, "message": run.message,
        "code_size": spec.code_size, "loss_name": LOSSES[spec.loss].label, "epochs": spec.epochs,
    }


def _fields(run: Run, asked: Mapping[str, str]) -> dict[str, Any]:
    live = run.live  # read once: it may end meanwhile
    images, labels = map_digits()
    digits = encoded_digits_of(run)
    view = latent_view(
        run.spec,
        recording(run),
        status=run.state,
        encoded=digits and digits.with_units(_numbers(asked.get("units", ""))),
        labels=labels,
        cloud_labels=cloud_labels(run),
        model=None if live else run.model(),
        images=None if live else images,
        message=run.message,
    )
    return {**view, "more": live}


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")[:2] if part.isdecimal() and len(part) < 5]


MAP_VIEW = View(mark=lambda run: f"{run.state} {run.step}", fields=_fields)
