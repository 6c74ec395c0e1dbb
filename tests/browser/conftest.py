"""The real app in a real browser: a server on a free port, a Chromium, a desktop and a phone.

A test that opens a page through these fixtures also fails when the browser reports an error, when the page asks
another host for anything, or when the app raises in the server.
"""

import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.browser import chromium
from tests.conftest import FAILED

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "test-results"
START_SECONDS = 120
STOP_SECONDS = 20
TIMEOUT_MS = 15_000
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

expect.set_options(timeout=TIMEOUT_MS)

NewPage = Callable[..., Page]


@pytest.fixture(scope="session")
def app_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app, served by `streamlit run app.py` for all browser tests together."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    log = tmp_path_factory.mktemp("server") / "log.txt"
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
    command += [f"--server.port={port}", "--server.address=127.0.0.1", "--server.fileWatcherType=none"]
    with log.open("wb") as out, subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT) as server:
        try:
            _wait_until_healthy(url, server, log)
            yield url
        finally:
            server.terminate()
            try:
                server.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                server.kill()
                pytest.fail(f"The server did not stop within {STOP_SECONDS} s of being asked to:\n{log.read_text()}")
    text = log.read_text()
    assert "Uncaught app execution" not in text, text
    assert "Exception in thread" not in text, text


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all browser tests; each page gets a profile of its own."""
    executable = chromium.find()
    assert executable, "No Chromium found: `make test` installs one."
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def new_page(browser: Browser, app_url: str, request: pytest.FixtureRequest) -> Iterator[NewPage]:
    """Open further visitors: `new_page(width=1280, height=800, touch=False)`, each in a profile of its own.

    A relative address such as `page.goto("/?code_size=2")` leads to the app.
    """
    pages: list[Page] = []
    complaints: list[str] = []

    def open_page(width: int = 1280, height: int = 800, touch: bool = False) -> Page:
        context = browser.new_context(
            base_url=app_url,
            viewport={"width": width, "height": height},
            has_touch=touch,
            is_mobile=touch,
        )
        context.set_default_timeout(TIMEOUT_MS)
        page = context.new_page()
        _collect_complaints(page, app_url, complaints)
        pages.append(page)
        return page

    yield open_page

    if request.node.stash.get(FAILED, False):
        _take_screenshots(pages, request.node.nodeid)
    for page in pages:
        page.context.close()
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A visitor at a desk: 1280 x 800."""
    return new_page()


@pytest.fixture
def phone(new_page: NewPage) -> Page:
    """A visitor with a phone: 390 x 844, touch."""
    return new_page(width=390, height=844, touch=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_healthy(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up:
        try:
            server.wait(0.1)  # the pace of the polling
        except subprocess.TimeoutExpired:
            pass
        else:
            pytest.fail(f"The server ended with code {server.returncode} while starting:\n{log.read_text()}")
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            continue
    pytest.fail(f"The server was not healthy within {START_SECONDS} s:\n{log.read_text()}")


def _collect_complaints(page: Page, app_url: str, complaints: list[str]) -> None:
    def check_message(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(f"console: {message.text}")

    def check_host(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != urlsplit(app_url).netloc:
            complaints.append(f"asked another host: {url}")

    page.on("console", check_message)
    page.on("pageerror", lambda error: complaints.append(f"uncaught: {error}"))
    page.on("request", lambda request: check_host(request.url))
    page.on("websocket", lambda websocket: check_host(websocket.url))


def _take_screenshots(pages: list[Page], name: str) -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    safe_name = re.sub(r"[^\w.-]+", "-", name)[-150:]
    for number, page in enumerate(pages, 1):
        page.screenshot(path=SCREENSHOTS / f"{safe_name}-{number}.png")
