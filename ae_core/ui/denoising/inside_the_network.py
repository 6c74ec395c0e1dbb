"""What noise does to a network: its filters, a code that is too large, its own output as input."""

import functools
from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from ae_core.charts import denoising as figures
from ae_core.data.datasets import load
from ae_core.data.registry import DATA_SETS
from ae_core.evaluation.capacity.identity import inked_pixels
from ae_core.formatting import counted
from ae_core.runs.run import Run
from ae_core.spec import Spec
from ae_core.ui.background.run_measurements import on_network
from ae_core.ui.denoising.findings import large_codes, localisation_finding
from ae_core.ui.denoising.measurements import (
    ROUNDS,
    TABLE_IMAGES,
    Noise,
    Values,
    again_and_again,
    cleaned,
    drawn,
    noise_passed,
    noisy_images,
    rounds_measured,
)
from ae_core.ui.denoising.networks import LEVEL, SHOWN, Networks, first_image, networks
from ae_core.ui.layout.charts import show_chart
from ae_core.ui.layout.findings import unless_diverged
from ae_core.ui.layout.image_rows import ImageRow, show_rows
from ae_core.ui.layout.progress import pace, say_duration, show_progress, training_work
from ae_core.ui.live.polling_fragment import polling_fragment
from ae_core.ui.session.button_requests import keys_of, request, requested, withdraw, withdraw_others
from ae_core.ui.session.page_runs import control_of, has_failed, other_runs, say_failed
from ae_core.ui.session.visitor import current_run

Measured = tuple[Values, Values]  # errors, and the share of the noise that comes through, of the same test images

FILTERS = 48
ROUND_IMAGES = 200


@functools.lru_cache(maxsize=2)
def inked(data: str) -> NDArray[np.bool_]:
    """The `inked_pixels` of a data set."""
    return inked_pixels(load(data).train)


def filters() -> None:
    """The filters of the first layer, with noise and without."""

    def part() -> bool:
        together = networks()
        live = together.live  # read once: it may end while it is drawn
        _draw_filters(together)
        return live

    polling_fragment(part)


def _draw_filters(together: Networks) -> None:
    columns = st.columns(2)
    shares = {}
    count = min(FILTERS, current_run().spec.layer_sizes[1])
    for column, (name, run) in zip(columns, together.runs.items(), strict=False):
        model = run.model()
        if model is None:
            continue
        weights = next(model.parameters()).numpy()
        shown = figures.strongest(weights, count)
        shares[name] = figures.localisation(weights, inked(current_run().spec.data))
        words = f"trained with {run.spec.noise_kind} {run.spec.noise:g}" if run.spec.noise else "trained without noise"
        with column:
            st.image(
                figures.filter_tile(weights[shown]), width="stretch",
                caption=f"{name.capitalize()}, {words}: {shares[name].mean():.0%} localised",
                alt=f"First-layer filters of the {name}, the strongest first",
            )
    st.caption(
        f"The {count} strongest of the first layer, by norm; green weights above 0, purple below. Localised: the "
        f"share of a filter's squared weights inside its densest {figures.WINDOW} x {figures.WINDOW} pixels (mean of "
        "all filters; pixels that never hold ink are left out)."
    )
    if len(shares) == 2:
        spec = current_run().spec
        finding = localisation_finding(shares["control"], shares["denoiser"], Noise(spec.noise_kind, spec.noise))
        st.markdown(unless_diverged(finding, *together.runs.values()))


