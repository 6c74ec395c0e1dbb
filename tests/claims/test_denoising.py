"""What the Denoising page says of a network is true of every network: hard ones, and made-up numbers."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ae_core.charts import denoising as figures
from ae_core.evaluation.differences import clearly_less
from ae_core.spec import Spec
from ae_core.ui.denoising.findings import SAME, large_codes, localisation_finding, look_at
from ae_core.ui.denoising.measurements import Drawn, Noise, cleaned, drawn, noisy_images
from tests.claims.networks import HARD, TESTED, trained

KINDS = ("gaussian", "masking", "speckle")
MEANS = st.floats(0.001, 0.2)
SEEDS = st.integers(0, 99)
LEVELS = (0.0, 0.4, 1.0)


def around(mean: float, seed: int, doubt: float = 0.02, count: int = 30) -> np.ndarray:
    """Errors of so many digits around a mean."""
    return np.abs(np.random.default_rng(seed).normal(mean, doubt, count))


def number(pattern: str, said: str) -> float:
    found = re.search(pattern, said)
    assert found, f"{pattern!r} is not in {said!r}"
    return float(found[1])


def noise_of(spec: Spec) -> Noise:
    return Noise(spec.noise_kind, spec.noise, spec.data)


@pytest.mark.parametrize("name", HARD)
def test_what_is_said_of_a_network_is_what_it_draws(name: str) -> None:
    network, noise = trained(name), noise_of(trained(name).spec)
    measured = drawn(network.model, noise, TESTED)
    said = look_at({"your network": measured}, None, noise)
    noisy, clean = noisy_images(noise, TESTED)
    output = cleaned(network.model, noisy)
    light = (output - clean).sum(dim=1)
    doubt = float(2 * light.std() / TESTED**0.5)
    assert ("brighter" in said) == (float(light.mean()) > doubt)
    assert ("darker" in said) == (float(light.mean()) < -doubt)
    if "% brighter" in said or "% darker" in said:
        share = float(light.mean().abs() / clean.sum(dim=1).mean())
        assert number(r"(\d+)% (?:brighter|darker)", said) == pytest.approx(max(100 * share, 1), abs=0.51)
    spread = float(output.var(dim=0).sum() / clean.var(dim=0).sum())
    assert ("nearly the same for all" in said) == (spread < SAME)


@pytest.mark.parametrize("kind", ["masking", "salt and pepper"])
def test_where_nothing_is_left_of_a_digit_the_network_is_not_said_to_know_it(kind: str) -> None:
    noise = Noise(kind, 1.0)
    said = look_at({"denoiser": drawn(trained(f"{kind} noise 1.0").model, noise, TESTED)}, None, noise)
    assert "It is nearly the same for all digits" in said


@given(MEANS, MEANS, SEEDS)
def test_the_denoiser_and_its_control_differ_only_where_it_is_clear(ours: float, theirs: float, seed: int) -> None:
    denoiser, control = (Drawn(around(*each), np.zeros(30), 100.0, 0.5) for each in ((ours, seed), (theirs, seed + 1)))
    said = look_at({"control": control, "denoiser": denoiser}, denoiser, Noise("gaussian", 0.4))
    assert ("error is smaller" in said) == clearly_less(denoiser.errors, control.errors)
    assert ("error is larger" in said) == clearly_less(control.errors, denoiser.errors)
    assert f"{denoiser.errors.mean():.4f}" in said and f"{control.errors.mean():.4f}" in said


@given(st.lists(st.tuples(MEANS, MEANS, MEANS), min_size=3, max_size=3), SEEDS)
def test_the_denoiser_is_best_only_where_it_clearly_is(means: list[tuple[float, float, float]], seed: int) -> None:
    names = ("denoiser", "control", "median")
    curves = {
        name: {level: around(row[place], seed + place) for level, row in zip(LEVELS, means, strict=True)}
        for place, name in enumerate(names)
    }
    said = figures.curves_finding(curves, 0.4)
    best, even = [], []
    for level in LEVELS:
        ours, rivals = curves["denoiser"][level], [curves[name][level] for name in names[1:]]
        if all(clearly_less(ours, rival) for rival in rivals):
            best.append(level)
        elif not any(clearly_less(rival, ours) for rival in rivals):
            even.append(level)
    assert said.startswith("The denoiser is clearly the best at level" if best else "The denoiser is nowhere")
    assert ("nothing is clearly better" in said) == bool(even)
    assert ("At 0.4: " in said) == (0.4 not in best)
    for level in best:
        assert level in covered(said.partition(";")[0])


def covered(said: str) -> set[float]:
    """The levels of a sentence: "0.4" or "0 to 0.4"."""
    spans = re.findall(r"([\d.]*\d) to ([\d.]*\d)", said)
    inside = {level for level in LEVELS for low, high in spans if float(low) <= level <= float(high)}
    return inside | {float(each) for each in re.findall(r"[\d.]*\d", said)}


def test_the_curves_say_who_beats_the_denoiser_where_it_was_trained() -> None:
    curves = {
        name: {level: np.array([value, value + 0.001]) for level in LEVELS}
        for name, value in (("denoiser", 0.02), ("Gaussian", 0.01), ("noisy input", 0.1))
    }
    said = figures.curves_finding(curves, 0.4)
    assert said == "The denoiser is nowhere clearly the best. At 0.4: Gaussian 0.0105, denoiser 0.0205"
    assert figures.curves_finding(curves, None) == "The denoiser is nowhere clearly the best"


@given(MEANS, MEANS, SEEDS)
def test_the_error_of_a_network_without_noise_grows_only_where_it_is_seen(low: float, high: float, seed: int) -> None:
    curve = {0.0: around(low, seed), 1.0: around(high, seed + 1)}
    said = figures.curves_finding({"your network": curve}, None)
    assert ("error grows" in said) == clearly_less(curve[0.0], curve[1.0])


@given(st.lists(MEANS, min_size=9, max_size=9), SEEDS)
def test_a_network_is_best_at_its_own_noise_only_where_it_clearly_is(means: list[float], seed: int) -> None:
    errors = np.array([around(mean, seed + place) for place, mean in enumerate(means)]).reshape(3, 3, -1)
    said = figures.kinds_finding(errors, KINDS)
    best = [
        kind for place, kind in enumerate(KINDS)
        if all(clearly_less(errors[place, place], errors[other, place]) for other in range(3) if other != place)
    ]
    expected = "Each is" if len(best) == 3 else f"Best at its own noise: {', '.join(best)};" if best else "None is"
    assert said.startswith(expected)
    worst = (errors.mean(axis=2) / errors.mean(axis=2).min(axis=0)).max()
    assert number(r"costs ([\d.]+) times the best", said) == pytest.approx(worst, abs=0.051)


@given(MEANS, MEANS, MEANS, MEANS, SEEDS)
def test_noise_is_said_to_keep_a_large_code_from_copying_only_where_it_does(
    before: float, after: float, passed: float, passed_after: float, seed: int
) -> None:
    without, with_noise = (around(before, seed), around(passed, seed + 1)), (
        around(after, seed + 2), around(passed_after, seed + 3)
    )
    said = large_codes(without, with_noise)
    helps = clearly_less(with_noise[0], without[0])
    assert ("no clear gain" in said) != helps
    assert ("what keeps it from copying" in said) == (helps and clearly_less(with_noise[1], without[1]))


@given(st.floats(0.1, 0.9), st.floats(0.1, 0.9), SEEDS, st.sampled_from([2, 16, 128]))
def test_filters_are_called_local_or_wide_only_beyond_their_spread(
    before: float, after: float, seed: int, count: int
) -> None:
    control, denoiser = around(before, seed, 0.1, count), around(after, seed + 1, 0.1, count)
    said = localisation_finding(control, denoiser, Noise("gaussian", 0.4))
    gain, doubt = denoiser.mean() - control.mean(), 2 * np.hypot(control.std(), denoiser.std()) / (count - 1) ** 0.5
    clear = abs(gain) > max(doubt, 0.1 * control.mean())
    assert ("more local**" in said) == (clear and gain > 0)
    assert ("wider**" in said) == (clear and gain < 0)


@pytest.mark.parametrize(("noise", "advice"), [
    (Noise("gaussian", 0.4), "Compare with masking noise: try *Half the pixels gone*."),
    (Noise("masking", 0.2), "Compare with more of it: try *Half the pixels gone*."),
    (Noise("masking", 0.5), None),
])
@pytest.mark.parametrize("change", [0.0, -0.1])  # as local as the control's, and wider
def test_nobody_is_told_to_try_the_noise_that_she_has(noise: Noise, advice: str | None, change: float) -> None:
    control = around(0.3, 0, 0.01)
    said = localisation_finding(control, control + change, noise)
    assert said.endswith(advice) if advice else "try" not in said
