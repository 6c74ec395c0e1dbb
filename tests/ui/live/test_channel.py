"""The channel: a question about a run is answered as soon as there is something new, and only to the app's visitors."""

import asyncio
import json
import time
from dataclasses import replace
from typing import Any, cast
from urllib.parse import urlencode

import pytest
import streamlit as st
from starlette.datastructures import Headers
from starlette.responses import Response

from ae_core.runs.pool import RunPool
from ae_core.runs.run import Run
from ae_core.ui.layout.parts import STATUS_VIEW
from ae_core.ui.live import channel as live_channel
from ae_core.ui.live.channel import LiveChannel, View, question
from ae_core.ui.live.presence import presence
from ae_core.ui.script_run.end_page import MeasurementError
from ae_core.ui.train.live_player import MOST_FRAMES, PLAYER_VIEW, THINNED, delta_of, references_of
from tests.runs.pool_contract import until, wait_for
from tests.small import ENDLESS, SMALL, small_data
from tests.ui.components.test_training_player import unpack

COUNT = View(mark=lambda run: f"{run.count}", fields=lambda run, _: {"count": run.count, "more": run.live})
REFERENCES_OF = references_of
VIEWS = {"count": COUNT, "words": STATUS_VIEW, "player": PLAYER_VIEW}


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A small pool in place of the server's, and a server that answers questions."""
    monkeypatch.setattr(live_channel._Served, "yes", False)
    pool = RunPool(small_data, cores=1)
    for module in ("live.channel", "layout.parts"):
        monkeypatch.setattr(f"ae_core.ui.{module}.pool", lambda: pool)
    monkeypatch.setattr("ae_core.ui.train.live_player.references_of", lambda run: ())
    yield pool
    pool.close()


async def ask(name: str, run: Run, visitor: str = "ann", **more: str) -> Response:
    """What the server answers."""
    return await live_channel.answer(VIEWS[name], {"run": run.id, "visitor": visitor, **more})


def told(name: str, run: Run, **more: str) -> dict[str, Any]:
    """The fields of the answer to a visitor of the app."""
    presence().see("ann")
    answer = asyncio.run(ask(name, run, **more))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    return unpack(bytes(answer.body))


def test_the_first_question_is_answered_at_once(pool: RunPool) -> None:
    run = pool.join(SMALL, "ann")
    wait_for(pool, run)
    delta = told("count", run)
    assert delta["count"] == run.count and delta["more"] is False


