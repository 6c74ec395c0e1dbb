"""Parts that all pages are made of: the claim, the status line, a thing to try, the code."""

import functools
import inspect
import threading
from collections.abc import Callable
from typing import Any

import streamlit as st

from ae_core.formatting import epoch_text, loss_text
from ae_core.nn.losses import LOSSES
from ae_core.runs.run import Run
from ae_core.spec import Spec
from ae_core.ui.components.status_line import status_component
from ae_core.ui.live.channel import View
from ae_core.ui.live.live_component import live_component
from ae_core.ui.script_run.end_page import end_page
from ae_core.ui.session.state import state
from ae_core.ui.session.visitor import pool, settings, train_settings, train_try

_reading = threading.Lock()


def claim(text: str) -> None:
    """The page's one sentence, large."""
    st.title(text, anchor=False)


def tested_on_digits(run: Run) -> None:
    """Say so where a network that was trained on something else meets digits."""
    if run.spec.data != "mnist":
        st.caption(f":material/info: This network was trained on {run.spec.data}. This page tests it with digits.")


def status_line(run: Run) -> None:
    """What is shown and how far it is; while it trains the line follows, and the page starts anew at its end.

    The page ends here where training ended before its first picture: there is no network to show.
    """
    if run.live:
        _line(run, lambda: live_component(status_component, STATUS_VIEW, _status, key="status"))
        return
    status(run)
    if run.newest is None:
        end_page()


def _status(run: Run) -> dict[str, str]:
    return {"experiment": experiment(run.spec), "words": progress(run)}


def status(run: Run, words: str | None = None) -> None:
    """One line: the experiment, then its progress and test loss, or other words."""
    _line(run, lambda: st.caption(f"{experiment(run.spec)} — {words or progress(run)}"))


STATUS_VIEW = View(
    mark=lambda run: f"{run.state} {run.step} {run.message}",
    fields=lambda run, _: {"words": progress(run), "more": run.live},
)


def _line(run: Run, draw: Callable[[], object]) -> None:
    spec, _ = settings()
    left, right = st.columns([5, 1], vertical_alignment="center", gap="small")
    with left:
        draw()
        if state.refused:
            st.warning(state.refused)
        for notice in state.notices:  # of her link: the sidebar may be folded
            st.text(notice)
        if spec.key != run.spec.key:
            st.caption(f":material/tune: Showing {run.spec.describe()}; press **Train** for the new settings.")
    with right, st.container(key="train_here"):
        st.button("Train", key="train_narrow", type="primary", on_click=train_settings)


def experiment(spec: Spec) -> str:
    """A run's settings in one short line, its seed always among them."""
    return f"{spec.replace(seed=0).describe()} · seed {spec.seed}"


def progress(run: Run) -> str:
    """How far a run is, in words."""
    newest, spec = run.newest, run.spec
    if newest is None:
        return run.message or "waiting for its turn"
    ahead = pool().ahead(run) if run.live else 0
    turn = f", {ahead} runs have their turn first" if ahead > 1 else ""
    value = newest.test[spec.loss]
    stage = {"queued": "waiting", "running": "training", "failed": "failed", "stopped": "stopped"}.get(run.state)
    # on the way it is the loss of some hundred test digits, which is that of all but for some per cent
    about = f"≈ {value:.3g}" if value < 1000 else f"≈ {loss_text(value)}"
    known = f"{LOSSES[spec.loss].label} {loss_text(value) if run.state == 'finished' else about}"
    words = f"epoch {epoch_text(newest.epoch)} of {spec.epochs:,}, test {known}, {newest.seconds:.1f} s{turn}"
    words = f"{words} · {stage}" if stage else words
    return f"{words}. {run.message}" if run.message else words


def try_this(label: str, keep: tuple[str, ...] = ("data",), **changes: Any) -> None:
    """A button that trains what its label says, in one click: the changes, and the default in every other setting.

    keep : the settings of the run on the page that the label speaks of
    """
    st.button(label, key="try " + label, icon=":material/experiment:", on_click=_train, args=(keep, changes))


def _train(keep: tuple[str, ...], changes: dict[str, Any]) -> None:
    train_try(keep, changes)


def folded(label: str, draw: Callable[[], None], *, icon: str = ":material/functions:") -> None:
    """A part that is closed at first, and drawn when it is opened: formulae and code cost a browser half a second."""
    part = st.expander(label, icon=icon, key=f"folded {draw.__name__}", on_change="rerun")
    if part.open:
        with part:
            draw()


def show_the_code(*functions: Callable[..., Any], shapes: str) -> None:
    """An expander with the source of the functions behind the page's evidence."""
    def code() -> None:
        st.markdown(shapes)
        for function in functions:
            st.code(_source(function), language="python")

    folded("Show the code", code, icon=":material/code:")


@functools.cache
def _source(function: Callable[..., Any]) -> str:
    """Read once, one at a time: for a class Python 3.11 parses its whole file, and trips when two threads do so."""
    with _reading:
        return inspect.getsource(function)
