"""The real app in a real browser: a server on a free port, a Chromium, a desktop and a phone.

A test that opens a page through these fixtures also fails when the browser reports an error, when the page asks
another host for anything, or when the app raises in the server.
"""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.conftest import FAILED
from tests.serving import ROOT, serving

COMPONENTS = ROOT / "ae_core" / "ui" / "components"
SCREENSHOTS = ROOT / "test-results"
TIMEOUT_MS = 15_000
expect.set_options(timeout=TIMEOUT_MS)

NewPage = Callable[..., Page]


@pytest.fixture(scope="session")
def app_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app, served by `streamlit run app.py` for all browser tests together."""
    with serving(tmp_path_factory.mktemp("server") / "log.txt") as server:
        yield server.url
    assert not server.failures(), server.said()


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
