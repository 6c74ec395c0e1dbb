"""Losses: how wrong an output is, and the gradient to learn from. A new one is one more entry in LOSSES.

Outputs, output layers before the sigmoid (logits) and targets are (n, 784). All of it is methods of tensors: the table
is known without PyTorch.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

    Measure = Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True, kw_only=True)
class Loss:
    """A loss, and what pages say of it.

    name, label : in a sentence, and on an axis
    fits : the pixels that it is for
    effect : what it does to the images
    formula : in LaTeX, of pixels x and outputs x-hat
    explanation : what its gradient does, in Markdown
    copy : why a perfect copy has a loss above 0; empty where it has none
    each : from outputs and targets the loss of each image, mean over its pixels: (n,)
    each_of_logits : the same from logits, where that is more exact than by way of the sigmoid
    gradients : for each kind of output that it goes with, from logits and targets the gradient at the logits of the
        loss summed over pixels: (n, 784)
    clips : distances from 0 and 1 at which an output that was not made for this loss may be cut off; none where it
        takes any
    """

    name: str
    label: str
    fits: str
    effect: str
    formula: str
    explanation: str
    copy: str = ""
    each: Measure
    each_of_logits: Measure | None = None
    gradients: Mapping[str, Measure]
    clips: tuple[float, ...] = ()

    def of_layer(self, logits: Tensor, target: Tensor, output: str) -> Tensor:
        """The loss of each image (n,) from logits and the kind of output; NaN where the two do not go together."""
        if output not in self.gradients:
            return logits.new_full((len(logits),), math.nan)
        if output == "linear":
            return self.each(logits, target)
        return self.each_of_logits(logits, target) if self.each_of_logits else self.each(logits.sigmoid(), target)

    def clipped(self, output: Tensor) -> list[Tensor]:
        """An output that was not made for this loss, in all ways in which it may be cut off: the best one counts."""
        return [output.clamp(clip, 1 - clip) for clip in self.clips] or [output]


def bce(output: Tensor, target: Tensor) -> Tensor:
    """Binary cross-entropy of each output against its pixels in [0, 1], mean over pixels: shape (n,), in nats.

    The output is clipped into [1e-6, 1 - 1e-6]: outside of [0, 1] the loss has no finite value.
    """
    output = output.clamp(1e-6, 1 - 1e-6)
    return -(target * output.log() + (1 - target) * (-output).log1p()).mean(dim=1)


def bce_of_logits(logits: Tensor, target: Tensor) -> Tensor:
    """Binary cross-entropy of sigmoid(logits) for each image, mean over its pixels: shape (n,), in nats.

    -(x log s + (1 - x) log(1 - s)) with s = sigmoid(z) is softplus(z) - x z, and softplus(z) is
    max(z, 0) - log sigmoid(|z|), which never takes the logarithm of 0 (and is five times faster
    than log1p). For grey pixels even a perfect copy has a loss above 0: their own entropy.
    """
    softplus = logits.clamp_min(0).sub_(logits.abs().sigmoid_().log_())
    return softplus.sub_(target * logits).mean(dim=1)


def bce_gradient(logits: Tensor, target: Tensor) -> Tensor:
    """Of binary cross-entropy behind a sigmoid: s - x with s = sigmoid(z)."""
    return logits.sigmoid().sub_(target)


def mse(output: Tensor, target: Tensor) -> Tensor:
    """Squared error of each image, mean over its pixels: shape (n,)."""
    return (output - target).square().mean(dim=1)


def mse_gradient(logits: Tensor, target: Tensor) -> Tensor:
    """Of squared error behind a sigmoid: 2 (s - x) s (1 - s) with s = sigmoid(z)."""
    output = logits.sigmoid()
    gradient = output - target
    return gradient.mul_(output).mul_(output.neg_().add_(1)).mul_(2)


def linear_mse_gradient(logits: Tensor, target: Tensor) -> Tensor:
    """Of the squared error of a linear output: 2 (z - x)."""
    return logits.sub(target).mul_(2)


LOSSES: dict[str, Loss] = {
    "bce": Loss(
        name="binary cross-entropy", label="BCE", fits="pixels in [0, 1]",
        effect="a wrong black or white pixel is dear, and pixels have to lie in [0, 1]",
        formula=r"-\frac{1}{784}\sum_i [x_i \log \hat x_i + (1 - x_i) \log (1 - \hat x_i)]",
        explanation=(
            r"It reads a pixel $x$ in [0, 1] as a probability of ink, and asks for a $\hat x$ in (0, 1), which the "
            r"sigmoid gives. Its gradient before the sigmoid is $(\hat x - x) / 784$: a pixel that is surely wrong "
            "learns fastest. For an $x$ outside of [0, 1] it would fall without end."
        ),
        copy="A grey pixel costs even itself",
        each=bce, each_of_logits=bce_of_logits, gradients={"sigmoid": bce_gradient},
        clips=(0.001, 0.003, 0.01, 0.02, 0.05),
    ),
    "mse": Loss(
        name="mean squared error", label="MSE", fits="any numbers",
        effect="grey strokes are cheap, and any numbers may be pixels",
        formula=r"\frac{1}{784}\sum_i (x_i - \hat x_i)^2",
        explanation=(
            "It suits any numbers, and a perfect copy has 0. Behind a sigmoid its gradient is "
            r"$2 (\hat x - x)\, \hat x (1 - \hat x) / 784$: where the output is surely wrong, near 0 or 1, "
            "almost nothing is learned. With a linear output, no hidden layer, no noise and no weight decay its best "
            "answer is PCA."
        ),
        each=mse, gradients={"sigmoid": mse_gradient, "linear": linear_mse_gradient},
    ),
}
