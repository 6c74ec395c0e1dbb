"""Runs: shared by Spec, fair, bounded, and gone with their last visitor."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ae_core.datasets import Dataset
from ae_core.runs import Run, RunPool, _bytes
from ae_core.train import Snapshot
from tests.pool_contract import PATIENCE, PoolContract, more_snapshots, wait_for
from tests.small import ENDLESS, SMALL, cut_images


def training_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "training"]


def at(seconds: float, step: int) -> Snapshot:
    return Snapshot(
        step=step, images=step, epoch=0.0, seconds=seconds, train_bce=0.5, train_mse=0.1, test_bce=0.4, test_mse=0.2,
        test_images=8, row=np.zeros((10, 784), np.uint8), row_codes=np.zeros((10, 1), np.float32),
        cloud=np.zeros((4, 1), np.float16), weights=(np.zeros(3, np.float32),),
    )


def test_a_day_of_training_keeps_a_thousand_snapshots_and_always_the_newest() -> None:
    run = Run(SMALL)
    seconds, kept = 0.0, 0
    snapshot = at(0, 0)
    for step in range(40_000):
        seconds += 0.2 if step < 10_000 else 3.0
        before = run.snapshots[:-1]
        run._add(replace(snapshot, seconds=seconds, step=step))
        assert run.step == step
        assert run.snapshots[max(0, len(before) - 1) : len(before)] == before[-1:], "only the newest ever changes"
        kept = max(kept, run.count)
    assert run.snapshots[0].step == 0
    assert 500 < kept < 1100
    assert [snapshot.weights is None for snapshot in run.snapshots[-2:]] == [True, False]
    assert run.bytes == sum(map(_bytes, run.snapshots))


def test_a_short_training_keeps_every_snapshot() -> None:
    run = Run(SMALL)
    for step in range(100):
        run._add(at(0.2 * step, step))
    assert run.count == 100


def test_a_copy_of_a_run_takes_what_is_newer_and_nothing_older() -> None:
    mine, theirs = Run(SMALL), Run(SMALL)
    for step in range(3):
        mine._add(at(0.2 * step, step))
        theirs._add(at(0.2 * step, step))
    theirs._snapshots[-1] = at(0.5, 9)
    mine._go_on(2, theirs.snapshots[2:])
    assert [each.step for each in mine.snapshots] == [each.step for each in theirs.snapshots] == [0, 1, 9]
    assert mine.bytes == theirs.bytes
    mine._go_on(1, (at(0.2, 1),))
    assert mine.step == 9


class TestRunPool(PoolContract):
    """Training in the threads of this process."""

    @pytest.fixture
    def make_pool(self) -> Iterator[Callable[..., RunPool]]:
        pools = []

        def make(load: Callable[[str], Dataset], **bounds: Any) -> RunPool:
            pools.append(RunPool(load, cores=2, **bounds))
            return pools[-1]

        yield make
        for pool in pools:
            pool.close()

    def test_no_thread_is_left_when_all_runs_have_ended(self, pool: RunPool) -> None:
        wait_for(pool, pool.join(SMALL, "ann"))
        pool.close()
        for thread in training_threads():
            thread.join(PATIENCE)
        assert not training_threads()

    def test_never_more_runs_train_at_once_than_there_are_cores(self, pool: RunPool) -> None:
        for seed in range(6):
            pool.join(ENDLESS.replace(seed=seed), f"visitor {seed}")
        assert len(training_threads()) <= 2

    def test_a_run_that_starts_while_another_trains_gets_a_core_of_its_own(self, pool: RunPool) -> None:
        more_snapshots(pool, pool.join(ENDLESS, "ann"))
        more_snapshots(pool, pool.join(ENDLESS.replace(seed=1), "bob"))
        assert len(training_threads()) == 2

    def test_the_traceback_of_a_run_that_breaks_off_is_in_the_log(self, caplog: pytest.LogCaptureFixture) -> None:
        pool = RunPool(cut_images, cores=1)
        wait_for(pool, pool.join(SMALL, "ann"))
        assert "Traceback" in caplog.text
