"""What the tests of the server share: a classroom, its report, and waiting for what has to come."""

import asyncio
import json
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.serving import Server, serving

PATIENCE = 90.0  # seconds until what has to come counts as missing
CLASSROOM = ("-m", "tests.server.classroom")


@dataclass
class Classroom:
    """A server that tells what trains in it."""

    server: Server
    reports: Path

    @property
    def url(self) -> str:
        """Its address."""
        return self.server.url

    async def report(self) -> dict[str, Any]:
        """The runs and the threads of this moment."""
        before = self._written()
        self.server.process.send_signal(signal.SIGUSR1)
        await until(lambda: len(self._written()) > len(before))
        newest: dict[str, Any] = json.loads(self._written()[-1])
        return newest

    async def runs(self) -> dict[str, int]:
        """Of every run that trains or waits, how many snapshots there are."""
        runs = (await self.report())["runs"]
        return {id: count for id, (state, count) in runs.items() if state in ("queued", "running")}

    async def until_runs(self, wanted: Callable[[dict[str, int]], bool]) -> dict[str, int]:
        """Wait for runs as they are wanted."""
        async with asyncio.timeout(PATIENCE):
            while not wanted(runs := await self.runs()):
                await asyncio.sleep(0.05)  # the pace of asking
        return runs

    async def until_quiet(self) -> None:
        """Wait until nothing trains and no training thread is left."""
        await self.until_runs(lambda runs: not runs)
        async with asyncio.timeout(PATIENCE):
            while "training" in (await self.report())["threads"]:
                await asyncio.sleep(0.05)  # the pace of asking

    def _written(self) -> list[str]:
        text = self.reports.read_text() if self.reports.exists() else ""
        return text.split("\n")[:-1]  # a line that is just being written does not count yet


async def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition; fails where it does not come."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.02)  # the pace of asking


Open = Callable[..., AbstractContextManager[Classroom]]


@pytest.fixture(scope="session")
def open_classroom(tmp_path_factory: pytest.TempPathFactory) -> Open:
    """Start a server with a pool of other measures: `with open_classroom(grace=3) as classroom`."""

    @contextmanager
    def open_room(**measures: Any) -> Iterator[Classroom]:
        folder = tmp_path_factory.mktemp("classroom")
        program = (*CLASSROOM, json.dumps(measures))
        environment = {"REPORT": str(folder / "report")}
        with serving(folder / "log.txt", program, environment=environment) as server:
            yield Classroom(server, folder / "report")
            server.kill()  # what it still measures is nobody's concern any more
        # On a full disk Streamlit's own route for uploads raises, which the uploader hears of as an error 500.
        expected = "Exception in ASGI application" if measures.get("disk_full") else None
        assert not [line for line in server.failures() if line != expected], server.said()

    return open_room
