"""The training image that looks most like an image."""

import numpy as np
import torch
from numpy.typing import NDArray

from ae_core.autoencoder.model import to_pixels
from ae_core.data.datasets import Images

BATCH = 4000  # training images


def nearest(images: Images, training: Images) -> NDArray[np.int64]:
    """For each image (n, 784) the place of the training image (m, 784) with the smallest squared difference."""
    wanted = to_pixels(images)
    best = torch.full((len(images),), torch.inf)
    place = torch.zeros(len(images), dtype=torch.int64)
    for start in range(0, len(training), BATCH):
        known = to_pixels(training[start : start + BATCH])
        distance = known.square().sum(dim=1) - 2 * wanted @ known.T  # and the image's own square, alike for all
        least, where = distance.min(dim=1)
        nearer = least < best
        best[nearer], place[nearer] = least[nearer], where[nearer] + start
    return place.numpy()
