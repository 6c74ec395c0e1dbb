"""How near a network is to a mere copy: how much it gives back of images in which there is nothing to learn."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ae_core.autoencoder.model import Autoencoder, to_pixels
from ae_core.data.datasets import Images, load
from ae_core.data.registry import DATA_SETS

Shares = NDArray[np.float64]

EACH = 500  # images of each kind
SEED = 7  # of the noise and of the shuffling: the same strangers for everybody
WITHOUT_ORDER = ("noise", "shuffled")  # kinds of images in which there is nothing to learn
COPIES = 0.5  # identity score from which a network is said to copy
INKED = 0.01  # share of the training images in which a pixel has to hold ink

TITLES = {
    "noise": "Uniform noise", "shuffled": "Shuffled pixels", **{name: data.title for name, data in DATA_SETS.items()},
}


def copied_share(outputs: Tensor, images: Tensor, mean: Tensor) -> Shares:
    """How much of each image comes back: 1 for a copy, 0 for an answer that has nothing to do with it; (n,).

    An image is what sets it apart from the mean training image: d = x - m; the answer likewise: a = y - m.
    The share is 1 - min ||g a - d||^2 / ||d||^2 over contrasts g >= 0: what is left of the image's squared
    error when only the contrast of the answer may be mended. That is the squared cosine between a and d,
    0 where they point apart.

    outputs, images : pixels (n, k); mean : (k,)
    """
    answer, image = (outputs - mean).double(), (images - mean).double()
    lengths = (answer.norm(dim=1) * image.norm(dim=1)).clamp_min(1e-12)
    cosine = (answer * image).sum(dim=1).div(lengths).clamp(0, 1)
    share: Shares = cosine.square().numpy()
    return share


def inked_pixels(training: Images) -> NDArray[np.bool_]:
    """Pixels (784,) that hold ink in at least 1 % of the training images (n, 784).

    To the others no weight ever learns anything: what a network does with ink there is chance.
    """
    often: NDArray[np.bool_] = (training > 0).mean(axis=0) >= INKED
    return often


@functools.cache
def out_of_distribution_images(data: str) -> Mapping[str, Images]:
    """Images that a network trained on the named data should not be able to rebuild: kind -> uint8 (500, 784).

    Noise, test images of the other data sets, and the network's own test images with the pixels of
    each shuffled: as much ink, in no order.
    """
    random = np.random.default_rng(SEED)
    others = {name: load(name).test[:EACH] for name in reversed(DATA_SETS) if name != data}
    return {
        "noise": random.integers(0, 256, (EACH, 784), np.uint8),
        **others,
        "shuffled": random.permuted(load(data).test[:EACH], axis=1),
    }


@dataclass(frozen=True, eq=False)
class Window:
    """What a network trained on some images can be asked about.

    inked : pixels (784,) that it has learned anything about; mean : the mean training image (784,)
    """

    inked: Tensor
    mean: Tensor

    @classmethod
    def of(cls, training: Images) -> "Window":
        """The window of training images (n, 784)."""
        mean = training.mean(axis=0, dtype=np.float64) / 255
        return cls(torch.from_numpy(inked_pixels(training)), torch.from_numpy(mean).float())

    def through(self, images: Images) -> Tensor:
        """Pixels (n, 784) of images, black outside of the window."""
        return to_pixels(images) * self.inked

    @torch.no_grad()
    def copied(self, model: Autoencoder, images: Images) -> float:
        """The mean `copied_share` of images (n, 784), counted inside the window."""
        pixels = self.through(images)
        inside = self.inked
        return float(copied_share(model(pixels)[:, inside], pixels[:, inside], self.mean[inside]).mean())


def identity_score(shares: Mapping[str, float]) -> float:
    """How near to a mere copy: the mean share of noise and of shuffled pixels that comes back; 0 to 1.

    What comes back of other data sets does not count: they have strokes and edges as well, and a code that holds
    them may be a general one, no copy.
    """
    return float(np.mean([shares[kind] for kind in WITHOUT_ORDER]))


def copying(score: float) -> str:
    """Whether a network with this identity score copies: the same words on all pages."""
    verb = "copies" if score >= COPIES else "does not copy"
    return f"{verb}: {score:.0%} of noise and of shuffled pixels comes back"
