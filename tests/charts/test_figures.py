"""Pictures say what the arrays say, with colours that can be seen on a light and on a dark ground."""

import io
import re

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ae_core.charts import colours
from ae_core.charts.colours import code_colours, faded
from ae_core.charts.images import digit_png, error_png, png_of
from ae_core.charts.reconstructions import class_errors, class_finding, error_histogram, histogram_finding
from ae_core.charts.style import log_ticks, plain_number, titled
from ae_core.formatting import signed
from tests.charts.test_theme import CONFIG, contrast

PCA = np.linspace(0.1, 0.2, 10)


@pytest.mark.parametrize(("low", "high", "ticks"), [
    (0.011, 0.09, [0.02, 0.05]),
    (0.035, 0.11, [0.05, 0.1]),
    (0.012, 0.038, [0.02, 0.03]),
    (0.0011, 0.06, [0.002, 0.005, 0.01, 0.02, 0.05]),
    (0.0009, 0.5, [0.001, 0.003, 0.01, 0.03, 0.1, 0.3]),
    (1e-6, 0.1, [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1]),
])
def test_a_logarithmic_axis_has_a_few_round_ticks(low: float, high: float, ticks: list[float]) -> None:
    assert log_ticks(low, high) == ticks


@given(st.floats(-7, 6), st.floats(0.5, 30))
def test_a_logarithmic_axis_of_half_a_decade_has_two_ticks_to_seven(start: float, decades: float) -> None:
    assert 2 <= len(log_ticks(10**start, 10 ** (start + decades))) <= 7


def test_a_tick_is_written_without_prefix_or_exponent() -> None:
    assert [plain_number(tick) for tick in (1e-4, 3e-5, 0.02, 1.0, 20.0, 1e9)] == [
        "0.0001", "0.00003", "0.02", "1", "20", "1e+09",
    ]


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)))


def rgb(colour: str) -> list[int]:
    return list(bytes.fromhex(colour[1:]))


@pytest.mark.parametrize("shape", [(3, 5), (3, 5, 3), (3, 5, 4)])
def test_a_png_keeps_every_pixel(shape: tuple[int, ...]) -> None:
    picture = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    np.testing.assert_array_equal(pixels(png_of(picture)), picture)


def test_a_digit_keeps_its_grey_values_and_its_place() -> None:
    grey = np.arange(784) % 256
    assert (pixels(digit_png(grey / 255)) == grey.reshape(28, 28)).all()


def test_pixels_of_a_linear_output_are_clipped_and_nan_is_ground() -> None:
    strange = np.zeros(784)
    strange[:4] = -3, 5, np.nan, np.inf
    assert pixels(digit_png(strange))[0, :4].tolist() == [0, 255, 0, 255]


def test_an_error_is_vermilion_where_ink_was_added_blue_where_it_was_lost_and_clear_where_none() -> None:
    error = np.zeros(784)
    error[:3] = 1, -1, 7
    picture = pixels(error_png(error))
    assert picture[0, 0].tolist() == [*rgb(colours.EXTRA), 255]
    assert picture[0, 1].tolist() == [*rgb(colours.MISSING), 255]
    assert picture[0, 2].tolist() == picture[0, 0].tolist()
    assert (picture[1:, :, 3] == 0).all()


def test_a_larger_error_is_seen_more() -> None:
    strength = pixels(error_png(np.linspace(0, 1, 784))).reshape(-1, 4)[:, 3]
    assert (np.diff(strength.astype(int)) >= 0).all()


def test_a_code_is_green_above_zero_and_purple_below_and_zero_is_clear() -> None:
    above, below, zero = code_colours(np.array([2.0, -1.0, 0.0]))
    shares = [float(colour[:-1].split(",")[3]) for colour in (above, below, zero)]
    assert above.startswith("rgba({},{},{},".format(*rgb(colours.POSITIVE)))
    assert below.startswith("rgba({},{},{},".format(*rgb(colours.NEGATIVE)))
    assert shares[0] > shares[1] > shares[2] == 0


def test_a_faded_colour_keeps_its_hue_and_lets_the_ground_through() -> None:
    assert faded("#0a00ff", 0.5) == "rgba(10, 0, 255, 0.5)"


def test_a_code_of_zeros_has_no_colour() -> None:
    assert all(colour.endswith(",0.00)") for colour in code_colours(np.zeros(5)))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["INPUT", "OUTPUT", "FAILURE", "BASELINE", "MISSING", "NEGATIVE", "POSITIVE"])
def test_every_colour_stands_out_from_both_grounds(theme: str, name: str) -> None:
    assert contrast(getattr(colours, name), CONFIG["theme"][theme]["backgroundColor"]) >= 3


