"""The channel: a browser asks what is new about a run, and gets its answer as soon as there is something.

While a network trains, no script runs: a page is drawn once, and its components then ask here, each when it has shown
the last answer. A run of a script would cost ten times as much, and Streamlit drops the answer of one that the next
overtakes. `live_channel.js` is the other end.

    GET live/VIEW?run=ID&birth=NUMBER&visitor=NAME&seen=MARK

The answer is packed as `components/packing.py` says: the fields of the view, with `mark`, to be sent with the next
question, and `more`, whether there is anything to wait for. It is empty (204) for a run that is not kept any more or
was trained anew, and for a visitor to whom the app has shown no page.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ae_core.runs.pool import RunPool
from ae_core.runs.run import Run
from ae_core.ui.components.packing import pack
from ae_core.ui.live.presence import presence
from ae_core.ui.session.first_visit import has_seen
from ae_core.ui.session.visitor import pool, visitor

LOOK = 0.1  # seconds between two looks at a run
LOOKS = 5  # until the pool is asked for it again, which tells that the visitor is still there
LONGEST_WAIT = 0.8  # seconds that a question waits for something new: a browser takes a longer silence for a failure
SECONDS_EACH = 0.01  # that every visitor adds for all before they ask again: a hundred answers a second together
QUIET = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True)
class View:
    """What some component shows of a run.

    mark : changes as soon as there is something new to show
    fields : what is shown, as `pack` takes it, with "more" among it; it gets the question's other parameters
    """

    mark: Callable[[Run], str]
    fields: Callable[[Run, Mapping[str, str]], Mapping[str, Any]]


def answer_fields(view: View, run: Run, query: Mapping[str, str]) -> dict[str, Any]:
    """What a view shows of a run, with the mark that the next question brings along."""
    mark = view.mark(run)  # first: what comes meanwhile is told again rather than never
    return {**view.fields(run, query), "mark": mark}


class _Served:
    """Whether there is a server in this process."""

    yes = False


class LiveChannel:
    """Answers questions, and hands all other requests on to the app.

    It stands before all that Streamlit does for a request, sessions and compression, which would cost more than it.
    """

    def __init__(self, app: ASGIApp, views: Mapping[str, View]) -> None:
        base = str(st.get_option("server.baseUrlPath")).strip("/")
        self.app = app
        self.views = {f"{base and '/' + base}/live/{name}": view for name, view in views.items()}
        _Served.yes = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        view = self.views.get(scope.get("path", "")) if scope.get("method") == "GET" else None
        if view is None:
            await self.app(scope, receive, send)
        else:
            request = Request(scope)
            response = await answer(view, request.query_params)
            response.headers.update(_readable_by(request.headers.get("origin", "")))
            await response(scope, receive, send)
            has_seen(request.query_params.get("visitor", ""))


def _readable_by(origin: str) -> dict[str, str]:
    """The header that lets the page of another site read an answer, for the sites that Streamlit's settings allow."""
    if not st.get_option("server.enableCORS"):
        return {"Access-Control-Allow-Origin": "*"}
    allowed = {each.strip() for each in st.get_option("server.corsAllowedOrigins")}
    return {"Access-Control-Allow-Origin": origin, "Vary": "Origin"} if origin in allowed else {}


def is_served() -> bool:
    """Whether this process answers over HTTP: not so where a test runs the script without a server."""
    return _Served.yes


def question(run: Run) -> dict[str, str]:
    """What a component of this visitor's page has to ask about a run."""
    presence().see(visitor())
    return {"run": run.id, "birth": f"{run.birth}", "visitor": visitor()}


async def answer(view: View, query: Mapping[str, str]) -> Response:
    """The answer to a question, as soon as there is something new."""
    name, seen, visitors, runs = query.get("visitor", ""), query.get("seen", ""), presence(), pool()
    if seen:
        await asyncio.sleep(SECONDS_EACH * visitors.size())
    give_up = time.monotonic() + LONGEST_WAIT
    while visitors.knows(name):
        visitors.see(name)
        run = await _run(runs, query.get("run", ""), name)
        if run is None or f"{run.birth}" != query.get("birth", f"{run.birth}"):
            break
        for _ in range(LOOKS):
            if view.mark(run) != seen or time.monotonic() > give_up:
                message = await asyncio.to_thread(_packed, view, run, query)
                return Response(message, media_type="application/octet-stream", headers=QUIET)
            await asyncio.sleep(LOOK)
    return Response(status_code=204, headers=QUIET)


def _packed(view: View, run: Run, query: Mapping[str, str]) -> bytes:
    return pack(answer_fields(view, run, query))


async def _run(runs: Any, id: str, visitor: str) -> Run | None:
    """The run of an id; another machine's pool is asked in a thread, since it may take its time."""
    if isinstance(runs, RunPool):
        return runs.get(id, visitor)
    run: Run | None = await asyncio.to_thread(runs.get, id, visitor)
    return run
