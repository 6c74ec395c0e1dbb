"""Measures of the page Too powerful, against cases worked out by hand."""

import math
import re
from base64 import b64decode
from dataclasses import replace
from statistics import fmean, stdev

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from ae_core.autoencoder.model import Autoencoder, Weights
from ae_core.charts import capacity as figures
from ae_core.charts.capacity import Dot
from ae_core.charts.capacity.axes import code_labels, error_range
from ae_core.charts.growing_sweep import growing_sweep_image
from ae_core.charts.style import log_ticks
from ae_core.evaluation.capacity import experiments
from ae_core.evaluation.capacity.identity import (
    Window,
    copied_share,
    copying,
    identity_score,
    inked_pixels,
    out_of_distribution_images,
)
from ae_core.evaluation.capacity.linear_probe import probe_accuracy
from ae_core.evaluation.capacity.overfitting import Curve, generalisation_gap, thinned
from ae_core.evaluation.capacity.seeds import effect_of
from ae_core.evaluation.capacity.study import Linear, study, worst_pictures
from ae_core.evaluation.capacity.subspace import directions, principal_angles
from ae_core.evaluation.out_of_distribution.scores import errors
from ae_core.spec import Spec
from ae_core.training.loop import train
from ae_core.ui.background import sweep_results
from ae_core.ui.background.sweep_results import HELD_OUT, Result, SweepResults, curve_of
from ae_core.ui.too_powerful.code_sizes import code_size_marks
from ae_core.ui.too_powerful.overfitting import which_worst
from ae_core.ui.too_powerful.parts import dots_of, probe_column
from ae_core.ui.too_powerful.sweep import Point, progress_of, work_of


def weights_of(spec: Spec) -> Weights:
    from ae_core.data.datasets import load

    *_, last = train(spec, load(spec.data))
    assert last.weights is not None
    return last.weights


MEAN = torch.tensor([0.5, 0.5])


@pytest.mark.parametrize(("answer", "share"), [
    ([1.0, 0.5], 1.0),  # a copy
    ([0.75, 0.5], 1.0),  # a pale copy: only the contrast is missing
    ([0.5, 0.5], 0.0),  # the mean image, whatever came in
    ([0.5, 1.0], 0.0),  # something else
    ([0.0, 0.5], 0.0),  # the negative
    ([1.0, 1.0], 0.5),  # the copy, and as much of something else
])
def test_the_share_that_comes_back_of_an_image(answer: list[float], share: float) -> None:
    image = torch.tensor([[1.0, 0.5]])
    assert copied_share(torch.tensor([answer]), image, MEAN) == pytest.approx([share])


@given(st.floats(0, math.pi / 2), st.floats(0.01, 10))
def test_the_share_is_what_is_left_when_the_contrast_is_mended(angle: float, contrast: float) -> None:
    image = MEAN + torch.tensor([[1.0, 0.0]])
    answer = MEAN + contrast * torch.tensor([[math.cos(angle), math.sin(angle)]])
    contrasts = torch.linspace(0, 1, 2001)[:, None] / contrast
    left = (contrasts * (answer - MEAN) - (image - MEAN)).square().sum(dim=1).min()
    assert copied_share(answer, image, MEAN) == pytest.approx([1 - float(left)], abs=1e-3)


def test_the_score_counts_noise_and_shuffled_pixels_alike_and_no_pictures() -> None:
    assert identity_score({"noise": 0.0, "fashion": 0.5, "landscapes": 1.0, "shuffled": 0.1}) == pytest.approx(0.05)


def test_a_pixel_counts_from_one_per_cent_of_the_images_on() -> None:
    images = np.zeros((200, 3), np.uint8)
    images[:1, 0], images[:2, 1], images[:, 2] = 255, 1, 9
    assert inked_pixels(images).tolist() == [False, True, True]


def test_strangers_are_never_of_the_network_s_own_kind() -> None:
    assert list(out_of_distribution_images("mnist")) == ["noise", "landscapes", "fashion", "shuffled"]
    assert list(out_of_distribution_images("fashion")) == ["noise", "landscapes", "mnist", "shuffled"]
    for images in out_of_distribution_images("mnist").values():
        assert images.shape == (500, 784) and images.dtype == np.uint8


