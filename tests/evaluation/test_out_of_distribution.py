"""Out of domain: sets of strangers, scores and what they are worth, and the figures that the page claims."""

import functools
import io
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from scipy.spatial.distance import mahalanobis
from scipy.stats import percentileofscore
from torchvision.transforms.v2 import InterpolationMode, functional

from ae_core.autoencoder.model import Autoencoder
from ae_core.charts.colours import FAILURE, NEGATIVE, POSITIVE, SMALL_SHOWN, rgb
from ae_core.charts.out_of_distribution import log_density, ridges, ruler
from ae_core.charts.tiles import code_png
from ae_core.data import downloads as extra
from ae_core.data.datasets import DATA, DataError, landscapes, load, mnist, photographs, printed_letters
from ae_core.data.registry import DATA_SETS
from ae_core.evaluation.baselines import PrincipalComponents, principal_components
from ae_core.evaluation.out_of_distribution import scores
from ae_core.evaluation.out_of_distribution import trained_on_tested_on as table
from ae_core.evaluation.out_of_distribution.image_sets import enlarged, farthest, image_sets, shifted
from ae_core.evaluation.out_of_distribution.nearest_neighbour import nearest
from ae_core.evaluation.out_of_distribution.study import SCORES, Measured, OodStudy, Scorer, inside, ood_study
from ae_core.evaluation.out_of_distribution.warps import AXES, SEED, UNWARPED, along, warped
from ae_core.spec import Spec
from ae_core.training.loop import train
from ae_core.ui.out_of_domain.cards import Card, _card
from ae_core.ui.out_of_domain.gallery import SIGHTS, sight
from ae_core.ui.out_of_domain.measurements import same_effort, set_of
from ae_core.ui.out_of_domain.predict_first import candidates, reach
from ae_core.ui.out_of_domain.threshold import finding as threshold_finding
from ae_core.ui.out_of_domain.threshold import printed_and_inverted, thresholds, verdict
from ae_core.ui.out_of_domain.trained_on_other_data import effort, finding

SPEC = Spec(code_size=32, depth=1, width=128, loss="bce", epochs=3)


def random_images(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, 784), np.uint8)


@functools.cache
def trained(data: str) -> Autoencoder:
    spec = same_effort(SPEC, data)
    *_, last = train(spec, load(data))
    assert last.weights is not None
    return Autoencoder.from_weights(spec, last.weights).requires_grad_(False)


@functools.cache
def fitted(data: str) -> PrincipalComponents:
    return principal_components(load(data).train)


@functools.cache
def measured() -> OodStudy:
    return ood_study(Scorer.of(trained("mnist"), fitted("mnist"), 32, mnist().train), image_sets("mnist"))


# -- the data --


@pytest.mark.parametrize("name", list(DATA_SETS))
def test_a_data_set_has_the_images_that_its_spec_promises(name: str) -> None:
    data = load(name)
    assert data.train.shape == (DATA_SETS[name].train, 784) and data.train.dtype == np.uint8
    assert data.test.shape == (DATA_SETS[name].test, 784)
    assert len(data.train_labels) == len(data.train) and len(data.test_labels) == len(data.test)


def test_training_and_test_patches_come_from_different_photographs() -> None:
    data = landscapes()
    assert not set(data.train_labels) & set(data.test_labels)
    held_out = {number for number, photograph in enumerate(photographs("landscapes")) if photograph.for_testing}
    assert set(data.test_labels.tolist()) == held_out and len(held_out) == 8


def test_the_patches_are_the_same_every_time() -> None:
    np.testing.assert_array_equal(landscapes.__wrapped__().train, landscapes().train)


def test_every_photograph_has_a_title_an_author_and_a_licence() -> None:
    for folder, count in (("landscapes", 32), ("objects", 18)):
        found = photographs(folder)
        assert len(found) == count == len(list((DATA / folder).glob("*.jpg")))
        assert all(p.title and p.author and p.licence in p.credit for p in found)


