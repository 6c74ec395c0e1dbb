"""The app as `streamlit run` serves it, with a pool of other measures: what takes minutes elsewhere takes seconds here.

    python -m tests.server.classroom '{"grace": 3}' app.py --server.port=8501

The JSON sets attributes of the pool: `grace`, `max_runs`. After `absence` seconds without a visitor all is forgotten.
`stumbles` names a data set whose first training raises,
`disk_full` lets the process write no byte to any file. On SIGUSR1 one more line of `REPORT` tells what trains.
"""

import json
import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from streamlit.web import cli

from ae_core.data.datasets import Dataset, load
from ae_core.ui.server import idle_cleanup as absence
from ae_core.ui.session import visitor as session
from ae_core.ui.session.visitor import pool


def stumbling(load: Callable[[str], Dataset], name: str) -> Callable[[str], Dataset]:
    """The loader, but the first time that it is asked for the named data set it raises what nobody expects."""
    first = multiprocessing.Value("b", True)  # one for all processes that train

    def load_or_raise(wanted: str) -> Dataset:
        if wanted == name and first.value:
            first.value = False
            raise ZeroDivisionError("a mistake in the training thread")
        return load(wanted)

    return load_or_raise


def fill_the_disk() -> None:
    """No file can grow any more. What the server says goes through another process, so that it can be read."""
    scribe = subprocess.Popen(["cat"], stdin=subprocess.PIPE)
    assert scribe.stdin
    for stream in (1, 2):
        os.dup2(scribe.stdin.fileno(), stream)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def report(signal: int, frame: FrameType | None) -> None:
    """Write down the runs, with their states and numbers of snapshots, and the names of all threads."""
    runs = {run.id: [run.state, len(run.snapshots)] for run in list(pool()._runs.values())}
    with Path(os.environ["REPORT"]).open("a") as file:
        file.write(json.dumps({"runs": runs, "threads": [thread.name for thread in threading.enumerate()]}) + "\n")


def serve() -> None:
    measures = json.loads(sys.argv.pop(1))
    if measures.pop("disk_full", False):
        fill_the_disk()
    if stumbles := measures.pop("stumbles", ""):
        vars(session)["load"] = stumbling(load, stumbles)  # before there is a pool
    absence.ABSENCE = measures.pop("absence", absence.ABSENCE)
    for name, value in measures.items():
        setattr(pool(), name, value)
    signal.signal(signal.SIGUSR1, report)
    sys.argv = ["streamlit", "run", *sys.argv[1:]]
    cli.main()


if __name__ == "__main__":
    serve()
