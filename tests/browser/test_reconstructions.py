"""The Reconstructions page as a visitor uses it: by pointer, by keyboard, on a phone."""

import re

from playwright.sync_api import Locator, Page, expect


def open_page(page: Page, address: str = "/") -> None:
    page.goto(address)
    expect(page.get_by_text(re.compile(r"epoch 1 of 1, test BCE"))).to_be_visible(timeout=60_000)
    folded = page.get_by_test_id("stExpandSidebarButton")
    if folded.is_visible():  # on a phone
        folded.click()
    page.get_by_role("link", name="Reconstructions").click()
    title = re.compile(r"^None of [\d,]+ test \w+ came back exact")
    expect(page.get_by_role("heading", name=title)).to_be_visible(timeout=60_000)
    expect(figure(page, "with less error")).to_contain_text("%", timeout=60_000)


def sheet(page: Page) -> Locator:
    return page.get_by_role("radiogroup", name="Choose a test digit")


def rebuilt(page: Page) -> Locator:
    return page.get_by_role("img", name=re.compile(r"rebuilt from 32 numbers"))


def figure(page: Page, name: str) -> Locator:
    return page.get_by_test_id("stMetric").filter(has_text=name)


def test_a_click_on_another_digit_sends_it_through_the_network(page: Page) -> None:
    open_page(page)
    expect(page.get_by_role("img", name="Input: a 7", exact=True)).to_be_in_viewport(ratio=1)
    before = rebuilt(page).get_attribute("src")
    sheet(page).get_by_role("radio", name="a 2, test digit 1", exact=True).click()
    expect(page.get_by_role("img", name="Input: a 2", exact=True)).to_be_visible()
    expect(figure(page, "BCE of this 2")).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("^Code of a 2: 32 numbers"))).to_be_visible()
    assert rebuilt(page).get_attribute("src") != before


def test_worst_shows_the_worst_digit_of_ten_thousand(page: Page) -> None:
    open_page(page)
    page.get_by_role("radio", name="Worst").or_(page.get_by_role("button", name="Worst")).click()
    expect(figure(page, "with less error")).to_contain_text("99.99%")
    expect(sheet(page).get_by_role("radio").first).to_be_checked()


def test_the_keyboard_walks_over_the_sheet(page: Page) -> None:
    open_page(page)
    digits = sheet(page).get_by_role("radio")
    digits.first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("img", name="Input: a 2", exact=True)).to_be_visible()
    expect(digits.nth(1)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(digits.nth(21)).to_be_checked()
    expect(digits.nth(21)).to_be_focused()
    page.keyboard.press("End")
    expect(digits.last).to_be_checked()
    expect(page.get_by_role("img", name="Input: a 5", exact=True)).to_be_visible()


def test_more_turns_to_the_next_digits_and_keeps_the_chosen_one(page: Page) -> None:
    open_page(page)
    page.get_by_role("button", name="More digits").click()
    expect(page.get_by_text("61–120 of 10,000")).to_be_visible()
    expect(page.get_by_role("img", name="Input: a 7", exact=True)).to_be_visible()
    page.get_by_role("button", name="Before these digits").click()
    expect(page.get_by_text("1–60 of 10,000")).to_be_visible()
    expect(sheet(page).get_by_role("radio").first).to_be_checked()


def test_on_the_first_and_the_last_sheet_the_focus_goes_to_the_way_back(page: Page) -> None:
    open_page(page)
    page.get_by_role("radio", name="5", exact=True).click()
    expect(page.get_by_text("1–60 of 892")).to_be_visible()
    before = page.get_by_role("button", name="Before these digits")
    more = page.get_by_role("button", name="More digits")
    more.press("Enter")
    expect(page.get_by_text("61–120 of 892")).to_be_visible()
    before.press("Enter")
    expect(before).to_be_disabled()
    expect(more).to_be_focused()
    for first in range(61, 892, 60):
        page.keyboard.press("Enter")
        expect(page.get_by_text(f"{first}–{min(first + 59, 892)} of 892")).to_be_visible()
    expect(more).to_be_disabled()
    expect(before).to_be_focused()


def test_images_of_clothes_are_not_called_digits(page: Page) -> None:
    open_page(page, "/?data=fashion&width=16")
    expect(page.get_by_role("radiogroup", name="Choose a test image")).to_be_visible()
    for name in ("Before these images", "More images"):
        expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()


def test_the_pointer_reads_a_value_of_the_code(page: Page) -> None:
    open_page(page)
    value = page.get_by_text(re.compile(r"^unit 3: [+−]\d"))
    expect(value).to_be_hidden()
    value.locator("xpath=..").hover()
    expect(value).to_be_visible()


def test_a_try_button_shows_a_code_of_two(page: Page) -> None:
    open_page(page)
    page.get_by_role("button", name="Code size 2", exact=True).click()
    expect(page.get_by_role("img", name=re.compile("^Code of a 7: 2 numbers"))).to_be_visible()
    expect(page.get_by_text(re.compile(r"Unseen images come"))).to_be_visible(timeout=60_000)
    expect(page.get_by_text(re.compile(r"code 2 · .* epoch 1 of 1"))).to_be_visible()


def test_a_phone_sees_everything_without_scrolling_sideways(phone: Page) -> None:
    open_page(phone)
    expect(phone.get_by_role("img", name="Input: a 7", exact=True)).to_be_in_viewport(ratio=1)
    expect(rebuilt(phone)).to_be_in_viewport(ratio=1)
    expect(phone.get_by_text(re.compile("Unseen images come"))).to_be_attached()
    assert phone.evaluate(
        "[document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".every(part => part.scrollWidth <= innerWidth)"
    )
