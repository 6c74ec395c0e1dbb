"""How long training takes, by a formula and by what is seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ae_core.evaluation.capacity import experiments
from ae_core.spec import Spec
from ae_core.training.duration import about, pace, side_by_side, step_seconds, time_left, training_seconds
from tests.small import SMALL

TIMES = st.floats(0, 1e4)


@pytest.mark.parametrize(("spec", "milliseconds"), [  # on one core, as measured when the formula was fitted
    (Spec(), 9.9), (Spec(code_size=512), 12.4), (experiments.OVERFITTED, 44.5), (experiments.BIG, 121.5),
    (experiments.BIG.replace(train_images=64), 95.6), (Spec(depth=0, optimizer="adam", batch_size=256), 2.8),
    (Spec(width=1024), 67.7), (Spec(batch_size=64), 5.7), (Spec(code_size=784, depth=0), 50.3),
])
def test_the_formula_tells_about_how_long_a_step_of_each_network_took(spec: Spec, milliseconds: float) -> None:
    assert 1000 * step_seconds(spec) == pytest.approx(milliseconds, rel=0.35)


def test_noise_costs_time_and_tied_weights_save_some() -> None:
    assert step_seconds(Spec(noise=0.4)) > step_seconds(Spec()) > step_seconds(Spec(decoder="tied"))


def test_what_is_trained_takes_no_time_any_more() -> None:
    assert training_seconds(SMALL) == SMALL.steps * step_seconds(SMALL)
    assert training_seconds(SMALL, SMALL.steps) == 0


def test_a_machine_of_half_the_speed_takes_twice_the_time() -> None:
    spec = Spec(epochs=10)
    taken = 2 * training_seconds(spec)
    assert pace([]) == 1
    assert pace([(spec, spec.steps, taken)]) == pytest.approx(2, rel=0.1)
    assert pace([(spec, 1, 2 * step_seconds(spec))]) == pytest.approx(1, rel=0.1)  # one step tells little


def test_things_side_by_side_end_with_the_longest_or_when_the_cores_have_done_all() -> None:
    assert side_by_side([1, 1, 4], 2) == 4
    assert side_by_side([3, 3, 4], 2) == 5
    assert side_by_side([], 2) == 0


@given(TIMES, TIMES, TIMES, st.floats(0.01, 100))
def test_time_left_follows_the_expected_pace_first_and_the_seen_one_later(
    left: float, done: float, elapsed: float, expected: float
) -> None:
    assert time_left(left, 0, 0, expected) == pytest.approx(left * expected)
    found = time_left(left, done, elapsed, expected)
    slow, fast = max(expected, elapsed / max(done, 1e-9)), min(expected, elapsed / max(done, 1e-9))
    assert left * fast <= found * (1 + 1e-9) and found <= left * slow * (1 + 1e-9)
    assert time_left(left, 1e9, 3e9, expected) == pytest.approx(3 * left, rel=1e-3)


@pytest.mark.parametrize(("seconds", "words"), [
    (0, "a few seconds"), (4, "a few seconds"), (12, "about 10 s"), (88, "about 90 s"), (100, "about 2 min"),
    (3600, "about 60 min"),
])
def test_seconds_as_one_says_them(seconds: float, words: str) -> None:
    assert about(seconds) == words
