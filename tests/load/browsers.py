"""The same visit in real browsers, found by role and label as a person finds things."""

import asyncio
import random
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from playwright.async_api import Browser, Error, Page, async_playwright, expect

from ae_core.ui.script_run.failure import APOLOGY
from tests.load.record import Record, Span
from tests.load.student import OTHER_PAGES, Chooser

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
PATIENCE_MS = 60_000
NEW_SETTINGS = "press Train for the new settings"


@asynccontextmanager
async def chromium(executable: str) -> AsyncIterator[Browser]:
    """A browser that has started: nobody in a class waits for that at the link."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        await browser.close()


async def visit(
    browser: Browser, url: str, record: Record, numbers: random.Random, choose: Chooser, until: float
) -> None:
    """One visitor in a profile of her own, until the lesson is over."""
    context = await browser.new_context(base_url=url)
    context.set_default_timeout(PATIENCE_MS)
    page = await context.new_page()
    _collect_complaints(page, url, record)
    record.visits += 1
    record.present += 1
    try:
        await _lesson(page, record, numbers, choose, until)
    except (Error, AssertionError) as error:  # what was to be seen did not come
        record.lost[f"browser: {str(error).splitlines()[0]}"] += 1
    finally:
        record.present -= 1
        await context.close()


async def _lesson(page: Page, record: Record, numbers: random.Random, choose: Chooser, until: float) -> None:
    player = page.locator(".training-player")
    sidebar = page.get_by_test_id("stSidebar")  # Streamlit's own header has a Stop too
    spec = choose(numbers)
    query = "&".join(f"{name}={value}" for name, value in spec.to_query().items())

    async def see(what: str, began: float) -> None:
        record.seen.append((what, Span(began, time.monotonic())))
        await asyncio.sleep(min(numbers.uniform(2, 6), max(0.0, until - time.monotonic())))

    began = time.monotonic()
    await page.goto(f"/?{query}")
    await expect(player).to_have_attribute("data-frame", re.compile(r"^\d"), timeout=PATIENCE_MS)
    await see("first picture", began)
    while time.monotonic() < until:
        slider = page.get_by_role("slider", name="Code size")
        for key in ("ArrowRight", "ArrowLeft"):  # away and back, so that she trains what her link says
            began = time.monotonic()
            await slider.press(key)
            seen = expect(page.get_by_text(NEW_SETTINGS))
            await (seen.to_be_visible if key == "ArrowRight" else seen.to_be_hidden)(timeout=PATIENCE_MS)
            await see("setting", began)
        await sidebar.get_by_role("button", name="Train", exact=True).click()
        await asyncio.sleep(numbers.uniform(1, 3))
        await sidebar.get_by_role("button", name="Stop", exact=True).click()
        for title in (numbers.choice(OTHER_PAGES), "Train"):
            heading = page.get_by_role("heading", level=1)
            before = await heading.inner_text()
            began = time.monotonic()
            await page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click()
            await expect(heading).not_to_have_text(before, timeout=PATIENCE_MS)
            await see("page", began)
        alerts = await page.get_by_test_id("stException").or_(page.get_by_text(APOLOGY)).all_inner_texts()
        record.exceptions.update(f"browser: {text}" for text in alerts)


def _collect_complaints(page: Page, url: str, record: Record) -> None:
    def check_host(address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != urlsplit(url).netloc:
            record.exceptions[f"browser: asked another host: {address}"] += 1

    def note(text: str) -> None:
        record.exceptions[f"browser: {text}"] += 1

    page.on("console", lambda message: note(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: note(f"{error}"))
    page.on("request", lambda request: check_host(request.url))
    page.on("websocket", lambda websocket: check_host(websocket.url))
