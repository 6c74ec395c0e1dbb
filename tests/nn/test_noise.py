"""Corruptions: each does what its name says, as strongly as its level says."""

import math

import pytest
import torch
from scipy.stats import kstest
from torch import Generator, Tensor

from ae_core.nn.noise import NOISES, corrupt


def source() -> Generator:
    return torch.Generator().manual_seed(0)


def grey(value: float, count: int = 200_000) -> Tensor:
    return torch.full((count,), value)


@pytest.mark.parametrize("kind", NOISES)
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("level", [0.0, 0.3, 1.0])
def test_noise_keeps_shape_type_range_and_its_input(kind: str, dtype: torch.dtype, level: float) -> None:
    pixels = torch.rand((20, 784), generator=source()).to(dtype)
    before = pixels.clone()
    noisy = corrupt(pixels, kind, level, source())
    assert (noisy.shape, noisy.dtype) == (pixels.shape, dtype)
    assert noisy.min() >= 0
    assert noisy.max() <= 1
    assert torch.equal(pixels, before)
    assert torch.equal(noisy, pixels) == (level == 0)


@pytest.mark.parametrize("kind", NOISES)
def test_the_same_generator_gives_the_same_noise(kind: str) -> None:
    pixels = torch.rand((20, 784), generator=source())
    assert torch.equal(corrupt(pixels, kind, 0.3, source()), corrupt(pixels, kind, 0.3, source()))


@pytest.mark.parametrize("kind", NOISES)
def test_level_0_of_the_noise_itself_changes_nothing(kind: str) -> None:
    pixels = torch.rand((20, 784), generator=source())
    assert torch.equal(NOISES[kind].corrupt(pixels, 0.0, source()), pixels)


def test_gaussian_noise_is_normal_with_the_level_as_standard_deviation() -> None:
    noisy = corrupt(grey(0.5, 20_000), "gaussian", 0.1, source())  # 5 standard deviations from being clipped
    assert kstest(noisy.double().numpy(), "norm", args=(0.5, 0.1)).pvalue > 0.01


def test_speckle_is_normal_in_proportion_to_the_pixel() -> None:
    noisy = corrupt(grey(0.5, 20_000), "speckle", 0.2, source())
    assert kstest(noisy.double().numpy(), "norm", args=(0.5, 0.1)).pvalue > 0.01
    assert not corrupt(grey(0.0), "speckle", 1.0, source()).any()


@pytest.mark.parametrize("level", [0.001, 0.3, 1.0])
def test_salt_and_pepper_sets_a_share_of_the_pixels_half_black_half_white(level: float) -> None:
    pixels = grey(0.5).to(torch.bfloat16)  # also in a coarse number type
    noisy = corrupt(pixels, "salt and pepper", level, source())
    spread = 4 * math.sqrt(level / 2 / len(pixels))
    assert (noisy == 0).double().mean() == pytest.approx(level / 2, abs=spread)
    assert (noisy == 1).double().mean() == pytest.approx(level / 2, abs=spread)
    assert set(noisy.unique().tolist()) <= {0.0, 0.5, 1.0}


@pytest.mark.parametrize("level", [0.001, 0.3, 1.0])
def test_masking_sets_a_share_of_the_pixels_to_black(level: float) -> None:
    noisy = corrupt(grey(0.5), "masking", level, source())
    assert (noisy == 0).double().mean() == pytest.approx(level, abs=4 * math.sqrt(level / len(noisy)))
    assert set(noisy.unique().tolist()) <= {0.0, 0.5}
