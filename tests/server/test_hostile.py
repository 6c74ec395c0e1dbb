"""Links and messages that no browser sends: the server goes on, and nobody else notices."""

import asyncio
import contextlib
import functools
import json
import re
import socket
import struct
from collections.abc import Iterator
from pathlib import Path
from random import Random
from urllib.parse import urlencode

import psutil
import pytest
from streamlit import file_util
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin

from ae_core.spec import DEFAULTS, RULES, Spec
from tests.load.visitor import Visitor
from tests.server.conftest import until
from tests.serving import Server, serving

FAST = "epochs=1&train_images=64&batch_size=32&width=16"
ROUNDS = 6  # on each of the seven pages, with some twenty-five messages each
LINKS = 40
TEXTS = [
    "", " ", "x" * 100_000, "<script>alert(1)</script>", "**b** [a](http://x)", ":red[r]", "$x$", "nan", "-1", "1e999",
    "\x00", "💥", "2", "[1]", "null", '{"a":', "784.5", "٣", "0x10", "None", "True", "\u202e", "9" * 400,
]
NUMBERS = [float("nan"), float("inf"), -float("inf"), -1.0, 1e308, 0.5, 3.0, -0.0, float(2**63)]
SHEETS = [
    {}, [], 7, None, "x", {"chosen": -1}, {"chosen": 10**30}, {"chosen": "5"}, {"chosen": True}, {"chosen": [5]},
    {"turned": 1e308}, {"turned": None}, {"drawing": "=" * 17_000}, {"drawing": {"a": 1}}, {"drawing": "💥"},
]
# The fields of a widget's state: what each kind of widget sends, and what no widget of this app does.
FIELDS = [field.name for field in WidgetState.DESCRIPTOR.fields if field.name != "id"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real app, for all hostile visitors together; what it logs is judged by each test."""
    with serving(tmp_path_factory.mktemp("hostile") / "log.txt") as started:
        yield started
        started.kill()  # what it still measures is nobody's concern any more


def our_failures(log: str) -> list[str]:
    """The tracebacks of a log that end in code of ours or in a library that we called.

    Streamlit itself trips over a state of the wrong kind, before any code of the app has run: those end in its files.
    """
    entries = re.split(r"\n(?=\d{4}-\d\d-\d\d )", log)
    raised = [entry for entry in entries if "Uncaught app execution" in entry or "Exception in thread" in entry]
    return [entry for entry in raised if "/site-packages/streamlit/" not in re.findall(r'File "([^"]*)"', entry)[-1]]


def hostile_state(random: Random, id: str, field: str) -> WidgetState:
    """A value of the right kind for a field, and wrong in every other way."""
    state = WidgetState(id=id)
    many = random.randrange(4)
    if field in ("trigger_value", "bool_value"):
        setattr(state, field, random.random() < 0.5)
    elif field == "double_value":
        state.double_value = random.choice(NUMBERS)
    elif field == "int_value":
        state.int_value = random.choice([-1, 2**62, -(2**62)])
    elif field in ("string_value", "json_trigger_value"):
        setattr(state, field, random.choice(TEXTS))
    elif field == "json_value":
        state.json_value = json.dumps(random.choice(SHEETS))
    elif field == "bytes_value":
        state.bytes_value = b"\x80\x04N."  # a pickle
    elif field == "double_array_value":
        state.double_array_value.data.extend(random.choices(NUMBERS, k=many))
    elif field == "int_array_value":
        state.int_array_value.data.extend(random.choices([-1, 2**40], k=many))
    elif field == "string_array_value":
        state.string_array_value.data.extend(random.choices(TEXTS, k=many))
    return state


def forged(visitor: Visitor, *states: WidgetState, fragment: str = "") -> BackMsg:
    """A request as the visitor's browser would send it, but with these states in the place of her own."""
    message = visitor.request(fragment)
    replaced = {state.id for state in states}
    honest = [state for state in message.rerun_script.widget_states.widgets if state.id not in replaced]
    del message.rerun_script.widget_states.widgets[:]
    message.rerun_script.widget_states.widgets.extend([*honest, *states])
    return message


def hostile_link(random: Random) -> str:
    """Any settings with any values, some of them twice; the last ones keep the training short."""
    pairs = [(random.choice([*RULES, *TEXTS[:4], "run", "link"]), random.choice(TEXTS)) for _ in range(8)]
    return f"{urlencode([(name[:50], text[:2000]) for name, text in pairs])}&{FAST}"


async def a_class_goes_on(visitor: Visitor) -> None:
    """The visitor sees what she saw before: her own settings and her own experiment."""
    await visitor.rerun()
    assert (visitor.value("code_size"), visitor.value("loss")) == (["7"], ["mse"])
    assert any(text.startswith("code 7 · depth 1 · width 16 · mse") for text in visitor.texts())
    assert not visitor.exceptions


def test_a_hostile_link_opens_the_page_with_notices_as_plain_text(server: Server) -> None:
    random = Random(0)

    async def visit(link: str) -> None:
        async with Visitor(server.url) as visitor:
            await visitor.open(link)
            assert not visitor.exceptions, link
            for shown in visitor.elements.values():
                if shown.kind in ("markdown", "html", "heading", "alert"):
                    assert not re.search(r"<script|\*\*b\*\*|:red\[r|\u202e", shown.message.body), link
            assert all(shown.message.body.endswith(".") for shown in visitor.elements.values() if shown.kind == "text")

    async def visits() -> None:
        for _ in range(LINKS // 4):
            await asyncio.gather(*(visit(hostile_link(random)) for _ in range(4)))

    asyncio.run(visits())
    assert not server.failures(), server.said()


def test_a_thousand_hostile_widget_messages_break_no_page(server: Server) -> None:
    random = Random(1)
    sent = 0

    async def lesson() -> None:
        nonlocal sent
        async with Visitor(server.url) as ann, Visitor(server.url) as mallory:
            await ann.open(f"{FAST}&code_size=7&loss=mse")
            await mallory.open(FAST)
            for page in tuple(mallory.pages):
                await mallory.go(page)
                for _ in range(ROUNDS):
                    components = [shown.message.id for shown in mallory.elements.values()
                                  if shown.kind == "bidi_component"]
                    states = [hostile_state(random, each.id, each.field) for each in mallory.widgets.values()]
                    states += [hostile_state(random, id, "json_value") for id in components]
                    states += [hostile_state(random, f"$$ID-{random.getrandbits(64):x}-None", random.choice(FIELDS))]
                    await mallory.ask(forged(mallory, *states))
                    sent += len(states)
                    assert not mallory.exceptions, server.said()[-4000:]
                await a_class_goes_on(ann)

    asyncio.run(lesson())
    assert sent >= 1000
    assert not server.failures(), server.said()


def test_a_forged_message_that_empties_streamlits_caches_leaves_everybodys_runs_in_place(server: Server) -> None:
    def processes() -> set[int]:
        return {child.pid for child in psutil.Process(server.process.pid).children(recursive=True)}

    async def lesson() -> None:
        async with Visitor(server.url) as ann, Visitor(server.url) as mallory:
            await ann.open(f"{FAST}&code_size=7&loss=mse")
            await mallory.open(FAST)
            before = processes()
            await mallory.send(BackMsg(clear_cache=True).SerializeToString())
            await a_class_goes_on(ann)
            await mallory.rerun()
            assert not mallory.exceptions
            async with Visitor(server.url) as later:
                await later.open(f"{FAST}&seed=99")
                await until(lambda: any("epoch 1 of 1" in text for text in later.texts()))
            assert processes() == before, "no second pool was made"

    asyncio.run(lesson())


def test_states_of_the_wrong_kind_stay_in_their_own_session(server: Server) -> None:
    random = Random(2)

    async def lesson() -> None:
        async with Visitor(server.url) as ann:
            await ann.open(f"{FAST}&code_size=7&loss=mse")
            for key in ("code_size", "depth", "loss", "noise_kind", "seed", "train"):
                async with Visitor(server.url) as mallory:
                    await mallory.open(FAST)
                    found = mallory.find(key)
                    field = random.choice([field for field in FIELDS if field != found.field])
                    await mallory.ask(forged(mallory, hostile_state(random, found.id, field)))
                    for complaint in mallory.exceptions:  # Streamlit's own words, without what happened and where
                        assert "/" not in complaint and "Traceback" not in complaint
                await a_class_goes_on(ann)
            async with Visitor(server.url) as mallory:
                await mallory.open(FAST)
                await mallory.ask(forged(mallory, WidgetState(id="not even an id", bool_value=True)))
            async with Visitor(server.url) as reloaded:
                await reloaded.open(FAST)
                assert not reloaded.exceptions, "a reload is all it takes"
            await a_class_goes_on(ann)

    asyncio.run(lesson())
    assert not our_failures(server.said())


def test_malformed_requests_end_at_most_the_connection_that_sent_them(server: Server) -> None:
    async def lesson() -> None:
        async with Visitor(server.url) as ann:
            await ann.open(f"{FAST}&code_size=7&loss=mse")
            for garbage in (b"\xff\xff\xff", b"", "text", Random(3).randbytes(5000), b"\x0a" * 10_000):
                async with Visitor(server.url) as mallory:
                    await mallory.open(FAST)
                    wrong = mallory.request()
                    wrong.rerun_script.page_script_hash = "no-such-page"
                    hers = next((each.fragment for each in ann.widgets.values() if each.fragment), "theirs")
                    with contextlib.suppress(ConnectionClosed):
                        for message in (garbage, mallory.request("no-such-fragment"), wrong, mallory.request(hers)):
                            await mallory.send(message)
            await a_class_goes_on(ann)
            async with Visitor(server.url) as later:
                await later.open(FAST)
                await until(lambda: any("epoch 1 of 1" in text for text in later.texts()))

    asyncio.run(lesson())
    assert not our_failures(server.said())


def test_who_asks_for_much_at_once_and_is_gone_leaves_no_trace(server: Server) -> None:
    script = min(Path(file_util.get_static_dir()).glob("static/js/index.*.js")).name
    process = psutil.Process(server.process.pid)

    def gone(port: int) -> bool:
        return port not in {connection.raddr.port for connection in process.net_connections() if connection.raddr}

    async def lesson() -> None:
        for path in ("/", f"/static/js/{script}"):
            for linger in (True, False):  # else what was sent to her is refused
                with socket.create_connection(("127.0.0.1", server.port)) as mallory:
                    port = mallory.getsockname()[1]
                    mallory.sendall(500 * f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
                    mallory.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", not linger, 0))
                await until(functools.partial(gone, port))
                with server.get("/_stcore/health") as answer:
                    assert answer.status == 200

    asyncio.run(lesson())
    assert "Exception in ASGI application" not in server.said()


@pytest.mark.parametrize("path", [
    "/media/../app.py", "/media/%2e%2e/app.py", "/component/../app.py", "/component/ae_core/spec.py",
    "/_stcore/bidi-components/../../app.py", "/app/static/app.py", "/static/../../app.py",
    "/media/00000000.png", "/.streamlit/config.toml", "/ae_core/data/mnist.npz", "/_stcore/upload_file/a/b",
    "/_stcore/script-health-check",
])
def test_no_path_leads_to_a_file_of_the_app(server: Server, path: str) -> None:
    with server.get("/") as answer:
        empty_page = answer.read()  # Streamlit's own; it stands at every address that means nothing
    with server.get(path) as answer:
        assert answer.status != 200 or answer.read() == empty_page


def test_what_a_server_tells_about_itself_is_nothing_private(server: Server) -> None:
    with server.get("/_stcore/host-config") as answer:
        told = json.loads(answer.read())
    assert set(told) == {
        "allowedOrigins", "useExternalAuthToken", "enableCustomParentMessages", "enforceDownloadInNewTab", "metricsUrl",
        "blockErrorDialogs", "resourceCrossOriginMode",
    }
    assert not told["useExternalAuthToken"] and not told["enableCustomParentMessages"]
    with server.get("/_stcore/metrics") as answer:
        figures = answer.read().decode()
    assert "code_size" not in figures and "127.0.0.1" not in figures


def test_another_site_may_neither_read_nor_open_a_socket(server: Server) -> None:
    with server.get("/_stcore/health", {"Origin": "https://elsewhere.example"}) as answer:
        assert answer.headers.get("Access-Control-Allow-Origin") is None

    async def visit() -> None:
        address = server.url.replace("http", "ws") + "/_stcore/stream"
        with pytest.raises(InvalidStatus, match="403"):
            await connect(address, origin=Origin("https://elsewhere.example"), proxy=None)

    asyncio.run(visit())


def test_the_defaults_are_what_a_hostile_link_falls_back_to() -> None:
    spec, notices = Spec.from_query(dict.fromkeys(RULES, "<b>"))
    assert spec == Spec(**DEFAULTS) and len(notices) == len(RULES)
