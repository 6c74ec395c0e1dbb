"""Runs: shared by Spec, fair, bounded, and gone with their last visitor."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from ae_core.datasets import Dataset
from ae_core.runs import PoolFull, Run, RunPool
from ae_core.spec import Spec

SMALL = Spec(code_size=2, width=16, train_images=64, batch_size=16, epochs=2)
ENDLESS = SMALL.replace(epochs=1000)
PATIENCE = 60.0


def images(count: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (count, 784), dtype=np.uint8)


def small_data(name: str = "mnist") -> Dataset:
    labels = np.zeros(64, np.uint8)
    return Dataset(train=images(64), train_labels=labels, test=images(64), test_labels=labels)


@pytest.fixture
def pool() -> Iterator[RunPool]:
    pool = RunPool(small_data, cores=2)
    yield pool
    pool.close()


def training_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "training"]


def wait_for(run: Run) -> None:
    assert run.done.wait(PATIENCE)


def first_snapshot(run: Run) -> None:
    """Wait for a condition that training brings about, without a guess at its time."""
    waiter = threading.Event()
    for _ in range(int(PATIENCE / 0.01)):
        if run.snapshots:
            return
        waiter.wait(0.01)
    raise AssertionError("no snapshot came")


def test_a_run_ends_finished_with_weights_in_its_newest_snapshot_only(pool: RunPool) -> None:
    run = pool.join(SMALL, "ann")
    wait_for(run)
    assert run.state == "finished"
    assert run.newest is not None and run.newest.step == SMALL.steps and run.newest.weights is not None
    assert all(snapshot.weights is None for snapshot in run.snapshots[:-1])


def test_visitors_who_ask_for_the_same_spec_share_one_run(pool: RunPool) -> None:
    assert pool.join(ENDLESS, "ann") is pool.join(ENDLESS.replace(seed=0), "bob")
    assert pool.sharing() == 1


def test_a_finished_run_is_not_trained_again(pool: RunPool) -> None:
    run = pool.join(SMALL, "ann")
    wait_for(run)
    assert pool.join(SMALL, "bob") is run


def test_pressing_train_ten_times_trains_once(pool: RunPool) -> None:
    assert len({id(pool.join(ENDLESS, "ann")) for _ in range(10)}) == 1
    assert pool.sharing() == 1


def test_stop_freezes_the_visitors_view_and_leaves_the_run_to_the_others(pool: RunPool) -> None:
    run = pool.join(ENDLESS, "ann")
    pool.join(ENDLESS, "bob")
    first_snapshot(run)
    frozen = pool.stop(run.id, "ann")
    assert frozen is not None and frozen.state == "stopped" and frozen.model() is not None
    seen = len(frozen.snapshots)
    before = len(run.snapshots)
    waiter = threading.Event()
    while len(run.snapshots) <= before:
        waiter.wait(0.01)
    assert run.live and len(frozen.snapshots) == seen
    assert pool.get(frozen.id, "ann") is frozen


def test_a_run_ends_when_its_last_visitor_stops(pool: RunPool) -> None:
    run = pool.join(ENDLESS, "ann")
    first_snapshot(run)
    pool.stop(run.id, "ann")
    wait_for(run)
    assert run.state == "stopped" and pool.get(run.id, "bob") is None


def test_a_run_ends_when_its_last_visitor_trains_something_else(pool: RunPool) -> None:
    run = pool.join(ENDLESS, "ann")
    pool.join(SMALL, "ann")
    wait_for(run)
    assert run.state == "stopped"


def test_a_run_ends_when_its_visitor_is_silent_for_too_long() -> None:
    pool = RunPool(small_data, cores=1, grace=0.0)
    run = pool.join(ENDLESS, "ann")
    wait_for(run)
    assert run.state == "stopped" and not pool.sharing()


def test_no_thread_is_left_when_all_runs_have_ended(pool: RunPool) -> None:
    wait_for(pool.join(SMALL, "ann"))
    pool.close()
    for thread in training_threads():
        thread.join(PATIENCE)
    assert not training_threads()


def test_never_more_runs_train_at_once_than_there_are_cores(pool: RunPool) -> None:
    for seed in range(6):
        pool.join(ENDLESS.replace(seed=seed), f"visitor {seed}")
    assert len(training_threads()) <= 2


def test_a_run_that_starts_while_another_trains_gets_a_core_of_its_own(pool: RunPool) -> None:
    first_snapshot(pool.join(ENDLESS, "ann"))
    first_snapshot(pool.join(ENDLESS.replace(seed=1), "bob"))
    assert len(training_threads()) == 2


def test_many_runs_take_turns_so_that_all_of_them_move(pool: RunPool) -> None:
    runs = [pool.join(ENDLESS.replace(seed=seed), f"visitor {seed}") for seed in range(6)]
    for run in runs:
        first_snapshot(run)
    assert all(run.live for run in runs)


def test_the_longest_unused_finished_run_goes_first_when_runs_are_bounded_by_number() -> None:
    pool = RunPool(small_data, cores=1, max_runs=2)
    runs = [pool.join(SMALL.replace(seed=seed), f"visitor {seed}") for seed in (0, 1)]
    for run in runs:
        wait_for(run)
    pool.get(runs[0].id, "ann")
    wait_for(pool.join(SMALL.replace(seed=2), "ann"))
    assert pool.get(runs[0].id, "ann") is runs[0]
    assert pool.get(runs[1].id, "ann") is None


def test_finished_runs_stay_within_a_bound_in_bytes() -> None:
    pool = RunPool(small_data, cores=1, max_bytes=1)
    first = pool.join(SMALL, "ann")
    wait_for(first)
    assert first.bytes > 1
    second = pool.join(SMALL.replace(seed=1), "ann")
    wait_for(second)
    assert pool.get(first.id, "ann") is None
    again = pool.join(SMALL, "ann")  # an evicted run is trained again on demand
    wait_for(again)
    assert again is not first and again.state == "finished"


def test_a_full_pool_refuses_with_one_clear_sentence() -> None:
    pool = RunPool(small_data, cores=1, max_runs=1)
    pool.join(ENDLESS, "ann")
    with pytest.raises(PoolFull, match="Please try again"):
        pool.join(SMALL, "bob")
    pool.close()


def test_a_diverging_run_fails_with_a_message_and_keeps_its_last_good_state(pool: RunPool) -> None:
    run = pool.join(SMALL.replace(optimizer="sgd", learning_rate=10.0, loss="mse", output="linear", epochs=50), "ann")
    wait_for(run)
    assert run.state == "failed" and run.message is not None and "diverged" in run.message
    assert run.model() is not None


def test_a_training_thread_that_raises_fails_its_run_only(caplog: pytest.LogCaptureFixture) -> None:
    def cut_images(name: str) -> Dataset:
        data = small_data()
        return replace(data, train=data.train[:, :100])

    pool = RunPool(cut_images, cores=1)
    run = pool.join(SMALL, "ann")
    wait_for(run)
    assert run.state == "failed" and run.message is not None and "Traceback" not in run.message
    assert "failed" in caplog.text


def test_the_model_of_a_run_gives_the_reconstructions_of_its_newest_snapshot(pool: RunPool) -> None:
    from ae_core.model import to_pixels, to_uint8

    run = pool.join(SMALL, "ann")
    wait_for(run)
    model = run.model()
    assert model is not None and run.newest is not None
    row = to_uint8(model(to_pixels(small_data().test[:10])))
    assert np.abs(row.astype(int) - run.newest.row.astype(int)).max() <= 1
