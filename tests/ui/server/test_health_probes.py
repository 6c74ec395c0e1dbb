"""Streamlit's page asks for its server at a wrong address first: it is told to look further up, without an error."""

import asyncio
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Message
from streamlit.web.server.starlette.starlette_static_routes import create_streamlit_static_assets_routes

from ae_core.ui.server.health_probes import PROBES, HealthProbes


def status(base: str, path: str, method: str = "GET") -> int:
    """What is answered to a request, by Streamlit's own routes under this base path."""
    root = f"/{base}".rstrip("/")
    healthy = [Route(f"{root}{probe}", lambda request: PlainTextResponse("ok")) for probe in PROBES]
    app = HealthProbes(Starlette(routes=[*healthy, *create_streamlit_static_assets_routes(base)]))
    scope = {"type": "http", "method": method, "path": path, "root_path": "", "query_string": b"", "headers": []}
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    answered: Any = sent[0]["status"]
    return int(answered)


@pytest.mark.parametrize("probe", PROBES)
@pytest.mark.parametrize("base", ["", "courses/bottleneck"])
def test_below_a_page_there_is_no_server_and_no_error_either(base: str, probe: str) -> None:
    root = f"/{base}".rstrip("/")
    assert status(base, f"{root}{probe}") == 200
    for page in ("denoising", "no_such_page", "denoising/deeper"):
        answered = status(base, f"{root}/{page}{probe}")
        assert 300 <= answered < 400, "the page looks further up, and the console stays clean"
        assert answered not in (301, 302, 303, 307, 308), "a browser would go there, and take this page for the app"


@pytest.mark.parametrize("path", ["/denoising/_stcore/agent/mcp", "/_stcore/agent/nothing"])
def test_what_is_missing_otherwise_stays_missing(path: str) -> None:
    assert status("", path) == 404
