"""Losses agree with PyTorch and scikit-learn, and stay finite where a naive formula does not."""

import math

import pytest
import torch
from sklearn.metrics import log_loss, mean_squared_error
from torch.nn import functional

from ae_core.autoencoder.model import to_pixels
from ae_core.data.datasets import mnist
from ae_core.nn.losses import LOSSES, bce, bce_of_logits, mse

LOGITS = torch.randn((40, 784), generator=torch.Generator().manual_seed(0)) * 5
TARGET = torch.rand((40, 784), generator=torch.Generator().manual_seed(1))


def test_bce_of_logits_agrees_with_pytorch() -> None:
    expected = float(functional.binary_cross_entropy_with_logits(LOGITS, TARGET))
    assert float(bce_of_logits(LOGITS, TARGET).mean()) == pytest.approx(expected, rel=1e-5)


def test_bce_of_logits_leaves_its_arguments_alone() -> None:
    logits, target = LOGITS.clone(), TARGET.clone()
    bce_of_logits(logits, target)
    assert torch.equal(logits, LOGITS)
    assert torch.equal(target, TARGET)


@pytest.mark.parametrize("logit", [-1e4, -100.0, 0.0, 100.0, 1e4])
def test_bce_of_huge_logits_is_finite_and_right(logit: float) -> None:
    logits, target = torch.tensor([[logit]]), torch.tensor([[0.25]])
    expected = float(functional.binary_cross_entropy_with_logits(logits, target))
    assert float(bce_of_logits(logits, target).mean()) == pytest.approx(expected, rel=1e-5)


def test_bce_agrees_with_pytorch() -> None:
    output = torch.sigmoid(LOGITS / 5)  # far from where it would be clipped
    expected = float(functional.binary_cross_entropy(output, TARGET))
    assert float(bce(output, TARGET).mean()) == pytest.approx(expected, rel=1e-5)


def test_bce_agrees_with_scikit_learn_on_black_and_white() -> None:
    output, target = torch.sigmoid(LOGITS / 5), (TARGET > 0.5).float()
    expected = log_loss(target.flatten().numpy(), output.flatten().double().numpy())
    assert float(bce(output, target).mean()) == pytest.approx(expected, rel=1e-5)


def test_bce_of_an_output_that_leaves_its_range_is_clipped() -> None:
    assert float(bce(torch.tensor([[2.0]]), torch.tensor([[0.0]])).mean()) == pytest.approx(-math.log(1e-6), rel=0.01)
    assert math.isfinite(float(bce(torch.tensor([[0.0, 1.0]]), torch.tensor([[1.0, 0.0]]))))


def test_mse_agrees_with_scikit_learn() -> None:
    expected = mean_squared_error(TARGET.numpy(), LOGITS.numpy())
    assert float(mse(LOGITS, TARGET).mean()) == pytest.approx(expected, rel=1e-5)


def test_every_image_has_a_loss_of_its_own() -> None:
    for loss in LOSSES.values():
        each = loss.each(LOGITS.sigmoid(), TARGET)
        assert each.shape == (40,)
        assert float(each[3]) == pytest.approx(float(loss.each(LOGITS[3:4].sigmoid(), TARGET[3:4])), rel=1e-5)


def test_on_mnist_a_perfect_copy_and_the_mean_image_have_their_well_known_losses() -> None:
    data = mnist()
    test = to_pixels(data.test)
    mean = torch.from_numpy(data.train.mean(axis=0) / 255).float().expand_as(test)
    assert float(bce(test, test).mean()) == pytest.approx(0.0581, abs=0.0001)
    assert float(bce(mean, test).mean()) == pytest.approx(0.262, abs=0.001)
    assert float(mse(mean, test).mean()) == pytest.approx(0.0674, abs=0.0001)
    assert float(mse(torch.zeros_like(test), test).mean()) == pytest.approx(0.1140, abs=0.0001)
