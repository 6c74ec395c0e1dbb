"""The bundled images, as uint8, one loader each."""

import functools
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Images = NDArray[np.uint8]

DATA = Path(__file__).parent / "data"


class DataError(RuntimeError):
    """A bundled data file is missing or damaged; the message says which one and what to do."""


@dataclass(frozen=True)
class Dataset:
    """Images and labels, split for training and testing; labels are for display and scores only.

    train, test : uint8 arrays of shape (n, 784), 0 is the black background, 255 full ink
    train_labels, test_labels : uint8 arrays of shape (n,)
    """

    train: Images
    train_labels: Images
    test: Images
    test_labels: Images


@functools.cache
def mnist() -> Dataset:
    """The MNIST handwritten digits: 60,000 for training, 10,000 for testing.

    Source: Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits".
    """
    parts = read_arrays(DATA / "mnist.npz", {
        "x_train": (60_000, 28, 28), "y_train": (60_000,), "x_test": (10_000, 28, 28), "y_test": (10_000,),
    })
    return Dataset(
        train=parts["x_train"].reshape(-1, 784),
        train_labels=parts["y_train"],
        test=parts["x_test"].reshape(-1, 784),
        test_labels=parts["y_test"],
    )


def read_arrays(path: Path, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Images]:
    """The uint8 arrays of an .npz file, checked against the shapes that they must have."""
    try:
        with path.open("rb") as content, np.load(content, allow_pickle=False) as file:
            arrays = {name: file[name] for name in shapes}
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(f"The data file {path.name} is missing or damaged: please install the app anew.") from error
    for name, shape in shapes.items():
        if arrays[name].shape != shape or arrays[name].dtype != np.uint8:
            raise DataError(f"The data file {path.name} holds other images than expected: please install the app anew.")
    return arrays
