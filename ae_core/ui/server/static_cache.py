"""Streamlit's own files, read and compressed once: each browser that comes asks for a hundred of them.

Streamlit reads a file anew for every browser and sends it as it is, 3.2 MB for the first page. Its scripts and fonts
carry a hash in their names and never change, so what it answered once is kept here, in memory.
"""

import asyncio
import gzip
from dataclasses import dataclass, field

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 16 * 2**20  # all that Streamlit has is some 10 MB
LEVEL = 6  # of gzip: 0.3 % larger than with 9, for two thirds of the time
COMPRESSED = ("text/", "application/javascript", "application/json", "image/svg+xml", "font/ttf")
CONDITIONS = ("range", "if-none-match", "if-modified-since")  # of a request that wants less than the whole file


@dataclass
class _Answer:
    """What the app sends for a file."""

    start: Message = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)
    whole: bool = False

    def note(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")
            self.whole = not message.get("more_body", False)


class StaticCache:
    """Answers for files that never change; all other requests are handed on to the app."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._kept: dict[str, tuple[Message, Message]] = {}
        self._bytes = 0
        self._keeping: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _whole_file(scope):
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        if path in self._kept:
            start, body = self._kept[path]
            await send({**start, "headers": list(start["headers"])})  # whoever stands before may add some
            await send(body)
            return
        answer = _Answer()

        async def sent(message: Message) -> None:
            answer.note(message)
            await send(message)

        await self.app(scope, receive, sent)
        if answer.whole and answer.start["status"] == 200 and "immutable" in _headers(answer).get("cache-control", ""):
            keeping = asyncio.create_task(self._keep(path, answer))
            self._keeping.add(keeping)  # the loop itself keeps no task alive
            keeping.add_done_callback(self._keeping.discard)

    async def _keep(self, path: str, answer: _Answer) -> None:
        messages = await asyncio.to_thread(_packed, answer)
        size = len(messages[1]["body"])
        if path not in self._kept and self._bytes + size <= MOST_BYTES:
            self._kept[path] = messages
            self._bytes += size


def _whole_file(scope: Scope) -> bool:
    """Whether a request asks for one of Streamlit's files, and can take it compressed."""
    if scope.get("method") != "GET" or "/static/" not in scope["path"]:
        return False
    headers = Headers(scope=scope)
    return "gzip" in headers.get("accept-encoding", "") and not any(name in headers for name in CONDITIONS)


def _packed(answer: _Answer) -> tuple[Message, Message]:
    """The messages that say the same, compressed where that helps."""
    body, headers = bytes(answer.body), MutableHeaders(raw=list(answer.start["headers"]))
    if headers.get("content-type", "").startswith(COMPRESSED):
        body = gzip.compress(body, LEVEL, mtime=0)
        headers["content-encoding"] = "gzip"
        headers["content-length"] = f"{len(body)}"
        if "etag" in headers:
            headers["etag"] = f"W/{headers['etag']}"  # the same file, other bytes
    headers.add_vary_header("accept-encoding")
    return {**answer.start, "headers": headers.raw}, {"type": "http.response.body", "body": body}


def _headers(answer: _Answer) -> Headers:
    return Headers(raw=list(answer.start["headers"]))
