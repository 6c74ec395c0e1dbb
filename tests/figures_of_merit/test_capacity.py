"""Figures of the page Too powerful, on MNIST."""

import pytest

from ae_core.autoencoder.model import Autoencoder
from ae_core.data.datasets import load, mnist
from ae_core.evaluation.baselines import principal_components
from ae_core.evaluation.capacity.experiments import PCA_LIKE, amount_sweep, linear_sweep
from ae_core.evaluation.capacity.study import UNBOUNDED, study
from ae_core.evaluation.out_of_distribution.scores import pca_errors
from ae_core.spec import Spec
from ae_core.training.loop import Snapshot, train


def trained(spec: Spec) -> Snapshot:
    *_, last = train(spec, load(spec.data))
    return last


def network(spec: Spec, last: Snapshot) -> Autoencoder:
    assert last.weights is not None
    return Autoencoder.from_weights(spec, last.weights).requires_grad_(False)


def test_a_linear_network_of_16_numbers_meets_pca_within_two_per_cent() -> None:
    fitted = principal_components(mnist().train)
    pca = float(pca_errors(fitted, mnist().test, 16, UNBOUNDED).mean())  # as the network's linear output
    assert trained(PCA_LIKE.replace(code_size=16)).test["mse"] == pytest.approx(pca, rel=0.02)


def test_a_big_network_learns_1024_digits_by_heart() -> None:
    spec = next(spec for spec in amount_sweep(0) if spec.train_images == 1024)
    assert (spec.depth, spec.width, spec.code_size) == (3, 1024, 256)
    found = study(spec, network(spec, trained(spec)))
    assert found.test >= 3 * found.train


def test_the_identity_score_of_the_linear_network_rises_from_8_to_512() -> None:
    specs = [spec for spec in linear_sweep(Spec()) if spec.code_size >= 8]
    scores = [study(spec, network(spec, trained(spec))).identity for spec in specs]
    assert len(scores) == 7 and scores == sorted(scores)
    assert scores[-1] > 0.8
