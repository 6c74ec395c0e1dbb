"""A component that follows a run gets its answers over HTTP, or over the websocket: the same ones."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st

from ae_core.runs.pool import RunPool
from ae_core.runs.run import Run
from ae_core.ui.live import channel
from ae_core.ui.live import live_component as module
from ae_core.ui.live.channel import View
from ae_core.ui.live.live_component import live_component
from tests.runs.pool_contract import more_snapshots, wait_for
from tests.small import ENDLESS, SMALL, small_data
from tests.ui.components.test_training_player import unpack

VIEW = View(
    mark=lambda run: f"{run.state} {run.count}",
    fields=lambda run, asked: {"first": int(asked.get("frames", 0)), "more": run.live},
)


class PageAgain(BaseException):
    """The whole page runs again."""


class Page:
    """A page with one component, drawn by hand."""

    def __init__(self, pool: RunPool, monkeypatch: pytest.MonkeyPatch) -> None:
        self.pool, self.spec = pool, ENDLESS
        self.sent: dict[str, Any] = {}
        self.draw: Callable[[], None] = lambda: None
        self.hear: Callable[[], None] = lambda: None
        monkeypatch.setattr(st, "fragment", self.fragment)
        monkeypatch.setattr(st, "rerun", self.rerun)
        monkeypatch.setattr(st, "session_state", {})
        monkeypatch.setattr(module, "current_run", self.run)

    def run(self) -> Run:
        return self.pool.join(self.spec, "ann")

    def fragment(self, drawing: Callable[[], None]) -> Callable[[], None]:
        self.draw = drawing
        return drawing

    def rerun(self) -> None:
        raise PageAgain

    def component(self, data: bytes, key: str, on_ask_change: Callable[[], None], on_ended_change: object) -> None:
        self.sent, self.hear = unpack(data), on_ask_change

    def open(self) -> None:
        live_component(self.component, VIEW, lambda run: {"run": f"recording {run.id}"}, key="it")

    def ask(self, question: object) -> None:
        """What the browser sends over the websocket."""
        st.session_state["it"] = SimpleNamespace(ask=question)
        self.hear()
        self.draw()


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """A page of a server whose channel answers."""
    monkeypatch.setattr(channel._Served, "yes", True)
    pool = RunPool(small_data, cores=1)
    yield Page(pool, monkeypatch)
    pool.close()


def test_over_http_the_page_sends_the_question_alone(page: Page) -> None:
    page.open()
    assert page.sent["question"]["recording"] == page.sent["run"]
    assert "mark" not in page.sent and "first" not in page.sent
    page.draw()
    assert "mark" not in page.sent


def test_a_question_over_the_websocket_is_answered_from_where_the_browser_is(page: Page) -> None:
    page.open()
    more_snapshots(page.pool, page.run(), 1)
    page.ask({**page.sent["question"], "frames": 3, "seen": "", "websocket": False})
    assert page.sent["first"] == 3 and page.sent["mark"].startswith("running") and page.sent["pause"] > 0
    page.draw()
    assert "mark" not in page.sent, "the answer to one question"


def test_a_browser_that_has_no_other_way_gets_each_answer_with_the_page(page: Page) -> None:
    page.open()
    page.ask({**page.sent["question"], "frames": 1, "websocket": True})
    turn = page.sent["turn"]
    page.open()
    assert page.sent["first"] == 0 and page.sent["more"] is True, "a page that is drawn anew may know nothing"
    assert page.sent["turn"] != turn, "or the browser would not be called for an answer with nothing new"


def test_a_question_about_an_earlier_run_is_answered_from_the_beginning(page: Page) -> None:
    page.open()
    earlier = page.sent["question"]
    page.spec = ENDLESS.replace(seed=1)
    page.ask({**earlier, "frames": 7, "websocket": True})
    assert page.sent["first"] == 0


@pytest.mark.parametrize("forged", [None, "x", 3, [1], {"frames": None}, {}])
def test_a_forged_question_is_no_error(page: Page, forged: object) -> None:
    page.open()
    page.ask(forged)
    assert page.sent["question"]


def test_at_the_end_of_the_run_the_page_runs_again_and_then_rests(page: Page) -> None:
    page.spec = SMALL
    page.open()
    wait_for(page.pool, page.run())
    with pytest.raises(PageAgain):
        page.draw()
    page.open()
    page.draw()
    assert page.sent["live"] is False


def test_a_question_is_answered_also_when_the_page_has_to_run_again_first(page: Page) -> None:
    page.spec = SMALL
    page.open()
    question = page.sent["question"]
    wait_for(page.pool, page.run())
    with pytest.raises(PageAgain):
        page.ask({**question, "frames": 1, "seen": "", "websocket": False})
    page.open()
    assert page.sent["first"] == 1 and page.sent["more"] is False
    page.draw()
    assert "mark" not in page.sent, "the answer to one question"


def test_without_a_server_the_answer_comes_with_the_page(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel._Served, "yes", False)
    page.open()
    assert page.sent["first"] == 0 and "mark" in page.sent
