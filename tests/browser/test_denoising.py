"""Denoising as a visitor uses it: another noise, and a drawing of her own."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

SLOW = 120_000  # ms: two networks that train, on a busy machine


def open_page(page: Page) -> None:
    page.goto("/denoising?width=64&noise=0.4")
    heading = page.get_by_role("heading", name="Noisy digits in, clean digits wanted: a copy is the wrong answer.")
    expect(heading).to_be_visible(timeout=SLOW)
    expect(row(page, "Denoiser")).to_be_visible(timeout=SLOW)


def row(page: Page, name: str) -> Locator:
    """The first picture of a row."""
    return page.get_by_role("img", name=re.compile(f"^{name}")).first


def test_more_test_noise_makes_the_error_larger(page: Page) -> None:
    open_page(page)
    expect(row(page, "Best classical")).to_be_visible(timeout=SLOW)
    before = row(page, "Denoiser").get_attribute("src")
    slider = page.get_by_role("slider", name="Test noise")
    slider.focus()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    expect(slider).to_have_value("0.7")
    expect(row(page, "Denoiser")).not_to_have_attribute("src", before or "")
    page.get_by_role("button", name="As in training").click()
    expect(row(page, "Denoiser")).to_have_attribute("src", before or "", timeout=SLOW)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_drawing_is_made_noisy_and_cleaned(width: int, new_page: Callable[..., Page]) -> None:
    page = new_page(width=width, height=844)
    open_page(page)
    page.get_by_role("tab", name="Draw your own").click(timeout=SLOW)
    canvas = page.get_by_label("Drawing pad").first
    canvas.scroll_into_view_if_needed(timeout=SLOW)
    box = canvas.bounding_box()
    assert box
    middle = box["x"] + box["width"] / 2
    page.mouse.move(middle, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(middle - 5, box["y"] + box["height"] * 0.8, steps=8)
    page.mouse.up()
    expect(row(page, "Your digit")).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("img", name=re.compile("^Denoiser"))).to_have_count(9, timeout=SLOW)
    drawn = row(page, "Your digit").bounding_box()
    assert drawn and drawn["width"] < 100, "all that became of it are to be seen at once"
    name = page.locator(".digit-row .name").filter(has_text="as MNIST has them").bounding_box()
    assert name and name["height"] < 30, "one line"
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")
