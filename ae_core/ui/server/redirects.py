"""Addresses below a page, such as /train/x, lead to the page; a file that is not there is told to be missing.

Streamlit answers every address that it does not know with its own page, which then looks for its files below that
address, finds none, and stays empty. From /train/ it leads to /train, and so away from the app where a proxy has cut
off what stands before.
"""

from urllib.parse import quote

import streamlit as st
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COMPONENTS = "component"  # below this name HTML is no page
MOVED = (301, 302, 307, 308)


class Redirects:
    """Answers for Streamlit below a page, where it would send its page or lead to one; hands on all the rest."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        page, *below = _names(scope) or [""]
        if not below or page == COMPONENTS:
            await self.app(scope, receive, send)
            return
        instead: Response | None = None

        async def sent(message: Message) -> None:
            nonlocal instead
            if message["type"] == "http.response.start" and (_is_page(message) or message["status"] in MOVED):
                instead = _instead(page, below, scope.get("query_string", b"").decode("latin-1"))
            if instead is None:
                await send(message)

        await self.app(scope, receive, sent)
        if instead is not None:
            await instead(scope, receive, send)


def _names(scope: Scope) -> list[str]:
    """The parts of the path behind the app's own address; none of a request that asks for no page."""
    if scope.get("method") not in ("GET", "HEAD"):
        return []
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    return str(scope["path"]).removeprefix(f"/{base}" if base else "").removeprefix("/").split("/")


def _is_page(start: Message) -> bool:
    return start["status"] == 200 and Headers(raw=start["headers"]).get("content-type", "").startswith("text/html")


def _instead(page: str, below: list[str], query: str) -> Response:
    if "." in below[-1]:
        return PlainTextResponse("Not found", status_code=404)
    above = "../" * len(below) + quote(page)  # relative: a proxy may have cut off what stands before
    return RedirectResponse(above + (f"?{query}" if query else ""), status_code=307)
