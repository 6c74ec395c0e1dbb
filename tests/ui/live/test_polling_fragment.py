"""A part of a page is drawn again exactly as long as it says, of what it drew, that more is to come."""

from collections.abc import Callable
from typing import Any

import pytest
import streamlit as st

from ae_core.data.datasets import DataError
from ae_core.ui.live import polling_fragment as module
from ae_core.ui.live.polling_fragment import polling_fragment, show_when_measured, wait_for
from ae_core.ui.script_run.end_page import MeasurementError, end_page


class PageAgain(BaseException):
    """The whole page runs again."""


class Browser:
    """Draws a part when the page is drawn, and again whenever the part asks for it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asks, self.sentences = 0, list[str]()
        self.draw: Callable[[], Any] = lambda: None
        monkeypatch.setattr(st, "fragment", self.keep)
        monkeypatch.setattr(st, "rerun", self.rerun)
        monkeypatch.setattr(st, "warning", lambda text, **_: self.sentences.append(text))
        monkeypatch.setattr(st, "caption", lambda text, **_: self.sentences.append(text))
        monkeypatch.setattr(module, "poll", self.asked)

    def keep(self, drawing: Callable[[], Any]) -> Callable[[], Any]:
        self.draw = drawing
        return drawing

    def rerun(self) -> None:
        raise PageAgain

    def asked(self, seconds: float, key: str) -> None:
        self.asks += 1


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    return Browser(monkeypatch)


def test_a_part_is_drawn_again_while_it_waits_and_then_the_whole_page_once(browser: Browser) -> None:
    answers = iter([True, True, False, False])
    polling_fragment(lambda: next(answers))
    assert browser.asks == 1
    browser.draw()
    assert browser.asks == 2
    with pytest.raises(PageAgain):
        browser.draw()
    assert browser.asks == 2


def test_what_comes_between_the_page_and_the_part_that_waits_for_it_is_not_missed(browser: Browser) -> None:
    with pytest.raises(PageAgain):
        wait_for(lambda: False)
    assert browser.asks == 0


def test_a_page_that_waits_runs_again_when_the_part_waits_no_more(browser: Browser) -> None:
    answers = iter([True, False])
    wait_for(lambda: next(answers))
    assert browser.asks == 1
    with pytest.raises(PageAgain):
        browser.draw()


def test_a_part_that_has_all_asks_for_nothing(browser: Browser) -> None:
    polling_fragment(lambda: False)
    browser.draw()  # after a widget in it was moved
    assert browser.asks == 0


def test_a_part_whose_result_is_gone_by_the_next_drawing_waits_for_it_anew(browser: Browser) -> None:
    answers = iter([False, True, False])
    polling_fragment(lambda: next(answers))
    assert browser.asks == 0
    browser.draw()
    assert browser.asks == 1
    with pytest.raises(PageAgain):
        browser.draw()


@pytest.mark.parametrize("error", [DataError("A file is damaged."), MeasurementError("A measurement broke off.")])
def test_a_part_that_ends_in_a_sentence_waits_no_more(browser: Browser, error: Exception) -> None:
    def part() -> bool:
        raise error

    polling_fragment(part)
    assert browser.sentences == [str(error)]
    assert browser.asks == 0


def test_a_part_that_is_over_waits_no_more(browser: Browser) -> None:
    polling_fragment(lambda: end_page())
    assert browser.asks == 0


def test_a_measurement_is_shown_once_it_is_there(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    results = iter([None, "the result", "the result"])
    monkeypatch.setattr(module, "in_process", lambda function, *args: next(results))
    shown: list[str] = []
    show_when_measured(shown.append, str, 1)
    assert shown == [] and browser.asks == 1 and "Measuring" in browser.sentences[0]
    with pytest.raises(PageAgain):
        browser.draw()
    assert shown == ["the result"] and browser.asks == 1


def test_a_measurement_that_is_lost_is_said_and_the_page_goes_on(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(function: Callable[..., Any], *args: Any) -> None:
        raise MeasurementError("A measurement broke off.")

    monkeypatch.setattr(module, "in_process", lost)
    show_when_measured(print, str, 1)
    assert browser.sentences == ["A measurement broke off."] and browser.asks == 0