def test_shuffling_keeps_the_ink_of_every_image() -> None:
    from ae_core.data.datasets import mnist

    shuffled = out_of_distribution_images("mnist")["shuffled"]
    assert (np.sort(shuffled, axis=1) == np.sort(mnist().test[:500], axis=1)).all()
    assert (shuffled != mnist().test[:500]).any(axis=1).all()


def test_a_network_that_copies_every_pixel_scores_one_and_one_that_answers_with_the_mean_zero() -> None:
    from ae_core.data.datasets import mnist

    spec = Spec(code_size=784, depth=0, loss="mse", output="linear")
    model = Autoencoder.from_spec(spec).requires_grad_(False)
    first, last = (layer for layer in (model.encoder[0], model.decoder[0]))
    assert isinstance(first, torch.nn.Linear) and isinstance(last, torch.nn.Linear)
    first.weight.copy_(torch.eye(784))
    last.weight.copy_(torch.eye(784))
    copier = study(spec, model)
    assert copier.identity == pytest.approx(1)
    assert copier.train == copier.test == pytest.approx(0)
    last.weight.zero_()
    last.bias.copy_(Window.of(mnist().train).mean)
    mean = study(spec, model)
    assert mean.identity == pytest.approx(0, abs=1e-9)
    assert mean.test == pytest.approx(0.0674, abs=0.0001)
    pictures = worst_pictures(spec, model, 3)
    assert pictures.test.shape == pictures.reminds.shape == (3, 784)
    assert (pictures.test_answers == pictures.train_answers).all()


def test_the_probe_reads_what_is_apart_and_guesses_what_is_not() -> None:
    random = np.random.default_rng(0)
    labels, others = np.repeat([0, 1], 100), np.repeat([0, 1], 500)
    apart = random.normal(labels[:, None] * 10, 1, (200, 2))
    assert probe_accuracy(apart, labels, random.normal(others[:, None] * 10, 1, (1000, 2)), others) == 1
    noise, more = random.normal(size=(200, 2)), random.normal(size=(1000, 2))
    assert probe_accuracy(noise, labels, more, others) == pytest.approx(0.5, abs=0.05)


def test_nothing_probes_a_network_of_landscapes_which_have_no_classes() -> None:
    spec = Spec(code_size=4, width=16, data="landscapes")
    measured = study(spec, Autoencoder.from_spec(spec).requires_grad_(False))
    assert measured.probe is None
    assert not probe_column(measured)


def test_angles_between_planes() -> None:
    tilt = math.radians(30)
    first = np.array([[1.0, 0], [0, 1], [0, 0]])
    second = np.array([[1.0, 0], [0, math.cos(tilt)], [0, math.sin(tilt)]])
    assert principal_angles(first, second) == pytest.approx([0, 30])
    turned = first @ np.array([[1.0, 2], [3, -1]])
    assert principal_angles(first, turned) == pytest.approx([0, 0], abs=1e-6)


def test_only_a_network_without_hidden_layers_answers_with_a_plane() -> None:
    assert directions(Autoencoder.from_spec(Spec(depth=0, code_size=3))).shape == (784, 3)
    with pytest.raises(ValueError, match="depth 0"):
        directions(Autoencoder.from_spec(Spec(depth=1)))


def test_early_stopping_is_where_the_held_out_error_is_lowest() -> None:
    curve = Curve((0.0, 1.0, 2.0, 3.0), (9.0, 5.0, 2.0, 1.0), (9.0, 4.0, 4.0, 6.0), doubt=0.1)
    assert curve.stop == 1 and curve.rise == 0.5
    assert "after epoch 1 it only learns by heart; the error on held-out digits rises by 50%" in (
        figures.learning_finding(curve, 64)
    )
    assert Curve((), (), ()).stop is None


@given(st.lists(st.floats(1e-6, 10), min_size=1), st.floats(0, 1))
def test_a_rise_is_claimed_only_beyond_its_doubt(held_out: list[float], doubt: float) -> None:
    curve = Curve(tuple(map(float, range(len(held_out)))), tuple(held_out), tuple(held_out), doubt)
    claimed = "rises" in figures.learning_finding(curve, 64)
    assert claimed == (held_out[-1] / min(held_out) - 1 > max(doubt, 0.02))


