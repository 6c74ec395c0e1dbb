"""Scripts take turns: few at once, each in the end, and nobody for ever."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from ae_core.ui.script_run import concurrency as script_turns
from ae_core.ui.script_run.concurrency import SCRIPTS_AT_ONCE, script_turn
from tests.runs.pool_contract import until


@pytest.fixture
def scripts() -> Iterator[Callable[[], threading.Event]]:
    """Start a script in a thread; it tells by an event that it has its turn, and ends with the test."""
    over, threads = threading.Event(), []

    def start() -> threading.Event:
        running = threading.Event()

        def script() -> None:
            with script_turn():
                running.set()
                over.wait()

        threads.append(threading.Thread(target=script))
        threads[-1].start()
        return running

    yield start
    over.set()
    for thread in threads:
        thread.join()


def test_a_few_scripts_run_at_once_and_the_next_one_when_one_has_ended(
    scripts: Callable[[], threading.Event],
) -> None:
    with script_turn():
        others = [scripts() for _ in range(SCRIPTS_AT_ONCE)]
        until(lambda: sum(event.is_set() for event in others) == SCRIPTS_AT_ONCE - 1)
        late = next(event for event in others if not event.is_set())
        assert not late.wait(0.1)
    assert late.wait(10)


def test_a_part_of_a_script_that_has_its_turn_does_not_wait_for_another(
    scripts: Callable[[], threading.Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script_turns, "LONGEST_WAIT", 1e6)
    with ExitStack() as all_of_them:
        for _ in range(SCRIPTS_AT_ONCE + 1):
            all_of_them.enter_context(script_turn())


def test_a_script_that_breaks_off_gives_its_turn_back(scripts: Callable[[], threading.Event]) -> None:
    for _ in range(SCRIPTS_AT_ONCE + 1):
        with pytest.raises(ZeroDivisionError), script_turn():
            _ = 1 / 0
    assert all(scripts().wait(10) for _ in range(SCRIPTS_AT_ONCE))


def test_a_script_that_waited_long_enough_runs_all_the_same(
    scripts: Callable[[], threading.Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script_turns, "LONGEST_WAIT", 0.1)
    assert all(scripts().wait(10) for _ in range(SCRIPTS_AT_ONCE + 2))
    with script_turn():
        monkeypatch.setattr(script_turns, "LONGEST_WAIT", 1e6)
        with script_turn():
            pass


def test_who_only_waits_gives_the_turn_away(
    scripts: Callable[[], threading.Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    with script_turn():
        for _ in range(SCRIPTS_AT_ONCE - 1):
            assert scripts().wait(10)
        other = scripts()
        assert not other.wait(0.1)
        with script_turns.without_turn():
            assert other.wait(10)
            monkeypatch.setattr(script_turns, "LONGEST_WAIT", 0.1)
