"""A forked process that answers questions: what it says, what it raises, how it ends."""

import contextlib
import itertools
import os
import resource
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ae_core.system.child_process import CACHES, Arrays, ChildProcess, WithArrays
from tests.runs.pool_contract import PATIENCE, until

Fork = Callable[..., ChildProcess]  # fork(answer, **limits)


@pytest.fixture
def fork() -> Iterator[Fork]:
    children: list[ChildProcess] = []

    def make(answer: Callable[[Any], Any], limit: float = PATIENCE, **limits: float) -> ChildProcess:
        children.append(ChildProcess(answer, 0, "test", limit, **limits))
        return children[-1]

    yield make
    for child in children:
        child.process.kill()
        child.process.join()


def test_it_answers_in_a_process_of_its_own_with_all_that_was_there(fork: Fork) -> None:
    there = {"secret": 7}
    process, secret = fork(lambda question: (os.getpid(), there[question])).ask("secret")
    assert process != os.getpid() and secret == 7


def test_it_ends_in_the_middle_of_its_work_when_its_server_is_gone(fork: Fork) -> None:
    said, saying = os.pipe()
    server = os.fork()
    if not server:
        with contextlib.suppress(BaseException):
            child = fork(lambda question: sum(number for number in itertools.count()))
            os.write(saying, f"{child.process.pid}".encode())
            child.ask("without end")
        os._exit(1)
    number = int(os.read(said, 100))
    os.kill(server, signal.SIGKILL)
    os.waitpid(server, 0)
    try:
        until(lambda: is_gone(number))
    finally:
        if not is_gone(number):
            os.kill(number, signal.SIGKILL)
    os.close(said)
    os.close(saying)


