"""The app under load: started as a process of its own, and what it costs, read from /proc."""

import contextlib
import ipaddress
import os
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

ROOT = Path(__file__).parents[2]
START_SECONDS = 180
STOP_SECONDS = 5  # it has nothing to save
TICKS = os.sysconf("SC_CLK_TCK")


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
def running(log: Path) -> Iterator[tuple[str, int]]:
    """The app on a free port: its address and the id of its process; its words go to the log."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
    command += [f"--server.port={port}", "--server.address=127.0.0.1"]
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
    """The id of the process that listens at this address, where /proc tells it."""
    port = f":{urlsplit(url).port:04X}"
    with contextlib.suppress(OSError):
        lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        sockets = {f"socket:[{fields[9]}]" for fields in lines if fields[1].endswith(port) and fields[3] == "0A"}
        for link in Path("/proc").glob("[0-9]*/fd/*"):
            with contextlib.suppress(OSError):
                if os.readlink(link) in sockets:
                    return int(link.parts[2])
    return None


@dataclass(frozen=True)
class Sample:
    """What a process holds and has used: MiB of memory (its own and proportional), threads, seconds of CPU.

    `busy` is the CPU time that the whole machine has used, in seconds since it started.
    """

    rss: float
    pss: float
    threads: int
    cpu: float
    busy: float


def sample(process: int | None) -> Sample | None:
    """What a process holds now; None where there is no such process, or no /proc."""
    folder = Path(f"/proc/{process}")
    try:
        status = _fields(folder / "status")
        times = (folder / "stat").read_text().rpartition(")")[2].split()
        user, nice, system = map(int, Path("/proc/stat").read_text().split()[1:4])
        pss = _fields(folder / "smaps_rollup")["Pss"]
    except (OSError, KeyError):
        return None
    return Sample(
        rss=int(status["VmRSS"].split()[0]) / 1024,
        pss=int(pss.split()[0]) / 1024,
        threads=int(status["Threads"]),
        cpu=(int(times[11]) + int(times[12])) / TICKS,
        busy=(user + nice + system) / TICKS,
    )


def _fields(file: Path) -> dict[str, str]:
    pairs = (line.partition(":") for line in file.read_text().splitlines())
    return {name: value.strip() for name, _, value in pairs}
