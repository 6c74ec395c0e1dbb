"""Numbers of all methods: the table, the curves over the noise, the kinds against each other."""

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st

from ae_core.noise import NOISES
from ae_core.runs import Run
from ae_core.spec import Spec
from ae_core.ui.denoising import figures
from ae_core.ui.denoising.beside import all_beside, leave, share_done
from ae_core.ui.denoising.company import LEVEL, company, methods, show_chart
from ae_core.ui.denoising.evidence import (
    CURVE_DIGITS,
    TABLE_DIGITS,
    TUNING_DIGITS,
    Noise,
    Score,
    classical_score,
    input_score,
    network_score,
    pca_score,
)
from ae_core.ui.later import apart
from ae_core.ui.measured import on_network
from ae_core.ui.polling_fragment import polling_fragment
from ae_core.ui.session import current_run
from ae_core.ui.tables import table

COARSE_FIRST = (0.0, 0.4, 0.8, 0.2, 0.6, 1.0, 0.1, 0.3, 0.5, 0.7, 0.9)  # the curve has its shape early
KINDS = tuple(NOISES)

Method = Callable[[Noise], Score | None]  # None while it is being measured


@dataclass(frozen=True)
class Scores:
    """What is known of all methods; the names of those that are still to come are in `missing`."""

    known: dict[str, Score]
    missing: tuple[str, ...]


def all_methods(noise: Noise) -> None:
    """The table of all methods on 1,000 test digits; it fills row by row."""

    def part() -> bool:
        scores = _scores(noise)
        _draw_table(scores)
        return bool(scores.missing)

    polling_fragment(part)


def _scores(noise: Noise) -> Scores:
    """All that is measured; of the rest one method after the other, so that other visitors get their turn between."""
    known: dict[str, Score] = {}
    asked = _methods(TABLE_DIGITS)
    for name, score in asked.items():
        found = score(noise)
        if found is None:
            break
        known[name] = found
    return Scores(known, tuple(name for name in asked if name not in known))


def _methods(count: int) -> dict[str, Method]:
    """All methods of the page, in the order in which they are measured; networks that still train come last."""
    together, spec = company(), current_run().spec
    networks: dict[str, Method] = {
        name: functools.partial(_network_score, run, count) for name, run in together.runs.items()
    }
    others: dict[str, Method] = {
        "noisy input": lambda noise: apart(input_score, noise, count),
        "PCA projection": lambda noise: apart(pca_score, spec.images, spec.data, spec.code_size, noise, count),
    }
    for method in methods():
        others[method] = functools.partial(_classical_score, method, count)
    return others | networks if together.live else networks | others


def _classical_score(method: str, count: int, noise: Noise) -> Score | None:
    return apart(classical_score, method, noise, count)


def _network_score(run: Run, count: int, noise: Noise) -> Score | None:
    score: Score | None = None if run.live else on_network(run, network_score, noise, count)
    return score


def _draw_table(scores: Scores) -> None:
    if scores.missing:
        done = len(scores.known) / (len(scores.known) + len(scores.missing))
        st.progress(done, f"Measuring: {scores.missing[0]} …")
    if not scores.known:
        return
    table(
        [
            {
                "Method": name, "MSE": score.mse, "PSNR, dB": mean_psnr(score), "SSIM": score.ssim,
                "ms an image": 1000 * score.seconds, "Best setting": score.setting or None,
            }
            for name, score in sorted(scores.known.items(), key=lambda item: item[1].mse)
        ],
        label="MSE, PSNR, SSIM and time of all methods",
        formats={"MSE": "{:.4f}", "PSNR, dB": "{:.1f}", "SSIM": "{:.3f}", "ms an image": "{:.3f}"},
        notes={
            "PSNR, dB": "10 log₁₀(1 / MSE) of each digit; without a mean (–) where some come out exactly.",
            "SSIM": "likeness of local structure, 1 is equal.",
        },
    )
    st.caption(
        f"Means over the first {TABLE_DIGITS:,} test digits with the same noise. Every classical denoiser has the "
        f"setting that was best on {TUNING_DIGITS} training digits with this noise; the names are scikit-image's. "
        "Networks and PCA take all images at once; BM3D joins in where the package `bm3d` is installed."
    )