def test_a_curve_is_the_same_whenever_it_is_made_and_does_not_touch_the_test_images(
    monkeypatch: pytest.MonkeyPatch
) -> None:
    from ae_core.data.datasets import load

    spec = Spec(train_images=64, width=16, code_size=4, epochs=90)
    first, data = curve_of(spec), load("mnist")
    monkeypatch.setattr(sweep_results, "load", lambda _: replace(data, test=data.test[:64]))
    assert curve_of(spec) == first
    assert first.epochs == (*range(0, 90, 3), 90) and first.held_out[-1] < first.held_out[0]
    model = Autoencoder.from_weights(spec, weights_of(spec)).requires_grad_(False)
    assert first.held_out[-1] == pytest.approx(errors(model, data.train[-HELD_OUT:]).mean(), rel=1e-6)
    with pytest.raises(ValueError, match="held out"):
        curve_of(Spec())


def test_the_place_of_early_stopping_is_marked_on_the_curves() -> None:
    chart = figures.learning_chart(Curve((0.0, 1.0, 2.0), (9.0, 5.0, 1.0), (9.0, 4.0, 6.0)), 64)
    mark = next(trace for trace in chart.data if trace.name == "early stopping")
    assert (mark.x, mark.y) == ((1.0,), (4.0,))


def test_the_gap_between_training_and_test_is_written_between_them() -> None:
    chart = figures.amount_chart([Dot(64, 0.06, 0.002, 9), Dot(256, 0.01, 0.008, 9), Dot(1024, 0.02, None, 9)])
    assert [note.text for note in chart.layout.annotations] == ["<b>× 30</b>", "<b>× 1.25</b>"]
    assert chart.layout.annotations[0].y == pytest.approx(math.log10(math.sqrt(0.06 * 0.002)))


def test_the_title_says_from_which_size_on_the_probe_gains_nothing() -> None:
    line = {8: 0.6, 32: 0.8, 128: 0.805, 512: 0.7}
    said = "From the code of your network the probe names 80.0% rightly at 32 numbers; at "
    assert figures.probe_finding({"your network": line}, 4) == f"{said}512 it is worse"
    assert figures.probe_finding({"your network": line | {512: 0.806}}, 4) == f"{said}512 no difference is to be seen"
    assert figures.probe_finding({"your network": line | {512: 0.9}}, 4).endswith("at 512 numbers, its best")


def test_a_network_is_said_to_copy_where_half_of_what_has_no_order_comes_back() -> None:
    lines = {"the linear network": {8: 0.1, 32: 0.6, 512: 0.9}, "your network": {8: 0.1, 32: 0.2, 512: 0.25}}
    assert figures.identity_finding(lines, 3) == (
        "The linear network copies at 32 and 512; your network does not copy at any size: at most 25% comes back"
    )
    assert copying(0.5).startswith("copies: 50%") and copying(0.25).startswith("does not copy: 25%")


def test_shapes_are_told_apart_by_their_marks_and_pca_keeps_its_place() -> None:
    rows = {0: [Dot(50, 0.02, 0.02, 50, "no hidden layer")],
            1: [Dot(900, 0.005, 0.004, 900, "width 512"), Dot(60, 0.01, 0.01, 60, "width 32")]}
    drawn = {trace.name: trace for trace in figures.shape_chart(rows, 0.015, 8, 3).data if trace.name}
    assert drawn["depth 1"].x == (60, 900) and drawn["depth 1"].marker.symbol == ("circle", "diamond")
    assert drawn["PCA, 8 components"].y == (0.015, 0.015)


def test_the_best_shape_is_named_when_all_are_measured() -> None:
    rows = {0: [Dot(50, 0.02, 0.02, 50, "no hidden layer")], 1: [Dot(900, 0.005, 0.004, 900, "width 512")]}
    assert figures.shape_chart(rows, None, 8, 10).layout.title.text == "Deeper or wider?"
    assert figures.shape_chart(rows, None, 8, 2).layout.title.text.startswith("Largest and best: depth 1")


ROWS = {
    "Ill": {0: (0.02, 0.5), 1: (0.022, 0.5)}, "Noise": {0: (0.01, 0.2), 1: (0.011, 0.3)},
    "A small code": {0: (0.03, 0.2), 1: (0.033, 0.2)}, "Tied weights": {0: (0.018, 0.2), 1: (0.0242, 0.3)},
}


