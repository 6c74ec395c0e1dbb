"""What every pool of runs does, wherever it trains: `TestRunPool` and `TestRayPool` inherit these tests."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from ae_core.autoencoder.model import to_pixels, to_uint8
from ae_core.runs.pool import RunPool
from ae_core.runs.run import PoolFull, Run
from ae_core.spec import Spec
from tests.small import DIVERGING, ENDLESS, SMALL, cut_images, small_data, treacherous_data

if TYPE_CHECKING:
    from ae_core.runs.ray import RayPool

    Pool = RunPool | RayPool
    MakePool = Callable[..., Pool]  # make_pool(load, **bounds)

PATIENCE = 60.0


def until(condition: Callable[[], object]) -> None:
    """Wait for a condition that training brings about, without a guess at its time."""
    waiter = threading.Event()
    for _ in range(int(PATIENCE / 0.01)):
        if condition():
            return
        waiter.wait(0.01)
    raise AssertionError("it did not come about")


def wait_for(pool: Pool, run: Run) -> None:
    """Wait for the end of a run, looking at it as nobody's visitor."""
    until(lambda: pool.ended(run.id) is run or run.done.is_set())


def more_snapshots(pool: Pool, run: Run, count: int = 0) -> None:
    """Wait until a run has more snapshots than so many."""
    until(lambda: pool.ended(run.id) or len(run.snapshots) > count)
    assert len(run.snapshots) > count


def rests(pool: Pool, run: Run) -> bool:
    """Whether a run that trains brings nothing for a second."""
    before = run.count
    threading.Event().wait(1.0)
    assert pool.ended(run.id) is None  # looked at, not visited
    return run.count == before


def idle(pool: RunPool) -> bool:
    """Whether nothing is left of any training, and no thread."""
    return not (pool._training or pool._turns or pool._open or pool._workers)


class Visitor(threading.Thread):
    """One who does at random what pages do, as fast as she can, and leaves in the end.

    runs : all that she was given
    error : what went wrong, beyond a pool that is full
    """

    SPECS = (
        *(spec.replace(seed=seed) for spec in (SMALL, ENDLESS) for seed in range(3)),
        DIVERGING, SMALL.replace(data="fashion"), SMALL.replace(data="landscapes"),
    )

    def __init__(self, pool: Pool, name: str, max_runs: int, seconds: float) -> None:
        super().__init__(name=name)
        self.pool, self.max_runs, self.seconds = pool, max_runs, seconds
        self.random = random.Random(name)
        self.runs: set[Run] = set()
        self.error: BaseException | None = None

    def run(self) -> None:
        end = time.monotonic() + self.seconds
        try:
            while time.monotonic() < end:
                self._do_something()
            self.pool.leave(self.name)
        except BaseException as error:
            self.error = error

    def _do_something(self) -> None:
        pool, spec = self.pool, self.random.choice(self.SPECS)
        name = self.name + self.random.choice(("", "", " beside"))
        actions: dict[str, tuple[int, Callable[[], Run | None]]] = {
            "join": (6, lambda: pool.join(spec, name)),
            "get": (8, lambda: pool.get(spec.key, name)),
            "stop": (2, lambda: pool.stop(spec.key, name)),
            "look": (1, lambda: pool.ended(spec.key)),
            "leave": (1, lambda: pool.leave(name)),
            "renew": (1, pool.renew),
            "forget": (1, pool.forget),
            "be silent": (1, lambda: time.sleep(self.random.uniform(0.0, 0.05))),
        }
        weights, calls = zip(*actions.values(), strict=True)
        with contextlib.suppress(PoolFull):
            run = self.random.choices(calls, weights)[0]()
            if run is not None:
                self.runs.add(run)
        assert pool.sharing() <= self.max_runs