def test_a_question_waits_until_there_is_something_new(pool: RunPool, monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(SMALL)
    monkeypatch.setattr(pool, "get", lambda id, visitor: run)

    async def lesson() -> tuple[bool, Response]:
        presence().see("ann")
        asked = asyncio.create_task(ask("count", run, seen="0"))
        await asyncio.sleep(3 * live_channel.LOOK)
        waited = not asked.done()
        run._add(snapshot)
        return waited, await asked

    snapshot = finished(pool).snapshots[0]
    waited, answer = asyncio.run(lesson())
    assert waited
    assert unpack(bytes(answer.body))["count"] == 1


def test_a_question_without_news_is_answered_when_its_patience_ends(
    pool: RunPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_channel, "LONGEST_WAIT", 0.3)
    run = finished(pool)
    before = time.monotonic()
    assert told("count", run, seen=f"{run.count}")["count"] == run.count
    assert time.monotonic() - before >= 0.3


def test_whoever_was_shown_no_page_is_told_nothing(pool: RunPool) -> None:
    run = finished(pool)
    answer = asyncio.run(ask("count", run, visitor="mallory"))
    assert answer.status_code == 204 and not answer.body


def test_a_run_that_is_gone_is_no_error(pool: RunPool) -> None:
    presence().see("ann")
    assert asyncio.run(ask("count", Run(SMALL.replace(seed=99)))).status_code == 204


def test_a_question_tells_the_pool_that_its_visitor_is_there(pool: RunPool) -> None:
    run = pool.join(ENDLESS, "ann")
    pool._training[run.id].visitors["ann"] -= pool.grace - 5
    told("count", run)
    assert pool._training[run.id].silence < 1


def test_a_class_asks_a_hundred_times_a_second_together(pool: RunPool, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    run = finished(pool)
    for number in range(50):
        presence().see(f"visitor {number}")
    told("count", run, seen="something else")
    assert pauses and 50 / pauses[0] <= 100
    told("count", run)
    assert len(pauses) == 1, "the first question does not wait"


def test_the_player_gets_every_frame_of_a_run_once_and_in_order(pool: RunPool) -> None:
    run = pool.join(SMALL, "ann")
    steps: list[int] = []
    delta: dict[str, Any] = {"more": True, "mark": ""}
    while delta["more"]:
        known = {"frames": f"{len(steps)}", "newest": f"{steps[-1]}"} if steps else {"frames": "0"}
        delta = told("player", run, recording="a", **known, seen=delta["mark"])
        assert delta["first"] == len(steps)
        steps += delta["columns"]["step"]
        assert len(delta["tiles"]) == len(delta["columns"]["step"]) * 10 * 784
    assert steps == [snapshot.step for snapshot in run.snapshots]
    assert delta["status"] == "finished" and delta["final_test"] == pytest.approx(run.snapshots[-1].test["bce"])


def test_a_run_is_shown_without_what_it_is_held_against_where_that_was_lost(
    pool: RunPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(run: Run) -> None:
        raise MeasurementError("A measurement broke off.")

    monkeypatch.setattr("ae_core.ui.train.live_player.references_of", REFERENCES_OF)
    monkeypatch.setattr("ae_core.ui.train.live_player.reference_losses_of", lost)
    delta = told("player", finished(pool), recording="a", frames="0")
    assert delta["status"] == "finished" and delta["references"] == [] and delta["more"] is False


def test_a_picture_that_takes_the_place_of_the_newest_is_sent_with_its_place(pool: RunPool) -> None:
    run = Run(SMALL, finished(pool).snapshots[:3], "finished")
    newest = replace(run.snapshots[-1], step=999)
    pool._runs[run.id] = run
    before = told("player", run, recording="a")
    run._snapshots[-1] = newest
    known = {"frames": "3", "newest": f"{before['columns']['step'][-1]}", "seen": before["mark"]}
    delta = told("player", run, recording="a", **known)
    assert (delta["first"], delta["columns"]["step"]) == (2, [999])


def test_who_asks_about_a_training_that_was_made_anew_has_to_be_shown_the_page_again(pool: RunPool) -> None:
    first = finished(pool)
    pool.forget()
    again = finished(pool)
    assert (again.id, again.birth) != (first.id, first.birth)
    presence().see("ann")
    assert asyncio.run(ask("words", first, birth=f"{first.birth}")).status_code == 204
    assert asyncio.run(ask("words", again, birth=f"{again.birth}")).status_code == 200


def test_a_thinned_recording_is_sent_once(pool: RunPool) -> None:
    first = finished(pool).snapshots[0]
    run = Run(SMALL, tuple(replace(first, step=step) for step in range(2 * MOST_FRAMES)), "finished")
    pool._runs[run.id] = run
    before = told("player", run, recording=f"a{THINNED}")
    steps = before["columns"]["step"]
    assert len(steps) <= MOST_FRAMES + 1 and steps[-1] == 2 * MOST_FRAMES - 1
    assert delta_of(run, f"a{THINNED}", len(steps), steps[-1])["columns"]["step"] == []


@pytest.mark.parametrize("frames", ["", "-1", "x", "1e3", "999999999", "9" * 400])
def test_a_count_of_frames_that_cannot_be_is_no_error(pool: RunPool, frames: str) -> None:
    run = finished(pool)
    delta = told("player", run, recording="a", frames=frames)
    assert 0 <= delta["first"] <= run.count


def test_the_status_line_is_told_the_words_and_when_there_are_no_more(pool: RunPool) -> None:
    delta = told("words", finished(pool))
    assert delta["words"].startswith("epoch 2 of 2, test BCE 0.") and delta["more"] is False


def test_a_question_names_the_run_and_makes_the_visitor_known(pool: RunPool) -> None:
    run = finished(pool)
    asked = question(run)
    assert (asked["run"], asked["birth"]) == (run.id, f"{run.birth}")
    assert presence().knows(asked["visitor"]) and json.dumps(asked)


def test_a_server_says_that_it_answers(pool: RunPool) -> None:
    assert not live_channel.is_served()
    LiveChannel(cast(Any, None), VIEWS)
    assert live_channel.is_served()


def test_only_questions_are_answered_and_all_else_goes_to_the_app(pool: RunPool) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        passed.append(scope["path"])

    async def send(message: Any) -> None:
        sent.append(message)

    passed: list[str] = []
    sent: list[Any] = []
    server, run = LiveChannel(app, VIEWS), finished(pool)
    presence().see("ann")
    asked = urlencode({"run": run.id, "visitor": "ann"}).encode()
    for method, path in [("GET", "/live/words"), ("GET", "/live/"), ("POST", "/live/words"), ("GET", "/")]:
        scope = {"type": "http", "method": method, "path": path, "query_string": asked, "headers": []}
        asyncio.run(server(scope, cast(Any, None), send))
    assert passed == ["/live/", "/live/words", "/"]
    assert sent[0]["status"] == 200 and unpack(sent[1]["body"])["words"]


def test_pages_of_other_sites_may_read_an_answer_where_the_settings_allow_their_site(
    pool: RunPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reader(origin: str) -> str | None:
        async def send(message: Any) -> None:
            sent.append(message)

        sent: list[Any] = []
        scope = {"type": "http", "method": "GET", "path": "/live/words", "query_string": b"",
                 "headers": [(b"origin", origin.encode())]}
        asyncio.run(LiveChannel(cast(Any, None), VIEWS)(scope, cast(Any, None), send))
        return Headers(raw=sent[0]["headers"]).get("access-control-allow-origin")

    options = {"server.enableCORS": True, "server.corsAllowedOrigins": ["https://school.example"]}
    asked = st.get_option
    monkeypatch.setattr(st, "get_option", lambda name: options[name] if name in options else asked(name))
    assert reader("https://school.example") == "https://school.example"
    assert reader("https://other.example") is None
    options["server.enableCORS"] = False
    assert reader("https://other.example") == "*"


def finished(pool: RunPool) -> Run:
    """A run that has ended."""
    run = pool.join(SMALL, "ann")
    until(lambda: not run.live)
    return run
