"""The garbage collector leaves the libraries alone, freed memory goes back, a thread stands back behind others."""

import gc
import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from ae_core.system.memory_and_priority import give_back, give_way, settle

ROOT = Path(__file__).parents[2]


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


BIG_PIECES = """
import numpy as np
from tests.system.test_memory_and_priority import resident
for size in (300_000, 500_000):  # glibc learns from pieces that were freed
    np.ones(size)
blocks = [np.ones(200_000) for _ in range(50)]
kept = blocks[1::2]
full = resident()
del blocks
print(full - resident())
"""

SERVER = "from ae_core.ui.server.after_imports import start_processes; start_processes()"
TRAINING = """
from ae_core.data.datasets import load
from ae_core.spec import Spec
from ae_core.system.memory_and_priority import let_go_early
from ae_core.runs.processes import Trainings
let_go_early()
Trainings(load)((0, Spec(train_images=64, width=16)))
"""


@pytest.mark.parametrize(
    ("begun", "at_once"), [("", False), (SERVER, True), (TRAINING, False)], ids=["by itself", "server", "training"]
)
def test_big_pieces_go_back_at_once_in_the_server_and_stay_for_training(begun: str, at_once: bool) -> None:
    command = [sys.executable, "-c", begun + BIG_PIECES]  # what the C library is told holds until its process ends
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    freed = int(said.splitlines()[-1])
    assert freed > 38 * 2**20 if at_once else freed < 2**20


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
