"""Streamlit's own files are read and compressed once; whoever wants anything else is answered by Streamlit itself."""

import asyncio
import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send
from streamlit import file_util
from streamlit.web.server.starlette.starlette_static_routes import create_streamlit_static_assets_routes

from ae_core.ui.server import static_cache
from ae_core.ui.server.static_cache import StaticCache

STATIC = Path(file_util.get_static_dir())


def file(pattern: str) -> str:
    """The address of one of Streamlit's files."""
    return f"/{min(STATIC.glob(f'static/{pattern}')).relative_to(STATIC).as_posix()}"


SCRIPT, STYLE, FONT = file("js/index.*.js"), file("css/index.*.css"), file("media/*.woff2")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Headers
    body: bytes


class Browser:
    """Asks Streamlit's server for files, through `StaticCache`.

    read : what Streamlit itself was asked for
    """

    def __init__(self) -> None:
        self.read: list[str] = []
        self.streamlit = Starlette(routes=create_streamlit_static_assets_routes(""))
        self.assets = StaticCache(self._counted)

    async def _counted(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.read.append(scope["path"])
        await self.streamlit(scope, receive, send)

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """The answer, and what is kept of it is kept when this returns."""
        sent: list[Message] = []
        named = {"accept-encoding": "gzip, deflate, br"} | {name.replace("_", "-"): headers[name] for name in headers}
        scope = {
            "type": "http", "asgi": {"spec_version": "2.4"}, "method": method, "path": path, "root_path": "",
            "query_string": b"", "headers": [(name.encode(), value.encode()) for name, value in named.items()],
        }

        async def receive() -> Message:
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            sent.append(message)

        async def question() -> None:
            await self.assets(scope, receive, send)
            await asyncio.gather(*self.assets._keeping)

        asyncio.run(question())
        body = b"".join(message.get("body", b"") for message in sent[1:])
        return Answer(sent[0]["status"], Headers(raw=sent[0]["headers"]), body)


@pytest.fixture
def browser() -> Browser:
    return Browser()


def on_disk(path: str) -> bytes:
    return (STATIC / path.removeprefix("/")).read_bytes()


@pytest.mark.parametrize("path", [SCRIPT, STYLE])
def test_a_text_is_read_once_and_then_sent_compressed(browser: Browser, path: str) -> None:
    first, second, third = (browser.ask(path) for _ in range(3))
    assert browser.read == [path]
    assert first.body == on_disk(path) == gzip.decompress(second.body)
    assert second == third
    assert second.headers["content-encoding"] == "gzip"
    assert second.headers["content-length"] == f"{len(second.body)}"
    assert second.headers["vary"] == "accept-encoding"
    for name in ("content-type", "cache-control", "last-modified"):
        assert second.headers[name] == first.headers[name]
    assert len(second.body) < len(first.body) / 2


def test_what_is_compressed_already_is_sent_as_it_is(browser: Browser) -> None:
    first, second = browser.ask(FONT), browser.ask(FONT)
    assert browser.read == [FONT]
    assert first.body == second.body == on_disk(FONT)
    assert "content-encoding" not in second.headers


@pytest.mark.parametrize(
    "other", [{"method": "HEAD"}, {"accept_encoding": "identity"}, {"range": "bytes=0-9"}], ids=str
)
def test_a_browser_that_wants_something_else_gets_it_from_streamlit(browser: Browser, other: dict[str, Any]) -> None:
    browser.ask(SCRIPT)
    answer = browser.ask(SCRIPT, **other)
    assert browser.read == [SCRIPT, SCRIPT]
    assert "content-encoding" not in answer.headers
    assert answer.body == {"HEAD": b"", "206": on_disk(SCRIPT)[:10]}.get(
        other.get("method", f"{answer.status}"), on_disk(SCRIPT)
    )


def test_a_browser_that_has_the_file_is_told_so(browser: Browser) -> None:
    browser.ask(SCRIPT)
    kept = browser.ask(SCRIPT)
    assert kept.headers["etag"].startswith('W/"')
    assert browser.ask(SCRIPT, if_none_match=kept.headers["etag"]).status == 304
    assert browser.ask(SCRIPT, if_modified_since=kept.headers["last-modified"]).status == 304


@pytest.mark.parametrize("path", ["/", "/static/js/none.js", "/train/static/js/none.js", "/static/../index.html"])
def test_pages_are_never_kept(browser: Browser, path: str) -> None:
    for _ in range(2):
        browser.ask(path)
    assert browser.read == [path, path]


def test_no_more_is_kept_than_the_bound_allows(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    browser.ask(STYLE)
    monkeypatch.setattr(static_cache, "MOST_BYTES", len(browser.ask(STYLE).body))
    for _ in range(2):
        browser.ask(SCRIPT)
    assert browser.read == [STYLE, SCRIPT, SCRIPT]


def test_all_that_streamlit_has_stays_within_the_bound() -> None:
    sizes = [
        len(gzip.compress(path.read_bytes(), 1)) if path.suffix in (".js", ".css") else path.stat().st_size
        for path in (STATIC / "static").rglob("*.*")
    ]
    assert sum(sizes) < static_cache.MOST_BYTES
