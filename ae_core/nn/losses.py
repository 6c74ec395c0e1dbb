"""Losses, each a pure function."""

from torch import Tensor


def bce_of_logits(logits: Tensor, target: Tensor) -> float:
    """Binary cross-entropy of sigmoid(logits) against pixels in [0, 1]: mean over all pixels, in nats."""
    return float(bce_of_logits_each(logits, target).mean())


def bce_of_logits_each(logits: Tensor, target: Tensor) -> Tensor:
    """Binary cross-entropy of sigmoid(logits) for each image, mean over its pixels: shape (n,), in nats.

    -(x log s + (1 - x) log(1 - s)) with s = sigmoid(z) is softplus(z) - x z, and softplus(z) is
    max(z, 0) - log sigmoid(|z|), which never takes the logarithm of 0 (and is five times faster
    than log1p). For grey pixels even a perfect copy has a loss above 0: their own entropy.
    """
    softplus = logits.clamp_min(0).sub_(logits.abs().sigmoid_().log_())
    return softplus.sub_(target * logits).mean(dim=1)


def bce(output: Tensor, target: Tensor, *, clip: float = 1e-6) -> float:
    """Binary cross-entropy of an output against pixels in [0, 1]: mean over all pixels, in nats."""
    return float(bce_each(output, target, clip=clip).mean())


def bce_each(output: Tensor, target: Tensor, *, clip: float = 1e-6) -> Tensor:
    """Binary cross-entropy of each output against its pixels in [0, 1], mean over pixels: shape (n,), in nats.

    The output is clipped into [clip, 1 - clip]: outside of it the loss has no finite value.
    """
    output = output.clamp(clip, 1 - clip)
    return -(target * output.log() + (1 - target) * (-output).log1p()).mean(dim=1)


def mse(output: Tensor, target: Tensor) -> float:
    """Squared error, mean over all pixels of all images."""
    return float((output - target).square().mean())


def mse_each(output: Tensor, target: Tensor) -> Tensor:
    """Squared error of each image, mean over its pixels: shape (n,)."""
    return (output - target).square().mean(dim=1)


def squared_error(output: Tensor, target: Tensor) -> Tensor:
    """Squared error of each image, summed over its pixels: shape (n,), as the Science paper of 2006 counts."""
    return (output - target).square().sum(dim=1)


