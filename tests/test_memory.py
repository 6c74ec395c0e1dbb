"""Memory: the garbage collector leaves the libraries alone, and freed memory goes back to the system."""

import gc

import numpy as np

from ae_core.memory import give_back, settle


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
