"""Hosts and proxies that pass only what Streamlit's own page asks for: the pages follow a run all the same."""

import itertools
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

Answer = Callable[[Route], None]
SOON = 60_000
_seeds = itertools.count(81_000, 2)
LINK = "code_size=2&width=64&epochs=4&train_images=8192"


def refused(route: Route) -> None:
    route.fulfill(status=404, body="not here")


def hanging(route: Route) -> None:
    """Never answered."""


def page_of_the_host(route: Route) -> None:
    route.fulfill(status=200, content_type="text/html", body="<h1>Please sign in</h1>")


def cut_off_in_mid_run() -> Answer:
    asked = itertools.count()
    return lambda route: route.continue_() if next(asked) < 3 else route.abort()


@pytest.fixture
def visitor(browser: Browser, app_url: str) -> Iterator[Page]:
    """A visitor whose browser may complain of requests that fail, but of nothing else."""
    context = browser.new_context(base_url=app_url, viewport={"width": 1280, "height": 800})
    page, errors = context.new_page(), list[str]()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if "fragmentId" in said.text else None)
    yield page
    context.close()
    assert errors == []


@pytest.mark.parametrize("answer", [refused, hanging, page_of_the_host, cut_off_in_mid_run()], ids=[
    "404", "hang", "somebody else's page", "cut off",
])
def test_a_run_is_followed_on_all_pages_that_show_one(visitor: Page, answer: Answer) -> None:
    page, seed = visitor, next(_seeds)
    page.route("**/live/**", answer)
    page.goto(f"/?{LINK}&seed={seed}")
    player = page.locator(".training-player")
    expect(player).to_have_attribute("data-frame", re.compile(r"^[1-9]"), timeout=SOON)
    expect(player).to_have_attribute("data-status", "finished", timeout=SOON)
    page.get_by_role("link", name="Reconstructions").click()
    expect(page.get_by_role("img", name=re.compile("rebuilt from 2 numbers"))).to_be_visible(timeout=SOON)
    page.goto(f"/latent_space?{LINK}&seed={seed + 1}")
    expect(page.locator(".latent")).to_have_attribute("data-points", "5000", timeout=SOON)
    expect(page.locator(".latent")).to_have_attribute("data-decodes", "true", timeout=SOON)
    expect(page.get_by_role("tab", name="The manifold")).to_be_visible(timeout=SOON)
