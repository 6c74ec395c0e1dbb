"""Optimisers: the same steps as PyTorch's own, and an orthogonalisation that deserves its name."""

import math

import pytest
import torch
from torch import Tensor

from ae_core.nn.optimizers import OPTIMIZERS, SGD, Adam, Muon, orthogonalize
from ae_core.training.optimizer import Optimizer, optimizer_for, schedule

TALL, WIDE, SQUARE = (784, 128), (32, 128), (64, 64)


def normal(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def after_steps(optimizer: Optimizer) -> Tensor:
    (parameter,) = optimizer.parameters
    for step in range(5):
        optimizer.step([normal(*parameter.shape, seed=step)])
    return parameter


def after_reference_steps(parameter: Tensor, reference: torch.optim.Optimizer) -> Tensor:
    for step in range(5):
        parameter.grad = normal(*parameter.shape, seed=step)
        reference.step()
    return parameter.detach()


def test_adam_takes_the_steps_of_pytorchs_adam() -> None:
    ours = after_steps(Optimizer([normal(6, 7)], [Adam(0.01)]))
    theirs = normal(6, 7).requires_grad_()
    assert torch.allclose(ours, after_reference_steps(theirs, torch.optim.Adam([theirs], 0.01, (0.9, 0.99))), atol=1e-6)


def test_weight_decay_is_that_of_pytorchs_adamw() -> None:
    ours = after_steps(Optimizer([normal(6, 7)], [Adam(0.01)], weight_decay=2.0))
    theirs = normal(6, 7).requires_grad_()
    reference = torch.optim.AdamW([theirs], 0.01, (0.9, 0.99), weight_decay=2.0)
    assert torch.allclose(ours, after_reference_steps(theirs, reference), atol=1e-6)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_weight_decay_shrinks_matrices_and_spares_biases(name: str) -> None:
    matrix, bias = normal(5, 3), normal(5)
    optimizer_for(name, [matrix, bias], 0.01, weight_decay=2.0).step([torch.zeros(5, 3), torch.zeros(5)], 0.5)
    assert torch.allclose(matrix, 0.99 * normal(5, 3))
    assert torch.equal(bias, normal(5))


def test_sgd_takes_the_steps_of_pytorchs_sgd() -> None:
    ours = after_steps(Optimizer([normal(6, 7)], [SGD(0.01)]))
    theirs = normal(6, 7).requires_grad_()
    assert torch.allclose(ours, after_reference_steps(theirs, torch.optim.SGD([theirs], 0.01, 0.9)), atol=1e-6)


def test_the_first_muon_step_moves_every_direction_equally_far() -> None:
    left, _, right = torch.linalg.svd(normal(32, 128), full_matrices=False)
    direction = Muon().direction(left @ torch.linspace(1, 0.1, 32).diag() @ right)
    lengths = torch.linalg.svdvals(direction) / (0.2 * math.sqrt(128))
    assert lengths.min() > 0.6
    assert lengths.max() < 1.3


@pytest.mark.parametrize("shape", [TALL, WIDE, SQUARE])
def test_orthogonalize_brings_the_large_singular_values_near_1(shape: tuple[int, int]) -> None:
    left, _, right = torch.linalg.svd(normal(*shape), full_matrices=False)
    values = torch.linspace(1, 0.2, min(shape))
    result = orthogonalize(left @ values.diag() @ right, steps=5)
    assert result.shape == shape
    after = torch.linalg.svdvals(result)
    assert after.min() > 0.6
    assert after.max() < 1.3
    turned = left.T @ result @ right.T  # diagonal: the directions stay, only their lengths change
    assert torch.allclose(turned, turned.diagonal().diag(), atol=1e-3)


@pytest.mark.parametrize("shape", [TALL, WIDE, SQUARE])
@pytest.mark.parametrize("steps", [1, 3, 5])
def test_orthogonalize_agrees_with_the_iteration_written_out(shape: tuple[int, int], steps: int) -> None:
    matrix = normal(*shape)
    x = matrix.double() / matrix.double().norm()
    for _ in range(steps):
        square = x @ x.T
        x = 3.4445 * x + (-4.7750 * square + 2.0315 * square @ square) @ x
    assert torch.allclose(orthogonalize(matrix, steps).double(), x, atol=1e-4)


def test_a_gradient_of_zeros_moves_nothing() -> None:
    for rule in (Muon(), Adam(), SGD()):
        assert not rule.direction(torch.zeros(8, 8)).any()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimiser_walks_down_a_valley(name: str) -> None:
    goal, weights, bias = normal(8, 16), torch.zeros(8, 16), torch.ones(16)
    optimizer = optimizer_for(name, [weights, bias], OPTIMIZERS[name].rate(128, 0.0))
    before = float((weights - goal).norm() + bias.norm())
    for _ in range(300):
        optimizer.step([weights - goal, bias])
    assert float((weights - goal).norm() + bias.norm()) < 0.5 * before


def test_muon_moves_matrices_and_adam_the_biases_beside_it() -> None:
    optimizer = optimizer_for("muon", [normal(8, 8), normal(8)], 0.02)
    assert [type(rule) for rule in optimizer.rules] == [Muon, Adam]
    assert optimizer.rules[0].rate == 0.02


@pytest.mark.parametrize(("name", "kind"), [("adam", Adam), ("sgd", SGD)])
def test_the_classical_optimisers_move_everything_at_the_rate_asked_for(name: str, kind: type) -> None:
    optimizer = optimizer_for(name, [normal(8, 8), normal(8)], 0.02)
    assert [(type(rule), rule.rate) for rule in optimizer.rules] == [(kind, 0.02)] * 2


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_wide_networks_never_get_a_larger_rate(name: str) -> None:
    rates = [OPTIMIZERS[name].rate(width, 0.0) for width in (16, 128, 512, 1024)]
    assert rates == sorted(rates, reverse=True)
    assert rates[-1] > 0


@pytest.mark.parametrize("steps", [1, 2, 118, 10_000])
def test_the_schedule_warms_up_and_comes_down_to_almost_nothing(steps: int) -> None:
    shares = [schedule(step, steps) for step in range(steps)]
    assert all(0 < share <= 1 for share in shares)
    if steps > 100:
        peak = shares.index(max(shares))
        assert 0 < peak < 0.1 * steps
        assert shares[: peak + 1] == sorted(shares[: peak + 1])
        assert shares[peak:] == sorted(shares[peak:], reverse=True)
        assert shares[-1] < 0.001
