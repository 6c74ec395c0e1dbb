"""Addresses below a page lead to the page: Streamlit would answer them with a page that stays empty."""

import asyncio
from urllib.parse import unquote, urljoin

import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.types import Message
from streamlit.web.server.starlette.starlette_static_routes import create_streamlit_static_assets_routes

from ae_core.ui.server.redirects import Redirects


def ask(address: str) -> tuple[int, Headers]:
    """The status and the headers of the answer to a browser; there is one answer."""
    path, _, query = address.partition("?")
    scope = {"type": "http", "method": "GET", "path": unquote(path), "root_path": "", "headers": [],
             "query_string": query.encode()}
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def stays() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    app = Redirects(Starlette(routes=create_streamlit_static_assets_routes("")))
    asyncio.run(app(scope, stays, send))
    starts = [message for message in sent if message["type"] == "http.response.start"]
    assert len(starts) == 1 and not sent[-1].get("more_body")
    return starts[0]["status"], Headers(raw=starts[0]["headers"])


@pytest.mark.parametrize(("address", "leads_to"), [
    ("/out_of_domain/x/y?code_size=2&seed=1", "/out_of_domain?code_size=2&seed=1"), ("/train/x", "/train"),
    ("/nothing/a/b/c", "/nothing"), ("/%3Cb%3E/x", "/%3Cb%3E"), ("/train/?seed=1", "/train?seed=1"),
])
def test_an_address_below_a_page_leads_to_the_page(address: str, leads_to: str) -> None:
    status, headers = ask(address)
    assert status == 307
    assert urljoin(f"http://host{address}", headers["location"]) == f"http://host{leads_to}"
    assert urljoin(f"http://host/behind/a/proxy{address}", headers["location"]).endswith(f"/behind/a/proxy{leads_to}")
    status, headers = ask(leads_to)
    assert status == 200 and headers["content-type"].startswith("text/html")


def test_a_missing_file_is_told_to_be_missing() -> None:
    assert [ask(path)[0] for path in ("/static/js/no.js", "/train/x/style.css")] == [404, 404]


def test_pages_and_what_is_asked_below_them_are_answered_by_streamlit() -> None:
    assert [ask(path)[0] for path in ("/", "/train", "/train/_stcore/health")] == [200, 200, 404]