def is_gone(process: int) -> bool:
    """Whether a process has ended; who takes note of the end of an orphan may be slow."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].startswith("Z")
    except FileNotFoundError:
        return True


def test_it_bounds_what_pytorch_keeps_of_each_shape_unless_its_host_says_otherwise(
    fork: Fork, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = CACHES
    monkeypatch.delenv(first, raising=False)
    monkeypatch.setenv(second, "7")
    child = fork(os.environ.get)
    assert (child.ask(first), child.ask(second)) == (CACHES[first], "7")
    assert first not in os.environ, "over there alone"


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


@pytest.mark.parametrize("limited", [False, True], ids=["beside the pipe", "where no file may be written"])
def test_arrays_arrive_as_they_were_and_belong_to_whoever_asked(fork: Fork, limited: bool) -> None:
    arrays = np.arange(6, dtype=np.float32).reshape(2, 3), np.ones(2**20, np.float32)

    def answer(question: str) -> WithArrays:
        if limited:
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        return WithArrays(question, arrays)

    child = fork(answer)
    first, second = child.ask("first"), child.ask("second")
    assert (first.answer, second.answer) == ("first", "second")
    for arrived in (first.arrays, second.arrays):
        assert all(map(np.array_equal, arrived, arrays))


@pytest.mark.parametrize("arrays", [(), (np.ones(3, np.float32),)], ids=["told", "arrays"])
def test_it_finds_the_next_question_while_nobody_takes_its_answer(
    fork: Fork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arrays: Arrays
) -> None:
    monkeypatch.setattr("multiprocessing.reduction.ACKNOWLEDGE", True, raising=False)  # as in Python 3.14 on Linux too

    def answer(question: str) -> WithArrays:
        (tmp_path / question).touch()
        return WithArrays(question, arrays)

    child = fork(answer)
    with ThreadPoolExecutor() as threads, contextlib.ExitStack() as ending:
        ending.callback(child.process.kill)  # then no thread waits any longer
        with child._listening:
            asked = [threads.submit(child.ask, question) for question in ("first", "second")]
            until(lambda: {path.name for path in tmp_path.iterdir()} == {"first", "second"})
        assert {answered.result(timeout=PATIENCE).answer for answered in asked} == {"first", "second"}


def test_whoever_asks_a_lost_process_is_told(fork: Fork) -> None:
    child = fork(lambda question: question)
    os.kill(child.process.pid or 0, signal.SIGKILL)
    with pytest.raises((EOFError, OSError)):
        child.ask(1)
    assert child.lost


def forever(question: Any) -> None:
    while True:
        pass


def wait_for_a_lock(question: Any) -> None:
    """As one that was taken when the process was forked: nobody gives it back."""
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()


def test_one_that_has_hung_is_ended_and_all_who_wait_are_told(fork: Fork, caplog: pytest.LogCaptureFixture) -> None:
    child = fork(wait_for_a_lock, still=0.2)
    with ThreadPoolExecutor() as threads:
        errors = [threads.submit(child.ask, question).exception(PATIENCE) for question in range(2)]
    assert [type(error) for error in errors] == [EOFError, EOFError]
    assert child.lost and not child.process.is_alive()
    assert caplog.messages == ["The process 'test' has hung for 0.2 s and is ended"]


def test_one_that_computes_for_longer_than_any_answer_needs_is_ended(fork: Fork) -> None:
    child = fork(forever, limit=0.01, still=0.5)
    with pytest.raises(TimeoutError):
        child.ask(1)
    assert child.lost and not child.process.is_alive()


def test_one_that_computes_is_waited_for_however_long_it_takes_by_the_clock(fork: Fork) -> None:
    def slow(question: float) -> float:
        begun = time.process_time()
        while time.process_time() - begun < question:
            time.sleep(0.002)  # as one whose processor is busy with others
            sum(range(100_000))
        return question

    child = fork(slow, still=0.5)
    assert child.ask(0.6) == 0.6 and not child.lost


def test_one_that_does_not_read_its_question_is_ended(fork: Fork) -> None:
    child = fork(len, still=0.2)
    os.kill(child.process.pid or 0, signal.SIGSTOP)
    with pytest.raises(OSError, match="unavailable"):
        child.ask(bytes(2**22))
    assert child.lost and not child.process.is_alive()


def test_one_that_stops_in_the_middle_of_its_answer_is_ended(fork: Fork, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(connection: Connection, answer: Any, error: Exception | None) -> None:
        os.write(connection.fileno(), b"\0\0\1\0half")  # of the 256 bytes that it claims
        os.kill(os.getpid(), signal.SIGSTOP)

    monkeypatch.setattr("ae_core.system.child_process._send", half)
    child = fork(len, still=0.2)
    with pytest.raises(OSError, match="unavailable"):
        child.ask("question")
    assert child.lost and not child.process.is_alive()


def test_a_question_that_cannot_travel_is_its_askers_error_and_it_goes_on(fork: Fork) -> None:
    child = fork(lambda question: question)
    with pytest.raises(Exception, match="pickle"):
        child.ask(lambda: None)
    assert child.ask(1) == 1 and not child.lost


class Unreadable:
    """Pickled well, and no more than that."""

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return int, ("no number",)


def no_handle(connection: Connection) -> int:
    raise RuntimeError("no handle came")


@pytest.mark.parametrize("first", [Unreadable(), WithArrays(1, (np.ones(3, np.float32),))], ids=["told", "arrays"])
def test_an_answer_that_cannot_be_received_ends_it_and_all_who_wait_are_told(
    fork: Fork, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, first: object
) -> None:
    monkeypatch.setattr("ae_core.system.child_process._receive_file", no_handle)
    answers = [first, "second", "third"]
    child = fork(answers.__getitem__)
    with ThreadPoolExecutor() as threads, contextlib.ExitStack() as ending:
        ending.callback(child.process.kill)  # then no thread waits any longer
        with child._listening:  # until all have asked
            asked = []
            for question in range(3):
                asked.append(threads.submit(child.ask, question))
                until(lambda: child.asked == len(asked))
        errors = [answer.exception(timeout=PATIENCE) for answer in asked]
        assert all(isinstance(error, EOFError | OSError) for error in errors), errors
        assert child.lost and not child.process.is_alive()
    assert caplog.messages == ["What was answered cannot be received"]


def test_where_the_memory_is_used_up_it_ends_before_the_server_and_after_those_that_stand_back_further(
    fork: Fork
) -> None:
    def score(_: Any) -> int:
        return int(Path("/proc/self/oom_score_adj").read_text())

    further = ChildProcess(score, 5, "test", PATIENCE)
    assert further.ask(None) > fork(score).ask(None) > score(None)
    further.end()
