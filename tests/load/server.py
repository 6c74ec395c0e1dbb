"""The app under load: started as a process of its own, and what it costs."""

import contextlib
import ipaddress
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from tests.load.control_group import NO_LIMITS, ControlGroup

ROOT = Path(__file__).parents[2]
START_SECONDS = 180
STOP_SECONDS = 5  # it has nothing to save


def loopback(url: str) -> str:
    """The address, if it is one of this very machine (http://127.0.0.1:port); else a `ValueError`."""
    parts = urlsplit(url)
    try:
        here = ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        here = False  # a name could lead anywhere
    if not here or parts.scheme != "http" or not parts.port:
        raise ValueError(f"{url!r} is not on this machine: give an address like http://127.0.0.1:8501.")
    return f"http://{parts.netloc}"


@contextlib.contextmanager
def running(log: Path, group: ControlGroup = NO_LIMITS) -> Iterator[tuple[str, int]]:
    """The app on a free port, in a control group: its address and its process's id; its words go to the log."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
    command += [f"--server.port={port}", "--server.address=127.0.0.1"]
    command = group.command(command)
    with log.open("wb") as out, subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT) as server:
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_until_ready(url, server)
            yield url, server.pid
        finally:
            server.terminate()
            try:
                server.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                server.kill()


def _wait_until_ready(url: str, server: subprocess.Popen[bytes]) -> None:
    """Return when the app can train. It serves pages some seconds earlier: a class that comes then waits for it."""
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up:
        if server.poll() is not None:
            raise RuntimeError(f"The app ended with code {server.returncode} while starting.")
        with (
            contextlib.suppress(urllib.error.URLError, OSError),
            urllib.request.urlopen(f"{url}/live/words", timeout=30) as answer,  # waits until it can be answered
        ):
            if answer.status == 204:
                return
        time.sleep(0.1)  # the pace of the polling
    raise RuntimeError(f"The app was not ready within {START_SECONDS} s.")


def listener(url: str) -> int | None:
    """The id of the process that listens at this address, where the system tells it."""
    port = urlsplit(url).port
    with contextlib.suppress(psutil.Error):
        for each in psutil.net_connections("tcp"):
            if each.status == psutil.CONN_LISTEN and each.laddr and each.laddr.port == port:
                return each.pid
    return None


@dataclass(frozen=True)
class Sample:
    """What an app holds and has used, with all the processes that it has started.

    pss : MiB of memory of all together; what they share is counted once
    rss : MiB of the server alone, as `top` shows it
    threads : of all
    cpu : seconds of CPU of all
    server_cpu : of the server alone
    busy : seconds of CPU that the whole machine has used since it started
    """

    pss: float
    rss: float
    threads: int
    cpu: float
    server_cpu: float
    busy: float


def sample(process: int | None) -> Sample | None:
    """What the server with this id and its processes hold now; None where it is not there, or not under Linux."""
    if process is None:
        return None
    try:
        server = psutil.Process(process)
        held = [server.memory_full_info().pss / 2**20]
        rss, threads, cpu = server.memory_info().rss / 2**20, server.num_threads(), _cpu(server)
        alone = server.cpu_times()
        children = server.children(recursive=True)
    except (psutil.Error, AttributeError):
        return None
    for child in children:
        with contextlib.suppress(psutil.Error):  # it has ended meanwhile
            held.append(child.memory_full_info().pss / 2**20)
            threads, cpu = threads + child.num_threads(), cpu + _cpu(child)
    machine = psutil.cpu_times()
    return Sample(sum(held), rss, threads, cpu, alone.user + alone.system, machine.user + machine.system + machine.nice)


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system + times.children_user + times.children_system  # of those that have ended
