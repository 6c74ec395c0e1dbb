"""Numbers of all methods: the table, the curves over the noise, the kinds against each other."""

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import streamlit as st

from ae_core.charts import denoising as figures
from ae_core.evaluation.classical_denoisers import DENOISERS
from ae_core.formatting import spelled
from ae_core.nn.noise import NOISES
from ae_core.runs.run import Run
from ae_core.spec import Spec
from ae_core.ui.background.measurement_queue import in_process
from ae_core.ui.background.run_measurements import on_network
from ae_core.ui.denoising.measurements import (
    CURVE_IMAGES,
    TABLE_IMAGES,
    TUNING_IMAGES,
    Noise,
    Score,
    Values,
    batches,
    classical_score,
    input_score,
    joined,
    linear_score,
    network_score,
    pca_score,
)
from ae_core.ui.denoising.networks import LEVEL, methods, networks
from ae_core.ui.layout.charts import show_chart
from ae_core.ui.layout.findings import unless_diverged
from ae_core.ui.layout.progress import Work, pace, say_duration, show_progress, training_work
from ae_core.ui.layout.tables import table
from ae_core.ui.live.polling_fragment import polling_fragment
from ae_core.ui.session.button_requests import keys_of, request, requested, withdraw, withdraw_others
from ae_core.ui.session.page_runs import other_runs, say_failed
from ae_core.ui.session.visitor import current_run

T = TypeVar("T")

COARSE_FIRST = (0.0, 0.4, 0.8, 0.2, 0.6, 1.0, 0.1, 0.3, 0.5, 0.7, 0.9)  # the curve has its shape early
PCA, LINEAR = "PCA projection", "best linear map"
KINDS = tuple(NOISES)
COUNT = spelled(len(KINDS))

Method = Callable[[Noise], Score | None]  # None while it is being measured


AHEAD = 2  # measurements that a page asks for at once: one is made, and the next waits for it, not for the page
SECONDS = {PCA: (1.5, 0.1), LINEAR: (2.0, 0.1), **{name: method.seconds for name, method in DENOISERS.items()}}
OPTIONAL = " and ".join(
    f"{name} joins in where the package `{method.package}` is installed"
    for name, method in DENOISERS.items() if method.package
)
FITTED = (
    "**Fitted to each noise and level**: the classical denoisers (setting and tone curve, the best on "
    f"{TUNING_IMAGES} training images) and the {LINEAR} (least squares from noisy to clean training images, then a "
    f"tone curve). **Not fitted to it**: the networks, which stay as they were trained, and the {PCA}, which knows "
    "clean images only. A tone curve is a contrast and an offset, then clipped to [0, 1]. It is needed because clipped "
    "noise has no mean of zero: it makes black greyer, and no average can undo that."
)
QUICK = (0.0, 0.1)  # all others: to tune a method, and to clean 1,000 images with it


@dataclass(frozen=True)
class Scores:
    """What is known of all methods; the names of those that are still to come are in `missing`.

    work : what there is to train and to measure
    """

    known: dict[str, Score]
    missing: tuple[str, ...]
    work: Work


def all_methods(noise: Noise) -> None:
    """The table of all methods on 1,000 test images; it fills row by row."""

    def part() -> bool:
        scores = _scores(noise)
        say_failed(list(networks().runs.values()))
        _draw_table(scores, noise.tested(TABLE_IMAGES))
        return bool(scores.missing)

    polling_fragment(part)


def _scores(noise: Noise) -> Scores:
    """All that is measured; the rest in its order, so that other visitors get their turn between."""
    asked = _methods(TABLE_IMAGES)
    found = in_order([functools.partial(score, noise) for score in asked.values()])
    known = {name: score for name, score in zip(asked, found, strict=True) if score is not None}
    missing = tuple(name for name in asked if name not in known)
    return Scores(known, missing, _work([(name, TABLE_IMAGES) for name in asked], [(n, TABLE_IMAGES) for n in missing]))


def in_order(questions: Sequence[Callable[[], T | None]]) -> list[T | None]:
    """The answers, None for those that are still to come: of these only the first few are asked for."""
    answers: list[T | None] = []
    open = 0
    for question in questions:
        answer = question() if open < AHEAD else None
        open += answer is None
        answers.append(answer)
    return answers


