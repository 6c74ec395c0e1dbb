"""The more visitors ask, the less often each of them does."""

import pytest

from ae_core.ui.live.presence import LATELY, LONGEST, POLL, REMEMBERED, SECONDS_EACH, Presence, polling_interval


def test_few_visitors_get_news_at_the_full_pace() -> None:
    assert polling_interval(0) == polling_interval(1) == polling_interval(5) == POLL


def test_a_class_asks_no_more_often_together_when_it_is_twice_as_large() -> None:
    assert 20 / polling_interval(20) == pytest.approx(40 / polling_interval(40)) == pytest.approx(1 / SECONDS_EACH)


def test_a_class_of_thirty_sees_something_new_at_least_every_second_and_a_bit() -> None:
    assert polling_interval(30) < 1.1


def test_everybody_who_asks_counts_once_and_no_longer_when_she_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("ae_core.ui.live.presence.time.monotonic", lambda: now)
    crowd = Presence()
    for name in ("ann", "bob", "ann"):
        crowd.see(name)
    assert crowd.size() == 2
    now = LATELY - 0.1
    crowd.see("bob")
    now = LATELY + 0.1
    assert crowd.size() == 1


def test_who_was_there_is_known_for_some_minutes_and_nobody_else_is(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("ae_core.ui.live.presence.time.monotonic", lambda: now)
    crowd = Presence()
    crowd.see("ann")
    now = REMEMBERED - 1
    assert crowd.size() == 0
    assert crowd.knows("ann") and not crowd.knows("mallory")
    now = REMEMBERED + 1
    assert crowd.size() == 0
    assert not crowd.knows("ann")


def test_a_pause_is_never_so_long_that_a_page_seems_to_stand_still() -> None:
    assert polling_interval(1000) == LONGEST < 2


def test_nobody_falls_out_of_the_crowd_between_two_questions() -> None:
    assert LONGEST < LATELY
    crowd = Presence()
    crowd.see("ann")
    assert crowd.size() == 1
