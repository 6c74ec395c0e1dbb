"""The visitor: her settings, and the run that she is looking at."""

import hashlib
import os
import sys
from typing import TYPE_CHECKING, Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ae_core.datasets import load
from ae_core.runs import PoolFull, Run, RunPool
from ae_core.spec import DEFAULTS, RULES, Spec, SpecError, checked, nearest
from ae_core.system import settle
from ae_core.ui.told import over
from ae_core.workers import ProcessPool

if TYPE_CHECKING:
    from ae_core.cluster import RayPool


@st.cache_resource(show_spinner=False)
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
    from ae_core.cluster import RayPool

    cluster = RayPool(address, load)
    cluster.connect()
    return cluster


def visitor() -> str:
    """A name for this browser tab."""
    context = get_script_run_ctx()
    return name_of(context.session_id) if context else "nobody"


def name_of(session_id: str) -> str:
    """The visitor's name in a session. It tells nobody the session's id, which is the key to the session."""
    return hashlib.sha256(session_id.encode()).hexdigest()[:16]


def read_link() -> None:
    """At the start of a visit: remember what the link asks for, and what of it is impossible."""
    spec, notices = asked_for()
    st.session_state["link"] = {name: getattr(spec, name) for name in RULES}
    st.session_state["notices"] = notices


def asked_for() -> tuple[Spec, list[str]]:
    """The experiment of the address, and a notice for each of its parameters that had to be mended."""
    return Spec.from_query({name: values[-1] for name in RULES if (values := st.query_params.get_all(name))})


def follow_history() -> None:
    """Before the page is drawn: after Back or Forward the settings are those of the address, as the sidebar's will be.

    A control hears of it only when it is drawn, and the page is drawn before the sidebar.
    """
    context = get_script_run_ctx()
    if context is None or not context.is_history_navigation:
        return
    spec, st.session_state["notices"] = asked_for()
    for name in RULES:
        set_control(name, getattr(spec, name))


def keep_settings() -> None:
    """Before the sidebar is drawn: no setting is lost on the way from the address to its control.

    A control takes no value that it does not offer, and a link's may have been mended. And who turns the page before
    she has seen the sidebar: her browser then takes along only the parameters whose controls it has drawn. What is
    missing in the address is set anew, and Streamlit writes it there.
    """
    for name in RULES:
        value = st.session_state.get(name, st.session_state["link"][name])
        if value != DEFAULTS[name] and (name not in st.session_state or name not in st.query_params):
            set_control(name, value)


def set_control(name: str, value: Any) -> None:
    """Give a control of the sidebar its value: before it is drawn, or in a callback."""
    st.session_state[name] = float(value) if name == "seed" else value  # the kind of number that it has


def options(name: str) -> list[Any]:
    """The values of a setting that the sidebar offers: the usual ones, and the one in the visitor's link."""
    wanted = {st.session_state["link"][name], st.session_state.get(name, DEFAULTS[name])}
    return sorted({*RULES[name].offered, *wanted})


def settings(**changes: Any) -> tuple[Spec, list[str]]:
    """The experiment that the sidebar describes, and a notice for each setting that had to be mended.

    changes : values that take the place of the sidebar's
    """
    first = st.session_state.get("link", DEFAULTS)  # what counts until the sidebar has been drawn
    fields, notices = {}, []
    for name in RULES:
        try:
            fields[name] = checked(name, changes.get(name, st.session_state.get(name, first[name])))
        except SpecError as error:  # the browser keeps the bounds, but a message can be forged
            notices.append(str(error))
    return nearest(fields, notices)


def train_settings() -> None:
    """Look at the run of the current settings from now on; it starts if nobody has it yet."""
    train_with()


def train_with(**changes: Any) -> None:
    """Change some settings and train them."""
    if joined(**changes):
        st.session_state["notices"] = []  # what was to be said of her link is read


def joined(**changes: Any) -> bool:
    """Change some settings and train them. On a full machine nothing changes: False, and the page says why."""
    spec, _ = settings(**changes)
    try:
        run = pool().join(spec, visitor())
    except PoolFull as error:
        st.session_state["refused"] = str(error)
        return False
    st.session_state.pop("refused", None)
    for name, value in changes.items():
        set_control(name, value)
    _look_at(run)
    st.session_state["pressed"] = st.session_state.get("pressed", 0) + 1
    return True


def stop_training() -> None:
    """Freeze what the visitor sees; the run goes on for others."""
    id = st.session_state.get("run")
    frozen = None if id is None else pool().stop(id, visitor())
    if frozen:
        _look_at(frozen)


def _look_at(run: Run) -> None:
    st.session_state["run"] = run.id
    st.session_state["visited"] = [*(id for id in visited() if id != run.id), run.id]


def visited() -> list[str]:
    """The ids of all runs that were shown in this visit, the newest last; some of them may be gone."""
    return list(st.session_state.get("visited", []))


def current_run() -> Run:
    """The run that the visitor is looking at. On a first visit, or when it is gone, it is trained now."""
    if "run" not in st.session_state and not joined():
        st.warning(st.session_state["refused"])
        over()
    id = st.session_state["run"]
    run = pool().get(id, visitor())
    if run is None:
        try:
            run = pool().join(Spec.from_key(id.partition("#")[0]), visitor())
        except PoolFull as error:
            st.warning(str(error))
            over()
        st.session_state["run"] = run.id
    return run
