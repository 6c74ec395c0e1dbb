"""What the engine reaches on MNIST's test digits: asserted, so that no change makes it learn worse unnoticed."""

import pytest

from ae_core.data.datasets import mnist
from ae_core.spec import PIXELS, Spec
from ae_core.training.loop import Snapshot, train


def trained(spec: Spec) -> Snapshot:
    *_, snapshot = train(spec, mnist())
    assert snapshot.test_images == 10_000
    return snapshot


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_one_epoch_of_the_default_experiment(seed: int) -> None:
    assert trained(Spec(seed=seed)).test["bce"] <= 0.0920


def test_three_epochs_of_the_default_experiment() -> None:
    assert trained(Spec(epochs=3)).test["bce"] <= 0.0815


def test_two_numbers_beat_two_principal_components_by_far() -> None:
    spec = Spec(code_size=2, depth=3, width=256, activation="silu", epochs=5)
    assert PIXELS * trained(spec).test["mse"] <= 28.5  # PCA: 43.64


def test_thirty_numbers_reach_the_science_paper_of_2006() -> None:
    spec = Spec(code_size=30, depth=2, width=512, activation="silu", epochs=8)
    assert PIXELS * trained(spec).test["mse"] <= 3.00  # Hinton and Salakhutdinov: 3.00; PCA: 13.87
