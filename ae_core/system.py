"""What the operating system is asked for: memory back, and a place behind those who are in a hurry."""

import ctypes
import functools
import gc
import os
import sys
import threading
from collections.abc import Callable


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


def give_way(steps: int) -> None:
    """Put the calling thread behind all others of this process, by so many of 19 steps of niceness.

    Only Linux knows priorities of single threads; elsewhere without effect.
    """
    if sys.platform == "linux":
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + steps)


@functools.cache
def _malloc_trim() -> Callable[[int], int] | None:
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):  # musl, macOS, Windows
        return None
