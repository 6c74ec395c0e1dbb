"""Who closes her tab is out of all runs soon; who loses her connection, reloads or comes back is not."""

import asyncio
import math
import time
from collections.abc import Iterator

import pytest
from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from ae_core.ui.live.presence import presence
from ae_core.ui.server import tab_closed
from ae_core.ui.server.tab_closed import ClosedTabs
from ae_core.ui.session.visitor import name_of
from ae_core.ui.streamlit_internals import session_told

SESSION = "a-session"


class Pool:
    """Notes who left."""

    def __init__(self) -> None:
        self.left: list[str] = []

    def leave(self, visitor: str) -> None:
        self.left.append(visitor)


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    pool = Pool()
    monkeypatch.setattr(tab_closed, "pool", lambda: pool)
    monkeypatch.setattr(tab_closed, "RELOADING", 0.4)
    monkeypatch.setattr(tab_closed, "LATE", 0.2)
    yield pool
    presence()._seen.clear()


def new_session(id: str) -> Message:
    """What Streamlit sends to a browser as a script begins."""
    message = ForwardMsg()
    message.new_session.initialize.session_id = id
    return {"type": "websocket.send", "bytes": message.SerializeToString()}


def visit(told: list[Message], code: int, seen_after: float | None = None, protocols: tuple[str, ...] = ()) -> None:
    """A websocket on which the app sends some messages; the browser ends it, and its visitor is seen so much later."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        for message in told:
            await send(message)
        assert (await receive())["type"] == "websocket.disconnect"

    async def receive() -> Message:
        return {"type": "websocket.disconnect", "code": code}

    async def send(message: Message) -> None:
        sent.append(message)

    async def lesson() -> None:
        await ClosedTabs(app)({"type": "websocket", "subprotocols": list(protocols)}, receive, send)
        if seen_after is not None:
            await asyncio.sleep(seen_after)
            presence().see(name_of(SESSION))
        await asyncio.sleep(0.6)

    sent: list[Message] = []
    asyncio.run(lesson())
    assert sent == told


@pytest.mark.parametrize("code", [1000, 1001])
def test_a_closed_tab_leaves_all_runs(pool: Pool, code: int) -> None:
    visit([{"type": "websocket.accept"}, new_session(SESSION)], code)
    assert pool.left == [name_of(SESSION)]


@pytest.mark.parametrize("code", [1005, 1006, 1011])
def test_a_lost_connection_leaves_nothing(pool: Pool, code: int) -> None:
    visit([new_session(SESSION)], code)
    assert pool.left == []


def test_who_is_back_soon_stays(pool: Pool) -> None:
    visit([new_session(SESSION)], 1001, seen_after=0.35)
    assert pool.left == []


def test_her_last_question_is_no_return(pool: Pool) -> None:
    visit([new_session(SESSION)], 1001, seen_after=0.05)
    assert pool.left == [name_of(SESSION)]


def test_a_tab_that_was_shown_nothing_leaves_nothing(pool: Pool) -> None:
    visit([], 1001)
    assert pool.left == []


def test_who_came_back_after_a_loss_and_missed_nothing_leaves_when_she_closes_her_tab(pool: Pool) -> None:
    visit([], 1001, protocols=("streamlit", "a-token", SESSION))
    assert pool.left == [name_of(SESSION)]


def test_who_came_back_too_late_has_the_session_that_she_is_told(pool: Pool) -> None:
    visit([new_session(SESSION)], 1001, protocols=("streamlit", "a-token", "another-session"))
    assert pool.left == [name_of(SESSION)]


def test_a_text_ends_its_connection_where_only_bytes_are_understood() -> None:
    heard: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        heard.extend([await receive() for _ in range(3)])

    async def lesson() -> None:
        coming: Iterator[Message] = iter([
            {"type": "websocket.connect"}, {"type": "websocket.receive", "bytes": b""},
            {"type": "websocket.receive", "text": "hello"},
        ])

        async def receive() -> Message:
            return next(coming)

        async def send(message: Message) -> None:
            raise AssertionError("nothing is to be sent")

        await ClosedTabs(app)({"type": "websocket"}, receive, send)

    asyncio.run(lesson())
    assert heard[:2] == [{"type": "websocket.connect"}, {"type": "websocket.receive", "bytes": b""}]
    assert heard[2] == {"type": "websocket.disconnect", "code": 1003}


def test_what_is_sent_to_who_is_gone_fails_nowhere() -> None:
    """Streamlit would take a failed message for the end, ask for one more all the same, and fail on its own answer."""
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        for _ in range(3):
            await send(new_session(SESSION))
        assert await receive() == {"type": "websocket.disconnect", "code": 1006}

    async def receive() -> Message:
        return {"type": "websocket.disconnect", "code": 1006}

    async def send(message: Message) -> None:
        raise OSError("the client is gone")

    asyncio.run(ClosedTabs(app)({"type": "websocket"}, receive, send))


@pytest.mark.parametrize("code", [1001, 1006])
def test_when_a_visit_ended_is_known_however_it_ended(pool: Pool, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    monkeypatch.setattr(ClosedTabs, "latest", -math.inf)
    before = time.monotonic()
    visit([], code)
    assert ClosedTabs.latest >= before


def test_other_messages_tell_no_session() -> None:
    other = ForwardMsg()
    other.script_finished = ForwardMsg.FINISHED_SUCCESSFULLY
    assert session_told({"type": "websocket.send", "bytes": other.SerializeToString()}) == ""
    assert session_told({"type": "websocket.send", "text": "hello"}) == ""
    assert session_told({"type": "websocket.close"}) == ""
    assert session_told(new_session("x")) == "x"
