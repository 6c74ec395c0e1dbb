"""Optimisers: rules by which weights are updated from their gradients. A new one is one more entry in OPTIMIZERS.

`torch.optim` would do, but importing it costs 160 MB and 0.7 s (it loads torch's compiler). All of this is methods of
tensors: the table is known without PyTorch.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from torch import Tensor


class UpdateRule(Protocol):
    """The rule by which one tensor is updated from its gradients. It keeps its own state, such as a momentum."""

    rate: float

    def direction(self, gradient: Tensor) -> Tensor:
        """What to subtract, times the rate, from the tensor."""


@dataclass(frozen=True, kw_only=True)
class OptimizerKind:
    """An optimiser, and what it costs.

    does : what it does, after its name
    matrix, bias : from a learning rate the rule for a weight matrix, and the one for a bias
    rate : a learning rate that works, for a width and a level of noise
    seconds : what it computes for a weight matrix of sides a <= b at each step, beyond what is done for each weight:
        on one core, see `step_seconds`
    """

    does: str
    matrix: Callable[[float], UpdateRule]
    bias: Callable[[float], UpdateRule]
    rate: Callable[[int, float], float]
    seconds: Callable[[int, int], float] = lambda a, b: 0.0


class Muon:
    """Momentum, orthogonalised: every direction of a weight matrix moves equally far.

    K. Jordan et al., "Muon: an optimizer for hidden layers in neural networks", 2024; the factor
    0.2 sqrt(larger side), which matches Adam's size of step, is from J. Liu et al., "Muon is
    scalable for LLM training", 2025.
    """

    def __init__(self, rate: float = 0.05, momentum: float = 0.95) -> None:
        self.rate, self.momentum = rate, momentum
        self.average: Tensor | None = None

    def direction(self, gradient: Tensor) -> Tensor:
        if self.average is None:
            self.average = _zeros_like(gradient)
        self.average.mul_(self.momentum).add_(gradient)
        ahead = self.average.mul(self.momentum).add_(gradient)  # Nesterov
        if min(gradient.shape) >= 64:  # smaller ones gain nothing from a smaller type
            ahead = ahead.to(gradient.dtype)
        return orthogonalize(ahead).float().mul_(0.2 * math.sqrt(max(gradient.shape)))


class Adam:
    """D. Kingma, J. Ba, "Adam: a method for stochastic optimization", 2015, algorithm 1."""

    def __init__(self, rate: float = 0.003, betas: tuple[float, float] = (0.9, 0.99)) -> None:
        self.rate, self.betas = rate, betas
        self.steps = 0
        self.mean: Tensor | None = None
        self.square: Tensor | None = None

    def direction(self, gradient: Tensor) -> Tensor:
        if self.mean is None or self.square is None:
            self.mean, self.square = _zeros_like(gradient), _zeros_like(gradient)
        gradient = gradient.float()
        self.steps += 1
        first, second = self.betas
        self.mean.lerp_(gradient, 1 - first)
        self.square.mul_(second).addcmul_(gradient, gradient, value=1 - second)
        spread = self.square.div(1 - second**self.steps).sqrt_().add_(1e-8)
        return self.mean.div(1 - first**self.steps).div_(spread)


class SGD:
    """Gradient descent with momentum: the average of the last gradients, weighted towards the newest."""

    def __init__(self, rate: float = 0.01, momentum: float = 0.9) -> None:
        self.rate, self.momentum = rate, momentum
        self.average: Tensor | None = None

    def direction(self, gradient: Tensor) -> Tensor:
        if self.average is None:
            self.average = _zeros_like(gradient)
        return self.average.mul_(self.momentum).add_(gradient).clone()


def muon_rate(width: int, noise: float) -> float:
    """A learning rate that works: found by trying on MNIST, for a batch of 512; wide networks want smaller ones.

    So do noisy images, whose gradients are noisy too: of 1, 0.7, 0.5 and 0.35 times the rate without noise,
    0.7 was best or within 0.5 % of the best MSE at every kind and level tried (0.2 to 0.8).
    """
    return 0.05 * min(1.0, math.pow(128 / width, 0.75)) * (0.7 if noise else 1.0)


OPTIMIZERS: dict[str, OptimizerKind] = {
    "muon": OptimizerKind(
        does="orthogonalises each step", matrix=Muon, bias=lambda _: Adam(), rate=muon_rate,
        seconds=lambda a, b: 0.7e-12 * (4 * a**2 * b + 18 * a**3),
    ),
    "adam": OptimizerKind(
        does="divides each step by its usual size", matrix=Adam, bias=Adam, rate=lambda width, noise: 0.003,
    ),
    "sgd": OptimizerKind(
        does="steps downhill, with momentum", matrix=SGD, bias=SGD, rate=lambda width, noise: 0.01,
    ),
}


def orthogonalize(matrix: Tensor, steps: int = 3) -> Tensor:
    """Roughly the nearest matrix with orthonormal rows or columns, whose singular values are all 1.

    After three steps they lie between 0.3 and 1.2, and those that were below a hundredth of the largest one lower.


    Newton-Schulz iteration X <- (a + b S + c S^2) X with S = X X^T, and the quintic's coefficients
    of K. Jordan et al. All factors are polynomials in the first S and commute, so that the steps
    run on the small square S alone, and the long X is touched twice, not 2 x steps times.
    """
    a, b, c = 3.4445, -4.7750, 2.0315
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.T if tall else matrix
    x = x / x.norm().clamp_min(1e-7)
    square = x @ x.T
    product: Tensor | None = None
    for step in range(steps):
        factor = square.addmm(square, square, beta=b, alpha=c)
        factor.diagonal().add_(a)
        product = factor if product is None else factor @ product
        if step + 1 < steps:
            square = factor @ factor @ square
    assert product is not None
    result: Tensor = product @ x
    return result.T if tall else result


def _zeros_like(tensor: Tensor) -> Tensor:
    """Zeros of a tensor's shape, in float32."""
    return tensor.new_zeros(tensor.shape).float()
