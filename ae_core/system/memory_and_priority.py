"""What the operating system is asked for: memory back, and a place behind those who are in a hurry."""

import contextlib
import ctypes
import functools
import gc
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8  # for mallopt(3)


def settle() -> None:
    """Tell the garbage collector that all there is now will stay.

    The libraries are a quarter of a million objects: to look through them in vain stops all threads for 0.1 s.
    """
    gc.collect()
    gc.freeze()
    give_back()


def give_back() -> None:
    """Return freed memory to the system, in some milliseconds; without effect where the C library is not glibc.

    After a training run glibc keeps some 70 to 100 MB in the arenas of threads that are long gone.
    """
    trim = _malloc_trim()
    if trim is not None:
        trim(0)


def let_go_early() -> None:
    """Hand pieces of memory from 1 MB on back as soon as they are free; without effect where there is no glibc.

    By itself glibc soon keeps pieces of up to 32 MB for the next that asks, and each thread's apart: in a server with
    thirty visitors that came to 150 MB.
    """
    _tune(M_ARENA_MAX, 2)
    _tune(M_MMAP_THRESHOLD, 2**20)


def keep_for_the_next_step() -> None:
    """Keep freed pieces of up to 4 MB at hand again.

    Training frees them and asks for as many with each step: with fresh ones every time it takes half as long again.
    """
    _tune(M_MMAP_THRESHOLD, 2**22)


def give_way(steps: int) -> None:
    """Put the calling thread behind all others of this process, by so many of 19 steps of niceness.

    Only Linux knows priorities of single threads; elsewhere without effect.
    """
    if sys.platform == "linux":
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + steps)


def offer_to_oom_killer(behind: int) -> None:
    """Where the memory is used up, let Linux end this process before the server, and before those that are less behind.

    behind : steps of niceness, 0 to 20
    """
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(800 + 10 * behind))  # of -1000 to 1000; the server has 0


def _tune(parameter: int, value: int) -> None:
    with contextlib.suppress(AttributeError, OSError, TypeError):  # musl, macOS, Windows
        ctypes.CDLL(None).mallopt(parameter, value)


@functools.cache
def _malloc_trim() -> Callable[[int], int] | None:
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):  # musl, macOS, Windows
        return None
