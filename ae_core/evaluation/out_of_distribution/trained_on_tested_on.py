"""Trained on x tested on: a network answers for its own data only, a codec for any."""

import gzip
import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from PIL import Image

from ae_core.autoencoder.model import Autoencoder
from ae_core.data.datasets import Images
from ae_core.evaluation.baselines import PrincipalComponents
from ae_core.evaluation.out_of_distribution.scores import errors, pca_errors

CODED_IMAGES = 500  # of each set: the mean is known to a per cent with these


@dataclass(frozen=True)
class Cell:
    """A network that was trained on one set, tested on one set.

    error : squared error, mean over pixels and images
    pca : the same of PCA of the same size, fitted on training images of the tested set
    """

    error: float
    pca: float

    @property
    def ratio(self) -> float:
        """The error with that of PCA as its unit: one unit for all networks that are tested on the same set."""
        return self.error / self.pca


def trained_and_tested(
    models: Mapping[str, Autoencoder], fitted: Mapping[str, PrincipalComponents], tests: Mapping[str, Images], size: int
) -> dict[tuple[str, str], Cell]:
    """All pairs (trained on, tested on) of networks and test images (n, 784), PCA with `size` numbers."""
    pca = {name: float(pca_errors(fitted[name], images, size).mean()) for name, images in tests.items()}
    return {
        (trained, tested): Cell(float(errors(model, images).mean()), pca[tested])
        for trained, model in models.items()
        for tested, images in tests.items()
    }


def gzip_bytes(images: Images) -> float:
    """Mean size in bytes of images (n, 784) in gzip, each alone. Exact."""
    return float(np.mean([len(gzip.compress(image.tobytes(), 9, mtime=0)) for image in images[:CODED_IMAGES]]))


def png_bytes(images: Images) -> float:
    """Mean size in bytes of images (n, 784) as PNG files. Exact."""
    return float(np.mean([_png_size(image) for image in images[:CODED_IMAGES]]))


def _png_size(image: Images) -> int:
    file = io.BytesIO()
    Image.fromarray(image.reshape(28, 28)).save(file, "PNG", optimize=True)
    return file.tell()
