"""Who closes her tab is gone at once: her training ends soon, and need not wait for a lost connection to come back.

A browser that closes or reloads a tab says so on its websocket. One whose network is gone, or whose laptop sleeps, says
nothing.
"""

import asyncio
import contextlib
import math
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ae_core.ui.live.presence import presence
from ae_core.ui.session.visitor import name_of, pool
from ae_core.ui.streamlit_internals import session_asked_for, session_told

CLOSED = (1000, 1001)  # a normal end, and "going away": RFC 6455, section 7.4.1
TEXT = 1003  # what no browser of ours sends, and Streamlit would fail on: "unsupported data", in the same section
RELOADING = 10.0  # seconds in which a tab that was reloaded finds its run again
LATE = 5.0  # of these, in which her last question may still be waiting for its answer: it is no sign of her return


class ClosedTabs:
    """Hands everything on to the app, and listens at each websocket for the browser's goodbye.

    latest : when a websocket ended last, as `time.monotonic` tells it
    """

    latest = -math.inf

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._leaving: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        session, told = session_asked_for(scope), False

        async def said(message: Message) -> None:
            nonlocal session, told
            if not told and (id := session_told(message)):
                session, told = id, True
            with contextlib.suppress(OSError):  # she is gone, and is heard to be: Streamlit would fail on this
                await send(message)

        async def heard() -> Message:
            message = await receive()
            if message["type"] == "websocket.disconnect" and message.get("code") in CLOSED and session:
                leaving = asyncio.create_task(_leave(name_of(session)))
                self._leaving.add(leaving)  # the loop itself keeps no task alive
                leaving.add_done_callback(self._leaving.discard)
            if message["type"] == "websocket.receive" and message.get("bytes") is None:
                return {"type": "websocket.disconnect", "code": TEXT}
            return message

        try:
            await self.app(scope, heard, said)
        finally:
            ClosedTabs.latest = time.monotonic()


async def _leave(name: str) -> None:
    """Take a visitor out of all runs, unless she is back soon: a browser may keep a page that was left, and show it."""
    await asyncio.sleep(RELOADING)
    if presence().silence(name) >= RELOADING - LATE:
        await asyncio.to_thread(pool().leave, name)