def test_a_data_set_with_fewer_images_is_used_whole() -> None:
    spec = Spec(data="fashion", epochs=2)
    assert (spec.images, spec.steps) == (8000, 2 * 16)
    assert Spec(data="fashion", train_images=64).images == 64
    *_, last = train(spec.replace(width=16, code_size=2), load("fashion"))
    assert last.images == 16_000 and last.epoch == 2


def test_what_a_network_is_trained_on_is_part_of_its_link() -> None:
    spec = Spec(data="landscapes")
    assert spec.to_query() == {"data": "landscapes"} and Spec.from_key(spec.key) == spec
    assert "trained on landscapes" in spec.describe()


def test_comparable_runs_see_as_many_images() -> None:
    seen = {name: same_effort(SPEC, name).epochs * same_effort(SPEC, name).images for name in DATA_SETS}
    assert max(seen.values()) < 1.1 * min(seen.values())


# -- strangers --


@pytest.mark.parametrize("data", list(DATA_SETS))
def test_home_comes_first_and_no_set_of_strangers_is_home(data: str) -> None:
    sets = image_sets(data)
    np.testing.assert_array_equal(sets[0].images, load(data).test)
    assert len({images.name for images in sets}) == len(sets) >= 12
    for images in sets:
        assert images.images.shape[1:] == (784,) and images.images.dtype == np.uint8


def test_letters_that_look_like_digits_are_no_strangers() -> None:
    letters = next(images for images in image_sets("mnist") if images.name == "letters")
    assert len(letters.images) == (~printed_letters().digit_like).sum() == 813


def test_landscapes_are_no_strangers_to_a_network_of_landscapes() -> None:
    assert "landscapes" not in {images.name for images in image_sets("landscapes")}
    assert {data: farthest(data).name for data in DATA_SETS} == {
        "mnist": "landscapes", "fashion": "landscapes", "landscapes": "objects",
    }
    titles = {data: [candidate.title for candidate in candidates(data)] for data in DATA_SETS}
    assert all(len(six) == 6 for six in titles.values())
    assert (titles["mnist"][0], titles["landscapes"][0]) == ("Landscape", "Object")


def test_the_title_of_what_is_measured_names_its_strangers() -> None:
    for name, title in (("landscapes", "Landscapes: "), ("objects", "Objects: ")):
        assert threshold_finding(measured(), name).startswith(title)


def test_a_shifted_image_moves_right_and_down() -> None:
    image = np.zeros((28, 28), np.uint8)
    image[10, 12] = 255
    assert np.argwhere(shifted(image.reshape(1, 784), 4).reshape(28, 28)).tolist() == [[14, 16]]


def test_an_enlarged_image_covers_more_pixels() -> None:
    image = np.zeros((28, 28), np.uint8)
    image[12:16, 12:16] = 255
    grown = enlarged(image.reshape(1, 784), 1.4)
    assert grown.sum() / image.sum() == pytest.approx(1.4**2, rel=0.1)


# -- scores --


def test_the_error_is_the_mean_squared_difference_of_each_image() -> None:
    model, images = trained("mnist"), mnist().test[:7]
    pixels = torch.tensor(images / 255, dtype=torch.float32)
    expected = torch.nn.functional.mse_loss(model(pixels), pixels, reduction="none").mean(dim=1)
    np.testing.assert_allclose(scores.errors(model, images), expected.numpy(), rtol=1e-5)


def test_the_code_distance_is_that_of_scipy() -> None:
    codes = np.random.default_rng(0).normal(size=(500, 5)).astype(np.float32) @ np.diag([1, 2, 3, 4, 5]).astype("f4")
    inverse = np.linalg.inv(np.cov(codes.astype(float), rowvar=False))
    expected = [mahalanobis(code, codes.astype(float).mean(axis=0), inverse) for code in codes[:20]]
    np.testing.assert_allclose(scores.Gaussian.of(codes).distance(codes[:20]), expected, rtol=1e-5)


