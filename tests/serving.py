"""The real server as a process: started on a free port, watched until it is healthy, stopped or killed."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from urllib.response import addinfourl

import pytest

ROOT = Path(__file__).parents[1]
START_SECONDS = 120
STOP_SECONDS = 20
# What the server logs when the app's own code raises, in a script or in a thread.
FAILURES = (
    "Uncaught app execution", "Exception in thread", "Task exception was never retrieved",
    "Exception in ASGI application",
)


@dataclass
class Server:
    """A server that runs: its address, its process and the file that it logs into."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def port(self) -> int:
        """Where it listens."""
        return urlsplit(self.url).port or 80

    def said(self) -> str:
        """All that it has logged so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def failures(self) -> list[str]:
        """The lines of its log that tell of a failure of the app."""
        return [line for line in self.said().splitlines() if any(failure in line for failure in FAILURES)]

    def get(self, path: str, headers: Mapping[str, str] = {}, body: bytes | None = None) -> addinfourl:
        """The answer to a plain request (a PUT where there is a body), also to one that is refused."""
        method = "GET" if body is None else "PUT"
        request = urllib.request.Request(self.url + path, body, dict(headers), method=method)
        try:
            return urllib.request.urlopen(request, timeout=10)
        except urllib.error.HTTPError as refused:
            return refused

    def stop(self) -> None:
        """Ask it to end, as Ctrl-C does; fails when it does not."""
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            pytest.fail(f"The server did not stop within {STOP_SECONDS} s of being asked to:\n{self.said()}")

    def kill(self) -> None:
        """Kill it where it stands: it cannot say goodbye to anybody."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(STOP_SECONDS)


@contextmanager
def serving(
    log: Path,
    program: Sequence[str] = ("-m", "streamlit", "run"),
    *,
    root: Path = ROOT,
    port: int | None = None,
    base: str = "",
    environment: Mapping[str, str] = {},
) -> Iterator[Server]:
    """The app as `streamlit run app.py` serves it, until the block ends.

    program : what Python runs instead; it gets the same arguments
    root : the folder of the app
    base : below which path the app is, with a slash before it
    environment : variables beside those of this process
    """
    port = port or free_port()
    command = [sys.executable, *program, "app.py", "--server.headless=true", f"--server.port={port}",
               "--server.address=127.0.0.1", f"--server.baseUrlPath={base}"]
    with log.open("ab") as out:
        process = subprocess.Popen(
            command, cwd=root, stdout=out, stderr=subprocess.STDOUT, env={**os.environ, **environment}
        )
    server = Server(f"http://127.0.0.1:{port}{base}", process, log)
    try:
        wait_until_healthy(server)
        yield server
    finally:
        if process.poll() is None:
            server.stop()


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_healthy(server: Server) -> None:
    """Return when the server answers; fails when it ends or takes too long."""
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up:
        try:
            server.process.wait(0.1)  # the pace of the polling
        except subprocess.TimeoutExpired:
            pass
        else:
            pytest.fail(f"The server ended with code {server.process.returncode} while starting:\n{server.said()}")
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            continue
    pytest.fail(f"The server was not healthy within {START_SECONDS} s:\n{server.said()}")
