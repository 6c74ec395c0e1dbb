"""When nobody has been here for a while: when that is, and what is let go then."""

import asyncio
import math
from collections.abc import Iterator

import pytest

from ae_core.datasets import fashion, mnist
from ae_core.ui import absence
from ae_core.ui.absence import ABSENCE, LOOK, forget, tidy_up
from ae_core.ui.departure import Departures
from ae_core.ui.later import measurements
from ae_core.ui.session import pool
from tests.small import SMALL


class Over(Exception):
    """The visits of a test have come to their end."""


def tidied(visits: Iterator[bool], monkeypatch: pytest.MonkeyPatch, ended: float = -math.inf) -> list[float]:
    """At which seconds all was forgotten, where somebody is there at some of the looks and nobody at others.

    ended : when a visit ended that no look has seen
    """
    now, when = 0.0, []

    async def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds

    def somebody() -> bool:
        there = next(visits, None)
        if there is None:
            raise Over
        return there

    monkeypatch.setattr("ae_core.ui.absence.asyncio.sleep", sleep)
    monkeypatch.setattr(Departures, "latest", ended)
    monkeypatch.setattr("ae_core.ui.absence.time.monotonic", lambda: now)
    monkeypatch.setattr(absence, "somebody_is_here", somebody)
    monkeypatch.setattr(absence, "forget", lambda: when.append(now))
    with pytest.raises(Over):
        asyncio.run(tidy_up())
    return when


def test_all_is_forgotten_once_after_each_visit_and_not_before_a_lost_connection_could_be_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    away = [False] * round(3 * ABSENCE / LOOK)
    first, second = tidied(iter([*away, True, *away, True, *away]), monkeypatch)
    left = LOOK * (len(away) + 1)
    assert ABSENCE < first - left <= ABSENCE + LOOK
    assert second - first == pytest.approx(LOOK * (len(away) + 1))


def test_a_visit_between_two_looks_is_known_by_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    (when,) = tidied(iter([False] * round(3 * ABSENCE / LOOK)), monkeypatch, ended=1.1)
    assert ABSENCE < when - 1.1 <= ABSENCE + LOOK


def test_while_somebody_looks_in_nothing_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    nearly = [False] * round(ABSENCE / LOOK)
    assert tidied(iter([True, *nearly] * 5), monkeypatch) == []


def test_runs_measurements_and_kept_results_go_and_the_digits_stay() -> None:
    run = pool().join(SMALL, "a test")
    assert run.done.wait(60)
    digits, clothes = mnist(), fashion()
    measurements().ask("it", bool)
    measurements().wait()
    forget()
    assert pool().ended(run.id) is None
    assert measurements().ask("it", bool) is None, "it is made again"
    assert mnist() is digits
    assert fashion() is not clothes


def test_there_is_nobody_where_no_server_runs() -> None:
    assert not absence.somebody_is_here()
