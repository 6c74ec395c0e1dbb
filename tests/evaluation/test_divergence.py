"""Which networks have diverged."""

import math

import pytest
import torch

from ae_core.data.datasets import load
from ae_core.data.registry import DATA_SETS
from ae_core.evaluation.divergence import divergence, has_diverged
from ae_core.training.loop import mean_image


@pytest.mark.parametrize("data", DATA_SETS)
def test_the_mean_image_errs_as_much_as_the_table_says(data: str) -> None:
    images = load(data)
    mean = mean_image(torch.from_numpy(images.train))
    errors = (torch.from_numpy(images.test).float() / 255 - mean).square().mean()
    assert DATA_SETS[data].mean_image == pytest.approx(float(errors), abs=1e-4)


@pytest.mark.parametrize(("train", "test", "diverged"), [
    (0.01, 0.01, False),
    (0.0675, 0.0675, False),  # it has learned nothing, or not yet
    (1e-6, 0.2, False),  # by heart
    (0.114, 0.114, True),  # black whatever comes in
    (1e9, 4e9, True), (math.inf, math.inf, True), (math.nan, math.nan, True),
])
def test_who_errs_far_more_than_the_mean_image_has_diverged(train: float, test: float, diverged: bool) -> None:
    assert has_diverged(train, test, "mnist") is diverged


def test_both_errors_are_told() -> None:
    assert "its error is 4.66e+9, that of the mean image 0.0675" in divergence(4.66e9, "mnist")
