"""Which directions a linear network has found."""

import numpy as np
from numpy.typing import NDArray

from ae_core.autoencoder.model import Autoencoder


def directions(model: Autoencoder) -> NDArray[np.float64]:
    """The directions that a network without hidden layers can answer with: the columns (784, code size) of its decoder.

    Raises `ValueError` for a network with hidden layers, whose answers lie on no plane.
    """
    if len(model.decoder) != 1:
        raise ValueError("Only a network of depth 0 answers with a plane.")
    columns: NDArray[np.float64] = model.decoder[0].weight.detach().double().numpy()  # type: ignore[operator]
    return columns


def principal_angles(first: NDArray[np.floating], second: NDArray[np.floating]) -> NDArray[np.float64]:
    """Angles in degrees between the spaces that the columns (d, k) of two matrices span, the smallest first.

    All 0: the same space, however its axes are turned. Any 90: a direction of the one has no counterpart.
    By SciPy, after A. Knyazev and M. Argentati, "Principal angles between subspaces", 2002.
    """
    from scipy.linalg import subspace_angles

    angles: NDArray[np.float64] = np.rad2deg(subspace_angles(first, second))[::-1]
    return angles
