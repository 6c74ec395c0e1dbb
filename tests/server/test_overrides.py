"""The app where the host's options take the place of its own."""

import asyncio
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from ae_core.ui.script_run.failure import APOLOGY
from tests.browser import chromium
from tests.load.browsers import FLAGS
from tests.load.student import OTHER_PAGES
from tests.load.visitor import Visitor
from tests.server.conftest import until
from tests.server.hosted import hosted
from tests.serving import Server

LONG = "epochs=1000&train_images=3000&batch_size=16&width=16"
SHORT = "epochs=1&train_images=64&width=16"
CLICKS = 24  # times three
SOON = 30_000  # ms
MISTAKES = ("In a part", "On the page", "In an import", "In the syntax", "In a callback")
INSIDES = re.compile(r"Traceback|ZeroDivisionError|ModuleNotFound|SyntaxError|a secret|\.py|/app/|raise |line \d")


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    """The app with the overrides of Streamlit Community Cloud, and nothing beside them, for all tests of this file."""
    with hosted(tmp_path_factory.mktemp("cloud")) as server_and_copy:
        yield server_and_copy


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[tuple[Server, Path]]:
    """The same, on a host that looks for changed files."""
    with hosted(tmp_path, STREAMLIT_SERVER_FILE_WATCHER_TYPE="poll") as server_and_copy:
        yield server_and_copy


def test_no_click_is_lost_however_soon_the_next_one_follows(cloud: tuple[Server, Path]) -> None:
    numbers = random.Random(0)
    shown: dict[str, str] = {}

    async def lesson() -> None:
        async with Visitor(cloud[0].url, lambda view: shown.update(run=view["run"])) as ann:
            await ann.open(SHORT)
            for number in range(CLICKS):
                clicks = [
                    ann.set("noise", [0.05 * (number % 3)]), ann.press("train"), ann.set("depth", [float(number % 4)])
                ]
                asked = []
                for click in clicks:
                    asked.append(asyncio.create_task(click))
                    await asyncio.sleep(numbers.choice((0.0, 0.001, 0.003, 0.01, 0.02)))  # what is to be shown
                await asyncio.gather(*asked)
                assert (ann.value("noise"), ann.value("depth")) == ([0.05 * (number % 3)], [float(number % 4)])
            await until(lambda: shown["run"].split(" ")[1:2] == [f"{CLICKS}"])  # each press begins a recording
            assert not ann.exceptions

    asyncio.run(lesson())


def test_no_visitor_sees_a_traceback_but_a_number_that_stands_in_the_log_beside_it(cloud: tuple[Server, Path]) -> None:
    server, _ = cloud

    async def lesson() -> None:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium.find(), args=FLAGS)
            page = await browser.new_page()
            await page.goto(f"{server.url}/mistakes?{SHORT}")
            apology = page.get_by_text(APOLOGY)
            for place in MISTAKES:
                logged = len(server.said())
                await page.get_by_role("button", name=place).click()
                sentence = await apology.inner_text()
                assert not INSIDES.search(await page.content())
                (number,) = re.findall(r"the number (\w{4})", sentence)
                entry = server.said()[logged:]
                assert f"number {number}" in entry and entry.count("Traceback") == 1
                await page.get_by_role("button", name="Try again").click()
                await expect(apology).to_have_count(0)
                await expect(page.get_by_text("The end of the page")).to_be_visible()
                await expect(page.get_by_role("slider", name="Depth")).to_be_visible()
            await browser.close()

    asyncio.run(lesson())


def test_the_main_ways_through_the_app_are_open(cloud: tuple[Server, Path]) -> None:
    async def steps(page: Page) -> None:
        player = page.locator(".training-player")
        await page.goto(f"{cloud[0].url}/?{SHORT}")
        await expect(player).to_have_attribute("data-status", re.compile("finished"), timeout=SOON)
        slider = page.get_by_role("slider", name="Code size")
        await slider.press("Home")
        for _ in range(4):
            await slider.press("ArrowRight")
        size = await slider.get_attribute("aria-valuetext")
        await page.get_by_test_id("stSidebar").get_by_role("button", name="Train", exact=True).click()
        await expect(player).to_have_attribute("data-run", re.compile(f"code_size={size}&"), timeout=SOON)
        await expect(slider).to_have_attribute("aria-valuetext", f"{size}")
        for name in OTHER_PAGES:
            await page.get_by_role("link", name=name).click()
            await expect(page.get_by_role("link", name=name)).to_have_attribute("aria-current", "page")
            await expect(page.get_by_role("heading", level=1)).to_be_visible()
            await expect(page.get_by_role("slider", name="Code size")).to_have_attribute("aria-valuetext", f"{size}")
            await expect(page.get_by_text(APOLOGY)).to_have_count(0)

    async def lesson() -> None:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium.find(), args=FLAGS)
            await steps(await browser.new_page())
            await browser.close()

    asyncio.run(lesson())


def test_files_that_change_leave_the_server_and_the_runs_of_its_visitors_in_place(
    watching: tuple[Server, Path],
) -> None:
    server, copy = watching
    runs: dict[str, str] = {}

    async def lesson() -> None:
        async with (
            Visitor(server.url, lambda view: runs.update(ann=view["run"])) as ann,
            Visitor(server.url, lambda view: runs.update(bob=view["run"])) as bob,
        ):
            await ann.open(LONG)
            await until(lambda: ann.components.frames > 1)
            run = runs["ann"]
            for changed in ("ae_core/ui/session/visitor.py", "ae_core/runs/pool.py", "app.py"):
                (copy / changed).write_text((copy / changed).read_text() + "\n")
            page = copy / "pages" / "train.py"
            page.write_text(page.read_text() + '\nst.caption("A newer page")\n')
            await until(lambda: "A newer page" in ann.texts())
            frames = ann.components.frames
            await until(lambda: ann.components.frames > frames)
            await ann.set("depth", [2.0])
            await bob.open(LONG)
            await until(lambda: "bob" in runs)
            assert runs == {"ann": run, "bob": run}, "both see the run that was there before"
            assert not ann.exceptions and not bob.exceptions

    asyncio.run(lesson())
    assert not server.failures(), server.said()
    server.kill()  # what still trains is nobody's concern
