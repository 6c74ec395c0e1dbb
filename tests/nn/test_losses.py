"""Losses agree with PyTorch and scikit-learn, and stay finite where a naive formula does not."""

import math

import pytest
import torch
from sklearn.metrics import log_loss, mean_squared_error
from torch.nn import functional

from ae_core.data.datasets import mnist
from ae_core.nn.losses import bce, bce_of_logits, mse, squared_error
from ae_core.nn.model import to_pixels

LOGITS = torch.randn((40, 784), generator=torch.Generator().manual_seed(0)) * 5
TARGET = torch.rand((40, 784), generator=torch.Generator().manual_seed(1))


def test_bce_of_logits_agrees_with_pytorch() -> None:
    expected = float(functional.binary_cross_entropy_with_logits(LOGITS, TARGET))
    assert bce_of_logits(LOGITS, TARGET) == pytest.approx(expected, rel=1e-5)


def test_bce_of_logits_leaves_its_arguments_alone() -> None:
    logits, target = LOGITS.clone(), TARGET.clone()
    bce_of_logits(logits, target)
    assert torch.equal(logits, LOGITS)
    assert torch.equal(target, TARGET)


@pytest.mark.parametrize("logit", [-1e4, -100.0, 0.0, 100.0, 1e4])
def test_bce_of_huge_logits_is_finite_and_right(logit: float) -> None:
    logits, target = torch.tensor([[logit]]), torch.tensor([[0.25]])
    expected = float(functional.binary_cross_entropy_with_logits(logits, target))
    assert bce_of_logits(logits, target) == pytest.approx(expected, rel=1e-5)


def test_bce_agrees_with_pytorch() -> None:
    output = torch.sigmoid(LOGITS / 5)  # far from where it would be clipped
    assert bce(output, TARGET) == pytest.approx(float(functional.binary_cross_entropy(output, TARGET)), rel=1e-5)


def test_bce_agrees_with_scikit_learn_on_black_and_white() -> None:
    output, target = torch.sigmoid(LOGITS / 5), (TARGET > 0.5).float()
    expected = log_loss(target.flatten().numpy(), output.flatten().double().numpy())
    assert bce(output, target) == pytest.approx(expected, rel=1e-5)


def test_bce_of_an_output_that_leaves_its_range_is_clipped() -> None:
    assert bce(torch.tensor([[2.0]]), torch.tensor([[0.0]]), clip=0.01) == pytest.approx(-math.log(0.01), rel=1e-4)
    assert math.isfinite(bce(torch.tensor([[0.0, 1.0]]), torch.tensor([[1.0, 0.0]])))


def test_mse_agrees_with_scikit_learn() -> None:
    assert mse(LOGITS, TARGET) == pytest.approx(mean_squared_error(TARGET.numpy(), LOGITS.numpy()), rel=1e-5)


def test_squared_error_is_one_sum_for_each_image() -> None:
    errors = squared_error(LOGITS, TARGET)
    assert errors.shape == (40,)
    assert float(errors[3]) == pytest.approx(float(((LOGITS[3] - TARGET[3]) ** 2).sum()), rel=1e-5)
    assert float(errors.mean()) == pytest.approx(784 * mse(LOGITS, TARGET), rel=1e-5)


def test_on_mnist_a_perfect_copy_and_the_mean_image_have_their_well_known_losses() -> None:
    data = mnist()
    test = to_pixels(data.test)
    mean = torch.from_numpy(data.train.mean(axis=0) / 255).float().expand_as(test)
    assert bce(test, test) == pytest.approx(0.0581, abs=0.0001)
    assert bce(mean, test) == pytest.approx(0.262, abs=0.001)
    assert mse(mean, test) == pytest.approx(0.0674, abs=0.0001)
    assert mse(torch.zeros_like(test), test) == pytest.approx(0.1140, abs=0.0001)
