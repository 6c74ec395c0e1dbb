"""The Reconstructions page as a visitor uses it."""

import re

from playwright.sync_api import Page, expect


def open_page(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Reconstructions").click()
    expect(page.get_by_role("heading", name="Close, never identical.")).to_be_visible()
    expect(page.get_by_text("All test digits", exact=True)).to_be_visible(timeout=60_000)


def test_the_worst_digit_is_worse_than_the_best(page: Page) -> None:
    open_page(page)
    page.get_by_text("Worst", exact=True).click()
    expect(page.get_by_text("100.0%")).to_be_visible()
    page.get_by_text("Best", exact=True).click()
    expect(page.get_by_text(re.compile(r"^0\.0%$"))).to_be_visible()


def test_the_digits_of_one_class_can_be_looked_through(page: Page) -> None:
    open_page(page)
    page.get_by_role("radiogroup", name="Digits").get_by_text("4", exact=True).click()
    expect(page.get_by_text(re.compile("BCE of this 4"))).to_be_visible()


def test_the_charts_of_all_digits_come_when_they_are_measured(page: Page) -> None:
    open_page(page)
    expect(page.get_by_text(re.compile("costs .* times as much as"))).to_be_visible(timeout=60_000)
    expect(page.get_by_role("figure", name=re.compile("^Histogram"))).to_be_visible()
