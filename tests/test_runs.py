"""Runs: shared by Spec, fair, bounded, and gone with their last visitor."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ae_core.datasets import Dataset
from ae_core.runs import RunPool
from tests.pool_contract import PATIENCE, PoolContract, more_snapshots, wait_for
from tests.small import ENDLESS, SMALL, cut_images


def training_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "training"]


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