class PoolContract:
    """A class that inherits it has a fixture `make_pool`, which ends what it made."""

    def is_idle(self, pool: Any) -> bool:
        """Whether nothing is left of any training; as far as it can be seen from here."""
        return not pool.sharing()

    @pytest.fixture
    def pool(self, make_pool: MakePool) -> Pool:
        return make_pool(small_data)

    def test_a_run_ends_finished_with_weights_in_its_newest_snapshot_only(self, pool: Pool) -> None:
        run = pool.join(SMALL, "ann")
        wait_for(pool, run)
        assert run.state == "finished"
        assert run.newest is not None and run.newest.step == SMALL.steps and run.newest.weights is not None
        assert all(snapshot.weights is None for snapshot in run.snapshots[:-1])

    def test_visitors_who_ask_for_the_same_spec_share_one_run(self, pool: Pool) -> None:
        assert pool.join(ENDLESS, "ann") is pool.join(ENDLESS.replace(seed=0), "bob")
        assert pool.sharing() == 1

    def test_what_has_no_effect_starts_no_run_of_its_own_and_is_nobodys_choice(self, pool: Pool) -> None:
        flat = ENDLESS.replace(depth=0)
        run = pool.join(flat.replace(width=512, noise_kind="masking"), "ann")
        assert pool.join(flat, "bob") is run
        assert run.spec == flat.canonical

    def test_a_finished_run_is_not_trained_again(self, pool: Pool) -> None:
        run = pool.join(SMALL, "ann")
        wait_for(pool, run)
        assert pool.join(SMALL, "bob") is run

    def test_pressing_train_ten_times_trains_once(self, pool: Pool) -> None:
        assert len({id(pool.join(ENDLESS, "ann")) for _ in range(10)}) == 1
        assert pool.sharing() == 1

    def test_stop_freezes_the_visitors_view_and_leaves_the_run_to_the_others(self, pool: Pool) -> None:
        run = pool.join(ENDLESS, "ann")
        pool.join(ENDLESS, "bob")
        more_snapshots(pool, run)
        frozen = pool.stop(run.id, "ann")
        assert frozen is not None and frozen.state == "stopped" and frozen.model() is not None
        seen = len(frozen.snapshots)
        more_snapshots(pool, run, len(run.snapshots))
        assert run.live and len(frozen.snapshots) == seen
        assert pool.get(frozen.id, "ann") is frozen

    def test_who_stops_before_the_first_snapshot_is_told_that_there_is_nothing_to_freeze(self, pool: Pool) -> None:
        run = pool.join(ENDLESS, "ann")
        frozen = pool.stop(run.id, "ann")
        assert frozen is not None and frozen.state == "stopped" and frozen.id != run.id
        assert ("Press Train" in (frozen.message or "")) == (not frozen.snapshots)
        wait_for(pool, run)
        assert run.state == "stopped"

    def test_to_stop_what_is_not_there_ends_nothing(self, pool: Pool) -> None:
        default = pool.join(Spec(), "ann")  # its id is the empty text
        assert pool.stop("not there", "bob") is None
        assert pool.get("", "ann") is default
        assert default.state != "stopped"

    def test_a_run_ends_when_its_last_visitor_stops(self, pool: Pool) -> None:
        run = pool.join(ENDLESS, "ann")
        more_snapshots(pool, run)
        pool.stop(run.id, "ann")
        wait_for(pool, run)
        assert run.state == "stopped" and pool.get(run.id, "bob") is None

    def test_a_run_ends_when_its_last_visitor_trains_something_else(self, pool: Pool) -> None:
        run = pool.join(ENDLESS, "ann")
        pool.join(SMALL, "ann")
        wait_for(pool, run)
        assert run.state == "stopped"

    def test_a_late_question_of_who_has_left_keeps_nothing_alive(self, pool: Pool) -> None:
        left, stopped = pool.join(ENDLESS, "ann"), pool.join(ENDLESS.replace(seed=1), "bob")
        more_snapshots(pool, stopped)
        pool.join(SMALL, "ann")
        pool.get(left.id, "ann")
        pool.stop(stopped.id, "bob")
        pool.get(stopped.id, "bob")
        for run in (left, stopped):
            wait_for(pool, run)
            assert run.state == "stopped"

    def test_who_comes_back_to_an_experiment_is_there_again(self, pool: Pool) -> None:
        run = pool.join(ENDLESS, "ann")
        pool.join(ENDLESS, "bob")
        pool.leave("ann")
        assert pool.join(ENDLESS, "ann") is run
        pool.leave("bob")
        more_snapshots(pool, run, run.count)
        assert run.live

    def test_who_leaves_takes_with_her_what_trains_beside_her_run_and_nobody_elses(self, pool: Pool) -> None:
        hers, beside = pool.join(ENDLESS, "ann"), pool.join(ENDLESS.replace(seed=1), "ann control")
        others = pool.join(ENDLESS.replace(seed=2), "anna")
        pool.leave("ann")
        for run in (hers, beside):
            wait_for(pool, run)
            assert run.state == "stopped"
        more_snapshots(pool, others)
        assert others.live

    def test_a_run_ends_when_its_visitor_is_silent_for_too_long(self, make_pool: MakePool) -> None:
        pool = make_pool(small_data, grace=0.0)
        run = pool.join(ENDLESS, "ann")
        wait_for(pool, run)
        assert run.state == "stopped" and not pool.sharing()

    def test_a_run_rests_while_its_visitor_is_away_and_goes_on_when_she_is_back(self, make_pool: MakePool) -> None:
        pool = make_pool(small_data, absent=0.5)
        run = pool.join(ENDLESS, "ann")
        until(lambda: pool.get(run.id, "ann") is run and run.count > 0)
        until(lambda: rests(pool, run))
        before = run.count
        until(lambda: pool.get(run.id, "ann") is run and run.count > before + 2)

    def test_a_full_pool_ends_a_run_that_rests_to_make_room(self, make_pool: MakePool) -> None:
        pool = make_pool(small_data, max_runs=1, absent=0.0)
        run = pool.join(ENDLESS, "ann")
        pool.join(SMALL, "bob")
        wait_for(pool, run)
        assert run.state == "stopped"

    def test_many_runs_take_turns_so_that_all_of_them_move(self, pool: Pool) -> None:
        runs = [pool.join(ENDLESS.replace(seed=seed), f"visitor{seed}") for seed in range(6)]
        for run in runs:
            more_snapshots(pool, run)
        assert all(run.live for run in runs)

    def test_the_longest_unused_finished_run_goes_first_when_runs_are_bounded_by_number(
        self, make_pool: MakePool
    ) -> None:
        pool = make_pool(small_data, max_runs=2)
        runs = [pool.join(SMALL.replace(seed=seed), f"visitor{seed}") for seed in (0, 1)]
        for run in runs:
            wait_for(pool, run)
        pool.get(runs[0].id, "ann")
        wait_for(pool, pool.join(SMALL.replace(seed=2), "ann"))
        assert pool.get(runs[0].id, "ann") is runs[0]
        assert pool.get(runs[1].id, "ann") is None

    def test_a_full_pool_still_keeps_what_has_ended(self, make_pool: MakePool) -> None:
        pool = make_pool(small_data, max_runs=3)
        ended = pool.join(SMALL, "ann")
        wait_for(pool, ended)
        for seed in (1, 2, 3):
            pool.join(ENDLESS.replace(seed=seed), f"visitor{seed}")
        assert pool.get(ended.id, "ann") is ended
        assert pool.sharing() == 3

    def test_finished_runs_stay_within_a_bound_in_bytes(self, make_pool: MakePool) -> None:
        pool = make_pool(small_data, max_bytes=1)
        first = pool.join(SMALL, "ann")
        wait_for(pool, first)
        assert first.bytes > 1
        second = pool.join(SMALL.replace(seed=1), "ann")
        wait_for(pool, second)
        assert pool.get(first.id, "ann") is None
        again = pool.join(SMALL, "ann")  # an evicted run is trained again on demand
        wait_for(pool, again)
        assert again is not first and again.state == "finished"

    def test_a_full_pool_refuses_with_one_clear_sentence(self, make_pool: MakePool) -> None:
        pool = make_pool(small_data, max_runs=1)
        pool.join(ENDLESS, "ann")
        with pytest.raises(PoolFull, match="Please try again"):
            pool.join(SMALL, "bob")

    def test_runs_beside_others_leave_half_of_the_places_to_what_visitors_train(self, make_pool: MakePool) -> None:
        pool = make_pool(small_data, max_runs=4)
        pool.join(ENDLESS.replace(seed=3), "ann")
        first, _ = (pool.join(ENDLESS.replace(seed=seed), f"ann sweep {seed}") for seed in (0, 1))
        with pytest.raises(PoolFull, match="3 experiments train already"):
            pool.join(ENDLESS.replace(seed=2), "ann sweep 2")
        assert pool.join(ENDLESS, "bob sweep 0") is first, "to look at what trains takes no place"
        assert pool.join(ENDLESS.replace(seed=4), "bob").live
        assert pool.sharing() == 4

    def test_a_diverging_run_fails_with_a_message_and_keeps_its_last_good_state(self, pool: Pool) -> None:
        run = pool.join(DIVERGING, "ann")
        wait_for(pool, run)
        assert run.state == "failed" and run.message is not None and "diverged" in run.message
        assert run.model() is not None

    def test_training_that_raises_fails_its_run_with_a_sentence(self, make_pool: MakePool) -> None:
        pool = make_pool(cut_images)
        run = pool.join(SMALL, "ann")
        wait_for(pool, run)
        assert run.state == "failed" and run.message is not None and "Traceback" not in run.message

    def test_the_model_of_a_run_gives_the_reconstructions_of_its_newest_snapshot(self, pool: Pool) -> None:
        run = pool.join(SMALL, "ann")
        wait_for(pool, run)
        model = run.model()
        assert model is not None and run.newest is not None
        row = to_uint8(model(to_pixels(small_data().test[:10])))
        assert np.abs(row.astype(int) - run.newest.row.astype(int)).max() <= 1

    def test_whatever_visitors_do_all_runs_move_or_end_and_all_places_come_back(self, make_pool: MakePool) -> None:
        pool = make_pool(treacherous_data, max_runs=5, absent=0.02)
        visitors = [Visitor(pool, f"visitor{number}", 5, seconds=1.0) for number in range(6)]
        for visitor in visitors:
            visitor.start()
        for visitor in visitors:
            visitor.join(PATIENCE)
        assert not any(visitor.is_alive() or visitor.error for visitor in visitors), [each.error for each in visitors]

        watched = {f"visitor{seed}": pool.join(ENDLESS.replace(seed=100 + seed), f"visitor{seed}") for seed in range(3)}
        until(lambda: all(pool.get(run.id, name) is run and run.count > 1 for name, run in watched.items()))
        for name in watched:
            pool.leave(name)
        until(lambda: self.is_idle(pool))
        runs = {*watched.values()}.union(*(visitor.runs for visitor in visitors))
        until(lambda: not any(run.live and pool.ended(run.id) is None for run in runs))
        assert all(run.done.is_set() for run in runs)
        last = pool.join(SMALL.replace(seed=100), "ann")
        until(lambda: pool.get(last.id, "ann") is last and last.done.is_set())
        assert last.state == "finished"
