"""A forked process that answers questions: what it says, what it raises, how it ends."""

import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ae_core.child import Child

Fork = Callable[[Callable[[Any], Any]], Child]


@pytest.fixture
def fork() -> Iterator[Fork]:
    children: list[Child] = []

    def make(answer: Callable[[Any], Any]) -> Child:
        children.append(Child(answer, 0, "test"))
        return children[-1]

    yield make
    for child in children:
        child.process.kill()
        child.process.join()


def test_it_answers_in_a_process_of_its_own_with_all_that_was_there(fork: Fork) -> None:
    there = {"secret": 7}
    process, secret = fork(lambda question: (os.getpid(), there[question])).ask("secret")
    assert process != os.getpid() and secret == 7


def test_what_it_raises_is_raised_here_and_it_goes_on(fork: Fork) -> None:
    child = fork(lambda question: 1 / question)
    with pytest.raises(ZeroDivisionError):
        child.ask(0)
    assert child.ask(2) == 0.5 and not child.lost


def test_an_answer_that_cannot_travel_is_an_error_and_it_goes_on(fork: Fork) -> None:
    child = fork(lambda question: (lambda: None) if question else "well")
    with pytest.raises(RuntimeError, match="cannot be pickled"):
        child.ask(True)
    assert child.ask(False) == "well" and not child.lost


def test_whoever_asks_a_lost_process_is_told(fork: Fork) -> None:
    child = fork(lambda question: question)
    os.kill(child.process.pid or 0, signal.SIGKILL)
    with pytest.raises((EOFError, OSError)):
        child.ask(1)
    assert child.lost
