"""Runs beside the visitor's own: who looks at one is there, also when she had left it."""

from collections.abc import Iterator

import pytest

from ae_core.runs.pool import RunPool
from ae_core.runs.run import PoolFull
from ae_core.spec import Spec
from ae_core.ui.session import page_runs as module
from ae_core.ui.session.page_runs import leave, other_run, other_runs
from tests.runs.pool_contract import more_snapshots, wait_for
from tests.small import ENDLESS, SMALL, small_data


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[RunPool]:
    """The pool that the pages ask."""
    made = RunPool(small_data, cores=1)
    monkeypatch.setattr(module, "pool", lambda: made)
    yield made
    made.close()


def test_who_cancels_and_starts_anew_keeps_the_run_when_another_visitor_leaves_it(pool: RunPool) -> None:
    run = other_run(ENDLESS, "sweep 0")
    assert run is not None and pool.join(ENDLESS, "bob") is run
    leave("sweep 0")
    assert other_run(ENDLESS, "sweep 0") is run
    pool.leave("bob")
    more_snapshots(pool, run, run.count + 2)
    assert run.live


def test_who_looks_at_one_that_has_ended_leaves_none_that_trains(pool: RunPool) -> None:
    specs = [SMALL, ENDLESS]
    first = other_run(SMALL, "kinds 0")
    assert first is not None
    wait_for(pool, first)
    for _ in range(3):
        ended, trains = other_runs(specs, "kinds")
        assert ended is first and trains is not None
        more_snapshots(pool, trains, trains.count)
    assert trains is not None and trains.live


def test_a_few_train_at_once_and_the_next_begins_when_one_has_ended(
    pool: RunPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RUNS_AT_ONCE", 2)
    specs = [SMALL, ENDLESS, ENDLESS.replace(seed=1), ENDLESS.replace(seed=2)]
    first, second, third, fourth = other_runs(specs, "kinds")
    assert first is not None and second is not None and third is None and fourth is None
    wait_for(pool, first)
    assert [run is not None for run in other_runs(specs, "kinds")] == [True, True, True, False]
    leave("kinds")
    assert second.done.wait(30) and second.state == "stopped"


def test_a_full_machine_gives_none(pool: RunPool, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(spec: Spec, visitor: str) -> None:
        raise PoolFull

    monkeypatch.setattr(pool, "join", full)
    assert other_run(SMALL, "control") is None