@pytest.mark.parametrize(("value", "words"), [(0.5, "+0.50"), (-3.126, "−3.13"), (-12.34, "−12.3"), (456.7, "+457"),
                                              (-216923.86, "−2.2e+5")])
def test_a_value_is_written_with_its_sign_in_about_three_digits(value: float, words: str) -> None:
    assert signed(value) == words


def test_bars_are_ours_and_marks_are_pca_and_a_perfect_copy() -> None:
    figure = class_errors(PCA / 2, PCA, PCA / 4, "BCE", "PCA, 3 numbers", "title")
    shown = {trace.name: (trace.type, trace.y) for trace in figure.data}
    assert shown["autoencoder"][0] == "bar"
    assert np.allclose(shown["autoencoder"][1], PCA / 2)
    assert np.allclose(shown["PCA, 3 numbers"][1], PCA)
    assert np.allclose(shown["perfect copy"][1], PCA / 4)
    assert "BCE" in figure.layout.yaxis.title.text


def test_without_a_bound_no_perfect_copy_is_drawn() -> None:
    assert [trace.name for trace in class_errors(PCA, PCA, None, "MSE", "PCA", "title").data] == ["autoencoder", "PCA"]


def test_the_finding_names_the_hardest_and_the_easiest_digit() -> None:
    ours = np.full(10, 0.1)
    ours[[1, 8]] = 0.05, 0.15
    assert class_finding(ours, ours + 1).startswith("The 8 costs 3.0 times as much as the 1")


@pytest.mark.parametrize(("better", "words"), [
    ([], "PCA is worse on every digit"), ([2, 7], "PCA is better on 2, 7"), (range(10), "PCA is better on every digit"),
])
def test_the_finding_says_where_pca_wins(better: list[int], words: str) -> None:
    theirs = np.full(10, 0.2)
    theirs[list(better)] = 0.01
    assert class_finding(np.linspace(0.09, 0.11, 10), theirs).endswith(words)


def test_a_few_images_that_run_away_are_no_unseen_images_that_come_out_as_well() -> None:
    test = np.full(1000, 0.26)
    test[0] = 5.7e7
    words = histogram_finding(test, np.full(1000, 0.26))
    assert words == "Unseen images come out 219,231.8 times as bad as training images: 57,000 against 0.2600"


def test_the_histogram_shows_shares_that_sum_to_one_for_each_set() -> None:
    random = np.random.default_rng(0)
    figure = error_histogram(random.gamma(9, 0.01, 1000), random.gamma(9, 0.01, 300), "BCE", "title")
    assert [trace.name for trace in figure.data] == ["training images", "test images"]
    for trace in figure.data:
        assert sum(trace.y[1:-1:2]) == pytest.approx(1)  # every share is drawn at both ends of its bin


def test_a_histogram_of_equal_errors_is_no_error() -> None:
    assert error_histogram(np.zeros(3), np.zeros(3), "MSE", "title").data


@pytest.mark.parametrize(("test", "train", "words"), [
    (0.100, 0.1002, "come out as well as"),
    (0.150, 0.100, "50% worse than"),
    (0.400, 0.100, "4.0 times as bad as"),
    (0.090, 0.100, "10% better than"),
])
def test_the_histogram_says_how_test_compares_with_training(test: float, train: float, words: str) -> None:
    spread = np.linspace(-0.01, 0.01, 1000)
    finding = histogram_finding(spread + test, spread + train)
    assert words in finding
    assert re.search(f"{test:.4f} against {train:.4f}", finding)


def test_a_difference_within_chance_is_not_called_one() -> None:
    spread = np.linspace(-0.08, 0.08, 20)
    assert "as well as" in histogram_finding(spread + 0.11, spread + 0.10)


def test_a_copy_of_everything_has_no_finding_that_divides_by_zero() -> None:
    assert "0.0000 against 0.0000" in histogram_finding(np.zeros(5), np.zeros(5))
    assert class_finding(np.zeros(10), PCA).endswith("PCA is worse on every digit")


@given(st.text(alphabet="abcdefgh ", max_size=200))
def test_a_title_is_broken_to_fit_half_a_page_and_the_chart_begins_below_it(title: str) -> None:
    layout = titled(go.Figure(), title, 300).layout
    lines = (layout.title.text or "").split("<br>")
    assert max(map(len, lines)) <= 38
    assert layout.margin.t >= 20 * len(lines)
    two = titled(go.Figure(), "x" * 70, 300).layout
    assert layout.height - layout.margin.t >= two.height - two.margin.t, "the axis would run into the legend"
