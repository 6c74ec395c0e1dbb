"""What a process has once is made once, however many ask for it at the same time."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from ae_core.system.once import Once


def test_threads_that_ask_at_the_same_time_get_the_same_thing() -> None:
    made: list[object] = []
    two_make, all_ask = threading.Barrier(2), threading.Barrier(4)

    @Once
    def thing() -> object:
        with suppress(threading.BrokenBarrierError):
            two_make.wait(0.1)
        made.append(object())
        return made[-1]

    def ask() -> object:
        all_ask.wait()
        return thing()

    with ThreadPoolExecutor(4) as threads:
        got = [each.result() for each in [threads.submit(ask) for _ in range(4)]]
    assert len(made) == 1 and got == made * 4
    assert thing() is made[0]


def test_what_could_not_be_made_is_tried_again() -> None:
    tries: list[int] = []

    @Once
    def thing() -> str:
        """Made at the second try."""
        tries.append(len(tries))
        if len(tries) == 1:
            raise ConnectionError("not yet")
        return "here"

    with pytest.raises(ConnectionError, match="not yet"):
        thing()
    assert (thing(), thing()) == ("here", "here")
    assert tries == [0, 1] and thing.__doc__ == "Made at the second try."