@pytest.mark.parametrize("codes", [np.ones((50, 3), np.float32), np.arange(50, dtype=np.float32)[:, None]])
def test_a_code_with_dead_units_or_a_single_one_has_a_distance(codes: np.ndarray) -> None:
    assert np.isfinite(scores.Gaussian.of(codes).distance(codes)).all()


@given(st.lists(st.integers(0, 9), min_size=1), st.lists(st.integers(0, 9), min_size=1))
def test_the_auroc_is_the_share_of_pairs_in_the_right_order(home: list[int], strangers: list[int]) -> None:
    a, b = np.array(home, float), np.array(strangers, float)
    pairs = (b[:, None] > a) + 0.5 * (b[:, None] == a)
    assert scores.auroc(a, b) == pytest.approx(pairs.mean())


@given(st.lists(st.integers(0, 9), min_size=1), st.integers(0, 9))
def test_the_percentile_is_that_of_scipy(home: list[int], value: int) -> None:
    found = scores.percentiles(np.array([value], float), np.array(home, float))[0]
    assert found == pytest.approx(percentileofscore(home, value, kind="strict"))


def test_the_limit_is_one_of_the_thresholds_that_can_be_chosen() -> None:
    options = thresholds(measured())
    assert measured().limit in options and options == sorted(set(options))


def test_the_limit_is_set_on_home_images_that_are_not_counted() -> None:
    everything = scores.errors(trained("mnist"), mnist().test)
    np.testing.assert_array_equal(measured().home.errors, everything[1::2])
    assert measured().limit == pytest.approx(np.percentile(everything[::2], 95))


Few = st.lists(st.integers(0, 9), min_size=2, max_size=30)


@given(Few, Few)
def test_the_doubt_of_an_auroc_is_that_of_its_placements(home: list[int], strangers: list[int]) -> None:
    a, b = np.array(home, float), np.array(strangers, float)
    wins = (b[:, None] > a) + 0.5 * (b[:, None] == a)
    variance = wins.mean(axis=1).var(ddof=1) / len(b) + wins.mean(axis=0).var(ddof=1) / len(a)
    assert scores.auroc_doubt((a, b)) == pytest.approx(2 * variance**0.5)
    assert scores.auroc_doubt((a, b), (a, b)) == 0
    assert scores.auroc_doubt((a, b[:1])) == np.inf


def study_of(home: np.ndarray, **strangers: np.ndarray) -> OodStudy:
    """A study with made-up errors, the same for all scores."""
    def set_of_errors(title: str, name: str, errors: np.ndarray) -> Measured:
        auroc = {score: scores.auroc(home, errors) for score in SCORES} if name != "home" else {}
        return Measured(title, name, dict.fromkeys(SCORES, errors), auroc)

    sets = tuple(set_of_errors(name.replace("_", " "), name.replace("_", " "), errors)
                 for name, errors in strangers.items())
    return OodStudy(set_of_errors("Test digits", "home", home), sets, float(np.percentile(home, 95)))


