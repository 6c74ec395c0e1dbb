"""All words can be read: what a browser draws of a page has AA contrast, in both themes."""

import contextlib
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, TimeoutError, expect

LOW = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")
LAST = {  # of each page, what comes last
    "Train": "epoch 1.00 of 1",
    "Reconstructions": "of the training digits the first",
    "Too powerful": "How it works",
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("title", LAST)
def test_every_word_on_a_page_has_aa_contrast(page: Page, title: str, theme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=theme)
    page.goto("/?width=16")
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click()
    expect(page.get_by_text(LAST[title]).first).to_be_visible(timeout=60_000)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    with contextlib.suppress(TimeoutError):  # a button that has just come fades in
        page.wait_for_function(f"() => !({LOW})().length", timeout=5_000)
    assert page.evaluate(LOW) == []
