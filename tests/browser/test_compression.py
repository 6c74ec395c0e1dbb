"""Lossy by design as a visitor uses it: the number of images, a file out and in, a foreign file, a phone."""

import re
from pathlib import Path

from playwright.sync_api import FilePayload, Page, expect

SLOW = 120_000  # ms: a run and its measurements, on a busy machine


def open_page(page: Page) -> None:
    page.goto("/?width=16&code_size=4&train_images=1024")
    expect(page.get_by_text(re.compile(r"epoch 1 of 1, test BCE"))).to_be_visible(timeout=SLOW)
    folded = page.get_by_test_id("stExpandSidebarButton")
    on_a_phone = folded.is_visible()
    if on_a_phone:
        folded.click()
    page.get_by_role("link", name="Lossy by design").click()
    if on_a_phone:
        page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    expect(page.get_by_text("Came back identical")).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("Measuring …")).to_have_count(0, timeout=SLOW)
    expect(page.get_by_role("heading", name=re.compile("^Smaller than lossless files from about"))).to_be_visible()


def test_with_more_images_the_network_becomes_the_smaller_one(page: Page) -> None:
    open_page(page)
    slider = page.get_by_role("slider", name="Images to keep")
    slider.focus()
    page.keyboard.press("Home")
    expect(page.get_by_text(re.compile(r"For 1 image, .* (loses nothing|has a smaller error)"))).to_be_visible()
    page.keyboard.press("End")
    expect(page.get_by_text(re.compile(r"For 10,000,000 images, \d[.\d]* bytes each"))).to_be_visible()
    page.get_by_role("tab", name="The ledger").click()
    expect(page.get_by_text("For 10,000,000 images; sizes and errors are means")).to_be_visible()


def test_a_file_makes_the_round_trip_and_a_foreign_one_is_refused(page: Page, tmp_path: Path) -> None:
    open_page(page)
    page.get_by_role("tab", name="Round trip").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download digits.aez").click(timeout=SLOW)
    file = tmp_path / "digits.aez"
    download.value.save_as(file)
    field = page.locator("input[type=file]")
    field.set_input_files(file)
    expect(page.get_by_text("100 digits rebuilt")).to_be_visible()
    expect(page.get_by_role("img", name="from the file, digit 1", exact=True)).to_be_visible()
    field.set_input_files(FilePayload(name="a.aez", mimeType="application/octet-stream", buffer=b"GIF89a"))
    expect(page.get_by_role("alert").filter(has_text="This is no file of codes")).to_be_visible()
    page.get_by_role("button", name="A code of 8").click()
    expect(page.get_by_text(re.compile(r"code 8 · .* epoch 1 of 1, test BCE"))).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("Test digits in the file")).to_be_visible(timeout=SLOW)
    field.set_input_files(file)
    expect(page.get_by_role("alert").filter(has_text="made by another network")).to_be_visible(timeout=SLOW)


def test_on_a_phone_nothing_scrolls_sideways(phone: Page) -> None:
    open_page(phone)
    main = phone.get_by_test_id("stMain")
    for part in ("At the same size", "The ledger", "What is lost", "Round trip"):
        phone.get_by_role("tab", name=part).click()
        expect(phone.get_by_role("tab", name=part)).to_have_attribute("aria-selected", "true")
        assert main.evaluate("element => element.scrollWidth <= element.clientWidth"), part


def test_a_wide_table_scrolls_by_keyboard_and_keeps_the_names_of_its_rows(phone: Page) -> None:
    open_page(phone)
    phone.get_by_role("tab", name="The ledger").click()
    table = phone.get_by_role("region", name=re.compile("Bytes and error of every way"))
    last = table.get_by_role("columnheader", name="Identical")
    last.scroll_into_view_if_needed()
    table.evaluate("element => element.scrollTo(0, 0)")
    expect(last).not_to_be_in_viewport()
    table.focus()
    for _ in range(12):
        phone.keyboard.press("ArrowRight")
    expect(last).to_be_in_viewport(ratio=0.9)
    expect(table.get_by_role("columnheader", name="Way")).to_be_in_viewport(ratio=0.9)
