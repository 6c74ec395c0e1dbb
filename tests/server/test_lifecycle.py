"""A class at the app: what becomes of a visitor, and of all others, when something of hers or ours breaks off."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import WebSocketRoute, async_playwright, expect
from streamlit import config

from ae_core.runs.pool import GRACE
from ae_core.ui.server.idle_cleanup import ABSENCE
from tests.browser import chromium
from tests.load.browsers import FLAGS
from tests.load.visitor import Visitor
from tests.server.conftest import PATIENCE, Classroom, Open, until
from tests.serving import serving

# Trains for minutes, in small steps.
LONG = "epochs=1000&train_images=3000&batch_size=16&width=16"
SHORT = "epochs=1&train_images=64&batch_size=16&width=16"
SOON = 30_000  # ms
OFFLINE = 30  # seconds without a network that nobody should notice afterwards
FULL = "3 experiments train already. Please try again in a minute."
BROKE_OFF = "Training broke off unexpectedly. Press Train to try again."


@pytest.fixture(scope="module")
def classroom(open_classroom: Open) -> Iterator[Classroom]:
    """Visitors may be silent for 4 s, three experiments train at once, and the first training on clothes raises."""
    with open_classroom(grace=4.0, max_runs=3, stumbles="fashion") as room:
        yield room


def run_of(visitor: Visitor) -> str:
    """The line that says what the visitor's page shows: the experiment and how far it is."""
    return next(text for text in visitor.texts() if text.startswith("code ") and " — " in text)


def says(visitor: Visitor, sentence: str) -> bool:
    return any(sentence in text for text in visitor.texts())


def test_a_lost_network_has_time_to_come_back() -> None:
    kept = config.get_option("server.disconnectedSessionTTL")
    assert kept > OFFLINE, "a session has to outlive the gap"
    assert kept < GRACE, "a run has to outlive the session"
    assert kept < ABSENCE, "what was made for her, too"


def test_closed_tabs_end_their_training_and_nobody_elses(classroom: Classroom) -> None:
    async def lesson() -> None:
        async with Visitor(classroom.url) as bob, Visitor(classroom.url) as ann, Visitor(classroom.url) as cat:
            for seed, visitor in enumerate((ann, bob, cat)):
                await visitor.open(f"{LONG}&seed={seed}")
            await classroom.until_runs(lambda runs: len(runs) == 3 and min(runs.values()) > 0)
            await ann.leave()
            await cat.drop()
            left = await classroom.until_runs(lambda runs: len(runs) == 1)
            (bobs,) = left
            assert "seed=1" in bobs
            await classroom.until_runs(lambda runs: runs[bobs] > left[bobs])
            seen = bob.components.frames
            await until(lambda: bob.components.frames > seen)
            assert not bob.exceptions
        await classroom.until_quiet()

    asyncio.run(lesson())


def test_a_browser_says_goodbye_when_its_tab_is_closed_and_not_when_its_network_is_gone(open_classroom: Open) -> None:
    async def lesson(url: str) -> None:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium.find(), args=FLAGS)
            page, other = await browser.new_page(), await browser.new_page()
            async with Visitor(url) as cat:
                await cat.open(f"{LONG}&seed=22")
                for seed, tab in ((20, page), (21, other)):
                    await tab.goto(f"{url}/?{LONG}&seed={seed}")
                three = await room.until_runs(lambda runs: len(runs) == 3 and min(runs.values()) > 0)
                cats, reloaded = (next(id for id in three if f"seed={seed}" in id) for seed in (22, 21))
                await cat.drop()
                await other.reload()
                await page.close()  # she is waited for as long as the other two would have been, and left last
                left = await room.until_runs(lambda runs: len(runs) < 3)
                assert set(left) == {cats, reloaded}
                assert left[reloaded] > three[reloaded], "the very same run"
            await browser.close()

    with open_classroom(grace=600.0) as room:
        asyncio.run(lesson(room.url))


def test_who_comes_back_when_her_run_has_ended_watches_it_anew(classroom: Classroom) -> None:
    async def lesson() -> None:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium.find(), args=FLAGS)
            page = await browser.new_page()
            player = page.locator(".training-player")
            awake = asyncio.Event()
            awake.set()

            def pass_on(socket: WebSocketRoute) -> None:
                server = socket.connect_to_server()
                socket.on_message(lambda message: server.send(message) if awake.is_set() else None)

            await page.route_web_socket(re.compile("_stcore/stream"), pass_on)
            await page.route("**/live/**", lambda route: route.continue_() if awake.is_set() else route.abort())
            await page.goto(f"{classroom.url}/?{LONG}&seed=30")
            await expect(player).to_have_attribute("data-frame", re.compile(r"^[1-9]"), timeout=SOON)
            recording = await player.get_attribute("data-run")
            assert recording
            awake.clear()  # the laptop sleeps
            await classroom.until_runs(lambda runs: not runs)
            awake.set()
            await expect(player).not_to_have_attribute("data-run", recording, timeout=SOON)
            await expect(player).to_have_attribute("data-frame", re.compile(r"^[1-9]"), timeout=SOON)
            await browser.close()
        await classroom.until_quiet()

    asyncio.run(lesson())


def test_a_network_that_comes_back_finds_the_same_run_and_the_same_settings(classroom: Classroom) -> None:
    async def lesson() -> None:
        async with Visitor(classroom.url) as ann:
            await ann.open(f"{LONG}&seed=4")
            await ann.set("depth", [3.0])
            session, (id,) = ann.session, await classroom.runs()
            before = await classroom.until_runs(lambda runs: runs[id] > 0)
            await ann.drop()
            grown = await classroom.until_runs(lambda runs: runs[id] > before[id])
            await ann.reconnect()
            await ann.rerun()
            assert ann.session == session
            assert ann.value("depth") == [3.0]
            assert says(ann, "press **Train** for the new settings"), "what she had not trained yet is still to be seen"
            now = await classroom.runs()
            assert list(now) == [id] and now[id] >= grown[id], "the run went on, and none was started beside it"
            await until(lambda: "training" in run_of(ann))
            assert not ann.exceptions
        await classroom.until_quiet()

    asyncio.run(lesson())


