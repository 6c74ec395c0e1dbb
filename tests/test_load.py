"""The load driver: its visitor speaks to the real app as a browser does."""

import asyncio
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.load.visitor import Visitor

ROOT = Path(__file__).parents[1]
LINK = "width=16&code_size=4&train_images=1024"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The address of the real app."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
    command += [f"--server.port={port}", "--server.address=127.0.0.1", "--server.fileWatcherType=none"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        address = f"http://127.0.0.1:{port}"
        while not healthy(address):
            assert server.poll() is None
            time.sleep(0.1)  # the pace of the polling
        yield address
        server.terminate()


def healthy(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def test_a_visitor_opens_a_page_changes_a_setting_and_walks_on(url: str) -> None:
    async def visit() -> None:
        async with Visitor(url) as visitor:
            await visitor.open(LINK)
            assert visitor.value("code_size") == ["4"]
            await visitor.set("code_size", ["8"])
            assert "code_size=8" in visitor.query
            assert any("press **Train**" in text for text in visitor.texts())
            await visitor.press("train")
            assert any(text.startswith("code 8 · depth 1") for text in visitor.texts())
            await visitor.go("Denoising")
            assert visitor.texts()[0].startswith("It cannot copy the noise")
            assert visitor.value("code_size") == ["8"]
            assert not visitor.exceptions

    asyncio.run(visit())