def _work(asked: Sequence[tuple[str, int]], missing: Sequence[tuple[str, int]]) -> Work:
    """What there is to do for methods on so many images each: the networks train first, then all is measured."""
    def measuring(what: Sequence[tuple[str, int]]) -> float:
        return sum(tune + clean * count / 1000 for name, count in what for tune, clean in [SECONDS.get(name, QUICK)])

    runs = list(networks().runs.values())
    training = training_work([run.spec for run in runs], runs)
    return Work(training.total + measuring(asked), training.left + measuring(missing))


def _methods(count: int) -> dict[str, Method]:
    """All methods of the page, in the order in which they are measured; networks that still train come last."""
    together, spec = networks(), current_run().spec
    ours: dict[str, Method] = {
        name: functools.partial(_network_score, run, count) for name, run in together.runs.items()
        if run.live or run.newest is not None  # one that failed at once has no network
    }
    others: dict[str, Method] = {
        "noisy input": lambda noise: in_process(input_score, noise, count),
        PCA: lambda noise: in_process(pca_score, spec.images, spec.narrowest, noise, count),
        LINEAR: lambda noise: in_process(linear_score, spec.images, noise, count),
    }
    for method in methods():
        others[method] = functools.partial(_classical_score, method, count)
    return others | ours if together.live else ours | others


def _classical_score(method: str, count: int, noise: Noise) -> Score | None:
    """One batch after the other: what is asked for is in front of all that others ask for later."""
    parts, scores = batches(method, noise.tested(count)), []
    for part in parts:
        score = in_process(classical_score, method, noise, count, part.start, part.stop)
        if score is None:
            return None
        scores.append(score)
    return joined(scores)


def _network_score(run: Run, count: int, noise: Noise) -> Score | None:
    score: Score | None = None if run.live else on_network(run, network_score, noise, count)
    return score


def _draw_table(scores: Scores, tested: int) -> None:
    if scores.missing:
        show_progress("all methods", scores.work, f"Measuring: {scores.missing[0]}", pace())
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
            "PSNR, dB": "peak signal-to-noise ratio, 10 log₁₀(1 / MSE) of each image: 10 dB more is a tenth of the "
            "error. No mean (–) where some come out exactly.",
            "SSIM": "structural similarity: windows of 7 x 7 pixels are compared; 1 is equal.",
        },
    )
    st.caption(
        f"Means over the first {tested:,} test images with the same noise. {FITTED} A slow one is tuned on as "
        f"many images as it says; the names are scikit-image's. Networks, {PCA} and {LINEAR} take all images at once; "
        f"{OPTIONAL}."
    )


def mean_psnr(score: Score) -> float | str | None:
    """The mean PSNR for the table: one exact copy makes it infinite, which is "exact" only where all are."""
    if math.isfinite(score.psnr):
        return score.psnr
    return None if score.mse else "exact"


@dataclass(frozen=True)
class Curves:
    """The errors (n,) of the same test images, of every method over the noise level, as far as they are known."""

    points: dict[str, dict[float, Values]]
    complete: bool
    level: float | None
    work: Work


def curves(noise: Noise) -> None:
    """The error of all methods over the level of the test noise."""

    def part() -> bool:
        known = _curves(noise)
        if not known.complete:
            show_progress("curves", known.work, "Tuning and measuring, level by level", pace())
        if known.points:
            finding = figures.curves_finding(known.points, known.level, known.complete)
            title = unless_diverged(finding, *networks().runs.values())
            figure = figures.noise_curves(known.points, known.level, noise.kind, title)
            show_chart(figure, "noise_curves", "Error of all methods over the test noise")
        st.caption(
            f"The first {noise.tested(CURVE_IMAGES)} test images at each level; *clearly* means by more than two "
            f"standard errors on them. {FITTED}"
        )
        return not known.complete

    polling_fragment(part)


