"""deploy/nginx.conf at work: a real nginx in front of two replicas of the app on this machine."""

import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.deploy import nginx
from tests.serving import ROOT, Server, free_port

DEPLOY = ROOT / "deploy"
PLACES = ("172.30.8.11:8501", "172.30.8.12:8501")  # of the replicas in replicas.conf
START_SECONDS = 20


@dataclass
class Answer:
    """What came back for a request."""

    status: int
    headers: Message
    body: bytes


@dataclass
class Proxy:
    """An nginx that runs: its address, its process, its folder and the replicas behind it, `a` before `b`."""

    url: str
    process: subprocess.Popen[bytes]
    folder: Path
    replicas: Sequence[Server]

    def get(self, path: str, headers: Mapping[str, str] = {}, body: bytes | None = None) -> Answer:
        """The answer to a plain request, also to one that is refused; with a body it is an upload."""
        request = Request(self.url + path, data=body, headers=dict(headers), method="PUT" if body else "GET")
        try:
            answer = urlopen(request, timeout=30)
        except HTTPError as refused:
            answer = refused
        with answer:
            return Answer(answer.status, answer.headers, answer.read())

    def answered(self, path: str, count: int) -> list[str]:
        """Who answered the requests for paths that begin so, the oldest first: `a`, `b`, or "" for nginx itself.

        Waits until there are so many: nginx writes its log after the answer.
        """
        give_up = time.monotonic() + START_SECONDS
        while len(answered := self._answered(path)) < count:
            assert time.monotonic() < give_up, f"{len(answered)} of {count} requests for {path} in nginx's log"
            time.sleep(0.02)  # the pace of the polling
        return answered

    def _answered(self, path: str) -> list[str]:
        names = {f"127.0.0.1:{server.port}": name for server, name in zip(self.replicas, "ab", strict=True)}
        lines = (self.folder / "access.log").read_text().splitlines()
        served = [line for line in lines if line.split(" ")[2].startswith(path)]
        return [names.get(line.split('"')[1].split(", ")[-1], "") for line in served]


@contextmanager
def proxied(folder: Path, replicas: Sequence[Server]) -> Iterator[Proxy]:
    """nginx with the files of deploy/, the addresses put in, until the block ends. It writes only into the folder."""
    port = free_port()
    (folder / "nginx.conf").write_text((DEPLOY / "nginx.conf").read_text())
    (folder / "listen.conf").write_text(put_in(DEPLOY / "listen.conf", {"8080": f"127.0.0.1:{port}"}))
    places = {place: f"127.0.0.1:{server.port}" for place, server in zip(PLACES, replicas, strict=True)}
    dotted = {place.replace(".", r"\."): address for place, address in places.items()}
    (folder / "replicas.conf").write_text(put_in(DEPLOY / "replicas.conf", places | dotted))
    url = f"http://127.0.0.1:{port}"
    with started(folder, url) as process:
        yield Proxy(url, process, folder, replicas)


@contextmanager
def started(folder: Path, url: str) -> Iterator[subprocess.Popen[bytes]]:
    """nginx with the folder's nginx.conf, from its first answer at an address until the block ends."""
    program = nginx.find()
    assert program, "No nginx found: `make test` installs one on Debian."
    command = [program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr", "-g", "daemon off;"]
    if os.geteuid() == 0:
        command[-1] += " user root;"  # a test's folder is its owner's alone
    with (folder / "access.log").open("ab") as out, (folder / "error.log").open("ab") as errors:
        process = subprocess.Popen(command, stdout=out, stderr=errors)
    try:
        _wait_until_it_answers(process, url, folder / "error.log")
        yield process
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def put_in(file: Path, places: Mapping[str, str]) -> str:
    """The text of a file, with what stands for each place in it replaced."""
    text = file.read_text()
    for place, address in places.items():
        assert place in text, f"{file.name} no longer holds {place}"
        text = text.replace(place, address)
    return text


def _wait_until_it_answers(process: subprocess.Popen[bytes], url: str, errors: Path) -> None:
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up and process.poll() is None:
        try:
            urlopen(url, timeout=30).close()
            return
        except HTTPError:
            return
        except OSError:
            time.sleep(0.05)  # the pace of the polling
    raise RuntimeError(f"nginx did not start:\n{errors.read_text()}")