def mean_psnr(score: Score) -> float | str | None:
    """The mean PSNR for the table: one exact copy makes it infinite, which is "exact" only where all are."""
    if math.isfinite(score.psnr):
        return score.psnr
    return None if score.mse else "exact"


@dataclass(frozen=True)
class Curves:
    """MSE of every method over the noise level, as far as it is known."""

    points: dict[str, dict[float, float]]
    done: float
    level: float | None


def curves(noise: Noise) -> None:
    """The error of all methods over the level of the test noise."""

    def part() -> bool:
        known = _curves(noise.kind)
        if known.done < 1:
            st.progress(known.done, "Tuning and measuring, level by level …")
        if known.points:
            figure = figures.noise_curves(known.points, known.level, noise.kind, known.done >= 1)
            show_chart(figure, "noise_curves", "Error of all methods over the test noise")
        st.caption(
            f"The first {CURVE_DIGITS} test digits at each level. Every classical denoiser is tuned anew for each; "
            "the networks stay as they were trained."
        )
        return known.done < 1

    polling_fragment(part)


def _curves(kind: str) -> Curves:
    """All points that are measured: first of what is fast, then of the classical denoisers, coarse levels first."""
    asked = _methods(CURVE_DIGITS)
    slow = set(methods())
    points: dict[str, dict[float, float]] = {name: {} for name in asked}
    waiting = False
    order = [(name, level) for level in COARSE_FIRST for name in asked]
    for name, level in sorted(order, key=lambda each: each[0] in slow):
        found = None if waiting else asked[name](Noise(kind, level))
        waiting = found is None
        if found is not None:
            points[name][level] = found.mse
    denoiser = company().denoiser
    own = denoiser.spec.noise if denoiser and denoiser.spec.noise_kind == kind else None
    done = sum(len(curve) for curve in points.values()) / (len(asked) * len(COARSE_FIRST))
    return Curves({name: curve for name, curve in points.items() if curve}, done, own)


def kinds() -> None:
    """On request: four networks, each trained on one kind of noise, tested on all kinds."""
    spec = current_run().spec
    level = spec.noise or LEVEL
    specs = [spec.replace(noise=level, noise_kind=kind) for kind in KINDS]
    wanted = st.session_state.get("kinds_of") == [each.key for each in specs]
    st.markdown(
        f"Four networks like yours, each trained on one kind of noise of level {level:g}, each tested on all four."
    )
    if not wanted:
        st.button("Train the four", key="kinds_start", icon=":material/grid_on:", on_click=_want_kinds, args=(specs,))
        return

    def part() -> bool:
        done, errors = _kinds(specs, level)
        _draw_kinds(done, errors, level)
        return errors is None

    polling_fragment(part)


def _want_kinds(specs: list[Spec]) -> None:
    st.session_state["kinds_of"] = [spec.key for spec in specs]


def _stop_kinds() -> None:
    st.session_state.pop("kinds_of", None)
    leave("kinds")


def _kinds(specs: list[Spec], level: float) -> tuple[float, np.ndarray | None]:
    """How far the training is, and the errors (kinds, kinds) once all is measured."""
    if "kinds_of" not in st.session_state:  # cancelled: asking for the runs would start them again
        st.rerun()
    runs = all_beside(specs, "kinds")
    done = share_done(runs)
    if any(run is None or run.live for run in runs):
        return done, None
    scores = [
        [on_network(run, network_score, Noise(kind, level), TABLE_DIGITS) for kind in KINDS] for run in runs if run
    ]
    errors = [[score.mse for score in row if score] for row in scores]
    complete = all(len(row) == len(KINDS) for row in errors)
    return (1.0, np.array(errors)) if complete else (done, None)


def _draw_kinds(done: float, errors: np.ndarray | None, level: float) -> None:
    if errors is None:
        current = min(int(done * len(KINDS)), len(KINDS) - 1)
        st.progress(done, f"Training on {KINDS[current]} noise, {current + 1} of {len(KINDS)} …")
        st.button("Cancel", key="kinds_cancel", on_click=_stop_kinds)
        return
    show_chart(figures.kind_map(errors, KINDS, level), "kind_map", "Error by trained and tested noise")
