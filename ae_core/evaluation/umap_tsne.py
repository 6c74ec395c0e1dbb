"""UMAP and t-SNE of test digits: maps without a decoder, computed once and stored beside the images.

The app only reads them. To compute them anew: `pip install .[layouts]`, then `python -m ae_core layouts`.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ae_core.data.datasets import DATA, mnist, stored_arrays
from ae_core.io import npz
from ae_core.io.npz import Header

Layout = NDArray[np.float32]

DIGITS = 5_000
EVERY = 2  # of the test digits: the first half of them is easier, so a plain slice would flatter
LEVELS = 2**15 - 1  # positions are stored as int16
FILE = DATA / "layouts.npz"
NAMES = ("UMAP", "t-SNE")


def layout_digits() -> slice:
    """Which test digits the layouts place: every second one, 5,000."""
    return slice(None, None, EVERY)


def read_layouts(path: Path = FILE) -> dict[str, Layout]:
    """The stored layouts by name, each (5000, 2) in [-1, 1]. Raises `DataError` when the file is damaged."""
    stored = stored_arrays(path, {name: Header((DIGITS, 2), np.dtype(np.int16)) for name in NAMES})
    return {name: np.divide(positions, LEVELS, dtype=np.float32) for name, positions in stored.items()}


def stored_form(positions: NDArray[Any]) -> NDArray[np.int16]:
    """Positions (n, 2), centred and scaled alike on both axes so that the farthest is at 1, as int16."""
    centred = positions - (positions.min(axis=0) + positions.max(axis=0)) / 2
    return np.asarray(np.rint(centred / np.abs(centred).max() * LEVELS), np.int16)


def compute_layouts(pixels: NDArray[np.float32]) -> dict[str, NDArray[np.int16]]:
    """UMAP and t-SNE of pixels (n, 784) in [0, 1], both with their usual settings and seed 0."""
    import umap
    from sklearn.manifold import TSNE

    return {
        "UMAP": stored_form(umap.UMAP(random_state=0, n_jobs=1).fit_transform(pixels)),
        "t-SNE": stored_form(TSNE(random_state=0).fit_transform(pixels)),
    }


def store_layouts(path: Path = FILE) -> None:
    """Compute the layouts anew and store them: two minutes. Needs umap-learn. Raises `FileError`."""
    layouts = compute_layouts(np.divide(mnist().test[layout_digits()], 255, dtype=np.float32))
    npz.write(path, layouts)