@given(st.floats(-0.4, 0.4), st.integers(0, 1000))
def test_printed_digits_are_said_to_differ_only_beyond_the_doubt(shift: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    home, printed = random.normal(1, 0.1, 2000), random.normal(1 + shift, 0.1, 200)
    study = study_of(home, printed_digits=printed, inverted=np.full(100, 9.0))
    found, said = study.of("printed digits").auroc["error"], printed_and_inverted(study)
    seen = abs(found - 0.5) > scores.auroc_doubt((home, printed))
    assert ("shows no difference" in said) == (not seen)
    assert ("smaller errors" in said) == (seen and found < 0.5) and ("larger errors" in said) == (seen and found > 0.5)
    assert ("What matters" in said) == (found < 0.7)


@given(st.floats(-0.2, 0.2), st.integers(0, 1000))
def test_something_simpler_is_said_to_be_better_only_beyond_the_doubt(shift: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    home, strangers, better = random.normal(1, 0.1, 500), random.normal(1.1, 0.1, 50), random.normal(1.1, 0.1, 50)
    study = study_of(home, blots=strangers)
    other = {**study.of("blots").scores, "pca": better + shift}
    auroc = {**study.of("blots").auroc, "pca": scores.auroc(home, other["pca"])}
    study = replace(study, strangers=(replace(study.of("blots"), scores=other, auroc=auroc),),
                    home=replace(study.home, title="Test clothes"))
    gain = auroc["pca"] - auroc["error"]
    seen = gain > max(0.005, scores.auroc_doubt((home, other["pca"]), (home, strangers)))
    assert ("Something simpler is the better detector" in verdict(study)) == seen


@given(st.lists(st.floats(0.1, 3), min_size=1, max_size=5), st.floats(0, 1), st.integers(0, 300))
def test_what_is_said_to_be_beyond_the_domain_is_and_who_copies_is_said_to(
    medians: list[float], identity: float, blind: int
) -> None:
    home = np.linspace(0.5, 1.5, 100)
    names = ["clothes", "letters", "noise", "empty", "objects"][: len(medians)]
    study = study_of(home, **{name: np.full(9, m) for name, m in zip(names, medians, strict=True)})
    said = reach(study, identity, blind)
    within = [name for name, median in zip(names, medians, strict=True) if median <= study.limit]
    assert all((name in said) == (name in within) or name == "noise" for name in names)
    assert said.startswith("**All") == (not within) and said.startswith("**None") == (len(within) == len(names))
    assert ("The network copies: " in said) == (identity >= 0.5)
    assert (f"leaves out {blind} pixels" in said) == (identity >= 0.5 and blind > 0)


def test_pca_is_clipped_as_the_network_s_output_is() -> None:
    images, fit = mnist().test[:50], fitted("mnist")
    answers = fit.reconstruct(torch.tensor(images / 255, dtype=torch.float32), 32)
    expected = np.square(answers.numpy().clip(0, 1) - images / 255).mean(axis=1)
    np.testing.assert_allclose(scores.pca_errors(fit, images, 32), expected, rtol=1e-4)
    assert (scores.pca_errors(fit, images, 32) < scores.pca_errors(fit, images, 32, (-np.inf, np.inf))).all()


def test_a_threshold_lets_in_what_is_not_above_it() -> None:
    values = np.array([1.0, 2.0, 3.0, 4.0])
    assert scores.false_alarms(values, 2.0) == 0.5 and scores.misses(values, 2.0) == 0.5
    assert scores.false_alarms(values, 0.0) == 1.0 and scores.misses(values, 4.0) == 1.0


def test_the_simple_scores_are_what_they_say() -> None:
    images, mean = random_images(5), np.full(784, 0.25)
    np.testing.assert_allclose(scores.brightness_distance(images, mean), abs(images.mean(axis=1) / 255 - 0.25))
    expected = ((images / 255 - 0.25) ** 2).mean(axis=1)
    np.testing.assert_allclose(scores.mean_image_distance(images, mean), expected)


def test_the_nearest_training_image_is_the_one_with_the_smallest_difference() -> None:
    training, images = random_images(300), random_images(6, seed=1)
    differences = np.square(images[:, None].astype(float) - training).sum(axis=2)
    np.testing.assert_array_equal(nearest(images, training), differences.argmin(axis=1))
    np.testing.assert_array_equal(nearest(training[5:8], training), [5, 6, 7])


# -- ways out --


def test_at_home_an_image_is_unchanged() -> None:
    image = mnist().test[0]
    np.testing.assert_array_equal(warped(image, UNWARPED), image)


@pytest.mark.parametrize("axis", list(AXES))
def test_every_way_leads_away(axis: str) -> None:
    image = mnist().test[0]
    far = warped(image, {axis: AXES[axis].high if axis != "rotation" else 90})
    assert np.abs(far.astype(int) - image).mean() > 5
    assert along(image, axis, UNWARPED).shape == (len(AXES[axis].values()), 784)


def test_inversion_shift_and_half_a_turn_are_exact() -> None:
    image = mnist().test[0]
    square = image.reshape(28, 28)
    np.testing.assert_array_equal(warped(image, {"inversion": 1}), 255 - image)
    np.testing.assert_array_equal(warped(image, {"shift": 2}).reshape(28, 28)[:, 2:], square[:, :-2])
    turned = warped(image, {"rotation": 180}).reshape(28, 28)
    np.testing.assert_allclose(turned.astype(int), square[::-1, ::-1].astype(int), atol=1)


@pytest.mark.parametrize("amounts", [
    {"rotation": 35}, {"rotation": -170, "shift": -9, "scale": 1.7}, {"shift": 3.5}, {"scale": 0.3},
    {"blur": 0.1}, {"blur": 4}, {"elastic": 8}, {"rotation": 20, "elastic": 2.5, "blur": 1.3, "inversion": 0.3},
])
def test_every_way_is_that_of_torchvision(amounts: dict[str, float]) -> None:
    image, much = mnist().test[4], {**UNWARPED, **amounts}
    pixels = torch.tensor(image, dtype=torch.float32).reshape(1, 28, 28) / 255
    pixels = functional.affine(
        pixels, much["rotation"], [much["shift"], 0], much["scale"], [0.0, 0.0], InterpolationMode.BILINEAR
    )
    field = torch.rand(2, 28, 28, generator=torch.Generator().manual_seed(SEED)) * 2 - 1
    field = functional.gaussian_blur(field, [25, 25], [4.0, 4.0])
    field /= field.square().sum(dim=0).sqrt().max()
    pixels = functional.elastic(pixels, much["elastic"] / 14 * field.permute(1, 2, 0)[None])
    if much["blur"]:
        pixels = functional.gaussian_blur(pixels, [25, 25], [much["blur"]] * 2)
    expected = (pixels + much["inversion"] * (1 - 2 * pixels)).reshape(784).numpy() * 255
    np.testing.assert_allclose(warped(image, amounts).astype(float), expected, atol=0.52)


# -- figures --


def test_a_density_is_highest_where_most_errors_are() -> None:
    errors = np.concatenate([np.full(90, 0.01), np.full(10, 0.1)])
    grid = np.linspace(-3, 0, 301)
    density = log_density(errors, grid)
    assert grid[density.argmax()] == pytest.approx(-2, abs=0.02) and density.max() == pytest.approx(1)


def test_what_the_threshold_gets_wrong_is_vermilion() -> None:
    home, strangers = np.full(50, 0.01), np.full(50, 0.1)
    red = [trace for trace in ridges(["home", "away"], [home, strangers], 0.5).data if trace.line.color == FAILURE]
    assert [min(trace.y) for trace in red] == [0]  # all strangers are let in, no home image is refused
    assert not [trace for trace in ridges(["home", "away"], [home, strangers], 0.035).data
                if trace.line.color == FAILURE]


def test_a_single_image_is_a_dot_without_a_hill() -> None:
    chart = ridges(["home", "empty"], [np.full(50, 0.01), np.array([0.001])], 0.02)
    drawn = [trace for trace in chart.data if min(trace.y) < 1]
    assert [(trace.mode, trace.marker.color) for trace in drawn] == [("markers", FAILURE)]  # let in


@pytest.mark.parametrize(("limit", "side"), [(0.01, "middle right"), (0.2, "middle left")])
def test_the_words_at_the_limit_stand_on_the_side_that_has_room(limit: float, side: str) -> None:
    chart = ruler(np.array([0.005, 0.01, 0.2]), limit, [], "home")
    assert next(trace for trace in chart.data if trace.mode == "lines+text").textposition == side


def test_errors_on_an_axis_are_plain_numbers() -> None:
    axis = ruler(np.array([0.00004, 0.003]), 0.002, [], "home").layout.xaxis
    assert "0.0001" in axis.ticktext and len(axis.tickvals) >= 3


# -- what the page claims: code 32, depth 1, width 128, bce, 3 epochs --


@pytest.mark.parametrize(("name", "least", "most"), [
    ("landscapes", 0.999, 1.0),
    ("clothes", 0.995, 1.0),
    ("inverted", 0.999, 1.0),
    ("noise", 0.999, 1.0),
    ("letters", 0.90, 1.0),
    ("printed digits", 0.4, 0.7),
])
def test_the_error_tells_strangers_from_digits(name: str, least: float, most: float) -> None:
    assert least <= measured().of(name).auroc["error"] <= most


def test_landscapes_have_twenty_times_the_error_of_digits() -> None:
    assert measured().of("landscapes").errors.mean() >= 20 * measured().home.errors.mean()


@functools.cache
def all_pairs() -> dict[tuple[str, str], table.Cell]:
    return table.trained_and_tested(
        {name: trained(name) for name in DATA_SETS}, {name: fitted(name) for name in DATA_SETS},
        {name: load(name).test for name in DATA_SETS}, 32,
    )


def test_everyone_is_best_at_home() -> None:
    for tested in DATA_SETS:
        assert min(DATA_SETS, key=lambda name: all_pairs()[name, tested].error) == tested
    assert finding(all_pairs()).startswith("Each network is the best one for its own data")


def test_down_a_column_of_the_table_the_larger_error_has_the_larger_number() -> None:
    cells = all_pairs()
    for tested in DATA_SETS:
        by_error = sorted(DATA_SETS, key=lambda name: cells[name, tested].error)
        assert by_error == sorted(DATA_SETS, key=lambda name: cells[name, tested].ratio)


def test_the_unit_of_a_cell_is_what_pca_of_the_tested_kind_leaves() -> None:
    for trained_on, tested in all_pairs():
        cell = all_pairs()[trained_on, tested]
        pca = float(scores.pca_errors(fitted(tested), load(tested).test, 32).mean())
        assert (cell.pca, cell.ratio) == (pca, cell.error / pca)


@pytest.mark.parametrize(("spec", "words"), [
    (Spec(train_images=1024), "Trained on digits: 1 epoch of 1,024 images"),
    (Spec(data="fashion", epochs=3), "Trained on clothes: 3 epochs of 8,000 images"),
])
def test_one_epoch_is_no_plural(spec: Spec, words: str) -> None:
    assert effort(spec) == words


def test_a_code_of_one_number_is_no_plural_on_its_card() -> None:
    image = mnist().test[0]
    card = Card("A 7", image, np.zeros(1, np.float32), image / np.float32(255), error=0.0, percentile=0.0)
    assert "its code of 1 number\"" in _card(card, 1.0)


def test_a_code_has_the_colours_that_it_has_on_every_page() -> None:
    code = np.array([0.5, -1.0, np.nan], np.float32)
    with Image.open(io.BytesIO(code_png(code))) as picture:
        cells = np.asarray(picture).reshape(-1, 4)
    strongest = round(255 * 0.5**SMALL_SHOWN)
    np.testing.assert_array_equal(cells[:2], [(*rgb(POSITIVE), strongest), (*rgb(NEGATIVE), 255)])
    assert not cells[2:, 3].any(), "no number and no cell are clear"


@pytest.mark.parametrize("name", [name for name in SIGHTS if name != "printed digits"])
def test_what_is_said_to_come_out_badly_does(name: str) -> None:
    found, home = measured().of(name), measured().home
    assert found.errors.mean() > 0.2 * found.scores["mean image"].mean()
    assert home.errors.mean() < 0.1 * home.scores["mean image"].mean()
    assert sight(measured(), set_of("mnist", name)).startswith(SIGHTS[name])
    rebuilt = replace(found, scores={**found.scores, "error": found.errors / 50})
    assert sight(replace(measured(), strangers=(rebuilt,)), set_of("mnist", name)).startswith("The mean error is")


def test_at_home_all_comes_out_only_where_the_error_is_small() -> None:
    home = set_of("mnist", "home")
    assert sight(measured(), home).endswith("and what goes in comes out.")
    scored = measured().home.scores
    blotted = replace(measured().home, scores={**scored, "error": 0.6 * scored["mean image"]})
    said = sight(replace(measured(), home=blotted), home)
    assert "what goes in comes out" not in said
    assert said.startswith("Even at home much is lost") and f"{scored['mean image'].mean():.4f}" in said


def test_a_network_that_errs_more_at_home_than_the_mean_image_is_held_against_nothing() -> None:
    errors = measured().home.errors.copy()
    errors[0] = 4e8  # a single answer that has run away
    ran_away = replace(measured(), home=replace(measured().home, scores={**measured().home.scores, "error": errors}))
    landscapes = set_of("mnist", "landscapes")
    said = sight(ran_away, landscapes)
    assert said.startswith("The mean error is 0.") and said.endswith(", and 80,000 for test digits.")
    assert threshold_finding(ran_away, "landscapes").endswith(", and 80,000 for test digits; AUROC 1.000")
    assert "the mean error is 80,000, and the mean image" in sight(ran_away, set_of("mnist", "home"))


@pytest.mark.parametrize("size", [256, 784])
def test_of_a_code_that_is_no_bottleneck_only_numbers_are_told(size: int) -> None:
    spec = Spec(code_size=size, depth=0, output="linear", loss="mse", train_images=4096)
    *_, last = train(spec, mnist())
    assert last.weights is not None
    model = Autoencoder.from_weights(spec, last.weights).requires_grad_(False)
    scorer = Scorer.of(model, principal_components(mnist().train[:4096]), size, mnist().train[:4096])
    copier = ood_study(scorer, tuple(images for images in image_sets("mnist") if images.name in {"home", *SIGHTS}))
    assert copier.of("landscapes").auroc["error"] > 0.9
    for name in SIGHTS:
        assert sight(copier, set_of("mnist", name)).startswith("The mean error is")


def test_codecs_keep_every_image_in_few_bytes() -> None:
    assert table.gzip_bytes(mnist().test) == pytest.approx(196, rel=0.05)
    assert table.png_bytes(mnist().test) == pytest.approx(268, rel=0.1)


# -- further data sets --


@pytest.mark.parametrize("name", list(extra.EXTRAS))
def test_without_a_network_a_download_ends_in_one_sentence(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_network(*args: object, **options: object) -> None:
        raise OSError("no network")

    monkeypatch.setattr("urllib.request.urlopen", no_network)
    with pytest.raises(DataError, match="could not be downloaded"):
        extra.fetch(tmp_path, name)
    assert extra.megabytes_here(tmp_path, name) == 0


def test_clothes_to_download_are_those_of_the_set_that_no_network_trains_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = {"training": torch.ones(60_000, 28, 28, dtype=torch.uint8), "test": torch.zeros(10_000, 28, 28)}

    def publisher(folder: str, train: bool, download: bool) -> SimpleNamespace:
        return SimpleNamespace(data=published["training" if train else "test"])

    monkeypatch.setattr("torchvision.datasets.FashionMNIST", publisher)
    images = extra.fetch(tmp_path, "FashionMNIST")
    assert images.shape == (2000, 784) and images.all()
    assert "training set" in extra.EXTRAS["FashionMNIST"].title


@pytest.mark.parametrize(
    ("title", "words"),
    [("Digits", "digits"), ("Fashion-MNIST", "Fashion-MNIST"), ("PCA residual", "PCA residual"),
     ("Distance to mean image", "distance to mean image"), ("", "")],
)
def test_names_and_abbreviations_keep_their_capitals_inside_a_sentence(title: str, words: str) -> None:
    assert inside(title) == words
