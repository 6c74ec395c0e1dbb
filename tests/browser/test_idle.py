"""When the app's components ask for a run of the script: the real code in Chromium, with a clock moved by the test."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from ae_core.ui.components.bundle import bundle
from tests.browser.conftest import COMPONENTS

PAGE = """
<div data-testid="stApp" data-test-script-state="notRunning">
  <div data-testid="stSidebarNav"><a href="#there"><span>There</span></a></div><a href="#here">Here</a><i></i>
</div>
<script>var asked = [];</script>
"""
ADDRESS = "http://app.test/"


@pytest.fixture
def new(browser: Browser) -> Iterator[Page]:
    """A page with one place that may ask, on which no script runs and the code has just come."""
    page = browser.new_page()
    page.clock.install(time=0)
    page.route("**/*", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
    page.goto(ADDRESS)
    page.clock.pause_at(60_000)  # until then it goes on by itself
    page.evaluate(
        """async (script) => {
            const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
            Object.assign(window, await import(address));
        }""",
        bundle(COMPONENTS / "_shared" / "idle.js"),
    )
    yield page
    page.close()


@pytest.fixture
def quiet(new: Page) -> Page:
    """The same a while later."""
    new.clock.run_for(60_000)
    return new


def ask(page: Page, name: str, wait: int = 300) -> None:
    page.evaluate(f"askWhenIdle(document.querySelector('i'), () => asked.push('{name}'), {wait})")


def asked(page: Page) -> list[str]:
    found: list[str] = page.evaluate("asked")
    return found


def set_script_state(page: Page, state: str) -> None:
    page.evaluate(f"document.querySelector('[data-testid=stApp]').dataset.testScriptState = '{state}'")


def test_a_place_asks_after_its_pause_and_once_more_where_no_answer_comes(quiet: Page) -> None:
    ask(quiet, "a")
    quiet.clock.run_for(250)
    assert asked(quiet) == []
    quiet.clock.run_for(100)
    assert asked(quiet) == ["a"]
    quiet.clock.run_for(5000)
    assert asked(quiet) == ["a", "a"]


def test_a_click_from_before_the_code_was_there_to_hear_it_goes_first_too(new: Page) -> None:
    ask(new, "a", 0)
    new.clock.run_for(1400)
    assert asked(new) == []
    new.clock.run_for(300)
    assert asked(new) == ["a"]


def test_nothing_is_asked_while_a_script_runs(quiet: Page) -> None:
    set_script_state(quiet, "running")
    ask(quiet, "a")
    quiet.clock.run_for(60_000)
    assert asked(quiet) == []
    set_script_state(quiet, "notRunning")
    quiet.clock.run_for(200)
    assert asked(quiet) == ["a"]


@pytest.mark.parametrize("touch", ["pointerdown", "pointerup", "keydown", "input", "popstate"])
def test_what_the_visitor_asks_for_goes_first(quiet: Page, touch: str) -> None:
    ask(quiet, "a")
    quiet.evaluate(f"window.dispatchEvent(new Event('{touch}'))")
    quiet.clock.run_for(1400)
    assert asked(quiet) == []
    quiet.clock.run_for(300)
    assert asked(quiet) == ["a"]


def test_each_call_of_a_place_replaces_the_former_one(quiet: Page) -> None:
    for name in "abcdef":
        ask(quiet, name)
        quiet.clock.run_for(100)
    quiet.clock.run_for(4000)
    assert asked(quiet) == ["f"]


def test_two_places_never_ask_in_one_breath(quiet: Page) -> None:
    quiet.evaluate("document.body.append(document.createElement('b'))")
    for place in "ib":
        quiet.evaluate(f"askWhenIdle(document.querySelector('{place}'), () => asked.push('{place}'), 300)")
    quiet.clock.run_for(400)
    assert asked(quiet) == ["i"]
    quiet.clock.run_for(300)
    assert asked(quiet) == ["i", "b"]


def test_who_has_left_the_page_asks_no_more(quiet: Page) -> None:
    ask(quiet, "a")
    quiet.evaluate("document.querySelector('i').remove()")
    quiet.clock.run_for(60_000)
    assert asked(quiet) == []


def test_a_place_can_be_told_to_stop(quiet: Page) -> None:
    ask(quiet, "a")
    quiet.evaluate("stopAsking(document.querySelector('i'))")
    quiet.clock.run_for(60_000)
    assert asked(quiet) == []


@pytest.mark.parametrize("click", ["click", "press Enter", "go back"])
def test_a_page_that_is_being_left_asks_no_more_however_late_the_next_one_comes(quiet: Page, click: str) -> None:
    quiet.evaluate("history.pushState(null, '', '/page')")
    ask(quiet, "a")
    if click == "click":
        quiet.get_by_text("There").click()
    elif click == "press Enter":
        quiet.get_by_role("link", name="There").press("Enter")
    else:
        quiet.evaluate("history.back()")
        quiet.wait_for_url(ADDRESS)
    quiet.clock.run_for(60_000)
    assert asked(quiet) == []
    ask(quiet, "b")  # drawn by a script that ran since
    quiet.clock.run_for(2000)
    assert asked(quiet) == ["b"]


@pytest.mark.parametrize("link", ["There", "Here"])
def test_a_page_that_stays_goes_on_asking(quiet: Page, link: str) -> None:
    ask(quiet, "a")
    quiet.get_by_role("link", name=link, exact=True).click(modifiers=["Control"] if link == "There" else [])
    quiet.clock.run_for(2000)
    assert asked(quiet) == ["a"]
