"""Runs beside the visitor's own: a control, the kinds of noise, a large code, sweeps. They are ordinary shared runs."""

from collections.abc import Sequence

import streamlit as st

from ae_core.runs.run import PoolFull, Run
from ae_core.spec import Spec
from ae_core.system.resources import usable_cores
from ae_core.ui.session.visitor import pool, visitor

RUNS_AT_ONCE = 1 + usable_cores()  # one for each core, and one that is ready when one of them has ended


def control_of(spec: Spec) -> Spec:
    """The same network, data and seed, trained without noise."""
    return spec.replace(noise=0.0)


def other_run(spec: Spec, role: str) -> Run | None:
    """The run of a Spec that this page needs in some role; it starts if nobody has it. None while the machine is full.

    The visitor keeps her own run: in the pool a role counts as a visitor of its own. Ask again while it trains,
    since a run that nobody asks for ends.
    """
    name = f"{visitor()} {role}"
    run = pool().get(spec.key, name)
    if run is None or run.live or run.state == "stopped":  # she may have left it and come back: to ask is not enough
        try:
            run = pool().join(spec, name)
        except PoolFull:
            return None
    return run


def other_runs(specs: Sequence[Spec], role: str) -> list[Run | None]:
    """The runs of several Specs, in their order and a few at once; None for those whose turn is still to come.

    All at once would share the cores, and all would end at the end: so the first ones have something to show soon.
    """
    runs: list[Run | None] = []
    for place, spec in enumerate(specs):
        training = sum(run is None or run.live for run in runs)
        runs.append(None if training >= RUNS_AT_ONCE else other_run(spec, f"{role} {place}"))
    return runs


def leave(role: str) -> None:
    """The page no longer needs what trains in this role, or in one of several: it ends unless somebody else is there.

    Those of several Specs (see `other_runs`) have the names of a role, a space and a number.
    """
    pool().leave(f"{visitor()} {role}")


def has_failed(runs: Sequence[Run | None]) -> bool:
    """Whether one of the runs failed: nothing comes of it any more."""
    return any(run is not None and run.state == "failed" for run in runs)


def say_failed(runs: Sequence[Run | None]) -> None:
    """Say which of the runs failed, and why."""
    for run in runs:
        if run is not None and run.state == "failed":
            st.warning(f"{run.spec.describe()}: {run.message}")
