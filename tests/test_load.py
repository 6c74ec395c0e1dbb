"""The load driver: its visitors speak to the real app as a browser does, and its figures are right."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.load.__main__ import main
from tests.load.record import Record, Span, Watch, report, summary
from tests.load.server import loopback, running, sample
from tests.load.visitor import Visitor

LINK = "width=16&code_size=4&train_images=1024"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the real app."""
    with running(tmp_path_factory.mktemp("load") / "server.log") as (address, _):
        yield address


def test_a_visitor_opens_a_page_changes_a_setting_and_walks_on(url: str) -> None:
    async def visit() -> None:
        async with Visitor(url) as visitor:
            await visitor.open(LINK)
            assert visitor.value("code_size") == ["4"]
            await visitor.set("code_size", ["8"])
            assert "code_size=8" in visitor.query
            assert any("press **Train**" in text for text in visitor.texts())
            await visitor.press("train")
            assert any(text.startswith("code 8 · depth 1") for text in visitor.texts())
            await visitor.go("Denoising")
            assert visitor.texts()[0].startswith("Noisy digits in")
            assert visitor.value("code_size") == ["8"]
            assert not visitor.exceptions

    asyncio.run(visit())


def test_a_visitor_whose_connection_was_lost_comes_back_to_her_session(url: str) -> None:
    async def visit() -> None:
        async with Visitor(url) as visitor:
            await visitor.open(LINK)
            await visitor.set("depth", [3.0])
            session = visitor.session
            await visitor.drop()
            await visitor.reconnect()
            await visitor.rerun()
            assert visitor.session == session
            assert visitor.value("depth") == [3.0]

    asyncio.run(visit())


def test_a_small_class_is_measured(url: str, tmp_path: Path) -> None:
    code = main([
        "--url", url, "--visitors", "3", "--browsers", "0", "--seconds", "12", "--linger", "1", "--spec", "same",
        "--out", str(tmp_path),
    ])
    figures = json.loads((tmp_path / "load.json").read_text())
    assert not figures["exceptions"]
    assert not figures["interactions_without_an_end"]
    assert not figures["settings_of_another_visitor_seen"]
    assert code == 0
    assert figures["interaction_to_end_of_its_script_run"]["open"]["count"] >= 3
    assert figures["opening_to_first_picture"]["p95"] > 0
    assert figures["training_without_a_new_picture"]["count"] > 0
    assert figures["status_lines_compared"] >= 3
    assert figures["trainings"] == 1, "all ask for the same, so it is trained once"
    assert figures["script_runs"] >= figures["interaction_to_end_of_its_script_run"]["all"]["count"]
    held = figures["app"]
    assert held["pss_mib_most"] > 100
    assert held["cores_used"] > 0.05
    root = ElementTree.parse(tmp_path / "load.svg").getroot()
    assert root.tag.endswith("svg")
    assert len(root.findall(".//{*}g")) == 3
    assert len(root.findall(".//{*}circle")) == figures["interaction_to_end_of_its_script_run"]["all"]["count"]


def test_percentiles_are_those_of_a_known_row() -> None:
    assert summary([]) == {"count": 0}
    expected = {"count": 101, "p50": 50, "p95": 95, "p99": 99, "longest": 100}
    assert summary([float(each) for each in reversed(range(101))]) == expected


def test_stillness_is_the_wait_for_a_new_picture_and_only_while_training() -> None:
    gaps: list[Span] = []
    watch = Watch(gaps)
    watch.see(0, "finished before", 9, live=False)
    watch.begin(10)
    watch.see(11, "run", -1, live=True)  # a page without a picture moves nobody
    watch.see(12, "run", 1, live=True)
    watch.see(13, "run", 1, live=True)
    watch.see(15, "run", 2, live=True)
    watch.see(16, "run", 2, live=False)
    watch.see(90, "run", 2, live=False)
    watch.begin(100)
    watch.end(107)
    watch.end(200)
    assert gaps == [(10, 12), (12, 15), (15, 16), (100, 107)]


def test_stillness_beside_a_browser_that_draws_a_page_is_told_apart() -> None:
    record = Record(
        gaps=[Span(1, 2), Span(2, 5), Span(5, 6)],
        seen=[("first picture", Span(3, 4)), ("setting", Span(1.5, 1.7)), ("page", Span(6, 8))],
    )
    figures = report(record)
    assert figures["training_without_a_new_picture"]["longest"] == 3
    calm = figures["training_without_a_new_picture_while_no_browser_draws_a_page"]
    assert (calm["count"], calm["longest"]) == (2, 1)


@pytest.mark.parametrize("address", ["http://example.org:80", "http://10.0.0.1:8501", "http://localhost:8501", "8501"])
def test_only_this_machine_is_ever_visited(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--url", address])
    assert "is not on this machine" in capsys.readouterr().err
    assert loopback("http://127.0.0.1:8501/") == "http://127.0.0.1:8501"


def test_a_limit_is_only_for_an_app_that_the_driver_starts(capsys: pytest.CaptureFixture[str]) -> None:
    for limit in ("--quota", "--memory"):
        with pytest.raises(SystemExit):
            main(["--url", "http://127.0.0.1:8501", limit, "1"])
        assert "--url" in capsys.readouterr().err


def test_an_apps_memory_is_that_of_all_its_processes() -> None:
    alone = sample(os.getpid())
    holding = "held = bytearray(64 * 2**20); print(len(held), flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", holding], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout and child.stdout.readline()
        both = sample(os.getpid())
        child.communicate(b"\n")
    assert alone and both
    assert both.pss > alone.pss + 50 and both.threads > alone.threads
