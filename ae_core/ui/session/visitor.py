"""The visitor: her settings, and the run that she is looking at."""

import hashlib
import os
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import streamlit as st

from ae_core.data.datasets import load
from ae_core.runs.pool import RunPool
from ae_core.runs.processes import ProcessPool
from ae_core.runs.run import PoolFull, Run
from ae_core.spec import DEFAULTS, RULES, Spec, SpecError, checked, nearest
from ae_core.system.memory_and_priority import settle
from ae_core.system.once import Once
from ae_core.ui.components.address_bar import write_address
from ae_core.ui.script_run.end_page import end_page
from ae_core.ui.session.state import state
from ae_core.ui.streamlit_internals import is_history_navigation, session_id

if TYPE_CHECKING:
    from ae_core.runs.ray import RayPool


@Once
def pool() -> "RunPool | RayPool":
    """The runs of all visitors of this server.

    With the environment variable BOTTLENECK_RAY_ADDRESS they train on a Ray cluster, and all servers with the same
    address share them. It holds "host:port" of the cluster's head, as `ray.init` takes it (127.0.0.1:6379, say); this
    machine has to be one of the cluster's nodes. Without it nothing of Ray is imported.
    """
    settle()
    address = os.environ.get("BOTTLENECK_RAY_ADDRESS")
    if not address:
        return ProcessPool(load) if sys.platform == "linux" else RunPool(load)
    from ae_core.runs.ray import RayPool

    cluster = RayPool(address, load)
    cluster.connect()
    return cluster


def visitor() -> str:
    """A name for this browser tab."""
    session = session_id()
    return "nobody" if session is None else name_of(session)


def name_of(session_id: str) -> str:
    """The visitor's name in a session. It tells nobody the session's id, which is the key to the session."""
    return hashlib.sha256(session_id.encode()).hexdigest()[:16]


def read_settings() -> bool:
    """Before the page is drawn: take the settings of the address or of the controls, and mend what cannot be.

    At the start of a visit, and after Back or Forward, the address says what is shown. A control hears of it only when
    it is drawn, which is after the page. Returns whether this is the first page of a visit.
    """
    if state.link is None:
        spec = _asked_for()
        state.link = {name: getattr(spec, name) for name in RULES}
    elif is_history_navigation():
        spec = _asked_for()
        show_in_controls(spec)
        if state.run is not None:
            _look_again(spec)
    else:
        _mend()
    return state.run is None


def _asked_for() -> Spec:
    """The experiment of the address. What is impossible in it is mended there, too, and the page says so."""
    spec, state.notices = Spec.from_query(
        {name: values[-1] for name in RULES if (values := st.query_params.get_all(name))}
    )
    write_address(spec)
    return spec


def _mend() -> None:
    """Settings that do not go together give way, in the controls as well, and the page says what was taken instead.

    A number may ask for it, two clicks may come as one, and a message can be forged.
    """
    spec, mended = settings()
    if any(value != getattr(spec, name) for name, value in _controls().items()):
        show_in_controls(spec)
        state.notices = mended


def keep_settings() -> Spec:
    """The experiment that the sidebar describes. To be called before it is drawn.

    A browser that changes the page takes along only the query parameters of controls that it has drawn. Where the page
    changes before the sidebar was drawn, the controls get the lost settings back here.
    """
    spec, _ = settings()
    if any(getattr(spec, name) != DEFAULTS[name] and name not in st.query_params for name in RULES):
        show_in_controls(spec)
    return spec


def options(name: str, spec: Spec) -> list[Any]:
    """The numbers that a setting's control offers: the usual ones, the one in the visitor's link, and the Spec's."""
    return sorted({*RULES[name].offered, _first()[name], getattr(spec, name)})


def settings(**changes: Any) -> tuple[Spec, list[str]]:
    """The experiment that the sidebar describes, and a notice for each setting that had to be mended.

    changes : values that take the place of the sidebar's
    """
    given = {**_first(), **_controls(), **changes}
    fields, notices = {}, []
    for name in RULES:
        value = given[name]
        try:
            fields[name] = checked(name, DEFAULTS[name] if value is None else value)
        except SpecError as error:  # the browser keeps the bounds, but a message can be forged
            notices.append(str(error))
    return nearest(fields, notices)


