"""What the page measures, in the background."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray

from ae_core.datasets import DATASETS, Images, load
from ae_core.domain.nearest import nearest
from ae_core.domain.scores import errors
from ae_core.domain.strangers import ImageSet, image_sets
from ae_core.domain.study import Scorer, Study, study
from ae_core.domain.table import Cell, gzip_bytes, png_bytes, trained_and_tested
from ae_core.model import Autoencoder, Weights, to_pixels
from ae_core.runs import Run
from ae_core.spec import IMAGE_BUDGET, Spec
from ae_core.ui.measured import pca

SHOWN = 40  # images of a set that the gallery can show


@dataclass(frozen=True)
class Subject:
    """A trained network, known by its run and its step. It travels to where it is measured."""

    id: str
    step: int
    spec: Spec
    weights: Weights = field(compare=False, repr=False)

    @property
    def known_by(self) -> tuple[str, int, Spec]:
        """What tells it from all others, without its weights."""
        return self.id, self.step, self.spec

    @property
    def model(self) -> Autoencoder:
        """The network, not to be changed: it is made once."""
        return _network(self)


@dataclass(frozen=True, eq=False)
class Answer:
    """What the network makes of images: codes (n, code size), outputs (n, 784) in [0, 1], and errors (n,)."""

    images: Images
    codes: NDArray[np.float32]
    outputs: NDArray[np.float32]
    errors: NDArray[np.float64]


def subject_of(run: Run) -> Subject | None:
    """The network of a run that has ended, or None while it learns."""
    newest = run.newest
    if run.live or newest is None or newest.weights is None:
        return None
    return Subject(run.id, newest.step, run.spec, newest.weights)


@functools.lru_cache(maxsize=4)
def _network(subject: Subject) -> Autoencoder:
    return Autoencoder.from_weights(subject.spec, subject.weights).requires_grad_(False)


@torch.no_grad()
def answer(model: Autoencoder, images: Images) -> Answer:
    """What the network makes of a few images: small enough for the page's own thread."""
    codes = model.encode(to_pixels(images))
    return Answer(images, codes.numpy(), model.decode(codes).numpy(), errors(model, images))


@functools.lru_cache(maxsize=8)
def whole_study(subject: Subject) -> Study:
    """All sets, measured with a network and its baselines."""
    return study(scorer(subject), image_sets(subject.spec.data))


def scorer(subject: Subject) -> Scorer:
    """What scores images as the subject's network and its PCA see them."""
    spec = subject.spec
    training = load(spec.data).train[: spec.images]
    return Scorer.of(subject.model, pca(spec.images, spec.data), spec.code_size, training)


@functools.lru_cache(maxsize=4)
def nearest_training(data: str, count: int) -> dict[str, Images]:
    """For every set the training images nearest to its first ones: uint8 (at most 40, 784)."""
    training = load(data).train[:count]
    sets = image_sets(data)
    places = nearest(np.concatenate([images.images[:SHOWN] for images in sets]), training)
    ends = np.cumsum([min(SHOWN, len(images.images)) for images in sets])[:-1]
    return {images.name: training[part] for images, part in zip(sets, np.split(places, ends), strict=True)}


def study_with_nearest(subject: Subject) -> tuple[Study, dict[str, Images]]:
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
        {name: load(name).test for name in DATASETS},
        subjects[0].spec.code_size,
    )


def codecs() -> dict[str, dict[str, float]]:
    """Mean bytes of one test image: codec -> data set -> bytes. Exact ones: nothing is lost."""
    return {
        "gzip": {name: gzip_bytes(load(name).test) for name in DATASETS},
        "PNG": {name: png_bytes(load(name).test) for name in DATASETS},
    }
