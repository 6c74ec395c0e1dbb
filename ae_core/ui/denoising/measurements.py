"""What the Denoising page measures: networks, linear maps and classical denoisers on the same noisy images."""

import functools
import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ae_core.autoencoder.model import Autoencoder, to_pixels
from ae_core.data.datasets import load
from ae_core.data.registry import DATA_SETS
from ae_core.evaluation.classical_denoisers import DENOISERS, Tuned, denoise, tuned
from ae_core.evaluation.linear_denoiser import LinearDenoiser, linear_denoiser
from ae_core.evaluation.metrics import psnr_of, ssim
from ae_core.evaluation.tone_curve import ToneCurve, best_tone
from ae_core.formatting import counted
from ae_core.nn.noise import corrupt
from ae_core.training.loop import mean_image
from ae_core.ui.background.run_measurements import pca

Values = NDArray[np.floating[Any]]

TABLE_IMAGES = 1000  # test images behind the table
CURVE_IMAGES = 200  # and behind each point of the curves: a slow machine should draw them in a minute
TUNING_IMAGES = 100  # training images on which a rival finds its setting and its tone curve, unless it is slow
ROUNDS = 20
TEST_SEED, OTHER_TEST_SEED, TUNING_SEED, FITTING_SEED = 2006, 2007, 1, 2  # of the noise: everybody sees the same


class Noise(NamedTuple):
    """A kind of noise and its level, on the images of a data set."""

    kind: str
    level: float
    data: str = "mnist"

    def tested(self, count: int) -> int:
        """How many test images there are, if so many are asked for."""
        return min(count, DATA_SETS[self.data].test)


@dataclass(frozen=True, eq=False)
class Score:
    """How well a method cleans the same noisy test images.

    errors : (n,), the mean squared error of each image
    ssim : mean over the images
    seconds : for one image
    setting : what was best on training images, in words
    """

    errors: Values
    ssim: float
    seconds: float
    setting: str = ""

    @property
    def mse(self) -> float:
        """The mean over the images."""
        return float(self.errors.mean())

    @property
    def psnr(self) -> float:
        """The mean over the images, in dB; infinite where one is exact."""
        return float(psnr_of(self.errors).mean())


@functools.lru_cache(maxsize=4)
def noisy_images(noise: Noise, count: int) -> tuple[Tensor, Tensor]:
    """The first test images with noise and without: pixels (count, 784). The same for every method and visitor."""
    return _corrupted(load(noise.data).test[:count], noise, TEST_SEED)


def _corrupted(images: NDArray[np.uint8], noise: Noise, seed: int) -> tuple[Tensor, Tensor]:
    clean = to_pixels(images)
    return corrupt(clean, noise.kind, noise.level, torch.Generator().manual_seed(seed)), clean


@functools.lru_cache(maxsize=1024)
def best_setting(method: str, noise: Noise) -> Tuned:
    """The best setting of a classical denoiser for this noise, found on training images."""
    noisy, clean = tuning_pairs(noise, tuning_images(method))
    return tuned(method, noisy.numpy(), clean.numpy())


def tuning_pairs(noise: Noise, count: int = TUNING_IMAGES) -> tuple[Tensor, Tensor]:
    """The training images on which all rivals are tuned, with noise and without."""
    return _corrupted(load(noise.data).train[:count], noise, TUNING_SEED)


def cleaned_classically(methods: tuple[str, ...], noise: Noise, pixels: bytes) -> tuple[str, Values]:
    """The name of the best classical denoiser for this noise, and what it makes of noisy images, both (n, 784).

    pixels : the images' bytes, float32
    """
    best = best_classical(methods, noise)
    noisy, setting = np.frombuffer(pixels, np.float32).reshape(-1, 784), best_setting(best, noise)
    return best, denoise(best, noisy, setting.parameters, setting.tone).astype(np.float32)


def best_classical(methods: tuple[str, ...], noise: Noise) -> str:
    """The classical denoiser with the lowest error on training images with this noise."""
    return min(methods, key=lambda method: best_setting(method, noise).error)


