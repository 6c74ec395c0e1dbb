"""Muon, Adam and SGD over tensors.

`torch.optim` would do, but importing it costs 160 MB and 0.7 s (it loads torch's compiler).
"""

import math
from collections.abc import Sequence
from typing import Protocol

import torch
from torch import Tensor


class UpdateRule(Protocol):
    """The rule by which one tensor is updated from its gradients. It keeps its own state, such as a momentum."""

    rate: float

    def direction(self, gradient: Tensor) -> Tensor:
        """What to subtract, times the rate, from the tensor."""


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
            self.average = torch.zeros_like(gradient, dtype=torch.float32)
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
            self.mean = torch.zeros_like(gradient, dtype=torch.float32)
            self.square = torch.zeros_like(self.mean)
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
            self.average = torch.zeros_like(gradient, dtype=torch.float32)
        return self.average.mul_(self.momentum).add_(gradient).clone()


class Optimizer:
    """Moves parameters against their gradients, each by its own rule.

    weight_decay : what is taken off a weight matrix at each step, times its rate: decoupled from the
        gradient, as I. Loshchilov and F. Hutter do in "Decoupled weight decay regularization", 2019
    """

    def __init__(self, parameters: Sequence[Tensor], rules: Sequence[UpdateRule], weight_decay: float = 0.0) -> None:
        self.parameters, self.rules, self.weight_decay = parameters, rules, weight_decay

    @torch.no_grad()
    def step(self, gradients: Sequence[Tensor], share: float = 1.0) -> None:
        """One step with each rule's rate times `share` (the schedule)."""
        for parameter, rule, gradient in zip(self.parameters, self.rules, gradients, strict=True):
            if self.weight_decay and parameter.ndim == 2:
                parameter.mul_(1 - self.weight_decay * rule.rate * share)
            parameter.add_(rule.direction(gradient), alpha=-rule.rate * share)


def optimizer_for(name: str, parameters: Sequence[Tensor], rate: float, weight_decay: float = 0.0) -> Optimizer:
    """The named optimiser of these parameters. Muon moves the weight matrices, Adam the biases beside it."""
    rules: list[UpdateRule] = []
    for parameter in parameters:
        if name == "sgd":
            rules.append(SGD(rate))
        elif name == "adam":
            rules.append(Adam(rate))
        else:
            rules.append(Muon(rate) if parameter.ndim == 2 else Adam())
    return Optimizer(parameters, rules, weight_decay)


def automatic_rate(name: str, width: int, noise: float = 0.0) -> float:
    """A learning rate that works: found by trying on MNIST, for a batch of 512; wide networks want smaller ones.

    So do noisy images, whose gradients are noisy too: of 1, 0.7, 0.5 and 0.35 times the rate without noise,
    0.7 was best or within 0.5 % of the best MSE at every kind and level tried (0.2 to 0.8).
    """
    if name != "muon":
        return {"adam": 0.003, "sgd": 0.01}[name]
    return 0.05 * min(1.0, math.pow(128 / width, 0.75)) * (0.7 if noise else 1.0)


def schedule(step: int, steps: int) -> float:
    """Share of the learning rate at a step: a short warm-up, then a cosine down to 0."""
    warm_up = min(1.0, (step + 1) / (0.05 * steps + 1))
    return warm_up * 0.5 * (1 + math.cos(math.pi * step / steps))


def orthogonalize(matrix: Tensor, steps: int = 3) -> Tensor:
    """Roughly the nearest matrix with orthonormal rows or columns: all singular values near 1.

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
        factor = torch.addmm(square, square, square, beta=b, alpha=c)
        factor.diagonal().add_(a)
        product = factor if product is None else factor @ product
        if step + 1 < steps:
            square = factor @ factor @ square
    assert product is not None
    result: Tensor = product @ x
    return result.T if tall else result
