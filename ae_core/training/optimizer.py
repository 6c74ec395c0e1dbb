"""Steps of training: each parameter is moved by the rule of its optimiser, at the rate of the schedule."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from ae_core.nn.optimizers import OPTIMIZERS, UpdateRule


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
    """The named optimiser of these parameters."""
    kind = OPTIMIZERS[name]
    rules = [(kind.matrix if parameter.ndim == 2 else kind.bias)(rate) for parameter in parameters]
    return Optimizer(parameters, rules, weight_decay)


def schedule(step: int, steps: int) -> float:
    """Share of the learning rate at a step: a short warm-up, then a cosine down to 0."""
    warm_up = min(1.0, (step + 1) / (0.05 * steps + 1))
    return warm_up * 0.5 * (1 + math.cos(math.pi * step / steps))