def test_every_remedy_is_a_row_of_seeds_with_their_mean() -> None:
    chart = figures.regulariser_chart(dict(list(ROWS.items())[:2]), "Ill", 4, 2)
    seeds, means = (trace for trace in chart.data if trace.mode == "markers" and trace.xaxis == "x")
    assert (seeds.x, seeds.y) == ((0.02, 0.022, 0.01, 0.011), ("Ill", "Ill", "Noise", "Noise"))
    assert means.x == pytest.approx((0.021, 0.0105))
    assert chart.layout.title.text == "What lowers the error on unseen<br>digits?"  # before all are measured


def test_a_remedy_is_said_to_help_only_beyond_what_seeds_do() -> None:
    assert figures.regulariser_finding(ROWS, "Ill") == "Over two seeds the test error is lower with noise (−50%)"
    useless = {name: row for name, row in ROWS.items() if name != "Noise"}
    assert figures.regulariser_finding(useless, "Ill") == "Over two seeds nothing lowers the test error"
    assert figures.regulariser_chart(ROWS, "Ill", 4, 2).layout.title.text.startswith("Over two seeds")


@given(st.lists(st.tuples(*[st.floats(0.001, 1)] * 2), min_size=2, max_size=6))
def test_an_effect_is_seen_beyond_two_standard_errors_of_its_pairs(pairs: list[tuple[float, float]]) -> None:
    effect = effect_of([pair[0] for pair in pairs], [pair[1] for pair in pairs])
    changes = [pair[0] / pair[1] - 1 for pair in pairs]
    doubt = 2 * stdev(changes) / math.sqrt(len(changes))
    assert effect.seen == (abs(effect.change) > effect.doubt) and effect.doubt == pytest.approx(doubt, abs=1e-9)
    assert effect.change == pytest.approx(fmean(changes), abs=1e-9)


def test_a_single_seed_shows_no_effect() -> None:
    assert not effect_of([0.01], [0.02]).seen


def test_the_gap_is_a_ratio() -> None:
    assert generalisation_gap(0.002, 0.006) == pytest.approx(3)


@given(st.lists(st.integers(), unique=True), st.integers(2, 20))
def test_thinning_keeps_the_ends_and_the_order(values: list[int], most: int) -> None:
    kept = thinned(values, most)
    assert len(kept) == min(len(values), most)
    assert list(kept) == [value for value in values if value in kept]
    assert not values or (kept[0] == values[0] and kept[-1] == values[-1])


def test_a_code_sweep_changes_the_code_only() -> None:
    own = Spec(depth=2, width=64, noise=0.3, epochs=30, seed=5)
    specs = experiments.code_sweep(own)
    assert [spec.code_size for spec in specs] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]
    assert {spec.replace(code_size=32) for spec in specs} == {Spec(depth=2, width=64, epochs=3, seed=5)}


def test_every_sweep_is_of_ten_networks_at_most_and_of_different_ones() -> None:
    for specs in (
        experiments.code_sweep(Spec()), experiments.linear_sweep(Spec()), experiments.shape_sweep(Spec()),
        experiments.amount_sweep(0), experiments.meeting_pca(0),
    ):
        assert len(set(specs)) == len(specs) <= 10
    for remedy in experiments.REGULARISERS:
        assert experiments.OVERFITTED.replace(**remedy.changes) != experiments.OVERFITTED
    assert experiments.early_stopped(experiments.OVERFITTED, 12.4).epochs == 12


def dots(*each: tuple[int, float, tuple[float, float] | None]) -> list[Dot]:
    return [Dot(size, test, 0.01, 9, doubt=0.0001, pca=pca) for size, test, pca in each]


def test_the_title_says_from_where_on_a_larger_code_is_no_help_and_where_pca_wins() -> None:
    said = figures.code_finding(dots((1, 0.05, (0.06, 0)), (2, 0.0101, (0.0102, 0.0001)), (4, 0.01, (0.005, 0))))
    assert said == "More than 2 numbers hardly help; PCA is worse at 1, better at 4, no different at 2"


