"""Training in processes of its own: the same rules as in threads, and what only processes can suffer."""

import contextlib
import functools
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ae_core.data.datasets import Dataset
from ae_core.runs import pool as runs
from ae_core.runs.pool import GRACE, RunPool, Training
from ae_core.runs.processes import LOST, ProcessPool, TrainingProcess
from ae_core.runs.run import Run
from tests.runs.pool_contract import PoolContract, idle, more_snapshots, until, wait_for
from tests.small import ENDLESS, SMALL, small_data


class TestProcessPool(PoolContract):
    """Training in processes beside this one."""

    @pytest.fixture
    def make_pool(self) -> Iterator[Callable[..., ProcessPool]]:
        pools = []

        def make(load: Callable[[str], Dataset], **bounds: Any) -> ProcessPool:
            pools.append(ProcessPool(load, cores=2, **{"absent": GRACE, **bounds}))  # a busy machine may take its time
            return pools[-1]

        yield make
        for pool in pools:
            pool.close()
            end(pool)

    def is_idle(self, pool: ProcessPool) -> bool:
        return idle(pool) and not pool._places and not any(worker.trainings for worker in pool._processes)

    def test_a_process_trains_as_a_thread_does(self, pool: ProcessPool) -> None:
        here, there = RunPool(small_data), pool.join(SMALL, "ann")
        wait_for(pool, there)
        run = here.join(SMALL, "ann")
        wait_for(here, run)
        assert run.newest and there.newest and run.newest.weights and there.newest.weights
        assert all(map(np.array_equal, run.newest.weights, there.newest.weights))

    def test_two_runs_train_in_two_processes(self, pool: ProcessPool) -> None:
        for seed in (0, 1):
            more_snapshots(pool, pool.join(ENDLESS.replace(seed=seed), f"visitor {seed}"))
        assert [worker.trainings for worker in pool._processes] == [1, 1]

    def test_a_run_whose_process_is_killed_starts_again_from_its_seed_with_a_notice(self, pool: ProcessPool) -> None:
        run = pool.join(ENDLESS, "ann")
        more_snapshots(pool, run)
        lost = next(worker for worker in pool._processes if worker.trainings)
        os.kill(lost._child.process.pid or 0, signal.SIGKILL)
        until(lambda: run.message == LOST)
        more_snapshots(pool, run, len(run.snapshots))
        steps = [snapshot.step for snapshot in run.snapshots]
        assert run.live and steps == sorted(set(steps))

    def test_where_a_run_trains_is_known_also_when_an_older_one_of_its_spec_ends_late(self, pool: ProcessPool) -> None:
        first, second = Run(ENDLESS), Run(ENDLESS)
        with contextlib.closing(pool._snapshots(second)) as newer:
            with contextlib.closing(pool._snapshots(first)) as older:
                next(older)
                next(newer)
            assert pool._places[second].trainings == 1
        assert not pool._places

    def test_a_run_may_end_while_its_turn_is_looked_for(self, pool: ProcessPool) -> None:
        class Ending(dict[Run, TrainingProcess]):
            """Each run in it ends as soon as somebody has looked for it."""

            def __contains__(self, run: object) -> bool:
                return isinstance(run, Run) and bool(self.pop(run))

        run = Run(ENDLESS)
        training = Training(run, pool._snapshots(run))
        pool._places = Ending({training.run: pool._processes[0]})
        assert pool._chosen([training]) is training

    def test_runs_that_start_at_the_same_moment_take_a_process_each(self, pool: ProcessPool) -> None:
        assert {pool._idlest(), pool._idlest()} == set(pool._processes), "chosen and counted in one step"

    def test_a_process_that_was_just_chosen_is_not_renewed(self, pool: ProcessPool) -> None:
        chosen = pool._idlest()
        pool.renew()
        assert chosen in pool._processes and not chosen.lost

    def test_a_run_whose_process_hangs_starts_again_from_its_seed_with_a_notice(self, pool: ProcessPool) -> None:
        for worker in pool._processes:
            worker._child._still = 1.0
        run = pool.join(ENDLESS, "ann")
        more_snapshots(pool, run)
        (hung,) = (worker for worker in pool._processes if worker.trainings)
        os.kill(hung._child.process.pid or 0, signal.SIGSTOP)
        until(lambda: run.message == LOST)
        more_snapshots(pool, run, run.count)
        assert run.live and hung not in pool._processes

    def test_a_process_that_trains_holds_no_connection_of_a_visitor(self, pool: ProcessPool) -> None:
        for worker in pool._processes:
            until(functools.partial(has_few_files, worker))

    def test_a_process_ends_when_the_server_is_gone(self, pool: ProcessPool) -> None:
        for worker in reversed(pool._processes):
            worker._child._connection.close()
            worker._child.process.join(10)
            assert not worker._child.process.is_alive()

    def test_a_process_ends_when_it_is_told_to_whatever_the_server_does_then(self, pool: ProcessPool) -> None:
        for worker in pool._processes:
            worker._child.process.terminate()
            worker._child.process.join(10)
            assert not worker._child.process.is_alive()

    def test_what_has_ended_is_forgotten_and_idle_processes_are_fresh_ones(self, pool: ProcessPool) -> None:
        ended, live = pool.join(SMALL, "ann"), pool.join(ENDLESS, "bob")
        wait_for(pool, ended)
        more_snapshots(pool, live)
        until(lambda: sorted(worker.trainings for worker in pool._processes) == [0, 1])
        before = {worker.trainings: worker._child.process.pid for worker in pool._processes}
        pool.forget()
        pool.renew()
        assert pool.ended(ended.id) is None and pool.get(live.id, "bob") is live
        after = {worker.trainings: worker._child.process.pid for worker in pool._processes}
        assert after[1] == before[1] and after[0] != before[0]
        again = pool.join(SMALL, "ann")
        wait_for(pool, again)
        assert again.state == "finished"


@pytest.fixture
def one() -> Iterator[ProcessPool]:
    """A pool of one process."""
    pool = ProcessPool(small_data, cores=1)
    yield pool
    pool.close()
    end(pool)


def test_what_an_idle_process_holds_goes_where_a_run_needs_memory(
    one: ProcessPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = one._processes[0]
    monkeypatch.setattr(runs, "memory_left", lambda: 0 if one._processes[0] is before else runs.NEEDED)
    run = one.join(SMALL, "ann")
    wait_for(one, run)
    assert run.state == "finished" and before.lost


def has_few_files(worker: TrainingProcess) -> bool:
    """Its standard streams, its way to the server, and the folder that lists them."""
    return len(list(Path(f"/proc/{worker._child.process.pid}/fd").iterdir())) <= 5


def end(pool: ProcessPool) -> None:
    for worker in pool._processes:
        worker._child.process.kill()
        worker._child.process.join()
