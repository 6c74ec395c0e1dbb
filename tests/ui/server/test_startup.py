"""The front answers for Streamlit at once; what needs more waits until that is loaded."""

import asyncio
import subprocess
import sys
from concurrent.futures import Future
from pathlib import Path
from typing import Any, cast

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ae_core.ui.server import startup
from ae_core.ui.server.startup import AnswersBeforeImports, Wrap, get_ready

ROOT = Path(__file__).parents[3]

UNPREPARED = """
import asyncio, sys
from ae_core.ui.server.startup import lifespan
sys.modules["ae_core.ui.server.after_imports"] = None  # importing it fails
async def serve():
    async with lifespan(None):
        await asyncio.sleep(60)
asyncio.run(serve())
"""


def named(name: str, answered: list[tuple[str, str]]) -> ASGIApp:
    """An app that notes what it was asked for."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        answered.append((name, scope["path"]))

    return app


def test_pages_come_at_once_and_the_rest_when_all_is_loaded() -> None:
    answered: list[tuple[str, str]] = []
    behind: Future[Wrap] = Future()
    front = AnswersBeforeImports(named("streamlit", answered), behind)
    wrapped: list[ASGIApp] = []

    def wrap(app: ASGIApp) -> ASGIApp:
        wrapped.append(app)
        return named("whole", answered)

    def ask(kind: str, path: str) -> Any:
        return front({"type": kind, "path": path}, cast(Any, None), cast(Any, None))

    async def lesson() -> None:
        await ask("http", "/")
        impatient = asyncio.create_task(ask("websocket", "/stream"))
        await asyncio.sleep(0)
        impatient.cancel()
        waiting = [asyncio.create_task(ask(*what)) for what in (("websocket", "/stream"), ("http", "/base/live/words"))]
        await asyncio.sleep(0.05)
        await ask("http", "/static/js/index.js")
        assert answered == [("streamlit", "/"), ("streamlit", "/static/js/index.js")]
        behind.set_result(wrap)
        await asyncio.gather(*waiting)
        await ask("http", "/_stcore/health")

    asyncio.run(lesson())
    assert answered[2:] == [("whole", "/stream"), ("whole", "/base/live/words"), ("streamlit", "/_stcore/health")]
    assert wrapped == [front.app], "once for all"


def test_a_file_that_never_changes_is_asked_of_streamlit_once() -> None:
    asked, sent = [], []

    async def streamlit(scope: Scope, receive: Receive, send: Send) -> None:
        asked.append(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": [(b"cache-control", b"immutable")]})
        await send({"type": "http.response.body", "body": b"text"})

    async def send(message: Message) -> None:
        sent.append(message)

    async def visits() -> None:
        front = AnswersBeforeImports(streamlit, Future())
        headers = [(b"accept-encoding", b"gzip")]
        for _ in range(2):
            scope = {"type": "http", "method": "GET", "path": "/static/js/index.js", "headers": headers}
            await front(scope, cast(Any, None), send)
            await asyncio.gather(*front.app._keeping)

    asyncio.run(visits())
    assert asked == ["/static/js/index.js"]
    assert [message.get("body") for message in sent] == [None, b"text"] * 2


def test_a_server_that_cannot_get_ready_says_why_and_ends_for_its_host_to_start_it_again() -> None:
    ended = subprocess.run([sys.executable, "-c", UNPREPARED], cwd=ROOT, capture_output=True, text=True, timeout=50)
    assert ended.returncode == 1
    assert "cannot get ready" in ended.stderr and "ModuleNotFoundError" in ended.stderr


def test_a_script_that_no_browser_waits_for_gets_no_server_ready() -> None:
    get_ready()
    assert not startup._imported.done()


def test_an_answer_that_nobody_waits_for_any_more_is_no_failure_and_everything_else_is() -> None:
    def raising(error: Exception) -> AnswersBeforeImports:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            raise error

        return AnswersBeforeImports(app, Future())

    async def ask(front: AnswersBeforeImports) -> None:
        await front({"type": "http", "path": "/"}, cast(Any, None), cast(Any, None))

    asyncio.run(ask(raising(RuntimeError("unable to perform operation on <TCPTransport>; the handler is closed"))))
    for error in (RuntimeError("Response content longer than Content-Length"), ValueError("the handler is closed")):
        with pytest.raises(type(error)):
            asyncio.run(ask(raising(error)))
