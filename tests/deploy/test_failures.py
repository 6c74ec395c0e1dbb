"""What nginx does when a replica fails or a visitor asks for too much, and what its logs then tell.

Stand-ins take the replicas' places: they fail when they are told to.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.deploy.proxy import Proxy, proxied
from tests.serving import serving

OF_A = {"Cookie": "replica=a"}
STAND_IN = (str(Path(__file__).with_name("replica.py")),)
UPLOAD = "/_stcore/upload_file/KEY-OF-HER-SESSION/file"


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[Proxy]:
    """nginx in front of two stand-ins, for one test."""
    with ExitStack() as stack:
        replicas = [stack.enter_context(serving(tmp_path / f"{name}.log", STAND_IN)) for name in "ab"]
        yield stack.enter_context(proxied(tmp_path, replicas))


def hiccup(proxy: Proxy, replica: int) -> str:
    """The path at which this replica ends the connection without an answer."""
    return f"/hiccup/{proxy.replicas[replica].port}"


def test_the_other_replica_answers_what_one_dropped_and_visitors_stay_where_they_are(proxy: Proxy) -> None:
    assert proxy.get(hiccup(proxy, 0), OF_A).status == 200
    for _ in range(4):
        proxy.get("/next", OF_A)
    assert proxy.answered("/hiccup/", 1) == ["b"]
    assert proxy.answered("/next", 4) == list("aaaa")


def test_the_other_replica_answers_all_visitors_of_one_that_died(proxy: Proxy) -> None:
    proxy.replicas[0].kill()
    assert [proxy.get("/next", OF_A).status for _ in range(8)] == [200] * 8
    assert proxy.answered("/next", 8) == list("bbbbbbbb")


def test_a_dropped_request_of_the_replica_that_is_left_keeps_nobody_out(proxy: Proxy) -> None:
    proxy.replicas[0].kill()
    assert proxy.get(hiccup(proxy, 1), OF_A).status == 503
    assert proxy.get("/next", OF_A).status == 200


def test_no_log_tells_who_asked_for_what_when_a_replica_fails(proxy: Proxy) -> None:
    proxy.get(f"{hiccup(proxy, 0)}?digit=7", OF_A)
    proxy.answered("/hiccup/", 1)
    for name in ("access.log", "error.log"):
        text = (proxy.folder / name).read_text()
        assert "digit=7" not in text
        assert "client: " not in text


def test_no_log_holds_the_session_into_which_a_visitor_uploads(proxy: Proxy) -> None:
    assert proxy.get(UPLOAD, OF_A, b"picture").status == 200
    assert proxy.get("/page" + UPLOAD, OF_A, b"picture").status == 200
    assert proxy.answered("/_stcore/upload_file/", 1) == proxy.answered("/page/_stcore/upload_file/", 1) == ["a"]
    assert "KEY-OF-HER-SESSION" not in (proxy.folder / "access.log").read_text()


def test_a_class_behind_one_address_uploads_at_once_and_who_does_not_end_is_refused(proxy: Proxy) -> None:
    assert {proxy.get(UPLOAD, OF_A, b"picture").status for _ in range(60)} == {200}
    endless = proxy.get(UPLOAD, OF_A, b"picture")
    for _ in range(100):
        endless = endless if endless.status == 429 else proxy.get(UPLOAD, OF_A, b"picture")
    assert endless.status == 429
    assert endless.headers["X-Frame-Options"] == "DENY"
    assert proxy.get("/", OF_A).status == 200