def tuning_images(method: str) -> int:
    """The number of training images on which a classical denoiser finds its parameter."""
    return min(TUNING_IMAGES, DENOISERS[method].batch // 10)


def batches(method: str, count: int) -> list[slice]:
    """Test images as a classical denoiser takes them: between those of a slow one, others are measured."""
    batch = DENOISERS[method].batch
    return [slice(start, min(start + batch, count)) for start in range(0, count, batch)]


@functools.lru_cache(maxsize=1024)
def classical_score(method: str, noise: Noise, count: int, start: int = 0, stop: int | None = None) -> Score:
    """A classical denoiser at its best on test images: on all of these, or on those from start to stop."""
    best = best_setting(method, noise)
    setting = ", ".join([*(f"{name} {value}" for name, value in best.parameters.items()), _in_words(best.tone)])
    if (images := tuning_images(method)) < TUNING_IMAGES:
        setting += f", tuned on {images} images"
    return _scored(
        lambda pixels: denoise(method, pixels, best.parameters, best.tone), noise, count, setting, slice(start, stop)
    )


def _in_words(tone: ToneCurve) -> str:
    return f"tone × {tone.contrast:.2f} {'−' if tone.offset < 0 else '+'} {abs(tone.offset):.2f}"


def joined(scores: Sequence[Score]) -> Score:
    """The score of all images from those of batches."""
    sizes = [len(score.errors) for score in scores]
    return Score(
        np.concatenate([score.errors for score in scores]),
        float(np.average([score.ssim for score in scores], weights=sizes)),
        float(np.average([score.seconds for score in scores], weights=sizes)), scores[0].setting,
    )


def input_score(noise: Noise, count: int) -> Score:
    """The noisy images as they are."""
    return _scored(lambda pixels: pixels, noise, count)


def pca_score(train_images: int, size: int, noise: Noise, count: int) -> Score:
    """The noisy images projected on the first principal components of clean training images, clipped to [0, 1]."""
    fitted = pca(train_images, noise.data)

    def project(pixels: Values) -> Values:
        return fitted.reconstruct(torch.from_numpy(pixels), size).clamp(0, 1).numpy()

    return _scored(project, noise, count, counted(fitted.size(size), "component"))


def linear_score(train_images: int, noise: Noise, count: int) -> Score:
    """The best linear map from noisy training images to clean ones, and its best tone curve on the tuning images."""
    fitted = _linear(train_images, noise)
    noisy, clean = tuning_pairs(noise)
    tone, _ = best_tone(fitted.clean(noisy).numpy(), clean.numpy())
    return _scored(
        lambda pixels: tone(fitted.clean(torch.from_numpy(pixels)).numpy()), noise, count, _in_words(tone)
    )


@functools.lru_cache(maxsize=4)
def _linear(train_images: int, noise: Noise) -> LinearDenoiser:
    return linear_denoiser(load(noise.data).train[:train_images], noise.kind, noise.level, FITTING_SEED)


@torch.no_grad()
def network_score(model: Autoencoder, noise: Noise, count: int) -> Score:
    """A network on the noisy test images, its output clipped to [0, 1]."""
    return _scored(lambda pixels: cleaned(model, torch.from_numpy(pixels)).numpy(), noise, count)


def _scored(
    method: Callable[[Values], Values], noise: Noise, count: int, setting: str = "", part: slice = slice(None)
) -> Score:
    noisy, clean = (pixels.numpy()[part] for pixels in noisy_images(noise, count))
    start = time.perf_counter()
    output = method(noisy)
    seconds = (time.perf_counter() - start) / len(noisy)
    errors = np.square(output - clean).mean(axis=1, dtype=np.float64)
    return Score(errors, float(ssim(output, clean).mean()), seconds, setting)


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


@dataclass(frozen=True, eq=False)
class Drawn:
    """What a network draws where it is given noisy test images.

    errors : (n,), the mean squared error of each
    light : (n,), the sum of its pixels less that of the clean image's
    clean_light : the mean sum of a clean image's pixels
    spread : how much its outputs differ from each other, as a share of how much clean images do (variances)
    """

    errors: Values
    light: Values
    clean_light: float
    spread: float


def drawn(model: Autoencoder, noise: Noise, count: int) -> Drawn:
    """What a network makes of the first test images with this noise."""
    noisy, clean = noisy_images(noise, count)
    output = cleaned(model, noisy)
    return Drawn(
        (output - clean).square().mean(dim=1).numpy(), (output - clean).sum(dim=1).numpy(),
        float(clean.sum(dim=1).mean()), float(output.var(dim=0).sum() / clean.var(dim=0).sum()),
    )


def noise_passed(model: Autoencoder, noise: Noise, count: int) -> Values:
    """The share (n,) of the noise's square that comes through: 1 for a copy.

    Two noisy versions of each image: how much the outputs differ, by how much these do.
    """
    pairs = [_corrupted(load(noise.data).test[:count], noise, seed)[0] for seed in (TEST_SEED, OTHER_TEST_SEED)]
    before, after = (
        (one - other).square().sum(dim=1) for one, other in (pairs, [cleaned(model, each) for each in pairs])
    )
    return (after / before.clamp(min=1e-12)).numpy()


def rounds_measured(model: Autoencoder, noise: Noise, count: int) -> tuple[Values, Values, float]:
    """MSE against the clean images after each round, and against the round before, (ROUNDS + 1,) each.

    The third is the MSE of the mean training image.
    """
    noisy, clean = noisy_images(noise, count)
    steps = again_and_again(model, noisy, ROUNDS)
    errors = [float((step - clean).square().mean()) for step in steps]
    changes = [float("nan")]
    changes += [float((b - a).square().mean()) for a, b in itertools.pairwise(steps)]
    mean = mean_image(torch.from_numpy(load(noise.data).train))
    return np.array(errors), np.array(changes), float((mean - clean).square().mean())