def test_where_pca_has_too_few_images_it_is_not_said_to_be_worse() -> None:
    few = [(32, 0.02, (0.03, 0.0)), (64, 0.011, (0.02, 0.0))]
    assert figures.code_finding(dots(*few, (128, 0.01, None))).endswith("; PCA is worse wherever it exists")
    assert figures.code_finding(dots(*few, (128, 0.01, (0.02, 0.0)))).endswith("; PCA is worse everywhere")
    assert figures.code_finding(dots((32, 0.02, None))).endswith("too few images for PCA")


@given(st.lists(st.tuples(*[st.floats(1e-4, 0.1)] * 4), min_size=1, max_size=10))
def test_pca_is_said_to_be_better_or_worse_only_beyond_two_standard_errors(
    values: list[tuple[float, float, float, float]]
) -> None:
    every = [
        Dot(2**place, test, test, 9, doubt=doubt, pca=(pca, theirs))
        for place, (test, doubt, pca, theirs) in enumerate(values)
    ]
    said = f"{figures.code_finding(every).split('PCA is ')[1]},"
    for word, sign in (("worse", 1), ("better", -1)):
        at = [
            dot.at for dot, (test, doubt, pca, theirs) in zip(every, values, strict=True)
            if sign * (pca - test) > 2 * math.hypot(doubt, theirs)
        ]
        assert (word in said) == bool(at)
        listed = re.search(rf"{word} at ([\d, and]+),", said)
        assert listed is None or sorted(map(int, re.findall(r"\d+", listed[1]))) == at


def test_pca_has_as_many_numbers_as_the_narrowest_layer() -> None:
    narrow = Spec(depth=4, code_size=128)
    found = {16: Linear(0.1, 0.001, 0.11, 0.2), 128: Linear(0.001, 0.001, 0.001, 0.2)}
    (dot,) = dots_of([Point(narrow, "training", 0.5, 0.08)], "code_size", found)
    assert (dot.at, dot.pca, dot.against_pca) == (128, (0.1, 0.001), -1)


@given(st.floats(1e-4, 0.1), st.floats(1e-4, 0.1), st.floats(0, 0.01))
def test_a_larger_network_is_said_to_be_worse_only_beyond_two_standard_errors(a: float, b: float, doubt: float) -> None:
    every = [(1, Dot(9, a, a, 9, "width 32", doubt)), (2, Dot(99, b, b, 99, "width 512", doubt))]
    said = figures.shape_finding(every)
    assert ("not the largest" in said) == (b - a > 2 * math.hypot(doubt, doubt))


def test_the_worst_of_many_training_digits_are_those_of_the_measured_ones() -> None:
    assert which_worst(60_000) == (
        "The 6 training digits, of the first 10,000, and the 6 test digits that the network of 60,000 digits rebuilds "
        "worst"
    )
    assert which_worst(4096).startswith("The 6 training digits and the 6 test digits")


def test_one_is_counted_as_one() -> None:
    assert figures.code_finding(dots((1, 0.05, None), (2, 0.05, None))).startswith("More than 1 number hardly helps;")
    assert "90.0% rightly at 1 number;" in figures.probe_finding({"your network": {1: 0.9, 2: 0.8}}, 2)


def test_what_still_trains_is_drawn_hollow() -> None:
    chart = figures.code_chart([Dot(1, 0.05, None, 9), Dot(2, 0.04, 0.03, 9)], {1: 0.06}, None, (1, 2))
    code_size_marks = {trace.name: (trace.x, trace.marker.symbol) for trace in chart.data if trace.type == "scatter"}
    assert code_size_marks["in training"] == ((1,), "circle-open")
    assert code_size_marks["test error"] == ((2,), "circle")


def svg(picture: str) -> str:
    found = re.search("base64,([^\"]+)", picture)
    assert found is not None
    return b64decode(found[1]).decode()


@pytest.mark.parametrize("pca", [{}, {2: 0.1}])
def test_the_growing_picture_has_an_axis_even_where_all_errors_are_a_tenth(pca: dict[int, float]) -> None:
    picture = growing_sweep_image([Dot(2, 0.1, None, 10)], pca, (1, 2, 4))
    assert "nan" not in picture and "nan" not in svg(picture)


