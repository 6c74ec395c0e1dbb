"""What the page measures, in the background."""
import functools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from ae_core.autoencoder.model import Autoencoder, to_pixels
from ae_core.data.datasets import Images, load
from ae_core.data.registry import DATA_SETS
from ae_core.evaluation.capacity.identity import identity_score
from ae_core.evaluation.capacity.study import shares_of, window_of
from ae_core.evaluation.out_of_distribution.image_sets import ImageSet, image_sets
from ae_core.evaluation.out_of_distribution.nearest_neighbour import nearest
from ae_core.evaluation.out_of_distribution.scores import errors
from ae_core.evaluation.out_of_distribution.study import OodStudy, Scorer, ood_study
from ae_core.evaluation.out_of_distribution.trained_on_tested_on import Cell, gzip_bytes, png_bytes, trained_and_tested
from ae_core.spec import IMAGE_BUDGET, Spec
from ae_core.ui.background.run_measurements import pca, pca_size
from ae_core.ui.background.trained_network import Subject

SHOWN = 40  # images of a set that the gallery can show


@dataclass(frozen=True, eq=False)
class Answer:
    """What the network makes of images: codes (n, code size), outputs (n, 784) in [0, 1], and errors (n,)."""

    images: Images
    codes: NDArray[np.float32]
    outputs: NDArray[np.float32]
    errors: NDArray[np.float64]


@torch.no_grad()
def answer(model: Autoencoder, images: Images) -> Answer:
    """What the network makes of a few images: small enough for the page's own thread."""
    codes = model.encode(to_pixels(images))
    return Answer(images, codes.numpy(), model.decode(codes).numpy(), errors(model, images))


@functools.lru_cache(maxsize=8)
def whole_study(subject: Subject) -> OodStudy:
    """All sets, measured with a network and its baselines."""
    return ood_study(scorer(subject), image_sets(subject.spec.data))


def reach_of(subject: Subject) -> tuple[OodStudy, float, int]:
    """The study, the identity score of the network, and how many pixels that score leaves out."""
    data = subject.spec.data
    return whole_study(subject), identity_score(shares_of(subject.model, data)), int((~window_of(data).inked).sum())


def scorer(subject: Subject) -> Scorer:
    """What scores images as the subject's network and its PCA see them."""
    spec = subject.spec
    training = load(spec.data).train[: spec.images]
    return Scorer.of(subject.model, pca(spec.images, spec.data), pca_size(spec), training)


@functools.lru_cache(maxsize=4)
def nearest_training(data: str, count: int) -> dict[str, Images]:
    """For every set the training images nearest to its first ones: uint8 (at most 40, 784)."""
    training = load(data).train[:count]
    sets = image_sets(data)
    places = nearest(np.concatenate([images.images[:SHOWN] for images in sets]), training)
    ends = np.cumsum([min(SHOWN, len(images.images)) for images in sets])[:-1]
    return {images.name: training[part] for images, part in zip(sets, np.split(places, ends), strict=True)}


def study_with_nearest(subject: Subject) -> tuple[OodStudy, dict[str, Images]]:
    """The study, and the nearest training images of all sets."""
    return whole_study(subject), nearest_training(subject.spec.data, subject.spec.images)


def set_of(data: str, name: str) -> ImageSet:
    """The set of a name, as a stranger to the named data."""
    return next(images for images in image_sets(data) if images.name == name)


def same_effort(spec: Spec, data: str) -> Spec:
    """The same experiment on other data, in the whole epochs whose training images come nearest to as many in all."""
    clean = spec.replace(data=data, noise=0.0, epochs=1)
    wanted = round(spec.epochs * spec.images / clean.images)
    return clean.replace(epochs=max(1, min(wanted, 1000, IMAGE_BUDGET // clean.images)))


def whole_table(subjects: tuple[Subject, ...]) -> Mapping[tuple[str, str], Cell]:
    """Trained on x tested on, of the networks of several runs on different data."""
    return trained_and_tested(
        {subject.spec.data: subject.model for subject in subjects},
        {subject.spec.data: pca(subject.spec.images, subject.spec.data) for subject in subjects},
        {name: load(name).test for name in DATA_SETS},
        subjects[0].spec.narrowest,
    )


def codecs() -> dict[str, dict[str, float]]:
    """Mean bytes of one test image: codec -> data set -> bytes. Exact ones: nothing is lost."""
    return {
        "gzip": {name: gzip_bytes(load(name).test) for name in DATA_SETS},
        "PNG": {name: png_bytes(load(name).test) for name in DATA_SETS},
    }
