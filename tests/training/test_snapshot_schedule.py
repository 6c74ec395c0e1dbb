"""When snapshots are taken: simulated on a clock of its own, with steps and snapshots of given lengths."""

from collections.abc import Iterator
from itertools import pairwise

import pytest

from ae_core.training.snapshot_schedule import SnapshotSchedule

STEP, SNAPSHOT = 0.010, 0.012  # seconds


class Clock:
    """The clock on the wall, and the processor's. What others take makes work last `stretch` times as long."""

    now = used = 0.0
    stretch = 1.0

    def work(self, seconds: float) -> None:
        self.used += seconds
        self.now += seconds * self.stretch


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("ae_core.training.snapshot_schedule.time.perf_counter", lambda: clock.now)
    monkeypatch.setattr("ae_core.training.snapshot_schedule.time.thread_time", lambda: clock.used)
    return clock


def run(clock: Clock, steps: int = 10_000, length: float = STEP) -> Iterator[float]:
    """The times at which a run of so many steps of this length has snapshots."""
    pace = SnapshotSchedule(steps)
    for step in range(steps):
        clock.work(length / 2)  # its gradients
        due = pace.due(step)
        if due:
            clock.work(SNAPSHOT)
            pace.taken(step)
        clock.work(length / 2)
        if due:
            with pace.waiting():
                yield clock.now


def rounds(clock: Clock, runs: int, count: int = 60, length: float = STEP) -> list[float]:
    """The seconds between two snapshots of each run, where so many runs take turns on one core."""
    training = [run(clock, length=length) for _ in range(runs)]
    times = [[next(one) for one in training] for _ in range(count)]
    return [after[0] - before[0] for before, after in pairwise(times[20:])]


def test_a_run_alone_spends_a_twelfth_of_its_time_on_snapshots_at_most(clock: Clock) -> None:
    gaps = rounds(clock, 1)
    assert SNAPSHOT / min(gaps) <= SnapshotSchedule.share * 1.01
    assert max(gaps) <= 0.25


@pytest.mark.parametrize(("runs", "length"), [(5, STEP), (10, STEP), (15, STEP), (15, 2 * STEP), (15, 5 * STEP)])
def test_however_many_take_turns_each_comes_to_a_snapshot_within_a_second(
    clock: Clock, runs: int, length: float
) -> None:
    gaps = rounds(clock, runs, length=length)
    assert max(gaps) <= 1.0


def test_where_others_take_three_quarters_of_a_core_at_once_nobody_waits_for_two_seconds(clock: Clock) -> None:
    training = [run(clock) for _ in range(10)]
    times = [[next(one) for one in training] for _ in range(30)]
    clock.stretch = 4.0
    times += [[next(one) for one in training] for _ in range(30)]
    rows = zip(*times[20:], strict=True)
    assert max(after - before for row in rows for before, after in pairwise(row)) <= 2.0


def test_even_in_a_crowd_most_of_the_time_is_training(clock: Clock) -> None:
    gaps = rounds(clock, 60)
    assert 60 * SNAPSHOT / min(gaps) <= SnapshotSchedule.crowded_share * 1.01


def test_the_first_steps_are_all_seen(clock: Clock) -> None:
    first = [next(one) for one in [run(clock)] for _ in range(SnapshotSchedule.dense)]
    assert first == pytest.approx([k * (SNAPSHOT + STEP) for k in range(1, SnapshotSchedule.dense + 1)])


def test_what_a_step_takes_counts_for_no_snapshot(clock: Clock) -> None:
    pace = SnapshotSchedule(10_000)
    assert pace.due(0)
    clock.work(SNAPSHOT)
    pace.taken(0)
    clock.work(100 * STEP)
    assert pace.cost == pytest.approx(SNAPSHOT)
