"""Sweeps: networks trained beside each other on request, drawn as they learn, cancelled at will."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

from ae_core.power.gap import Curve
from ae_core.runs import Run
from ae_core.spec import Spec
from ae_core.ui.denoising.beside import beside, leave
from ae_core.ui.later import measurements_apart
from ae_core.ui.polling_fragment import polling_fragment
from ae_core.ui.power.ledger import Result, curve_of, ledger, result_of

State = Literal["absent", "waiting", "training", "measuring", "done", "failed"]


@dataclass(frozen=True)
class Point:
    """One network of a sweep, as far as it is known.

    share : how much of its training is done, from 0 to 1
    test : MSE of the newest snapshot, None before the first; of few test images while it trains
    curve : the errors so far
    """

    spec: Spec
    state: State
    share: float = 0.0
    test: float | None = None
    curve: Curve | None = None
    result: Result | None = None

    @property
    def open(self) -> bool:
        """Whether more is to come."""
        return self.state in ("waiting", "training", "measuring")


def results(points: Sequence[Point]) -> list[Result]:
    """What is measured."""
    return [point.result for point in points if point.result]


def share_of(points: Sequence[Point]) -> float:
    """How much of a sweep is done, from 0 to 1; measuring counts as a tenth."""
    shares = [1.0 if not point.open else 0.9 * point.share for point in points]
    return sum(shares) / len(shares)


def points_of(name: str, specs: Sequence[Spec], shown: int = 0) -> list[Point]:
    """The networks of a sweep; those that are wanted and not known yet train, all together.

    Finished ones are measured one after the other, so that other visitors get their turn between.
    """
    wanted, busy, points = is_wanted(name, specs), False, []
    for place, spec in enumerate(specs):
        known = ledger().get(spec)
        if known is None and wanted:
            run = beside(spec, f"{name} {place}")
            if run is not None and run.state == "finished" and not busy:
                known = _measured(run, shown)
                busy = known is None
            points.append(_done(known) if known else _unfinished(spec, run))
        else:
            points.append(_done(known) if known else Point(spec, "absent"))
    return points


def _measured(run: Run, shown: int) -> Result | None:
    if run.newest is None or run.newest.weights is None:
        return None
    known: Result | None = measurements_apart().ask(
        ("sweep", run.id, shown), result_of, run.spec, run.newest.weights, curve_of(run.snapshots), shown
    )
    if known is not None:
        ledger().write(known)
    return known


def _done(known: Result) -> Point:
    return Point(known.spec, "done", 1.0, known.study.test, known.curve, known)


def _unfinished(spec: Spec, run: Run | None) -> Point:
    if run is None or run.newest is None:
        return Point(spec, "failed" if run and run.state == "failed" else "waiting")
    state: State = "training" if run.live else "measuring" if run.state == "finished" else "failed"
    return Point(spec, state, run.newest.step / spec.steps, run.newest.test_mse, curve_of(run.snapshots))


def is_wanted(name: str, specs: Sequence[Spec]) -> bool:
    """Whether the visitor asked for this very sweep; the first network stands for all of them."""
    return bool(st.session_state.get(f"sweep {name}") == specs[0].key)


def start(name: str, specs: Sequence[Spec]) -> None:
    """Train the networks of a sweep."""
    st.session_state[f"sweep {name}"] = specs[0].key


def cancel(name: str, count: int) -> None:
    """End the training of a sweep; what is measured stays."""
    st.session_state.pop(f"sweep {name}", None)
    for place in range(count):
        leave(f"{name} {place}")


def sweep(
    name: str,
    specs: Callable[[], Sequence[Spec]],
    label: str,
    draw: Callable[[list[Point], Any], None],
    baseline: Callable[[], Any] = lambda: True,
    shown: int = 0,
) -> None:
    """A button that starts a sweep; then its progress, a button that ends it, and the drawing, until all is known.

    specs : the networks; there may be more of them once some are known
    draw : draws the points and the baseline as they are at this moment
    baseline : what has to be measured beside the sweep, None while it is missing
    shown : how many pictures of each kind to keep of each network
    """
    first = specs()
    if not is_wanted(name, first) and any(ledger().get(spec) is None for spec in first):
        st.button(
            label, key=f"start {name}", icon=":material/play_arrow:", type="primary", on_click=start,
            args=(name, first),
        )

    def part() -> bool:
        points, base = points_of(name, specs(), shown), baseline()
        training = any(point.open for point in points)
        if training:
            _progress(name, points)
        draw(points, base)
        failed = [point.spec.describe() for point in points if point.state == "failed"]
        if failed:
            st.warning("Training failed: " + "; ".join(failed))
        return training or base is None

    polling_fragment(part)


def progress_of(points: Sequence[Point]) -> str:
    """How far a sweep is, in words: what is measured, what trains, and what has not begun."""
    count = Counter(point.state for point in points)
    words = [f"{count['done']} of {len(points)} networks measured"]
    words += [f"{count['training']} in training"] if count["training"] else []
    words += [f"{count['waiting']} waiting for their turn"] if count["waiting"] else []
    return ", ".join(words) + " …"


def _progress(name: str, points: list[Point]) -> None:
    left, right = st.columns([5, 1], vertical_alignment="center")
    with left:
        st.progress(share_of(points), progress_of(points))
    right.button("Cancel", key=f"cancel {name}", on_click=cancel, args=(name, len(points)))
