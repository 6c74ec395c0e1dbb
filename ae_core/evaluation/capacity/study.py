"""Everything that the sweeps measure on one trained network."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ae_core.autoencoder.model import Autoencoder, to_pixels, to_uint8
from ae_core.data.datasets import Dataset, Images, load
from ae_core.data.registry import DATA_SETS
from ae_core.evaluation.baselines import PrincipalComponents
from ae_core.evaluation.capacity.identity import Window, copied_share, identity_score, out_of_distribution_images
from ae_core.evaluation.capacity.linear_probe import LABELS, probe_accuracy
from ae_core.evaluation.differences import standard_error
from ae_core.evaluation.latent_space import encode_images
from ae_core.evaluation.out_of_distribution.nearest_neighbour import nearest
from ae_core.evaluation.out_of_distribution.scores import errors, pca_errors
from ae_core.spec import Spec

MOST_TRAINING = 10_000  # training images that are measured
PROBED = 5_000  # test images that the probe is tested on
UNBOUNDED = (-np.inf, np.inf)


@dataclass(frozen=True)
class Study:
    """A trained network in numbers, all on clean images.

    train, test : MSE on its training images (at most 10,000) and on all test images
    shares : kind of stranger -> share of it that comes back
    doubt : standard error of `test`
    probe : accuracy of a linear classifier on its codes, None where the images have no classes
    """

    train: float
    test: float
    shares: Mapping[str, float]
    probe: float | None
    doubt: float = 0.0

    @property
    def identity(self) -> float:
        """How near it is to a mere copy, 0 to 1."""
        return identity_score(self.shares)


def study(spec: Spec, model: Autoencoder) -> Study:
    """Measure a network of a Spec; takes about a second."""
    data = load(spec.data)
    test = errors(model, data.test)
    return Study(
        train=float(errors(model, data.train[: min(spec.images, MOST_TRAINING)]).mean()),
        test=float(test.mean()),
        shares=shares_of(model, spec.data),
        probe=_probed(model, data) if DATA_SETS[spec.data].classes else None,
        doubt=standard_error(test),
    )


def shares_of(model: Autoencoder, data: str) -> dict[str, float]:
    """How much comes back of each kind of stranger to the named data."""
    window = window_of(data)
    return {kind: window.copied(model, images) for kind, images in out_of_distribution_images(data).items()}


def _probed(model: Autoencoder, data: Dataset) -> float:
    return probe_accuracy(
        encode_images(model, data.train[:LABELS]), data.train_labels[:LABELS],
        encode_images(model, data.test[:PROBED]), data.test_labels[:PROBED],
    )


@functools.cache
def window_of(data: str) -> Window:
    """The window of a data set: the same for all networks, however few of its images they have seen."""
    return Window.of(load(data).train)


@dataclass(frozen=True)
class Linear:
    """PCA with some number of components, in numbers.

    test : test MSE, clipped to [0, 1] as a sigmoid does it; doubt : its standard error
    unclipped : test MSE of the bare map, as a linear network has it
    identity : how near it is to a mere copy
    """

    test: float
    doubt: float
    unclipped: float
    identity: float


def linear_study(fitted: PrincipalComponents, data: str, size: int) -> Linear:
    """What PCA does on all test images, and on strangers."""
    window, inside = window_of(data), window_of(data).inked
    shares = {}
    for kind, images in out_of_distribution_images(data).items():
        pixels = window.through(images)
        answers = fitted.reconstruct(pixels, size)
        shares[kind] = float(copied_share(answers[:, inside], pixels[:, inside], window.mean[inside]).mean())
    test = load(data).test
    clipped = pca_errors(fitted, test, size)
    return Linear(
        float(clipped.mean()), standard_error(clipped), float(pca_errors(fitted, test, size, UNBOUNDED).mean()),
        identity_score(shares),
    )


@dataclass(frozen=True, eq=False)
class Pictures:
    """Training images and what comes out, test images and what comes out, and what that reminds of.

    All uint8 (n, 784); `reminds` are the training images nearest to the answers to the test images.
    """

    train: Images
    train_answers: Images
    test: Images
    test_answers: Images
    reminds: Images


@torch.no_grad()
def worst_pictures(spec: Spec, model: Autoencoder, count: int) -> Pictures:
    """The training images and the test images that the network rebuilds worst, of 10,000 each at most."""
    data = load(spec.data)
    training = data.train[: spec.images]
    train, test = (
        images[np.argsort(-errors(model, images[:MOST_TRAINING]), kind="stable")[:count]]
        for images in (training, data.test)
    )
    answers = to_uint8(_answers(model, test))
    return Pictures(
        train, to_uint8(_answers(model, train)), test, answers, training[nearest(answers, training)]
    )


def _answers(model: Autoencoder, images: Images) -> Tensor:
    answers: Tensor = model(to_pixels(images))
    return answers
