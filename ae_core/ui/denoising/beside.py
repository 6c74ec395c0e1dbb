"""Runs beside the visitor's own: a control, the kinds of noise, a large code. They are ordinary shared runs."""

from collections.abc import Sequence

from ae_core.runs import PoolFull, Run
from ae_core.spec import Spec
from ae_core.ui.session import pool, visitor


def control_of(spec: Spec) -> Spec:
    """The same network, data and seed, trained without noise."""
    return spec.replace(noise=0.0)


def beside(spec: Spec, role: str) -> Run | None:
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


def all_beside(specs: Sequence[Spec], role: str) -> list[Run | None]:
    """The runs of several Specs, trained one after the other; None for those whose turn is still to come."""
    runs: list[Run | None] = []
    for spec in specs:
        waiting = bool(runs) and (runs[-1] is None or runs[-1].live)
        runs.append(None if waiting else beside(spec, role))
    return runs


def leave(role: str) -> None:
    """The page no longer needs what trains in this role: it ends unless somebody else is there."""
    pool().leave(f"{visitor()} {role}")


def share_done(runs: Sequence[Run | None]) -> float:
    """How much of several trainings is done, from 0 to 1."""
    done = 0.0
    for run in runs:
        if run is not None:
            done += min(1.0, run.newest.step / run.spec.steps) if run.live and run.newest else float(not run.live)
    return done / len(runs)
