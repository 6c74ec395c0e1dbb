"""All sets measured with all scores: what the page's table and ridges show."""

from dataclasses import dataclass

import numpy as np

from ae_core.autoencoder.model import Autoencoder
from ae_core.data.datasets import Images
from ae_core.evaluation.baselines import PrincipalComponents
from ae_core.evaluation.latent_space import encode_images
from ae_core.evaluation.out_of_distribution.image_sets import ImageSet
from ae_core.evaluation.out_of_distribution.scores import (
    Gaussian,
    Scores,
    auroc,
    brightness_distance,
    errors,
    mean_image_distance,
    pca_errors,
)
from ae_core.formatting import loss_text, three_digits

CODED = 10_000  # training images behind the distribution of codes

SCORES = {
    "error": "Error",
    "code": "Code distance",
    "pca": "PCA residual",
    "mean image": "Distance to mean image",
    "brightness": "Mean pixel value",
}


def inside(title: str) -> str:
    """A title as it stands inside a sentence: digits, but Fashion-MNIST and PCA residual."""
    named = any(letter.isupper() for letter in title.partition(" ")[0][1:])
    return title if named else title[:1].lower() + title[1:]


@dataclass(frozen=True, eq=False)
class Measured:
    """One set and the scores of its images, by name (see SCORES), each (n,)."""

    title: str
    name: str
    scores: dict[str, Scores]
    auroc: dict[str, float]  # of each score against home; empty for home itself

    @property
    def errors(self) -> Scores:
        return self.scores["error"]


@dataclass(frozen=True, eq=False)
class Scorer:
    """A network, its PCA of the same size and its training images, ready to score."""

    model: Autoencoder
    fitted: PrincipalComponents
    size: int
    gaussian: Gaussian

    @classmethod
    def of(cls, model: Autoencoder, fitted: PrincipalComponents, size: int, training: Images) -> "Scorer":
        """Knows how the codes of the training images (n, 784) are spread."""
        return cls(model, fitted, size, Gaussian.of(encode_images(model, training[:CODED])))

    def scores(self, images: Images) -> dict[str, Scores]:
        """All scores of images (n, 784), by name."""
        mean = self.fitted.mean.double().numpy()
        return {
            "error": errors(self.model, images),
            "code": self.gaussian.distance(encode_images(self.model, images)),
            "pca": pca_errors(self.fitted, images, self.size),
            "mean image": mean_image_distance(images, mean),
            "brightness": brightness_distance(images, mean),
        }

    def against(self, home: dict[str, Scores], strangers: ImageSet) -> Measured:
        """A set of strangers, with the AUROC of every score against home."""
        scores = self.scores(strangers.images)
        return Measured(
            strangers.title, strangers.name, scores, {name: auroc(home[name], scores[name]) for name in SCORES}
        )


@dataclass(frozen=True, eq=False)
class OodStudy:
    """Home and all strangers, measured.

    limit : the error that 95 % of other home images stay below, where the domain ends: what is told of home and of
        this limit is measured on images that had no part in it
    """

    home: Measured
    strangers: tuple[Measured, ...]
    limit: float

    @property
    def has_home(self) -> bool:
        """Whether home errs less than it would with the mean image as the only answer: else all is strange alike."""
        return bool(self.home.errors.mean() < self.home.scores["mean image"].mean())

    def of(self, name: str) -> Measured:
        """The strangers of a name."""
        return next(measured for measured in self.strangers if measured.name == name)

    def beside_home(self, found: Measured) -> str:
        """The mean error of a set in words: with that of home as its unit, where there is a home."""
        error, at_home = found.errors.mean(), self.home.errors.mean()
        if self.has_home and at_home > 0:
            return f"{three_digits(error / at_home)} times that of {inside(self.home.title)}"
        return f"{loss_text(error)}, and {loss_text(at_home)} for {inside(self.home.title)}"


def ood_study(scorer: Scorer, sets: tuple[ImageSet, ...]) -> OodStudy:
    """Measure all sets; the first one is home. Every second of its images sets the limit, the others are measured."""
    home = scorer.scores(sets[0].images[1::2])
    return OodStudy(
        Measured(sets[0].title, sets[0].name, home, {}),
        tuple(scorer.against(home, strangers) for strangers in sets[1:]),
        float(np.percentile(errors(scorer.model, sets[0].images[::2]), 95)),
    )
