"""What nginx adds to the app's answers, asked without a browser."""

import gzip
import re
from pathlib import Path

import pytest
from streamlit import file_util

from tests.deploy.proxy import Proxy

FRONTEND = Path(file_util.get_static_dir())
PLOTLY = next(f"/{path.relative_to(FRONTEND).as_posix()}" for path in FRONTEND.rglob("PlotlyChart.*.js"))
HEADERS = {
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}

WEBSOCKET = {"Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="}


def test_a_large_script_travels_compressed_and_is_kept_for_long(proxy: Proxy) -> None:
    with proxy.replicas[0].get(PLOTLY) as original:
        plain = original.read()
    answer = proxy.get(PLOTLY, {"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.body) == plain
    assert len(answer.body) < 0.4 * len(plain)
    assert "immutable" in answer.headers["Cache-Control"]


def test_a_replica_is_asked_for_a_static_file_once(proxy: Proxy) -> None:
    for _ in range(4):
        proxy.get(PLOTLY)
    assert set(proxy.answered(PLOTLY, 4)[-3:]) == {""}


def test_a_browser_asks_for_the_page_itself_each_time(proxy: Proxy) -> None:
    assert proxy.get("/").headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(("path", "status"), [
    ("/", 200), ("/latent_space?code_size=2", 200), (PLOTLY, 200), ("/_stcore/health", 200),
    ("/media/nothing.png", 404), ("/_stcore/metrics", 404), ("/_stcore/agent/openapi.json", 404),
])
def test_every_answer_has_the_headers_that_protect_the_visitor(proxy: Proxy, path: str, status: int) -> None:
    answer = proxy.get(path)
    assert answer.status == status
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "camera=(self)" in answer.headers["Permissions-Policy"]
    rules = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in rules
    scripts = next(rule for rule in rules.split("; ") if rule.startswith("script-src"))
    assert "unsafe" not in scripts and "http" not in scripts and "*" not in scripts
    assert answer.headers["Server"] == "nginx"


def test_what_is_larger_than_any_upload_is_refused_before_it_reaches_the_app(proxy: Proxy) -> None:
    answer = proxy.get("/large", {}, b"0" * (7 * 2**20))
    assert answer.status == 413
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_a_visitor_stays_with_the_replica_in_her_cookie(proxy: Proxy) -> None:
    path = "/_stcore/host-config"
    for count, name in enumerate("abbaabba", 1):
        proxy.get(path, {"Cookie": f"replica={name}"})
        assert proxy.answered(path, count)[-1] == name  # one at a time: nginx's processes write their log in any order


def test_visitors_without_a_cookie_are_dealt_to_all_replicas_and_told_where_they_are(proxy: Proxy) -> None:
    told = []
    for _ in range(4):
        cookies = proxy.get("/dealt").headers.get_all("Set-Cookie", [])
        told += [found[1] for cookie in cookies if (found := re.match(r"replica=(\w); Path=/; HttpOnly", cookie))]
    assert told == proxy.answered("/dealt", 4)
    assert sorted(told) == ["a", "a", "b", "b"]


def test_a_cookie_that_names_no_replica_harms_nobody(proxy: Proxy) -> None:
    assert proxy.get("/forged", {"Cookie": "replica=http://other.example/ c"}).status == 200
    assert proxy.answered("/forged", 1)[0] in {"a", "b"}


def test_a_websocket_tells_where_its_visitor_is_now(proxy: Proxy) -> None:
    answer = proxy.get("/_stcore/stream", {**WEBSOCKET, "Cookie": "replica=gone"})
    assert answer.status == 101
    assert re.match(r"replica=[ab];", answer.headers["Set-Cookie"])
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
