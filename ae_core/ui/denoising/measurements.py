"""What the Denoising page measures: networks, PCA and classical denoisers on the same noisy digits."""

import functools
import itertools
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ae_core.autoencoder.model import Autoencoder, to_pixels
from ae_core.data.datasets import mnist
from ae_core.evaluation.classical_denoisers import DENOISERS, Parameters, denoise, tuned
from ae_core.evaluation.metrics import psnr, ssim
from ae_core.nn.noise import corrupt
from ae_core.training.loop import mean_image
from ae_core.ui.background.of_runs import pca
from ae_core.words import counted

Values = NDArray[np.floating[Any]]

TABLE_DIGITS = 1000  # test digits behind the table
CURVE_DIGITS = 200  # and behind each point of the curves: a slow machine should draw them in a minute
TUNING_DIGITS = 100  # training digits on which a classical denoiser finds its parameter, unless it is slow
ROUNDS = 20
TEST_SEED, TUNING_SEED = 2006, 1  # of the noise: everybody sees the same


class Noise(NamedTuple):
    """A kind of noise and its level."""

    kind: str
    level: float


@dataclass(frozen=True)
class Score:
    """How well a method cleans the same noisy test digits.

    mse, psnr, ssim : means over the images; PSNR in dB
    seconds : for one image
    setting : the parameter that was best on training digits, in words
    """

    mse: float
    psnr: float
    ssim: float
    seconds: float
    setting: str = ""


@functools.lru_cache(maxsize=4)
def noisy_digits(noise: Noise, count: int) -> tuple[Tensor, Tensor]:
    """The first test digits with noise and without: pixels (count, 784). The same for every method and visitor."""
    return _corrupted(mnist().test[:count], noise, TEST_SEED)


def _corrupted(images: NDArray[np.uint8], noise: Noise, seed: int) -> tuple[Tensor, Tensor]:
    clean = to_pixels(images)
    return corrupt(clean, noise.kind, noise.level, torch.Generator().manual_seed(seed)), clean


@functools.lru_cache(maxsize=1024)
def best_parameters(method: str, noise: Noise) -> tuple[Parameters, float]:
    """The best setting of a classical denoiser for this noise, found on training digits, and its MSE there."""
    noisy, clean = _corrupted(mnist().train[: tuning_digits(method)], noise, TUNING_SEED)
    return tuned(method, noisy.numpy(), clean.numpy())


def cleaned_classically(methods: tuple[str, ...], noise: Noise, pixels: bytes) -> tuple[str, Values]:
    """The name of the best classical denoiser for this noise, and what it makes of noisy digits, both (n, 784).

    pixels : the digits' bytes, float32
    """
    best = best_classical(methods, noise)
    noisy = np.frombuffer(pixels, np.float32).reshape(-1, 784)
    return best, denoise(best, noisy, best_parameters(best, noise)[0]).astype(np.float32)


def best_classical(methods: tuple[str, ...], noise: Noise) -> str:
    """The classical denoiser with the lowest error on training digits with this noise."""
    return min(methods, key=lambda method: best_parameters(method, noise)[1])


def tuning_digits(method: str) -> int:
    """The number of training digits on which a classical denoiser finds its parameter."""
    return min(TUNING_DIGITS, DENOISERS[method].batch // 10)


def batches(method: str, count: int) -> list[slice]:
    """Test digits as a classical denoiser takes them: between those of a slow one, others are measured."""
    batch = DENOISERS[method].batch
    return [slice(start, min(start + batch, count)) for start in range(0, count, batch)]


@functools.lru_cache(maxsize=1024)
def classical_score(method: str, noise: Noise, count: int, start: int = 0, stop: int | None = None) -> Score:
    """A classical denoiser at its best on test digits: on all of these, or on those from start to stop."""
    parameters, _ = best_parameters(method, noise)
    setting = ", ".join(f"{name} {value}" for name, value in parameters.items())
    if (digits := tuning_digits(method)) < TUNING_DIGITS:
        setting += f", tuned on {digits} digits"
    return _scored(lambda pixels: denoise(method, pixels, parameters), noise, count, setting, slice(start, stop))


def mean_score(scores: Sequence[Score], sizes: Sequence[int]) -> Score:
    """The score of all digits from those of batches of these sizes."""
    def mean(values: Iterable[float]) -> float:
        return sum(value * size for value, size in zip(values, sizes, strict=True)) / sum(sizes)

    return Score(
        mean(score.mse for score in scores), mean(score.psnr for score in scores), mean(score.ssim for score in scores),
        mean(score.seconds for score in scores), scores[0].setting,
    )


def input_score(noise: Noise, count: int) -> Score:
    """The noisy digits as they are."""
    return _scored(lambda pixels: pixels, noise, count)


def pca_score(train_images: int, data: str, size: int, noise: Noise, count: int) -> Score:
    """The noisy digits projected on the first principal components of clean training images, clipped to [0, 1]."""
    fitted = pca(train_images, data)

    def project(pixels: Values) -> Values:
        return fitted.reconstruct(torch.from_numpy(pixels), size).clamp(0, 1).numpy()

    return _scored(project, noise, count, counted(fitted.size(size), "component"))


@torch.no_grad()
def network_score(model: Autoencoder, noise: Noise, count: int) -> Score:
    """A network on the noisy test digits, its output clipped to [0, 1]."""
    return _scored(lambda pixels: cleaned(model, torch.from_numpy(pixels)).numpy(), noise, count)


def _scored(
    method: Callable[[Values], Values], noise: Noise, count: int, setting: str = "", part: slice = slice(None)
) -> Score:
    noisy, clean = (pixels.numpy()[part] for pixels in noisy_digits(noise, count))
    start = time.perf_counter()
    output = method(noisy)
    seconds = (time.perf_counter() - start) / len(noisy)
    mse = float(np.mean((output - clean) ** 2))
    return Score(mse, float(psnr(output, clean).mean()), float(ssim(output, clean).mean()), seconds, setting)


@torch.no_grad()
def cleaned(model: Autoencoder, pixels: Tensor) -> Tensor:
    """What a network makes of pixels (n, 784), in [0, 1]."""
    output: Tensor = model(pixels).clamp(0, 1)
    return output


@torch.no_grad()
def again_and_again(model: Autoencoder, pixels: Tensor, rounds: int) -> list[Tensor]:
    """The pixels (n, 784), then the network's output, then what it makes of that, and so on: rounds + 1 tensors."""
    steps = [pixels]
    for _ in range(rounds):
        steps.append(cleaned(model, steps[-1]))
    return steps


def rounds_measured(model: Autoencoder, noise: Noise, count: int) -> tuple[Values, Values, float]:
    """MSE against the clean digits after each round, and against the round before, (ROUNDS + 1,) each.

    The third is the MSE of the mean training digit.
    """
    noisy, clean = noisy_digits(noise, count)
    steps = again_and_again(model, noisy, ROUNDS)
    errors = [float((step - clean).square().mean()) for step in steps]
    changes = [float("nan")]
    changes += [float((b - a).square().mean()) for a, b in itertools.pairwise(steps)]
    mean = mean_image(torch.from_numpy(mnist().train))
    return np.array(errors), np.array(changes), float((mean - clean).square().mean())
