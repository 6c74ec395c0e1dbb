"""Runs: shared by Spec, fair, bounded, and gone with their last visitor."""

import itertools
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ae_core.data.datasets import Dataset
from ae_core.runs import pool as runs
from ae_core.runs.pool import BROKE_OFF, GRACE, RunPool, Training
from ae_core.runs.run import PoolFull, Run, _bytes
from ae_core.training.loop import Diverged, Snapshot
from tests.runs.pool_contract import PATIENCE, PoolContract, idle, more_snapshots, until, wait_for
from tests.small import ENDLESS, SMALL, cut_images, small_data


def training_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "training"]


def at(seconds: float, step: int) -> Snapshot:
    return Snapshot(
        step=step, images=step, epoch=0.0, seconds=seconds,
        train={"bce": 0.5, "mse": 0.1}, test={"bce": 0.4, "mse": 0.2}, test_images=8,
        row=np.zeros((10, 784), np.uint8), row_codes=np.zeros((10, 1), np.float32),
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
            pools.append(RunPool(load, cores=2, **{"absent": GRACE, **bounds}))  # a busy machine may take its time
            return pools[-1]

        yield make
        for pool in pools:
            pool.close()

    def is_idle(self, pool: RunPool) -> bool:
        return idle(pool)

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

    def test_close_ends_what_trains_also_while_pages_go_on_asking(self, pool: RunPool) -> None:
        run, closed = pool.join(ENDLESS, "ann"), threading.Event()

        def close() -> None:
            pool.close()
            closed.set()

        threading.Thread(target=close, daemon=True).start()
        until(lambda: (pool.get(run.id, "ann"), pool.join(ENDLESS, "bob"), closed.is_set())[-1])
        assert run.state == "stopped"

    def test_the_traceback_of_a_run_that_breaks_off_is_in_the_log(self, caplog: pytest.LogCaptureFixture) -> None:
        pool = RunPool(cut_images, cores=1)
        wait_for(pool, pool.join(SMALL, "ann"))
        assert "Traceback" in caplog.text


class ScriptedPool(RunPool):
    """A pool in which a script says what each training does. One thread unless it is told otherwise."""

    def __init__(self, script: Callable[[Run], Iterator[Snapshot | None]], **bounds: Any) -> None:
        super().__init__(small_data, **{"cores": 1, **bounds})
        self.script = script
        self.looks = 0  # for a run that has its turn

    def _snapshots(self, run: Run) -> Generator[Snapshot | None]:
        yield from self.script(run)

    def _chosen(self, ready: Sequence[Training]) -> Training | None:
        self.looks += 1
        return super()._chosen(ready)


def counting(run: Run) -> Iterator[Snapshot | None]:
    for step in itertools.count():
        yield at(0.2 * step, step)
        time.sleep(0.001)


def ends_after(pool: RunPool, error: BaseException | None = None) -> Run:
    """A run of one turn, which raises an error if there is one."""

    def script(run: Run) -> Iterator[Snapshot | None]:
        yield None
        if error:
            raise error

    pool.script = script  # type: ignore[attr-defined]
    run = pool.join(SMALL.replace(seed=next(seeds)), "ann")
    assert run.done.wait(PATIENCE)
    return run


seeds = itertools.count()


def test_a_run_that_is_asked_for_at_the_moment_it_fails_begins_anew_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    def script(run: Run) -> Iterator[Snapshot | None]:
        yield None
        raise Diverged(3)

    again: list[Run] = []
    pool, end = ScriptedPool(script), Run._end

    def asked_for_at_once(run: Run, *how: Any) -> None:
        end(run, *how)
        if not again:
            again.append(pool.join(run.spec, "bob"))

    monkeypatch.setattr(Run, "_end", asked_for_at_once)
    pool.join(SMALL, "ann")
    until(lambda: again and again[0].done.is_set())
    assert again[0].state == "failed" and not pool.sharing()


@pytest.mark.parametrize("error", [SystemExit(), KeyboardInterrupt(), MemoryError(), GeneratorExit()])
def test_whatever_a_run_dies_of_it_ends_with_a_sentence_and_the_next_one_is_trained(error: BaseException) -> None:
    pool = ScriptedPool(counting)
    run = ends_after(pool, error)
    assert (run.state, run.message) == ("failed", BROKE_OFF)
    assert ends_after(pool).state == "finished"
    until(lambda: not pool._workers)


def test_a_run_that_cannot_be_closed_holds_up_nobody() -> None:
    def script(run: Run) -> Iterator[Snapshot | None]:
        try:
            yield from counting(run)
        finally:
            raise SystemExit

    pool = ScriptedPool(script)
    run = pool.join(SMALL, "ann")
    until(lambda: run.count)
    pool.leave("ann")
    assert run.done.wait(PATIENCE) and run.state == "stopped"
    assert ends_after(pool).state == "finished"


def test_where_threads_cannot_work_runs_fail_and_places_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = ScriptedPool(counting, cores=2)
    with monkeypatch.context() as broken:
        broken.setattr(pool, "_begin", lambda: 1 / 0)
        assert ends_after(pool).message == BROKE_OFF
        until(lambda: not pool._workers)
        broken.setattr(threading.Thread, "start", no_more_threads)
        assert ends_after(pool).message == BROKE_OFF
    assert not pool.sharing() and not pool._workers
    assert ends_after(pool).state == "finished"


def no_more_threads(thread: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")


def test_a_full_pool_admits_as_many_as_it_frees() -> None:
    gate = threading.Event()

    def script(run: Run) -> Iterator[Snapshot | None]:
        gate.wait()
        yield None

    pool = ScriptedPool(script, max_runs=4)
    try:
        for seed in range(4):
            pool.join(SMALL.replace(seed=seed), f"visitor{seed}")
        pool.leave("visitor3")
        pool.join(SMALL.replace(seed=4), "visitor4")
        with pytest.raises(PoolFull):
            pool.join(SMALL.replace(seed=5), "visitor5")
        assert pool.sharing() == 4
    finally:
        gate.set()
    pool.close()


def test_a_run_that_is_given_up_in_the_middle_of_its_turn_takes_no_more_snapshots() -> None:
    begun, gate = threading.Event(), threading.Event()

    def script(run: Run) -> Iterator[Snapshot | None]:
        begun.set()
        gate.wait()
        yield at(0.0, 0)

    pool = ScriptedPool(script, max_runs=1)
    first = pool.join(SMALL, "ann")
    assert begun.wait(PATIENCE)
    pool.leave("ann")
    second = pool.join(SMALL.replace(seed=1), "bob")
    assert first.state == "stopped"
    gate.set()
    assert second.done.wait(PATIENCE) and second.state == "finished"
    assert not first.count


def test_a_thread_without_work_sleeps_until_there_is_some() -> None:
    pool = ScriptedPool(counting, absent=0.1)
    run = pool.join(SMALL, "ann")
    time.sleep(0.3)
    looks, count = pool.looks, run.count
    time.sleep(0.5)
    assert (pool.looks, run.count) == (looks, count), "it rests, and nobody looks"
    pool.get(run.id, "ann")
    until(lambda: run.count > count)
    pool.close()


def test_a_run_that_rests_ends_by_time_alone() -> None:
    pool = ScriptedPool(counting, absent=0.0, grace=0.3)
    run = pool.join(SMALL, "ann")
    assert run.done.wait(PATIENCE) and run.state == "stopped"
    assert not pool.sharing()


def test_without_memory_for_one_more_run_one_sentence_says_so_and_what_trains_goes_on(
    monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = RunPool(small_data, cores=1)
    run = pool.join(ENDLESS, "ann")
    monkeypatch.setattr(runs, "memory_left", lambda: runs.NEEDED - 1)
    with pytest.raises(PoolFull, match=r"^The memory of this server is full\. Please try again in a minute\.$"):
        pool.join(SMALL, "bob")
    assert pool.join(ENDLESS, "bob") is run
    more_snapshots(pool, run)
    pool.close()
