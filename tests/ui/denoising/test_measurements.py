"""The Denoising page's measurements and findings."""

import itertools
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch

from ae_core.autoencoder.model import Autoencoder, to_pixels
from ae_core.charts import denoising as figures
from ae_core.data.datasets import load, mnist
from ae_core.data.registry import DATA_SETS
from ae_core.evaluation.classical_denoisers import Tuned
from ae_core.evaluation.tone_curve import UNCHANGED
from ae_core.nn.noise import NOISES
from ae_core.runs.pool import RunPool
from ae_core.spec import Spec
from ae_core.ui.denoising import comparisons
from ae_core.ui.denoising import measurements as evidence
from ae_core.ui.denoising.comparisons import mean_psnr
from ae_core.ui.denoising.measurements import (
    Noise,
    Score,
    again_and_again,
    input_score,
    network_score,
    noisy_images,
    pca_score,
)
from ae_core.ui.layout.image_rows import ImageRow, _row
from ae_core.ui.session.page_runs import control_of

TINY = Spec(train_images=64, code_size=4, width=16)


def test_the_control_differs_in_the_noise_only() -> None:
    spec = Spec(code_size=7, depth=2, seed=5, noise=0.3, noise_kind="masking", epochs=4)
    assert control_of(spec) == replace(spec, noise=0.0)
    assert control_of(spec).key == Spec(code_size=7, depth=2, seed=5, epochs=4).key


@pytest.mark.parametrize("kind", NOISES)
def test_everybody_gets_the_same_noisy_images(kind: str) -> None:
    noisy, clean = noisy_images(Noise(kind, 0.5), 50)
    evidence.noisy_images.cache_clear()
    again, _ = noisy_images(Noise(kind, 0.5), 50)
    assert torch.equal(noisy, again) and not torch.equal(noisy, clean)
    assert torch.equal(clean, to_pixels(mnist().test[:50]))


@pytest.mark.parametrize("kind", NOISES)
def test_the_error_of_the_noisy_input_grows_with_the_level_from_zero(kind: str) -> None:
    errors = [input_score(Noise(kind, level), 100).mse for level in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)]
    assert errors[0] == 0
    assert all(a < b for a, b in itertools.pairwise(errors))


def test_classical_denoisers_are_tuned_on_training_digits_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[np.ndarray] = []

    def spy(method: str, noisy: np.ndarray, clean: np.ndarray) -> Tuned:
        seen.append(clean)
        return Tuned({"sigma": 0.7}, UNCHANGED, 0.0)

    monkeypatch.setattr(evidence, "tuned", spy)
    evidence.best_setting.cache_clear()
    evidence.best_setting("Gaussian", Noise("gaussian", 0.45))
    evidence.best_setting.cache_clear()
    np.testing.assert_allclose(seen[0], mnist().train[: evidence.TUNING_IMAGES] / np.float32(255), atol=1e-6)


def test_the_score_of_all_digits_is_that_of_their_batches() -> None:
    noise = Noise("gaussian", 0.4)
    whole = evidence.classical_score("Gaussian", noise, 20)
    parts = [evidence.classical_score("Gaussian", noise, 20, *part) for part in ((0, 15), (15, 20))]
    together = evidence.joined(parts)
    np.testing.assert_allclose(together.errors, whole.errors, rtol=1e-5)
    for name in ("mse", "psnr", "ssim"):
        assert getattr(together, name) == pytest.approx(getattr(whole, name), rel=1e-5)
    assert together.setting == whole.setting


