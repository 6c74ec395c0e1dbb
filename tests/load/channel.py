"""Questions to the app's channel, asked as its components ask them in a browser."""

import asyncio
import contextlib
import json
import struct
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

RETRY = 1.0  # seconds until a server that did not answer is asked once more


class Connection:
    """A connection to the server at this address (http://127.0.0.1:port) that stays open between requests."""

    def __init__(self, url: str, cookie: str = "") -> None:
        self.where, self.cookie = urlsplit(url), cookie
        self.received = 0  # bytes
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> tuple[int, bytes]:
        """Status and body of the answer. Raises `OSError` when there is none."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(self.where.hostname, self.where.port)
        reader, writer = self._streams
        cookie = f"Cookie: {self.cookie}\r\n" if self.cookie else ""
        try:
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {self.where.netloc}\r\n{cookie}\r\n".encode())
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
            lengths = [int(line.partition(":")[2]) for line in head if line.startswith("content-length:")]
            body = await reader.readexactly(lengths[0] if lengths else 0)
        except asyncio.IncompleteReadError as cut:
            raise ConnectionResetError("the answer was cut off") from cut
        self.received += len(body)
        return int(head[0].split()[1]), body

    def close(self) -> None:
        """Hang up; a later request connects again."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def follow(
    connection: Connection,
    view: str,
    question: Mapping[str, str],
    take: Callable[[dict[str, Any]], None],
    known: Callable[[], Mapping[str, Any]] = dict,
) -> None:
    """Ask about a run again and again; returns when there is no more to come, or the run is not kept any more."""
    mark = ""
    try:
        while True:
            query = urlencode({**question, **known(), "seen": mark})
            try:
                status, body = await connection.get(f"/live/{view}?{query}")
            except OSError:
                connection.close()
                await asyncio.sleep(RETRY)
                continue
            if status != 200:
                return
            delta = unpack(body)
            mark = delta["mark"]
            take(delta)
            if not delta["more"]:
                return
    finally:
        with contextlib.suppress(OSError):
            connection.close()


def unpack(data: bytes) -> dict[str, Any]:
    """The fields of a packed message but its raw bytes."""
    (length,) = struct.unpack_from("<I", data)
    fields: dict[str, Any] = json.loads(data[4 : 4 + length])
    return fields
