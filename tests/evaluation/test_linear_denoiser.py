"""The best linear denoiser is least squares, at every number of images."""

import numpy as np
import torch

from ae_core.autoencoder.model import to_pixels
from ae_core.data.datasets import mnist
from ae_core.evaluation.linear_denoiser import PAIRS, linear_denoiser
from ae_core.nn.noise import corrupt


def test_it_is_the_least_squares_map_from_noisy_images_to_clean_ones() -> None:
    images = np.random.default_rng(0).integers(0, 256, (PAIRS, 4), dtype=np.uint8)
    fitted = linear_denoiser(images, "gaussian", 0.3, seed=5)
    clean = to_pixels(images)
    parts, generator = clean.split(4096), torch.Generator().manual_seed(5)
    noisy = torch.cat([corrupt(part, "gaussian", 0.3, generator) for part in parts])
    with_one = torch.cat([noisy, torch.ones(len(noisy), 1)], dim=1).double()
    expected = torch.linalg.lstsq(with_one, clean.double()).solution
    torch.testing.assert_close(fitted.weights.double(), expected[:-1], atol=2e-3, rtol=0)
    torch.testing.assert_close(fitted.offset.double(), expected[-1], atol=2e-3, rtol=0)


def test_a_few_images_are_used_again_with_other_noise() -> None:
    few = mnist().train[:64]
    clean = to_pixels(mnist().test[:200])
    noisy = corrupt(clean, "gaussian", 0.4, torch.Generator().manual_seed(0))
    cleaned = linear_denoiser(few, "gaussian", 0.4, seed=1).clean(noisy).clamp(0, 1)
    assert float((cleaned - clean).square().mean()) < 0.4 * float((noisy - clean).square().mean())