def _curves(noise: Noise) -> Curves:
    """All points that are measured: first of what is fast, then of the classical denoisers, coarse levels first."""
    asked = _methods(CURVE_IMAGES)
    slow = set(methods())
    every = [(name, level) for level in COARSE_FIRST for name in asked]
    order = sorted(every, key=lambda each: each[0] in slow)
    found = in_order([functools.partial(asked[name], noise._replace(level=level)) for name, level in order])
    points: dict[str, dict[float, Values]] = {name: {} for name in asked}
    for (name, level), score in zip(order, found, strict=True):
        if score is not None:
            points[name][level] = score.errors
    missing = [(name, CURVE_IMAGES) for (name, _), score in zip(order, found, strict=True) if score is None]
    denoiser = networks().denoiser
    own = denoiser.spec.noise if denoiser and denoiser.spec.noise_kind == noise.kind else None
    work = _work([(name, CURVE_IMAGES) for name, _ in order], missing)
    return Curves({name: curve for name, curve in points.items() if curve}, not missing, own, work)


def kinds() -> None:
    """On request: a network for each kind of noise, trained on it and tested on all kinds."""
    spec = current_run().spec
    level = spec.noise or LEVEL
    specs = [spec.replace(noise=level, noise_kind=kind) for kind in KINDS]
    st.markdown(
        f"{COUNT.capitalize()} networks like yours, each trained on one kind of noise of level {level:g}, each tested "
        f"on all {COUNT}."
    )
    settings = keys_of(specs)
    withdraw_others("kinds", settings)
    if not requested("kinds", settings):
        label = f"Train the {COUNT}"
        st.button(label, key="kinds_start", icon=":material/grid_on:", on_click=request, args=("kinds", settings))
        say_duration(training_work(specs, [None] * len(specs)), pace())
        return

    def part() -> bool:
        known = _kinds(specs, level)
        _draw_kinds(known, level)
        return known.waiting

    polling_fragment(part)


@dataclass(frozen=True)
class Kinds:
    """The networks of all kinds of noise, as far as they are known.

    errors : (kinds, kinds, images), a row for each network; NaN where it is not measured yet
    """

    runs: list[Run | None]
    errors: Values
    work: Work

    @property
    def waiting(self) -> bool:
        """Whether more is to come: nothing comes of a network whose training failed."""
        ended = [run is not None and run.state == "failed" for run in self.runs]
        return bool(np.isnan(self.errors[~np.array(ended)]).any())


def _kinds(specs: list[Spec], level: float) -> Kinds:
    """Each network is measured when it is trained, while the others still train."""
    if not requested("kinds", keys_of(specs)):  # cancelled: asking for the runs would start them again
        st.rerun()
    runs = other_runs(specs, "kinds")
    errors = [[_kind_errors(run, Noise(kind, level, specs[0].data)) for kind in KINDS] for run in runs]
    return Kinds(runs, np.array(errors), training_work(specs, runs))


def _kind_errors(run: Run | None, noise: Noise) -> Values:
    score = None if run is None or run.state != "finished" else on_network(run, network_score, noise, TABLE_IMAGES)
    return score.errors if score else np.full(noise.tested(TABLE_IMAGES), math.nan)


def _draw_kinds(known: Kinds, level: float) -> None:
    if known.waiting:
        training = [kind for kind, run in zip(KINDS, known.runs, strict=True) if run is not None and run.live]
        words = f"Training on {' and '.join(training)} noise" if training else "Measuring"
        show_progress("kinds", known.work, words, pace(len(training)))
        st.button("Cancel", key="kinds_cancel", on_click=withdraw, args=("kinds",))
    say_failed(known.runs)
    if not np.isnan(known.errors).all():
        title = unless_diverged(figures.kinds_finding(known.errors, KINDS), *known.runs)
        means = known.errors.mean(axis=2)
        show_chart(figures.kind_map(means, KINDS, level, title), "kind_map", "Error by trained and tested noise")
        st.caption(
            f"Each number is the MSE of a network (its row) on the first {known.errors.shape[2]:,} test images with "
            "one noise (its column). Colours compare the networks of a column: pale blue is the best, the redder the "
            "more times its error. Best in the title: by more than two standard errors."
        )
