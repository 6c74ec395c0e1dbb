"""How long a part of a page takes: said before it begins, and shown with the time that is left while it works.

Work is counted in seconds by a formula (see `ae_core.training.duration`), or in any other unit with its own pace.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from ae_core.runs.run import Run
from ae_core.spec import Spec
from ae_core.system.resources import usable_cores
from ae_core.training import duration
from ae_core.training.duration import about, side_by_side, time_left, training_seconds
from ae_core.ui.session.state import state
from ae_core.ui.session.visitor import current_run, pool
from ae_core.ui.session.watch import Watch

CORES = usable_cores()


@dataclass(frozen=True)
class Work:
    """What there is to do in all, and what of it is left."""

    total: float
    left: float

    @property
    def share(self) -> float:
        """How much is done, from 0 to 1."""
        return min(1.0, max(0.0, 1 - self.left / self.total)) if self.total > 0 else 1.0


def training_work(specs: Sequence[Spec], runs: Sequence[Run | None]) -> Work:
    """The work of networks that train beside each other, as far as each is.

    runs : one for each Spec, None where it has not begun
    """
    left = [
        training_seconds(spec, 0 if run is None else max(0, run.step) if run.live else spec.steps)
        for spec, run in zip(specs, runs, strict=True)
    ]
    return Work(side_by_side([training_seconds(spec) for spec in specs], CORES), side_by_side(left, CORES))


def pace(own: int = 0) -> float:
    """Seconds that this machine takes for each second of the formula, as the visitor's run shows and for so many now.

    own : how many of the networks that train at this moment belong to the work; others take their share of the cores
    """
    run = current_run()
    newest = run.newest
    others = max(0, pool().sharing() - own)
    share = max(CORES, own)
    return duration.pace([(run.spec, newest.step, newest.seconds)] if newest else []) * (share + others) / share


def say_duration(work: Work, pace: float) -> None:
    """Say how long something will take, below the button that starts it."""
    st.caption(f":material/schedule: Takes {about(work.left * pace)} on this server now.")


def show_progress(name: str, work: Work, words: str, pace: float) -> None:
    """A bar of what is done of the work of this name, its words, and the time that is left."""
    now = time.monotonic()
    watch = state.watches[name] = Watch.after(state.watches[name], now, work.left)
    seconds = time_left(work.left, watch.left - work.left, now - watch.began, pace)
    st.progress(work.share, f"{words} · {about(seconds)} left")
