"""Too powerful in a real browser: a sweep grows, ends or is cancelled, at a desk and on a phone."""

import re

from playwright.sync_api import Page, expect

SLOW = 120_000  # ms: ten networks on a busy machine


def opened(page: Page, query: str) -> None:
    page.goto(f"/?{query}")
    expect(page.get_by_text("epoch 1 of 1, test")).to_be_visible(timeout=SLOW)  # nothing else trains any more
    unfold = page.get_by_test_id("stExpandSidebarButton")
    folded = unfold.is_visible()
    if folded:
        unfold.click()
    page.get_by_role("link", name="Too powerful").click()
    if folded:
        page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    expect(page.get_by_role("heading", name="a network may copy, or learn by heart")).to_be_visible(timeout=SLOW)


def test_a_sweep_draws_its_points_as_they_come(page: Page) -> None:
    opened(page, "train_images=4096&width=32")
    expect(page.get_by_text("on this server now").first).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name="Train ten code sizes").click(timeout=SLOW)
    expect(page.get_by_text(re.compile(r"· .+ left$"))).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("networks measured")).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("img", name="so far: ")).to_be_visible(timeout=SLOW)  # before all have ended
    expect(page.get_by_text("networks measured")).to_be_hidden(timeout=SLOW)
    expect(page.get_by_text("PCA is")).to_be_visible(timeout=SLOW)


def test_a_sweep_is_cancelled_on_a_phone(phone: Page) -> None:
    opened(phone, "width=64")
    phone.get_by_role("button", name="Train ten code sizes").click(timeout=SLOW)
    phone.get_by_role("button", name="Cancel").click(timeout=SLOW)
    expect(phone.get_by_role("button", name="Cancel")).to_be_hidden(timeout=SLOW)
    expect(phone.get_by_role("button", name="Train ten code sizes")).to_be_visible(timeout=SLOW)
    main = phone.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")
