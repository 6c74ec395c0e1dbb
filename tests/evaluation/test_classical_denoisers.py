"""Classical denoisers: each is what scikit-image computes, each is tuned, and the scores are scikit-image's."""

import importlib.util
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
import skimage.metrics
import skimage.restoration
import torch
from scipy import ndimage

from ae_core.data.datasets import mnist
from ae_core.evaluation.classical_denoisers import DENOISERS, available, denoise, tuned
from ae_core.evaluation.metrics import psnr, ssim
from ae_core.evaluation.tone_curve import best_tone
from ae_core.nn.noise import NOISES, corrupt

BY_SCIKIT_IMAGE = tuple(name for name, each in DENOISERS.items() if not each.package)


def digits(level: float, kind: str = "gaussian", count: int = 12) -> tuple[np.ndarray, np.ndarray]:
    clean = torch.tensor(mnist().train[:count]).float().div_(255)
    return corrupt(clean, kind, level, torch.Generator().manual_seed(0)).numpy(), clean.numpy()


def test_the_median_is_taken_over_a_square_of_each_image_alone() -> None:
    noisy, _ = digits(0.4)
    expected = [ndimage.median_filter(image.reshape(28, 28), size=3, mode="nearest") for image in noisy]
    np.testing.assert_allclose(denoise("median", noisy, {"side": 3}).reshape(-1, 28, 28), expected, atol=1e-6)


def test_gaussian_blurs_each_image_alone() -> None:
    noisy, _ = digits(0.4)
    expected = [ndimage.gaussian_filter(image.reshape(28, 28), 0.8, mode="nearest") for image in noisy]
    np.testing.assert_allclose(denoise("Gaussian", noisy, {"sigma": 0.8}).reshape(-1, 28, 28), expected, atol=1e-5)


@pytest.mark.parametrize(("method", "parameters", "one"), [
    ("total variation", {"weight": 0.2}, lambda x: skimage.restoration.denoise_tv_chambolle(x, weight=0.2)),
    ("non-local means", {"h": 0.2},
     lambda x: skimage.restoration.denoise_nl_means(x, patch_size=3, patch_distance=5, h=0.2)),
    ("wavelet", {"sigma": 0.2, "wavelet": "db2"},
     lambda x: skimage.restoration.denoise_wavelet(x, sigma=0.2, wavelet="db2", rescale_sigma=False)),
])
def test_the_others_are_those_of_scikit_image(method: str, parameters: dict, one: object) -> None:
    noisy, _ = digits(0.4)
    assert callable(one)
    expected = [np.clip(one(image.reshape(28, 28)), 0, 1) for image in noisy]
    np.testing.assert_allclose(denoise(method, noisy, parameters).reshape(-1, 28, 28), expected, atol=1e-6)


@pytest.mark.parametrize("method", BY_SCIKIT_IMAGE)
def test_tuned_takes_the_best_of_all_candidates_with_the_best_tone_curve_of_each(method: str) -> None:
    noisy, clean = digits(0.4)
    best = tuned(method, noisy, clean)
    errors = [best_tone(denoise(method, noisy, each), clean)[1] for each in DENOISERS[method].candidates]
    assert best.error <= 1.001 * min(errors)
    cleaned = denoise(method, noisy, best.parameters, best.tone)
    assert np.mean((cleaned - clean) ** 2) == pytest.approx(best.error)


@pytest.mark.parametrize("method", BY_SCIKIT_IMAGE)
def test_the_ground_that_clipped_noise_lifts_is_taken_away_again(method: str) -> None:
    noisy, clean = digits(0.4, count=50)
    best = tuned(method, noisy, clean)
    plain = min(np.mean((denoise(method, noisy, each) - clean) ** 2) for each in DENOISERS[method].candidates)
    assert best.error < 0.8 * plain
    assert best.tone.contrast > 1 and best.tone.offset < 0


@pytest.mark.parametrize("method", BY_SCIKIT_IMAGE)
def test_tuned_a_denoiser_takes_noise_away_and_leaves_a_clean_image_alone(method: str) -> None:
    noisy, clean = digits(0.4)
    assert tuned(method, noisy, clean).error < 0.4 * np.mean((noisy - clean) ** 2)
    assert tuned(method, clean, clean).error < 1e-4


@pytest.mark.parametrize("kind", NOISES)
@pytest.mark.parametrize("method", BY_SCIKIT_IMAGE)
def test_every_candidate_keeps_shape_and_range_for_every_kind_of_noise(method: str, kind: str) -> None:
    noisy, _ = digits(1.0, kind, count=2)
    for parameters in DENOISERS[method].candidates:
        output = denoise(method, noisy, parameters)
        assert output.shape == noisy.shape
        assert np.isfinite(output).all() and output.min() >= 0 and output.max() <= 1


def test_more_noise_asks_for_a_stronger_filter() -> None:
    weak, strong = (tuned("Gaussian", *digits(level, count=50)).parameters["sigma"] for level in (0.2, 0.8))
    assert weak < strong


def test_bm3d_joins_in_only_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def found(name: str) -> ModuleSpec | None:
        return ModuleSpec(name, None) if installed else None

    monkeypatch.setattr(importlib.util, "find_spec", found)
    installed = False
    assert available() == BY_SCIKIT_IMAGE
    installed = True
    assert available() == (*BY_SCIKIT_IMAGE, "BM3D")


def test_bm3d_gets_one_image_at_a_time_and_the_strength_of_the_noise(monkeypatch: pytest.MonkeyPatch) -> None:
    package = ModuleType("bm3d")
    profiles = []

    def denoised(image: np.ndarray, sigma_psd: float, profile: SimpleNamespace) -> np.ndarray:
        assert image.shape == (28, 28)
        profiles.append((profile.nf, profile.num_threads))
        return image * sigma_psd

    package.bm3d, package.BM3DProfile = denoised, SimpleNamespace  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "bm3d", package)
    noisy, _ = digits(0.4)
    np.testing.assert_allclose(denoise("BM3D", noisy, {"sigma": 0.5}), noisy * 0.5)
    assert set(profiles) == {(0, 1)}, "no spectrum of the noise, which takes a second an image, and one thread"


def test_psnr_agrees_with_scikit_image_on_each_image_and_is_infinite_for_a_copy() -> None:
    noisy, clean = digits(0.4)
    third = skimage.metrics.peak_signal_noise_ratio(clean[2], noisy[2], data_range=1.0)
    assert psnr(noisy, clean)[2] == pytest.approx(third)
    assert psnr(noisy, clean).shape == (12,)
    assert np.isposinf(psnr(clean, clean)).all()


def test_ssim_is_that_of_each_image_and_one_for_a_copy() -> None:
    noisy, clean = digits(0.4)
    third = skimage.metrics.structural_similarity(clean[2].reshape(28, 28), noisy[2].reshape(28, 28), data_range=1.0)
    assert ssim(noisy, clean)[2] == pytest.approx(third)
    np.testing.assert_allclose(ssim(clean, clean), 1)
    assert ssim(noisy, clean).shape == (12,)
