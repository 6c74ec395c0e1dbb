"""When nobody has been here for a while: when that is, and what is let go then."""

import asyncio
import itertools
import math
import sys
import threading
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest

from ae_core.data.datasets import fashion, mnist
from ae_core.evaluation.measuring_process import functions_that_keep
from ae_core.ui.background.measurement_queue import thread_measurements
from ae_core.ui.server import idle_cleanup
from ae_core.ui.server.idle_cleanup import ABSENCE, LOOK, forget, tidy_up
from ae_core.ui.server.tab_closed import ClosedTabs
from ae_core.ui.session.visitor import pool
from tests.small import SMALL


class Over(Exception):
    """The visits of a test have come to their end."""


def tidied(
    visits: Iterator[bool],
    monkeypatch: pytest.MonkeyPatch,
    ended: float = -math.inf,
    forgetting: Callable[[], object] = bool,
) -> list[float]:
    """At which seconds all was forgotten, where somebody is there at some of the looks and nobody at others.

    ended : when a visit ended that no look has seen
    forgetting : what is done then
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

    def noted() -> None:
        when.append(now)
        forgetting()

    monkeypatch.setattr("ae_core.ui.server.idle_cleanup.asyncio.sleep", sleep)
    monkeypatch.setattr(ClosedTabs, "latest", ended)
    monkeypatch.setattr("ae_core.ui.server.idle_cleanup.time.monotonic", lambda: now)
    monkeypatch.setattr(idle_cleanup, "is_anybody_connected", somebody)
    monkeypatch.setattr(idle_cleanup, "forget", noted)
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


def test_where_forgetting_fails_the_log_tells_and_it_is_tried_again_after_the_next_visit(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails() -> None:
        raise OSError("no process can be made")

    away = [False] * round(3 * ABSENCE / LOOK)
    assert len(tidied(iter([*away, True, *away, True, *away]), monkeypatch, forgetting=fails)) == 2
    assert caplog.text.count("OSError: no process can be made") == 2


def test_what_functions_keep_is_found_while_a_script_imports_something(monkeypatch: pytest.MonkeyPatch) -> None:
    growing, found = ModuleType("ae_core.growing"), threading.Event()
    vars(growing).update({f"name {place}": place for place in range(100_000)})

    def grow() -> None:
        for place in itertools.count():
            if found.is_set():
                break
            vars(growing)[f"new {place}"] = place

    monkeypatch.setitem(sys.modules, growing.__name__, growing)
    thread, interval = threading.Thread(target=grow), sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    thread.start()
    try:
        assert all(fashion in functions_that_keep() for _ in range(10))
    finally:
        found.set()
        thread.join()
        sys.setswitchinterval(interval)


def test_runs_measurements_and_kept_results_go_and_the_digits_stay() -> None:
    run = pool().join(SMALL, "a test")
    assert run.done.wait(60)
    digits, clothes = mnist(), fashion()
    thread_measurements().ask("it", bool)
    thread_measurements().wait()
    forget()
    assert pool().ended(run.id) is None
    assert thread_measurements().ask("it", bool) is None, "it is made again"
    assert mnist() is digits
    assert fashion() is not clothes
