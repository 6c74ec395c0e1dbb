"""The stage of the Train page: a run as the player shows it, live and afterwards."""

from collections.abc import Mapping
from typing import Any

from ae_core.autoencoder.model import to_pixels, to_uint8
from ae_core.data.datasets import DataError, load
from ae_core.data.registry import DATA_SETS
from ae_core.evaluation.baselines import Reference
from ae_core.evaluation.capacity.overfitting import thinned
from ae_core.formatting import counted, loss_text
from ae_core.nn.losses import LOSSES
from ae_core.runs.run import Run
from ae_core.training.loop import ROW, corrupted_test_pixels
from ae_core.ui.background.run_measurements import pca_size, reference_losses_of
from ae_core.ui.components.training_player import Delta, Scene, delta, scene, training_player
from ae_core.ui.layout.findings import divergence_of
from ae_core.ui.layout.parts import progress, status
from ae_core.ui.layout.reconstruction_strip import named
from ae_core.ui.live.channel import View
from ae_core.ui.live.live_component import live_component
from ae_core.ui.script_run.end_page import MeasurementError
from ae_core.ui.session.visitor import recording_of

PATIENCE = 2.0  # seconds of training before anything else is measured
MOST_FRAMES = 300  # a longer recording is thinned out for the replay
OVERFITTED = 1.25  # test loss over training loss: beyond what chance does to the 200 images of the latter
THINNED = " thinned"  # ends its name


def live_player(run: Run) -> None:
    """Show a run and follow it while it trains; the whole page starts anew when it ends."""
    status(run, "training" if run.live else progress(run))  # the player says how far it is
    live_component(training_player, PLAYER_VIEW, scene_of, key="player")


def scene_of(run: Run) -> Scene:
    """The network of a run, and the first test digits with the noise that it is trained with.

    A recording begins anew where its frames are numbered anew at the end.
    """
    recording = recording_of(run)
    if not run.live and run.count > MOST_FRAMES:
        recording += THINNED
    data = load(run.spec.data)
    clean = data.test[:ROW]
    noisy = to_uint8(corrupted_test_pixels(run.spec, to_pixels(clean))) if run.spec.noise else clean
    return scene(
        run.spec, run=recording, names=[named(run.spec.data, index) for index in range(ROW)], tests=len(data.test),
        inputs=noisy, targets=clean,
    )


def delta_of(run: Run, recording: str, first: int = 0, newest: int = 0) -> Delta:
    """What is new of a run to somebody who knows the frames of this recording before the `first`.

    newest : the step of the last one that she knows: a newer picture may have come in its place
    """
    state, snapshots = run.state, run.snapshots
    if recording.endswith(THINNED):
        snapshots = thinned(snapshots, MOST_FRAMES)
    first = min(first, len(snapshots))  # who has stopped it may know more than there was
    if first and snapshots[first - 1].step != newest:
        first -= 1
    references = references_of(run) or ()
    return delta(
        run.spec,
        snapshots,
        status=state,
        first=first,
        title=finding(run, references),
        message=run.message,
        final_test=test_loss(run) if state == "finished" else None,
        references=[
            {"label": r.label, "value": r.value, "kind": r.kind, "meaning": r.meaning} for r in references
        ],
    )


def _fields(run: Run, asked: Mapping[str, str]) -> dict[str, Any]:
    more = run.live or references_of(run) is None
    known = _number(asked, "frames"), _number(asked, "newest")
    return {**delta_of(run, asked.get("recording", ""), *known), "more": more}


def _number(asked: Mapping[str, str], name: str) -> int:
    value = asked.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 10 else 0


PLAYER_VIEW = View(
    mark=lambda run: f"{run.state} {run.step} {references_of(run) is None}",
    fields=_fields,
)


def references_of(run: Run) -> tuple[Reference, ...] | None:
    """What the run has to be held against, or None until it is measured: a run's first seconds belong to training."""
    if run.live and (run.newest is None or run.newest.seconds < PATIENCE):
        return None
    try:
        return reference_losses_of(run)
    except (DataError, MeasurementError):  # whoever cannot do without says so
        return ()


def test_loss(run: Run) -> float | None:
    """The newest test loss, in the loss that the run is trained with."""
    return None if run.newest is None else run.newest.test[run.spec.loss]


def finding(run: Run, references: tuple[Reference, ...]) -> str:
    """The title of the curve: what the loss says so far."""
    loss = test_loss(run)
    if loss is None:
        return "Waiting for the first step"
    assert run.newest is not None
    name, thing = LOSSES[run.spec.loss].label, DATA_SETS[run.spec.data].thing
    tested = counted(run.newest.test_images, f"test {thing}")
    if run.live:  # the browser, which may be some pictures behind, puts in what it shows
        return f"{name} on {tested}: {{loss}} so far"
    if run.state != "finished":  # a sample: too small for a comparison with what is known of all
        return f"{name} {loss_text(loss)} on {tested}"
    if diverged := divergence_of(run):
        return diverged
    trained = run.newest.train[run.spec.loss]
    if loss > OVERFITTED * trained:
        return f"{name} {loss_text(loss)} on test {thing}s, {loss_text(trained)} on training {thing}s: overfitting"
    pca = next((r.value for r in references if r.label.startswith("PCA")), None)
    if pca is None:
        return f"{name} {loss_text(loss)} on {tested}"
    size = pca_size(run.spec)
    theirs = f"PCA with {'as many numbers' if size == run.spec.narrowest else counted(size, 'number')}"
    if loss < pca:
        return f"{name} {loss_text(loss)}: better than {theirs}"
    return f"{name} {loss_text(loss)}: {theirs} is better"
