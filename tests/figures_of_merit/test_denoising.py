"""Figures that the denoiser has to reach: Gaussian noise of sigma 0.4, clipped; all 10,000 test digits; seed 0."""

from collections.abc import Iterator

import pytest
import torch

from ae_core.autoencoder.model import Autoencoder, to_pixels
from ae_core.data.datasets import mnist
from ae_core.evaluation.baselines import principal_components
from ae_core.evaluation.classical_denoisers import available
from ae_core.evaluation.differences import clearly_less
from ae_core.nn.losses import mse
from ae_core.spec import Spec
from ae_core.training.loop import Snapshot, corrupted_test_pixels, train
from ae_core.ui.denoising.measurements import Noise, classical_score, linear_score, network_score
from ae_core.ui.session.page_runs import control_of

SMALL = Spec(noise=0.4, epochs=5)
LARGE = Spec(noise=0.4, code_size=128, width=512, epochs=4)
DIGITS = 200  # test digits for each classical denoiser: some take 2 ms for each


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def small() -> Snapshot:
    return trained(SMALL)


@pytest.fixture(scope="module")
def large() -> Snapshot:
    return trained(LARGE)


def trained(spec: Spec) -> Snapshot:
    *_, last = train(spec, mnist())
    return last


def network(spec: Spec, snapshot: Snapshot) -> Autoencoder:
    assert snapshot.weights is not None
    return Autoencoder.from_weights(spec, snapshot.weights).requires_grad_(False)


def test_the_noise_is_the_one_that_the_figures_are_about() -> None:
    clean = to_pixels(mnist().test)
    assert float(mse(corrupted_test_pixels(SMALL, clean), clean).mean()) == pytest.approx(0.0797, abs=0.0002)


def test_five_epochs_with_a_code_of_32_clean_as_well_as_asked(small: Snapshot) -> None:
    assert small.test_images == 10_000
    assert small.test["mse"] <= 0.0125
    assert small.test["bce"] <= 0.1010


def test_a_code_of_128_and_a_width_of_512_clean_as_well_as_asked(large: Snapshot) -> None:
    assert large.test["mse"] <= 0.0095


def test_the_control_errs_at_least_half_as_much_again_and_pca_too(small: Snapshot) -> None:
    clean = to_pixels(mnist().test)
    noisy = corrupted_test_pixels(SMALL, clean)
    spec = control_of(SMALL)
    control = float(mse(network(spec, trained(spec))(noisy), clean).mean())
    assert control >= 1.5 * small.test["mse"]
    pca = float(mse(principal_components(mnist().train).reconstruct(noisy, 32).clamp(0, 1), clean).mean())
    assert pca >= 1.5 * small.test["mse"]


def test_a_large_denoiser_beats_every_rival_that_is_fitted_to_the_noise_it_was_trained_with(large: Snapshot) -> None:
    """At other levels the rivals are fitted anew and the network is not."""
    noise = Noise("gaussian", LARGE.noise)
    ours = network_score(network(LARGE, large), noise, DIGITS)
    rivals = {method: classical_score(method, noise, DIGITS) for method in available()}
    rivals["linear"] = linear_score(LARGE.images, noise, DIGITS)
    for name, theirs in rivals.items():
        assert clearly_less(ours.errors, theirs.errors), name
        assert ours.psnr > theirs.psnr, name
        assert ours.ssim > theirs.ssim, name


def test_the_strongest_rivals_err_as_little_as_measured() -> None:
    noise = Noise("gaussian", 0.4)
    assert classical_score("Gaussian", noise, 1000).mse <= 0.0125
    assert linear_score(SMALL.images, noise, 1000).mse <= 0.0110
