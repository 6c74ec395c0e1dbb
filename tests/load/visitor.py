"""A visitor without a browser: Streamlit's own websocket protocol, spoken as its frontend speaks it.

    async with Visitor("http://127.0.0.1:8501") as visitor:
        await visitor.open("code_size=2")
        await visitor.set("depth", 3.0)      # a widget, by the key that the app gave it
        await visitor.press("train")
        await visitor.go("Denoising")        # a page, by its title
        print(visitor.texts(), visitor.exceptions)

Each of these returns when the script run that it caused has ended, with the `Finished` of that run. What arrives in
between is kept: `elements` by place, `widgets` by id. The app's own components do what they do in a browser. `send`
takes any message, also one that no browser would send.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg, ForwardMsgMetadata
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

from ae_core.ui.script_run.failure import APOLOGY
from tests.load.components import Components
from tests.load.widgets import BUTTONS, Value, Widget, state, widget

PATIENCE = 60.0  # seconds until a script run counts as lost
_ENDS = {
    ForwardMsg.FINISHED_SUCCESSFULLY,
    ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
    ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
}


@dataclass(frozen=True)
class Shown:
    """An element on the page: its kind (the set field of Streamlit's `Element`), its message, where it came from."""

    kind: str
    message: Any
    fragment: str
    script: str
    run: str


@dataclass(frozen=True)
class Finished:
    """The end of a script run: seconds from the request, the run's id, Streamlit's status, the fragments that ran."""

    seconds: float
    run: str
    status: int
    fragments: tuple[str, ...]


@dataclass
class _Kept:
    """A message that the server need not send again, and when it was used last."""

    data: bytes
    fragment: str
    used: int


@dataclass
class _Request:
    fragment: str
    sent: float
    order: int  # runs that had begun when it was sent
    end: asyncio.Future[Finished]


class Visitor:
    """One tab at the app of this address (http://127.0.0.1:port).

    on_player : called with what the player shows, whenever it changes
    """

    def __init__(self, url: str, on_player: Callable[[dict[str, Any]], None] | None = None) -> None:
        self.url = url.rstrip("/")
        self.components = Components(self, on_player)
        self.cookie = ""  # that a proxy gave
        self.session = ""  # the id that the server gave
        self.query = ""
        self.page = ""  # hash of the page's script
        self.pages: dict[str, str] = {}  # title -> hash
        self.elements: dict[tuple[int, ...], Shown] = {}
        self.widgets: dict[str, Widget] = {}
        self.values: dict[str, Value] = {}  # widget id -> what the browser would send
        self.exceptions: list[str] = []
        self.runs = 0  # script runs that ended, those of fragments included
        self._received = 0
        self.closed: str | None = None  # why the connection ended
        self._main = ""
        self._run = ""  # the newest run: what is drawn belongs to it
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._began: dict[str, int] = {}  # runs that are under way -> their number
        self._count = 0  # runs that began
        self._ended = 0  # runs that came to their own end
        self._oldest = 2  # such runs that a message is kept without being used
        self._requests: list[_Request] = []
        self._cache: dict[str, _Kept] = {}

    async def __aenter__(self) -> Self:
        await self.connect()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None,
                        trace: TracebackType | None) -> None:
        await self.leave()

    # -- the connection --

    async def connect(self) -> None:
        """Open the websocket; with a session id from before the server is asked for that session."""
        where = urlsplit(self.url)
        names = ["streamlit", "PLACEHOLDER_AUTH_TOKEN", *([self.session] if self.session else [])]
        self._socket = await connect(
            f"ws://{where.netloc}/_stcore/stream",
            subprotocols=[Subprotocol(name) for name in names],
            origin=Origin(self.url),
            max_size=None,
            ping_interval=None,
            proxy=None,
        )
        self.closed = None
        assert self._socket.response is not None
        cookies = self._socket.response.headers.get_all("Set-Cookie")
        self.cookie = "; ".join(cookie.partition(";")[0] for cookie in cookies)
        self._reader = asyncio.create_task(self._read(self._socket))

    async def reconnect(self) -> Finished | None:
        """Come back to the session after the connection was lost; reruns as the browser does where things moved."""
        moved = bool(self._began)
        self._began.clear()
        await self.connect()
        return await self.rerun() if moved else None

    async def leave(self) -> None:
        """Close the tab: a proper end of the connection."""
        if self._socket:
            await self._socket.close()
        await self._stop()

    async def drop(self) -> None:
        """Lose the connection without a word, as a phone without a network does."""
        if self._socket:
            self._socket.transport.abort()
        await self._stop()

    async def send(self, message: BackMsg | bytes | str) -> None:
        """Send a message as it is: also bytes or text that mean nothing."""
        assert self._socket, "not connected"
        await self._socket.send(message.SerializeToString() if isinstance(message, BackMsg) else message)

    @property
    def running(self) -> bool:
        """Whether a script of this page is at work, or asked for."""
        return bool(self._began or self._requests)

    @property
    def received(self) -> int:
        """Bytes that have come so far."""
        return self._received + self.components.received

    # -- what a visitor does --

    async def open(self, query: str = "", page: str = "", patience: float = PATIENCE) -> Finished:
        """Ask for a page by its path in the address ("" is the first), with a query string."""
        self.query = query
        message = self.request()
        message.rerun_script.page_name = page
        return await self.ask(message, patience)

    async def set(self, key: str, value: Value, patience: float = PATIENCE) -> Finished:
        """Give a widget a value: numbers of a slider as [2.0], of a select slider and a segmented control as ["2"]."""
        found = self.find(key)
        self.values[found.id] = value
        if found.query_key:
            self._bind(found, value)
        return await self.ask(self.request(found.fragment), patience)

    async def press(self, key: str, patience: float = PATIENCE) -> Finished:
        """Press a button."""
        found = self.find(key)
        return await self.ask(self.request(found.fragment, state(found.id, "trigger_value", True)), patience)

    async def go(self, title: str, patience: float = PATIENCE) -> Finished:
        """Choose another page in the navigation."""
        stay = {path: shown for path, shown in self.elements.items() if shown.script == self._main}
        self._show_only(stay)
        message = self.request()
        message.rerun_script.page_script_hash = self.pages[title]
        return await self.ask(message, patience)

    async def rerun(self, patience: float = PATIENCE) -> Finished:
        """Run the whole script again, with nothing changed."""
        return await self.ask(self.request(), patience)

    async def ask(self, message: BackMsg, patience: float = PATIENCE) -> Finished:
        """Send a request to run the script or a fragment and wait for the end of a run that began afterwards.

        Raises `TimeoutError` after `patience` seconds and `ConnectionError` when the server hangs up. The protocol
        does not say which request a run answers: a run of a fragment that repeats may be a moment too early.
        """
        if self.closed is not None:
            raise ConnectionError(self.closed)
        loop = asyncio.get_running_loop()
        request = _Request(message.rerun_script.fragment_id, time.monotonic(), self._count, loop.create_future())
        self._requests.append(request)
        try:
            await self.send(message)
            return await asyncio.wait_for(request.end, patience)
        finally:
            self._requests.remove(request)

    def request(self, fragment: str = "", *more: WidgetState) -> BackMsg:
        """The message that asks for a run, with all that the browser knows; `more` are states sent only once."""
        message = BackMsg()
        client = message.rerun_script
        client.query_string, client.page_script_hash = self.query, self.page
        client.fragment_id = fragment
        client.cached_message_hashes.extend(self._cache)
        client.context_info.url, client.context_info.timezone = self.url, "UTC"
        client.context_info.locale, client.context_info.color_scheme = "en-GB", "light"
        states = client.widget_states.widgets
        states.extend(state(id, self.widgets[id].field, value) for id, value in self.values.items())
        states.extend(more)
        return message

    # -- what a visitor sees --

    def find(self, key: str) -> Widget:
        """The widget with this key, or with this label where it has no key; raises `KeyError`."""
        for found in self.widgets.values():
            if key in (found.key, found.label):
                return found
        raise KeyError(f"no widget {key!r} among {sorted(found.key for found in self.widgets.values())}")

    def value(self, key: str) -> Value:
        """What a widget shows."""
        return self.values.get(self.find(key).id)

    def texts(self) -> list[str]:
        """All texts on the page, top to bottom, the sidebar after the main part."""
        shown = [self.elements[path] for path in sorted(self.elements)]
        return [
            self.components.words.get(getattr(each.message, "id", "")) or each.message.body
            for each in shown
            if hasattr(each.message, "body") or getattr(each.message, "id", "") in self.components.words
        ]

    # -- what the server says --

    async def _read(self, socket: ClientConnection) -> None:
        message = ForwardMsg()
        error: Exception = ConnectionError("the visitor left")
        try:
            async for data in socket:
                assert isinstance(data, bytes)
                self._received += len(data)
                message.ParseFromString(data)
                self._take(message, data)
            error = ConnectionError(f"the server hung up: {socket.close_code} {socket.close_reason}")
        except ConnectionClosed as closed:
            error = ConnectionError(f"the connection broke: {closed}")
        except Exception as unexpected:
            error = unexpected
        finally:
            self.closed = f"{error}"
            for request in self._requests:
                if not request.end.done():
                    request.end.set_exception(error)

    def _take(self, message: ForwardMsg, data: bytes) -> None:
        kind = message.WhichOneof("type")
        if kind == "ref_hash":  # the server knows that this browser has the message
            metadata = ForwardMsgMetadata()
            metadata.CopyFrom(message.metadata)
            kept = self._cache[message.ref_hash]
            kept.used = self._ended
            message.ParseFromString(kept.data)
            message.metadata.CopyFrom(metadata)
            kind = message.WhichOneof("type")
        elif message.metadata.cacheable and message.hash:
            self._cache.setdefault(message.hash, _Kept(data, message.delta.fragment_id, self._ended))
        if kind == "delta":
            self._draw(message)
        elif kind == "new_session":
            self._begin(message)
        elif kind == "script_finished":
            self._end(message)
        elif kind == "navigation":
            self.pages = {page.page_name: page.page_script_hash for page in message.navigation.app_pages}
            self.page = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "session_event" and message.session_event.HasField("script_compilation_exception"):
            self._complain(message.session_event.script_compilation_exception)

    def _draw(self, message: ForwardMsg) -> None:
        delta, metadata = message.delta, message.metadata
        place = tuple(metadata.delta_path)
        part = delta.WhichOneof("type")
        if part not in ("new_element", "add_block"):
            return
        body: Any = getattr(delta, part)
        kind: str = body.WhichOneof("type") or ""
        if kind == "tab_container" or (kind and part == "new_element"):
            body = getattr(body, kind)
        kept = type(body)()
        kept.CopyFrom(body)  # the message that holds it is used again
        shown = Shown(kind, kept, delta.fragment_id, metadata.active_script_hash, self._run)
        self.elements[place] = shown
        if kind == "exception":
            self._complain(kept)
        elif kind == "alert" and kept.body.startswith(APOLOGY):
            self.exceptions.append(kept.body)
        if found := widget(kind, kept, delta.fragment_id):
            self.widgets[found.id] = found
            if found.given is not None:
                self.values[found.id] = found.given
            elif found.kind not in BUTTONS:
                self.values.setdefault(found.id, found.default)
        if kind == "bidi_component":
            self.components.draw(shown)

    def _begin(self, message: ForwardMsg) -> None:
        session, run = message.new_session, message.metadata.run
        self.session = session.initialize.session_id or self.session
        self._oldest = session.config.max_cached_message_age
        self._main = session.main_script_hash
        self._count += 1
        if not run.fragment_ids:
            self._began.clear()  # a run of the whole script ends whatever ran before
            self.page = session.page_script_hash
        self._began[run.script_run_id] = self._count
        self._run = run.script_run_id

    def _end(self, message: ForwardMsg) -> None:
        run, status = message.metadata.run, message.script_finished
        fragments = tuple(run.fragment_ids)
        self.runs += 1
        number = self._began.pop(run.script_run_id, 0)
        if status not in _ENDS:
            return  # another run follows at once
        self._forget(run.script_run_id, fragments)
        now = time.monotonic()
        for request in self._requests:
            answers = request.fragment in fragments if fragments and request.fragment else not fragments
            if answers and number > request.order and not request.end.done():
                request.end.set_result(Finished(now - request.sent, run.script_run_id, status, fragments))

    def _forget(self, run: str, fragments: tuple[str, ...]) -> None:
        """Drop what the run that ended has not drawn again."""
        stay = {
            place: shown for place, shown in self.elements.items()
            if shown.run == run or (fragments and shown.fragment not in fragments)
        }
        self._show_only(stay)
        self._ended += 1
        old = {
            hash for hash, kept in self._cache.items()
            if self._ended - kept.used > self._oldest and (not fragments or kept.fragment in fragments)
        }
        self._cache = {hash: kept for hash, kept in self._cache.items() if hash not in old}

    def _show_only(self, elements: dict[tuple[int, ...], Shown]) -> None:
        self.elements = elements
        there = {getattr(shown.message, "id", "") for shown in elements.values()}
        self.widgets = {id: found for id, found in self.widgets.items() if id in there}
        self.values = {id: value for id, value in self.values.items() if id in there}
        self.components.keep_only(there)

    def _complain(self, exception: Any) -> None:
        self.exceptions.append(f"{exception.type}: {exception.message}")

    def _bind(self, found: Widget, value: Value) -> None:
        query = dict(parse_qsl(self.query))
        text = found.text(value)
        query.pop(found.query_key, None)
        self.query = urlencode(query if text is None else {**query, found.query_key: text})

    async def _stop(self) -> None:
        await self.components.stop()
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)
