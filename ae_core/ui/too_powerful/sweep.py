"""Sweeps: networks trained beside each other on request, drawn as they learn, cancelled at will."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

from ae_core.evaluation.divergence import divergence
from ae_core.runs.run import Run
from ae_core.spec import Spec
from ae_core.training.duration import side_by_side, training_seconds
from ae_core.ui.background.measurement_queue import process_measurements
from ae_core.ui.background.sweep_results import Result, result_of, sweep_results
from ae_core.ui.layout.progress import CORES, Work, pace, say_duration, show_progress
from ae_core.ui.live.polling_fragment import polling_fragment
from ae_core.ui.session.button_requests import keys_of, request, requested, withdraw, withdraw_others
from ae_core.ui.session.page_runs import other_runs

State = Literal["absent", "waiting", "training", "measuring", "done", "failed"]

MEASURING = 1.0  # seconds that one network's measuring takes


@dataclass(frozen=True)
class Point:
    """One network of a sweep, as far as it is known.

    share : how much of its training is done, from 0 to 1
    test : MSE of the newest snapshot, None before the first; of few test images while it trains
    message : why it failed
    """

    spec: Spec
    state: State
    share: float = 0.0
    test: float | None = None
    result: Result | None = None
    message: str = ""

    @property
    def open(self) -> bool:
        """Whether more is to come."""
        return self.state in ("waiting", "training", "measuring")


def results(points: Sequence[Point]) -> list[Result]:
    """What is measured."""
    return [point.result for point in points if point.result]


def work_of(points: Sequence[Point]) -> Work:
    """What there is to train and to measure, in seconds by the formula."""
    costs = [training_seconds(point.spec) + MEASURING for point in points]
    left = [
        0.0 if point.state in ("done", "failed") else (1 - point.share) * training_seconds(point.spec) + MEASURING
        for point in points
    ]
    return Work(side_by_side(costs, CORES), side_by_side(left, CORES))


def points_of(name: str, specs: Sequence[Spec], wanted: bool, first: int = 0, shown: int = 0) -> list[Point]:
    """The networks of a sweep; those that are wanted and not known yet train, a few at once.

    Finished ones are measured one after the other, so that other visitors get their turn between.

    first : the place of the one that trains first; the others follow in their order
    """
    known = [sweep_results().get(spec) for spec in specs]
    order = sorted((place for place, result in enumerate(known) if result is None), key=lambda place: place != first)
    runs = dict(zip(order, other_runs([specs[place] for place in order], name), strict=True)) if wanted else {}
    busy = False
    for place, run in runs.items():
        if run is not None and run.state == "finished" and not busy:
            known[place] = _measured(run, shown)
            busy = known[place] is None
    return [
        _done(result) if result else _unfinished(spec, runs[place]) if wanted else Point(spec, "absent")
        for place, (spec, result) in enumerate(zip(specs, known, strict=True))
    ]


def _measured(run: Run, shown: int) -> Result | None:
    if run.newest is None or run.newest.weights is None:
        return None
    known: Result | None = process_measurements().ask(
        ("sweep", run.id, shown), result_of, run.spec, run.newest.weights, shown
    )
    if known is not None:
        sweep_results().write(known)
    return known


def _done(known: Result) -> Point:
    if known.diverged:  # as a training that failed: nothing is drawn of it, and nothing is concluded
        return Point(known.spec, "failed", message=divergence(known.study.test, known.spec.data))
    return Point(known.spec, "done", 1.0, known.study.test, known)


def _unfinished(spec: Spec, run: Run | None) -> Point:
    if run is None or run.newest is None:
        failed = run is not None and run.state == "failed"
        return Point(spec, "failed" if failed else "waiting", message=(run and run.message) or "")
    state: State = "training" if run.live else "measuring" if run.state == "finished" else "failed"
    test = None if state == "failed" else run.newest.test["mse"]
    return Point(spec, state, run.newest.step / spec.steps, test, message=run.message or "")


def sweep(
    name: str,
    specs: Sequence[Spec],
    label: str,
    draw: Callable[[list[Point], Any], None],
    baseline: Callable[[], Any] = lambda: True,
    *,
    then: Callable[[], Sequence[Spec]] = tuple,
    first: int = 0,
    shown: int = 0,
) -> None:
    """A button that starts a sweep; then its progress, a button that ends it, and the drawing, until all is known.

    It trains for the settings that it was asked for only: other networks of the same sweep wait for another press.

    draw : draws the points and the baseline as they are at this moment
    baseline : what has to be measured beside the sweep, None while it is missing
    then : further networks, which follow from the baseline; asked after it
    first : the place of the network that trains first
    shown : how many pictures of each kind to keep of each network
    """
    settings = keys_of(specs)
    withdraw_others(name, settings)
    if not requested(name, settings) and any(sweep_results().get(spec) is None for spec in specs):
        st.button(
            label, key=f"start {name}", icon=":material/play_arrow:", type="primary", on_click=request,
            args=(name, settings),
        )
        say_duration(work_of(points_of(name, specs, False)), pace())

    def part() -> bool:
        wanted = requested(name, settings)
        base = baseline()
        points = points_of(name, [*specs, *then()], wanted, first, shown)
        training = any(point.open for point in points)
        if training:
            _progress(name, points)
        draw(points, base)
        failed = [f"{point.spec.describe()}: {point.message}" for point in points if point.state == "failed"]
        if failed:
            st.warning("Training failed. " + " ".join(failed))
        return training or base is None

    polling_fragment(part)


def progress_of(points: Sequence[Point]) -> str:
    """How far a sweep is, in words: what is measured, what trains, and what has not begun."""
    count = Counter(point.state for point in points)
    words = [f"{count['done']} of {len(points)} networks measured"]
    words += [f"{count['training']} in training"] if count["training"] else []
    words += [f"{count['waiting']} waiting for their turn"] if count["waiting"] else []
    return ", ".join(words)


def _progress(name: str, points: list[Point]) -> None:
    left, right = st.columns([5, 1], vertical_alignment="center")
    with left:
        training = sum(point.state == "training" for point in points)
        show_progress(name, work_of(points), progress_of(points), pace(training))
    right.button("Cancel", key=f"cancel {name}", on_click=withdraw, args=(name,))