def large_code() -> None:
    """On request: a code as large as the image, trained without noise and with it."""
    own = current_run().spec
    noise = Noise(own.noise_kind, own.noise or LEVEL, own.data)
    trained = Spec(
        code_size=784, depth=0, output="linear", loss="mse", noise=noise.level, noise_kind=noise.kind, epochs=3,
        train_images=16384, seed=own.seed, data=own.data,
    )
    specs = [control_of(trained), trained]
    st.markdown(
        "A code of 784 numbers has room for the whole image: without noise, copying every pixel is a perfect answer. "
        "With noise a copy is wrong, however large the code is. (One linear map to the code and one back, linear "
        f"output, MSE, {counted(trained.images, 'training image')}, 3 epochs.)"
    )
    settings = keys_of(specs)
    withdraw_others("large code", settings)
    if not requested("large code", settings):
        st.button(
            "Train both", key="large_start", icon=":material/expand:", on_click=request, args=("large code", settings)
        )
        say_duration(training_work(specs, [None] * len(specs)), pace())
        return

    def part() -> bool:
        if not requested("large code", settings):  # cancelled: asking for the runs would start them again
            st.rerun()
        runs = other_runs(specs, "large code")
        finished = [run for run in runs if run is not None and run.state == "finished"]
        measured = [each for run in finished if (each := _measured(run, noise))]
        say_failed(runs)
        if len(measured) == len(specs):
            _draw_large(finished, measured, noise)
            return False
        if has_failed(runs):
            return False
        training = sum(run is not None and run.live for run in runs)
        words = "Training a code of 784, without noise and with it"
        show_progress("large code", training_work(specs, runs), words, pace(training))
        st.button("Cancel", key="large_cancel", on_click=withdraw, args=("large code",))
        return True

    polling_fragment(part)


def _measured(run: Run, noise: Noise) -> Measured | None:
    found, passed = on_network(run, drawn, noise, TABLE_IMAGES), on_network(run, noise_passed, noise, TABLE_IMAGES)
    return None if found is None or passed is None else (found.errors, passed)


def _draw_large(runs: Sequence[Run], measured: Sequence[Measured], noise: Noise) -> None:
    noisy, clean = (pixels[first_image() :][:SHOWN] for pixels in noisy_images(noise, TABLE_IMAGES))
    rows = [ImageRow("Noisy", "input", noisy, clean)]
    names = (("control", "784, no noise"), ("output", "784, with noise"))
    for run, (errors, _), (tone, name) in zip(runs, measured, names, strict=True):
        model = run.model()
        rows.append(ImageRow(name, tone, cleaned(model, noisy) if model else None, clean, f"MSE {errors.mean():.4f}"))
    show_rows(rows, SHOWN, DATA_SETS[noise.data].noun)
    st.markdown(unless_diverged(large_codes(*measured), *runs))
    st.caption(
        f"The first {noise.tested(TABLE_IMAGES):,} test images. What comes through: two noisy versions of each go in, "
        "and the squares of how much the outputs differ are divided by the squares of how much the inputs do: 100% for "
        "a copy."
    )


def iterate(noise: Noise) -> None:
    """The output fed back: does it settle on an image?"""
    rounds = st.slider("Times fed back", 1, ROUNDS, 5, key="rounds", persist_state="session")

    def part() -> bool:
        together = networks()
        run = together.denoiser or current_run()
        measured = None if run.live else on_network(run, rounds_measured, noise, ROUND_IMAGES)
        model = run.model()
        noisy, clean = (pixels[first_image() :][:SHOWN] for pixels in noisy_images(noise, TABLE_IMAGES))
        if model is not None:
            steps = again_and_again(model, noisy, rounds)
            shown = sorted({0, 1, max(1, rounds // 2), rounds})
            tones = ["input", *["output"] * len(shown)]
            names = ["Noisy" if at == 0 else f"After {counted(at, 'round')}" for at in shown]
            rows = [ImageRow(name, tone, steps[at], clean) for name, tone, at in zip(names, tones, shown, strict=False)]
            show_rows(rows, SHOWN, DATA_SETS[noise.data].noun)
        if measured is not None:
            errors, changes, mean = measured
            title = unless_diverged(figures.rounds_finding(errors, changes, mean), run)
            figure = figures.rounds_chart(errors, changes, rounds, title)
            show_chart(figure, "rounds_chart", "Error and change over rounds of feeding back")
            st.caption(f"Means over {noise.tested(ROUND_IMAGES)} test images.")
        return measured is None

    polling_fragment(part)
