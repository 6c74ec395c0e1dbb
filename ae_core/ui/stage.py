"""The stage of the Train page: a run as the theatre shows it, live and afterwards."""

import numpy as np
import streamlit as st

from ae_core.baselines import Reference
from ae_core.datasets import load
from ae_core.model import to_pixels, to_uint8
from ae_core.runs import Run
from ae_core.train import ROW, corrupted_test_pixels
from ae_core.ui.crowd import polled
from ae_core.ui.later import later
from ae_core.ui.measured import reference_losses
from ae_core.ui.parts import status
from ae_core.ui.session import current_run
from ae_core.ui.theatre import theatre, theatre_view
from ae_core.ui.told import told

OVERLAP = 8  # frames sent once more: the browser may have skipped a message
PATIENCE = 2.0  # seconds of training before anything else is measured
MOST_FRAMES = 300  # a longer recording is thinned out for the replay


def stage(run: Run) -> None:
    """Show a run and follow it while it trains; the whole page starts anew when it ends."""
    st.session_state["stage_sent"] = 0  # the page was drawn anew: the browser may know nothing yet
    waiting = run.live or references_of(run) is None
    polled(_follow, waiting)(run.id, run.live)


@told()
def _follow(id: str, was_live: bool) -> None:
    run = current_run()
    if run.id != id or (was_live and not run.live):
        st.rerun()
    status(run)
    snapshots = run.snapshots
    recording = f"{run.id} {st.session_state.get('pressed', 0)}"
    if len(snapshots) > MOST_FRAMES and not run.live:
        kept = np.linspace(0, len(snapshots) - 1, MOST_FRAMES).round().astype(int)
        snapshots = tuple(snapshots[i] for i in kept)
        recording += " thinned"  # its frames are numbered anew
    first = max(0, st.session_state["stage_sent"] - OVERLAP)
    st.session_state["stage_sent"] = len(snapshots)
    data = load(run.spec.data)
    clean = data.test[:ROW]
    noisy = to_uint8(corrupted_test_pixels(run.spec, to_pixels(clean))) if run.spec.noise else clean
    references = references_of(run) or ()
    theatre(
        theatre_view(
            run.spec,
            snapshots,
            run=recording,
            status=run.state,
            labels=data.test_labels[:ROW].tolist(),
            inputs=noisy,
            targets=clean,
            first=first,
            title=finding(run, references),
            message=run.message,
            final_test=test_loss(run) if run.state == "finished" else None,
            references=[{"label": r.label, "value": r.value, "kind": r.kind} for r in references],
        ),
        key="theatre",
    )


def references_of(run: Run) -> tuple[Reference, ...] | None:
    """What the run has to be held against, or None until it is measured: a run's first seconds belong to training."""
    if run.live and (run.newest is None or run.newest.seconds < PATIENCE):
        return None
    return later(reference_losses, run.spec)


def test_loss(run: Run) -> float | None:
    """The newest test loss, in the loss that the run is trained with."""
    if run.newest is None:
        return None
    return run.newest.test_bce if run.spec.loss == "bce" else run.newest.test_mse


def finding(run: Run, references: tuple[Reference, ...]) -> str:
    """The title of the curve: what the loss says so far."""
    loss = test_loss(run)
    if loss is None:
        return "Waiting for the first step"
    name = run.spec.loss.upper()
    if run.state == "running":
        return f"{name} on test digits: {loss:.4f} so far"
    pca = next((r.value for r in references if r.label.startswith("PCA")), None)
    if pca is None:
        return f"{name} {loss:.4f} on test digits"
    if loss < pca:
        return f"{name} {loss:.4f}: better than PCA with as many numbers"
    return f"{name} {loss:.4f}: PCA with as many numbers is better"