def test_the_growing_picture_has_the_ticks_of_the_finished_chart() -> None:
    dots, pca = [Dot(size, 0.06 / size, 0.06 / size, 9) for size in experiments.CODES[:5]], {1: 0.05, 16: 0.004}
    chart = figures.code_chart(dots, pca, None, experiments.CODES)
    words = re.findall("<span[^>]*>([^<]*)</span>", growing_sweep_image(dots, pca, experiments.CODES))
    assert words == [*chart.layout.yaxis.ticktext, *chart.layout.xaxis.ticktext, "code size", "MSE"]


def test_every_second_of_many_code_sizes_is_written_and_the_last_is() -> None:
    assert code_labels(experiments.CODES) == ["", "2", "", "8", "", "32", "", "128", "", "512"]
    assert code_labels((2, 8, 16, 32)) == ["2", "8", "16", "32"]


def test_an_axis_of_parameters_stands_beside_bars_only() -> None:
    own, pca = Dot(32, 0.01, None, 9), {1: 0.06}
    bare = figures.code_chart([], pca, own, experiments.CODES)
    assert "yaxis2" not in bare.layout and {trace.type for trace in bare.data} == {"scatter"}
    swept = figures.code_chart([own], pca, own, experiments.CODES)
    assert swept.layout.yaxis2.title.text == "parameters" and "bar" in {trace.type for trace in swept.data}


def test_the_axis_reaches_the_visitor_s_own_code_size() -> None:
    chart = figures.code_chart([], {1: 0.06}, Dot(784, 0.001, None, 9), experiments.CODES)
    assert chart.layout.xaxis.range[1] > math.log10(784)
    assert chart.layout.yaxis.range[0] < math.log10(0.001)


@pytest.mark.parametrize("errors", [[0.03], [0.021, 0.034], [0.0, 0.02, math.inf], []])
def test_an_axis_of_errors_has_two_ticks_or_more(errors: list[float]) -> None:
    low, high = error_range(errors)
    assert all(low < error < high for error in errors if 0 < error < math.inf)
    assert len(log_ticks(low, high)) >= 2


def test_only_the_marks_that_a_chart_has_are_explained() -> None:
    done, open = Dot(1, 0.05, 0.05, 9), Dot(2, 0.05, None, 9)
    growing = code_size_marks([done, open], growing=True)
    assert "Hollow" in growing and "Bars" not in growing
    assert code_size_marks([done], growing=False) == "Bars: numbers that the network learns."


def test_the_growing_picture_tells_what_has_ended_from_what_has_not() -> None:
    picture = growing_sweep_image([Dot(1, 0.05, None, 9), Dot(2, 0.04, 0.03, 9)], {1: 0.06}, (1, 2))
    assert svg(picture).count('class="training"') == svg(picture).count('class="ended"') == 1
    assert "so far: 2 points, 1 of them measured" in picture


def test_the_work_of_a_sweep_is_what_is_left_to_train_and_to_measure() -> None:
    specs = [Spec(code_size=size) for size in (16, 32, 64, 128)]
    whole = work_of([Point(spec, "absent") for spec in specs])
    assert whole.left == whole.total and whole.share == 0
    points = [Point(specs[0], "done", 1.0), Point(specs[1], "training", 0.5), Point(specs[2], "failed")]
    assert 0 < work_of([*points, Point(specs[3], "waiting")]).share < 1
    assert work_of([Point(spec, "done", 1.0) for spec in specs]).share == 1


def test_the_ledger_forgets_the_longest_unused() -> None:
    book = SweepResults(kept=2)
    specs = [Spec(seed=seed) for seed in range(3)]
    results = [Result(spec, None) for spec in specs]  # type: ignore[arg-type]
    book.write(results[0])
    book.write(results[1])
    assert book.get(specs[0]) is results[0]
    book.write(results[2])
    assert book.get(specs[1]) is None and book.get(specs[0]) is results[0]


def test_a_sweep_says_what_is_measured_what_trains_and_what_waits() -> None:
    measured, trains, waits, trained = (Point(Spec(), state) for state in ("done", "training", "waiting", "measuring"))
    assert progress_of([measured, trains, waits, waits, trained]) == (
        "1 of 5 networks measured, 1 in training, 2 waiting for their turn"
    )
    assert progress_of([measured, trained]) == "1 of 2 networks measured"
