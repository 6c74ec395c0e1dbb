"""The more visitors ask, the less often each of them does."""

import pytest

from ae_core.ui.crowd import EACH, LATELY, LONGEST, POLL, SHARE, Crowd, pause


def test_few_visitors_get_news_at_the_full_pace() -> None:
    assert pause(0) == pause(1) == pause(5) == POLL


def test_a_class_asks_no_more_often_together_when_it_is_twice_as_large() -> None:
    assert 20 / pause(20) == pytest.approx(40 / pause(40)) == pytest.approx(1 / EACH)


def test_a_class_of_thirty_sees_something_new_at_least_every_second_and_a_bit() -> None:
    assert pause(30) < 1.1


def test_everybody_who_asks_counts_once_and_no_longer_when_she_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("ae_core.ui.crowd.time.monotonic", lambda: now)
    crowd = Crowd()
    for name in ("ann", "bob", "ann"):
        crowd.see(name)
    assert crowd.size() == 2
    now = LATELY - 0.1
    crowd.see("bob")
    now = LATELY + 0.1
    assert crowd.size() == 1


def test_slow_answers_make_longer_pauses_so_that_none_is_overtaken_by_the_next_question() -> None:
    assert pause(1, seconds=0.2) == pytest.approx(SHARE * 0.2) and SHARE * 0.2 > POLL
    assert pause(1000, seconds=60) == LONGEST < 2


def test_what_an_answer_takes_is_a_mean_over_the_last_ones() -> None:
    crowd = Crowd()
    for _ in range(100):
        crowd.answered(0.5)
    assert crowd.seconds == pytest.approx(0.5, rel=0.01)
    crowd.answered(5.0)
    assert crowd.seconds < 1


def test_nobody_falls_out_of_the_crowd_between_two_questions() -> None:
    assert LONGEST < LATELY
    crowd = Crowd()
    crowd.see("ann")
    assert crowd.size() == 1