def test_a_laptop_that_slept_past_its_sessions_end_opens_its_link_again(classroom: Classroom) -> None:
    async def lesson() -> None:
        async with Visitor(classroom.url) as ann:
            await ann.open(f"{SHORT}&code_size=5&loss=mse&noise=0.3")
            await ann.go("Reconstructions")
            await ann.drop()
            ann.session = "a-session-that-has-ended"
            await ann.connect()
            await ann.rerun()
            assert ann.session != "a-session-that-has-ended"
            assert "came back" in ann.texts()[0], "she is still on her page"
            assert (ann.value("code_size"), ann.value("loss"), ann.value("noise")) == (["5"], ["mse"], [0.3])
            assert run_of(ann).startswith("code 5 · depth 1 · width 16 · mse · gaussian noise 0.3")
            assert not ann.exceptions
        await classroom.until_quiet()

    asyncio.run(lesson())


def test_a_full_machine_refuses_in_one_sentence_and_takes_nothing_away(classroom: Classroom) -> None:
    async def lesson() -> None:
        async with Visitor(classroom.url) as ann, Visitor(classroom.url) as bob, Visitor(classroom.url) as cat:
            for seed, visitor in enumerate((ann, bob, cat), 10):
                await visitor.open(f"{LONG}&seed={seed}")
            runs = await classroom.until_runs(lambda runs: len(runs) == 3)
            async with Visitor(classroom.url) as dan:
                await dan.open(f"{LONG}&seed=13")
                assert says(dan, FULL)
                assert dan.value("seed") == 13, "her link is as she gave it"

                # Ann looks on while bob holds his run with cat: hers is not alone, so it would not end in her favour.
                await ann.set("code_size", ["3"])
                await bob.press("try Only 2 numbers")
                assert says(bob, FULL)
                assert bob.value("code_size") == ["32"], "a refused button changes no setting"
                assert "seed 11" in run_of(bob)
                await ann.press("train")
                assert says(ann, FULL)
                assert ann.value("code_size") == ["3"]
                assert "code 32" in run_of(ann) and "seed 10" in run_of(ann), "she keeps her run"
                assert set(await classroom.runs()) == set(runs)

                await classroom.until_runs(lambda runs: min(runs.values()) > 0)
                await cat.press("stop")
                await classroom.until_runs(lambda runs: len(runs) == 2)
                await dan.press("train")
                assert "seed 13" in run_of(dan) and not says(dan, FULL)
            assert not any(visitor.exceptions for visitor in (ann, bob, cat, dan))
        await classroom.until_quiet()

    asyncio.run(lesson())


def test_a_training_thread_that_raises_is_told_to_its_visitor_and_train_works_again(classroom: Classroom) -> None:
    async def lesson() -> None:
        async with Visitor(classroom.url) as ann, Visitor(classroom.url) as bob:
            await bob.open(f"{LONG}&seed=20")
            (bobs,) = await classroom.runs()
            await ann.open(f"{SHORT}&data=fashion")
            await until(lambda: says(ann, BROKE_OFF))
            before = await classroom.runs()
            await classroom.until_runs(lambda runs: runs[bobs] > before[bobs])
            await ann.press("train")
            await until(lambda: "epoch 1 of 1" in run_of(ann))
            assert not says(ann, BROKE_OFF)
            assert not ann.exceptions and not bob.exceptions
            assert "a mistake in the training thread" in classroom.server.said(), "the log knows what happened"
        await classroom.until_quiet()

    asyncio.run(lesson())


def test_after_the_last_visitor_all_is_forgotten_and_the_link_brings_the_experiment_back(open_classroom: Open) -> None:
    async def lesson() -> None:
        with open_classroom(grace=2.0, absence=3.0) as room:
            async with Visitor(room.url) as ann:
                await ann.open(SHORT)
                await until(lambda: "epoch 1 of 1" in run_of(ann))
                await ann.go("Reconstructions")
            async with asyncio.timeout(PATIENCE):
                while (await room.report())["runs"]:
                    await asyncio.sleep(0.1)  # the pace of asking
            async with Visitor(room.url) as ann:
                await ann.open(SHORT)
                await until(lambda: "epoch 1 of 1" in run_of(ann))
                assert not ann.exceptions

    asyncio.run(lesson())


def test_a_killed_server_that_starts_again_brings_the_experiment_back(tmp_path: Path) -> None:
    async def lesson() -> None:
        ann = Visitor("")
        with serving(tmp_path / "before.txt") as server:
            ann.url = server.url
            await ann.connect()
            await ann.open(f"{LONG}&code_size=3&loss=mse")
            await ann.set("depth", [2.0])
            await ann.press("train")
            await until(lambda: "training" in run_of(ann))
            before = run_of(ann).partition(" — ")[0]
            server.kill()
            await until(lambda: ann.closed is not None)
            await ann.drop()
        with serving(tmp_path / "after.txt", port=server.port) as server:
            await ann.reconnect()
            await until(lambda: "training" in run_of(ann))
            assert run_of(ann).partition(" — ")[0] == before
            assert (ann.value("code_size"), ann.value("depth"), ann.value("loss")) == (["3"], [2.0], ["mse"])
            assert not ann.exceptions
            await ann.leave()
        assert not server.failures(), server.said()

    asyncio.run(lesson())
