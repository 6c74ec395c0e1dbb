"""A newcomer's page comes first, and the sidebar when her browser has got the first answer from the channel."""

import threading
from types import SimpleNamespace
from typing import NoReturn

import pytest

from ae_core.runs.run import PoolFull
from ae_core.spec import Spec
from ae_core.ui.layout import sidebar
from ae_core.ui.live import channel
from ae_core.ui.session import first_visit
from tests.pages.conftest import Open
from tests.runs.pool_contract import until

FAST = {"train_images": "64", "width": "16", "batch_size": "32"}


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set when the sidebar is drawn, for visitors of a server that answers questions."""
    monkeypatch.setattr(channel._Served, "yes", True)
    event, draw = threading.Event(), sidebar.sidebar

    def drawing(page: str) -> None:
        event.set()
        draw(page)

    monkeypatch.setattr(sidebar, "sidebar", drawing)
    return event


def test_a_newcomers_settings_are_drawn_when_the_channel_has_answered_her(
    open_app: Open, drawn: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_visit, "LONGEST_WAIT", 60)
    early = []

    def answer() -> None:
        until(lambda: any(look.asks for look in first_visit._looks.values()))
        early.append(drawn.wait(0.3))
        for visitor in list(first_visit._looks):
            first_visit.has_seen(visitor)

    answering = threading.Thread(target=answer)
    answering.start()
    app = open_app(code_size="5", **FAST)
    answering.join()
    assert early == [False]
    assert app.select_slider(key="code_size").value == 5
    assert not first_visit._looks


def test_a_browser_that_does_not_ask_gets_the_settings_all_the_same(
    open_app: Open, drawn: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_visit, "LONGEST_WAIT", 0.05)
    app = open_app(**FAST)
    assert drawn.is_set()
    assert app.select_slider(key="width").value == 16


def test_only_the_first_script_of_a_visit_waits(
    open_app: Open, drawn: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_visit, "LONGEST_WAIT", 0.05)
    app = open_app(**FAST)
    monkeypatch.setattr(first_visit, "LONGEST_WAIT", threading.TIMEOUT_MAX)
    app.select_slider(key="code_size").set_value(8).run()
    assert app.select_slider(key="code_size").value == 8


def test_a_page_that_asks_nothing_is_not_waited_for(
    open_app: Open, drawn: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel._Served, "yes", False)
    monkeypatch.setattr(first_visit, "LONGEST_WAIT", threading.TIMEOUT_MAX)
    open_app(**FAST)
    assert drawn.is_set()


def test_settings_are_drawn_where_the_page_ends_early(open_app: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> NoReturn:
        raise PoolFull("no room")

    monkeypatch.setattr("ae_core.ui.session.visitor.pool", lambda: SimpleNamespace(join=full, get=lambda *_: None))
    monkeypatch.setattr("ae_core.ui.session.visitor.Spec.from_key", lambda _: Spec())
    app = open_app(code_size="5", **FAST)
    assert [warning.value for warning in app.warning] == ["no room"]
    assert app.select_slider(key="code_size").value == 5