def test_a_slow_denoiser_is_asked_for_one_batch_at_a_time_and_says_what_it_was_tuned_on(
    monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as it takes, whoever asks for something else gets it between two batches."""
    asked: list[tuple] = []
    sizes: dict[tuple, int]

    def made(function: Callable, *args: object) -> Score | None:
        asked.append(args)
        return None if args in waiting else Score(np.full(sizes[args], float(len(asked))), 0.0, 0.0)

    monkeypatch.setattr(comparisons, "in_process", made)
    noise = Noise("gaussian", 0.4)
    batches = [("BM3D", noise, 500, start, stop) for start, stop in ((0, 200), (200, 400), (400, 500))]
    sizes = dict(zip(batches, (200, 200, 100), strict=True))
    waiting = {batches[1]}
    assert comparisons._classical_score("BM3D", 500, noise) is None
    assert asked == batches[:2]
    waiting, asked[:] = set(), []
    score = comparisons._classical_score("BM3D", 500, noise)
    assert asked == batches and score is not None and score.mse == pytest.approx((1 * 200 + 2 * 200 + 3 * 100) / 500)
    assert evidence.batches("wavelet", 1000) == [slice(0, 1000)]
    assert evidence.tuning_images("BM3D") == 20 < evidence.tuning_images("wavelet") == evidence.TUNING_IMAGES


def test_the_scores_of_a_network_are_those_of_its_output() -> None:
    model = Autoencoder.from_spec(TINY).requires_grad_(False)
    noise = Noise("gaussian", 0.4)
    noisy, clean = noisy_images(noise, 20)
    score = network_score(model, noise, 20)
    assert score.mse == pytest.approx(float((model(noisy) - clean).square().mean()))
    assert score.seconds > 0


def test_more_components_take_more_of_the_noise_along() -> None:
    noise = Noise("gaussian", 0.8)
    assert pca_score(2000, 16, noise, 100).mse < pca_score(2000, 400, noise, 100).mse


def test_pca_and_the_linear_map_know_only_what_the_network_has_learned_from() -> None:
    few, many = (evidence.linear_score(images, Noise("gaussian", 0.4), 100) for images in (64, 2000))
    assert few.mse > 1.2 * many.mse
    assert pca_score(64, 512, Noise("gaussian", 0.4), 100).setting == "64 components"


@pytest.mark.parametrize("data", DATA_SETS)
def test_all_methods_meet_images_of_the_kind_that_the_network_is_trained_on(data: str) -> None:
    noise = Noise("gaussian", 0.4, data)
    _, clean = noisy_images(noise, 20)
    assert torch.equal(clean, to_pixels(load(data).test[:20]))
    _, tuning = evidence.tuning_pairs(noise, 20)
    assert torch.equal(tuning, to_pixels(load(data).train[:20]))


def test_fed_back_the_output_is_the_next_input() -> None:
    model = Autoencoder.from_spec(TINY).requires_grad_(False)
    start = torch.rand(3, 784, generator=torch.Generator().manual_seed(0))
    steps = again_and_again(model, start, 3)
    assert len(steps) == 4 and torch.equal(steps[0], start)
    torch.testing.assert_close(steps[3], model(model(model(start))))


def test_leaving_ends_a_run_that_nobody_else_watches() -> None:
    pool = RunPool(load, cores=1)
    run = pool.join(Spec(epochs=40), "me control")
    pool.leave("me control")
    assert run.done.wait(60)
    assert run.state == "stopped"


def test_localisation_is_one_for_a_spot_and_small_for_an_even_filter() -> None:
    everywhere = np.ones(784, bool)
    spot = np.zeros((1, 784))
    spot[0, 14 * 28 + 14] = -3
    even = np.ones((1, 784))
    assert figures.localisation(spot, everywhere)[0] == pytest.approx(1)
    assert figures.localisation(even, everywhere)[0] == pytest.approx(49 / 784)
    corner = spot.copy()
    corner[0, 0] = 5  # holds no ink: does not count
    inked = everywhere.copy()
    inked[0] = False
    assert figures.localisation(corner, inked)[0] == pytest.approx(1)


def test_the_strongest_filters_come_first() -> None:
    assert figures.strongest(np.array([[1.0, 0], [0, -3], [2, 0]]), 2).tolist() == [1, 2]


def curves(ours: list[float], theirs: list[float]) -> dict[str, dict[float, np.ndarray]]:
    """Errors of ten digits around these means: 0.01 of difference is clear, 0.001 is not."""
    doubt = np.random.default_rng(0).normal(0, 0.003, (2, 10))
    doubt -= doubt.mean(axis=1, keepdims=True)
    levels = [0.0, 0.5, 1.0]
    return {
        "denoiser": {level: value + doubt[0] for level, value in zip(levels, ours, strict=True)},
        "median": {level: value + doubt[1] for level, value in zip(levels, theirs, strict=True)},
        "noisy input": {level: np.full(10, value) for level, value in zip(levels, [0.0, 0.3, 0.6], strict=True)},
    }


def test_nothing_is_concluded_before_all_is_measured() -> None:
    assert "best" not in figures.curves_finding(curves([1, 1, 1], [0, 0, 0]), 0.5, complete=False)
    errors = np.array([[0.1, 0.2], [np.nan, np.nan]])
    assert "best" not in figures.kinds_finding(errors[:, :, None], ("gaussian", "masking"))
    shown = figures.kind_map(errors, ("gaussian", "masking"), 0.4, "title").data[0]
    assert [list(row) for row in shown.text] == [["0.1000", "0.2000"], ["", ""]]
    figures.kind_map(np.full((2, 2), np.nan), ("gaussian", "masking"), 0.4, "title")  # without a warning


def test_the_curve_marks_the_level_of_training() -> None:
    figure = figures.noise_curves(curves([1, 1, 1], [0, 0, 0]), 0.5, "gaussian", "title")
    assert [shape.x0 for shape in figure.layout.shapes] == [0.5]
    assert not figures.noise_curves(curves([1, 1, 1], [0, 0, 0]), None, "gaussian", "title").layout.shapes


def test_no_two_methods_are_drawn_alike() -> None:
    methods = [f"method {number}" for number in range(9)] + ["denoiser", "control", "noisy input"]
    known = {name: {0.0: np.ones(2), 1.0: np.ones(2)} for name in methods}
    traces = figures.noise_curves(known, None, "gaussian", "title").data
    looks = {(trace.line.color, trace.line.dash, trace.marker.symbol) for trace in traces}
    assert len(looks) == len(methods)
    baselines = [trace for trace in traces if trace.name.startswith("method")]
    assert len({trace.marker.symbol for trace in baselines[:8]}) == 8


def test_the_rounds_say_whether_they_come_to_rest_on_the_digit() -> None:
    changes = np.array([np.nan, 0.05, 0.01, 0.0001])
    settled = np.array([0.08, 0.0121, 0.01205, 0.012])
    assert figures.rounds_finding(settled, changes, 0.0674) == (
        "Fed back 3 times it comes to rest near the clean image: MSE 0.0120"
    )
    away = figures.rounds_finding(np.array([0.08, 0.012, 0.03, 0.2]), changes, 0.0674)
    assert away == (
        "Best after 1 round (MSE 0.0120); then it keeps moving, away from the clean image: 0.2000, "
        "worse than the mean image 0.0674"
    )
    elsewhere = figures.rounds_finding(np.array([0.08, 0.012, 0.06, 0.06, 0.06]), np.append(changes, 0), 0.0674)
    assert elsewhere == "Best after 1 round (MSE 0.0120); then it comes to rest, but not on the clean image: 0.0600"


def test_small_steps_that_all_lead_away_are_no_rest() -> None:
    errors = np.array([0.08, 0.0363, *np.linspace(0.04, 0.0978, 19)])
    changes = np.array([np.nan, 0.05, *[0.0005] * 19])
    said = figures.rounds_finding(errors, changes, 0.0674)
    assert "it keeps moving, away from the clean image: 0.0978, worse than" in said
    settled = np.array([*errors[:-2], 0.0975, 0.0978])
    settled[-3] = 0.0972
    assert "it comes to rest, but not on the clean image: 0.0978, worse than" in figures.rounds_finding(
        settled, changes, 0.0674
    )


def test_a_mean_psnr_is_a_number_where_there_is_one() -> None:
    def shown(*errors: float) -> float | str | None:
        return mean_psnr(Score(np.array(errors), 1.0, 0.0))

    assert shown(0.01, 0.01) == pytest.approx(20.0)
    assert shown(0.0, 0.0) == "exact"
    assert shown(0.0, 2e-6) is None, "some are exact, not all"


def test_what_is_hardly_nearer_to_the_digit_than_the_mean_image_is_not_near_it() -> None:
    errors = np.array([0.08, 0.0640, 0.0638, 0.0637])
    assert figures.rounds_finding(errors, np.array([np.nan, 0.05, 0.01, 0.0001]), 0.0674) == (
        "Fed back 3 times it comes to rest on a blot, not on the clean image: MSE 0.0637, the mean image 0.0674"
    )
    assert "it keeps moving far from the clean image: " in figures.rounds_finding(
        errors, np.array([np.nan, 0.05, 0.01, 0.01]), 0.0674
    )


def test_the_rounds_are_held_against_the_mean_training_digit() -> None:
    model = Autoencoder.from_spec(TINY).requires_grad_(False)
    errors, _, mean = evidence.rounds_measured(model, Noise("gaussian", 0.4), 20)
    clean, blank = to_pixels(mnist().test[:20]), to_pixels(mnist().train).mean(dim=0)
    assert len(errors) == evidence.ROUNDS + 1
    assert mean == pytest.approx(float((blank - clean).square().mean()), rel=1e-4)


def test_a_row_tells_the_error_and_the_psnr_of_each_digit_and_escapes_its_words() -> None:
    clean = torch.zeros(1, 784)
    text = _row(ImageRow("<b>", "output", torch.full((1, 784), 0.1), clean), 1, "digit")
    assert "&lt;b&gt;" in text and "<b>" not in text
    assert ">0.0100</figure>" in text and 'title="PSNR 20.0 dB"' in text
    assert ">exact</figure>" in _row(ImageRow("x", "output", clean, clean), 1, "digit")
    assert "empty" in _row(ImageRow("x", "output", None, clean), 1, "digit")
    assert 'alt="x, image 1: an exact copy"' in _row(ImageRow("x", "output", clean, clean), 1, "image")
