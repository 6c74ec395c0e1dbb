"""Out of domain in a real browser: guess, threshold, upload of good and bad files, a drawing."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload, Page, expect

NASTY = Path(__file__).parents[1] / "data" / "nasty"
SLOW = 120_000  # ms: a run and its measurements, on a busy machine
NASTY_NAME = "<img src=x onerror=alert(1)> **bold** $x$.png"


def open_section(page: Page, section: str) -> None:
    page.goto("/out_of_domain?width=64")
    page.get_by_role("button", name="Skip the guess").click(timeout=SLOW)
    page.get_by_role("tab", name=section).click(timeout=SLOW)


def upload(page: Page, name: str, data: bytes) -> None:
    page.locator("input[type=file]").set_input_files(
        FilePayload(name=name, mimeType="application/octet-stream", buffer=data)
    )


def test_a_guess_is_scored_and_the_gallery_follows(page: Page) -> None:
    page.goto("/out_of_domain/x/y?width=64")  # a slip of the pen
    expect(page).to_have_url(re.compile(r"/out_of_domain\?width=64$"))
    page.get_by_text("Printed digit", exact=True).click(timeout=SLOW)
    page.get_by_role("button", name="Reveal").click()
    expect(page.get_by_text("You were right about")).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("img", name="Mountain peak mirrored in a lake", exact=True)).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("Myrabella, CC-BY-SA-3.0").first).to_be_visible()


def test_all_ways_out_are_in_sight_on_a_phone(phone: Page) -> None:
    phone.goto("/?width=64")
    phone.get_by_test_id("stExpandSidebarButton").click(timeout=SLOW)
    phone.get_by_role("link", name="Out of domain").click()
    phone.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    phone.get_by_role("button", name="Skip the guess").click(timeout=SLOW)
    phone.get_by_role("tab", name="How far from home").click(timeout=SLOW)
    ways = [phone.get_by_role("radio", name=name) for name in ("Rotation", "Elastic warp")]
    ways[1].click(timeout=SLOW)
    expect(phone.get_by_text("Elastic warp, pixels")).to_be_visible(timeout=SLOW)
    for way in ways:
        box = way.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390


def test_the_threshold_moves_false_alarms(page: Page) -> None:
    open_section(page, "Measured")
    slider = page.get_by_role("slider", name="Threshold: an image with a larger error is refused")
    expect(slider).to_be_visible(timeout=SLOW)
    alarms = page.get_by_test_id("stMetricValue").first
    before = alarms.inner_text()
    slider.focus()
    for _ in range(20):
        page.keyboard.press("ArrowLeft")
    expect(alarms).not_to_have_text(before)
    assert float(alarms.inner_text().rstrip("%")) > float(before.rstrip("%"))


def test_uploads_are_judged_or_refused_with_one_sentence(page: Page) -> None:
    open_section(page, "Your own picture")
    page.get_by_text("File", exact=True).click(timeout=SLOW)
    upload(page, NASTY_NAME, (NASTY / "UPPER.PNG").read_bytes())
    expect(page.get_by_test_id("stText").filter(has_text=NASTY_NAME)).to_be_visible()
    expect(page.get_by_role("heading", name="test digits")).to_have_count(1)
    expect(page.get_by_text("Centred by mass")).to_be_visible()
    for name, sentence in {
        "bomb_12000x12000.png": "million pixels",
        "truncated.png": "damaged or incomplete",
        "script.svg": "not a picture that the app can read",
        "phone.heic": "HEIC pictures cannot be read",
        "empty.png": "is empty",
    }.items():
        upload(page, name, (NASTY / name).read_bytes())
        expect(page.get_by_role("alert").filter(has_text=sentence)).to_be_visible()
        expect(page.get_by_role("heading", name="test digits")).to_have_count(0)
    for name in ("cmyk.jpg", "gray16.png", "animated.gif", "no_extension"):
        upload(page, name, (NASTY / name).read_bytes())
        expect(page.get_by_test_id("stText").filter(has_text=name)).to_be_visible()
        expect(page.get_by_role("heading", name="test digits")).to_have_count(1)
    upload(page, "two.png", two_digits())
    page.get_by_role("radiogroup", name="There are 2 digits").get_by_text("2", exact=True).click()
    expect(page.get_by_role("heading", name="test digits")).to_have_count(1)
    page.get_by_text("both", exact=True).click()
    for kind in ("drawing", "photograph"):
        expect(page.get_by_role("heading", name=f"As a {kind}")).to_be_visible()
    expect(page.get_by_role("heading", name="test digits")).to_have_count(2)
    upload(page, "strip.png", strip())
    expect(page.get_by_text("very long and narrow")).to_be_visible()
    expect(page.get_by_role("heading", name="test digits")).to_have_count(1)
    expect(page.get_by_role("img", name="Your picture", exact=True).first).to_be_visible()


def strip() -> bytes:
    """A picture of 2,000 x 20 pixels: as wide as a step of the preparation it is less than a pixel high."""
    file = io.BytesIO()
    Image.linear_gradient("L").resize((2000, 20)).save(file, "PNG")
    return file.getvalue()


def two_digits() -> bytes:
    """A sheet with a 0 and a 1."""
    sheet = Image.new("L", (400, 200), 255)
    pen = ImageDraw.Draw(sheet)
    pen.ellipse((60, 30, 150, 170), outline=0, width=12)
    pen.line((290, 30, 280, 170), fill=0, width=12)
    file = io.BytesIO()
    sheet.save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize("visitor", ["page", "phone"])
def test_a_drawing_is_prepared_and_judged(
    visitor: str, new_page: Callable[..., Page]
) -> None:
    page = new_page() if visitor == "page" else new_page(width=390, height=844)
    page.goto("/?width=64")
    if visitor == "phone":
        page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_role("link", name="Out of domain").click()
    if visitor == "phone":
        page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    page.get_by_role("button", name="Skip the guess").click(timeout=SLOW)
    page.get_by_role("tab", name="Your own picture").click(timeout=SLOW)
    canvas = page.get_by_label("Drawing pad").first
    canvas.scroll_into_view_if_needed(timeout=SLOW)
    box = canvas.bounding_box()
    assert box
    middle, top, height = box["x"] + box["width"] / 2, box["y"] + 40, box["height"] * 0.6
    page.mouse.move(middle, top)
    page.mouse.down()
    page.mouse.move(middle - 5, top + height, steps=8)
    page.mouse.up()
    expect(page.get_by_text("Centred by mass")).to_be_visible()
    expect(page.get_by_role("heading", name="test digits")).to_have_count(1)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")
    page.get_by_text("photograph", exact=True).click()
    expect(page.get_by_text("28 x 28 pixels")).to_be_visible()
