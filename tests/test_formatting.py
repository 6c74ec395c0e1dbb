"""Numbers in sentences."""

import math

import pytest

from ae_core.formatting import counted, epoch_text, listed, loss_text, spelled, with_article


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 numbers"), (1, "1 number"), (2, "2 numbers"), (1024, "1,024 numbers")]
)
def test_one_of_something_is_no_plural(count: int, text: str) -> None:
    assert counted(count, "number") == text


@pytest.mark.parametrize("phrase", ["a 7", "an 8", "an 11", "an 18", "a 1", "an 80", "an image", "a digit", "a unit"])
def test_an_article_is_the_one_that_is_spoken(phrase: str) -> None:
    assert with_article(phrase.split()[1]) == phrase


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.08734, "0.0873"), (12.5, "12.5000"), (56956.9844, "56,957"), (-56956.9844, "-56,957"),
        (3717920256.0, "3.72e+9"), (3.2e12, "3.20e+12"), (math.nan, "nan"), (math.inf, "inf"),
    ],
)
def test_a_loss_has_four_decimals_unless_it_has_run_away(value: float, text: str) -> None:
    assert loss_text(value) == text


@pytest.mark.parametrize(
    ("epoch", "text"),
    [(0, "0"), (0.0085, "0.01"), (0.4266, "0.43"), (2.13, "2.1"), (10, "10"), (149.6, "150"), (1000, "1,000")],
)
def test_an_epoch_is_never_written_with_an_exponent(epoch: float, text: str) -> None:
    assert epoch_text(epoch) == text


@pytest.mark.parametrize(("words", "text"), [
    ([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c"),
])
def test_the_last_of_a_list_comes_behind_an_and(words: list[str], text: str) -> None:
    assert listed(words) == text


@pytest.mark.parametrize(("count", "text"), [(0, "no"), (3, "three"), (9, "nine"), (10, "10"), (60_000, "60,000")])
def test_small_numbers_are_words(count: int, text: str) -> None:
    assert spelled(count) == text
