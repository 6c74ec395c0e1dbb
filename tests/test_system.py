"""The garbage collector leaves the libraries alone, freed memory goes back, a thread stands back behind others."""

import gc
import os
import threading

import numpy as np

from ae_core.system import give_back, give_way, settle


def test_what_is_there_when_the_server_settles_is_not_looked_through_again() -> None:
    before = gc.get_freeze_count()
    try:
        settle()
        assert gc.get_freeze_count() > before
        assert not any(len(gc.get_objects(generation)) > 10_000 for generation in range(3))
    finally:
        gc.unfreeze()


def test_freed_memory_goes_back_to_the_system() -> None:
    blocks = [np.ones(20_000) for _ in range(400)]  # each too small for a mapping of its own
    keeper = [np.ones(20_000)]
    full = resident()
    blocks.clear()
    give_back()
    assert keeper and resident() < full - 40 * 2**20


def resident() -> int:
    """Bytes of this process in memory."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096


def test_only_the_thread_that_gives_way_does() -> None:
    found = []

    def polite() -> None:
        give_way(3)
        found.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    ours = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    thread = threading.Thread(target=polite)
    thread.start()
    thread.join()
    assert found == [min(19, ours + 3)]
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == ours