def _first() -> Mapping[str, Any]:
    """The settings that count until the sidebar has been drawn."""
    return state.link or DEFAULTS


def _controls() -> dict[str, Any]:
    """The values of the sidebar's controls; none before it was drawn."""
    return {name: state.settings[name] for name in RULES if name in state.settings}


def train_settings() -> None:
    """Look at the run of the current settings from now on; it starts if nobody has it yet."""
    train_with()


def train_with(**changes: Any) -> bool:
    """Change some settings and train them. On a full machine nothing changes: False, and the page says why."""
    spec, mended = settings(**changes)
    run = _joined(spec)
    if run is None:
        return False
    show_in_controls(spec)
    state.notices = mended  # what was to be said of her link is read
    state.presses += 1
    _record(run, f"{run.id} {state.presses}")  # the learning is shown from its beginning
    return True


def train_try(keep: Iterable[str], changes: Mapping[str, Any]) -> bool:
    """Train what a try says: the changes, and the default in every other setting.

    keep : the settings that stay as they are in the run on the page. Its seed always stays: no try is about it
    """
    shown = _shown()
    kept = {name: getattr(shown, name) for name in ("seed", *keep)}
    return train_with(**{**DEFAULTS, **kept, **changes})


def reset_settings() -> None:
    """Give every control its default; the run on the page stays until Train is pressed."""
    show_in_controls(Spec())


def show_in_controls(spec: Spec) -> None:
    """Give all controls of the sidebar the values of an experiment: before they are drawn, or in a callback."""
    write_address(spec)
    for name in RULES:
        value = getattr(spec, name)
        if state.settings[name] != value:
            state.settings[name] = float(value) if name == "seed" else value  # the kind of number that it has


def _joined(spec: Spec) -> Run | None:
    """Look at the run of an experiment; None on a full machine, and the page says why."""
    try:
        run = pool().join(spec, visitor())
    except PoolFull as error:
        state.refused = str(error)
        return None
    state.refused = ""
    _look_at(run)
    return run


def _look_again(spec: Spec) -> None:
    """Look at an experiment as the visitor left it, stopped perhaps. If it is not kept it is trained again."""
    key = spec.key
    if key_of(state.run or "") == key:
        return
    last = next((id for id in reversed(state.visited) if key_of(id) == key), key)
    stopped = pool().ended(last) if last != key else None
    if stopped is None:
        _joined(spec)
    else:
        pool().leave(visitor())
        _look_at(stopped)


def stop_training() -> None:
    """Freeze what the visitor sees; the run goes on for others."""
    run = _kept()
    frozen = run and pool().stop(run.id, visitor())
    if run and frozen:
        _record(frozen, recording_of(run))  # the same frames, up to here
        _look_at(frozen)


def recording_of(run: Run) -> str:
    """The name of what a browser knows of a run: it begins anew with each press of Train, and goes on after Stop."""
    name = state.recordings.get(run.id, run.id)
    return name if run.id != key_of(run.id) else f"{name} {run.birth}"


def key_of(id: str) -> str:
    """The key of the experiment of a run; the id of a run that was stopped has more behind it."""
    return id.partition("#")[0]


def _look_at(run: Run) -> None:
    state.run = run.id
    state.visited = [*(id for id in state.visited if id != run.id), run.id]


def _kept() -> Run | None:
    """The run on the page; None on a first visit, or when it is gone."""
    return None if state.run is None else pool().get(state.run, visitor())


def _shown() -> Spec:
    """The experiment on the page; on a first visit that of the settings."""
    return settings()[0] if state.run is None else Spec.from_key(key_of(state.run))


def _record(run: Run, name: str) -> None:
    state.recordings = {**state.recordings, run.id: name}


def current_run() -> Run:
    """The run that the visitor is looking at. On a first visit, or when it is gone, it is trained now."""
    run = _kept() or _joined(_shown())
    if run is None:
        st.warning(state.refused)
        end_page()
    return run
