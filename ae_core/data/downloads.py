"""Further data sets, downloaded by torchvision when somebody asks for them; nothing needs them."""

import functools
import urllib.error
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ae_core.data.datasets import DataError, Images

KEPT = 2_000  # images of each


@dataclass(frozen=True)
class Extra:
    """A data set that is not bundled: what it shows, the megabytes of its download, and which part of it is taken."""

    title: str
    megabytes: int
    part: Mapping[str, Any]


EXTRAS = {
    "KMNIST": Extra("KMNIST: handwritten hiragana", 21, {"train": False}),
    # Its test set is the one that is bundled, and networks here train on it: the other part they have never seen.
    "FashionMNIST": Extra("Fashion-MNIST: clothes of its training set", 31, {"train": True}),
    "EMNIST": Extra("EMNIST: handwritten letters", 562, {"train": False, "split": "letters"}),
}


def folder(parent: Path, name: str) -> Path:
    """Where a data set is kept."""
    return parent / name


def megabytes_here(parent: Path, name: str) -> float:
    """How much of a data set has arrived."""
    files = [path for path in folder(parent, name).rglob("*") if path.is_file()]
    return sum(path.stat().st_size for path in files) / 1e6


@functools.lru_cache(maxsize=len(EXTRAS))
def fetch(parent: Path, name: str) -> Images:
    """Images of a data set that no network here trains on, uint8 (2000, 784), downloaded where they are not here yet.

    Raises `DataError` with one sentence when there is no network or the download is damaged.
    """
    from torchvision import datasets

    try:
        found = getattr(datasets, name)(str(folder(parent, name)), download=True, **EXTRAS[name].part)
    except (OSError, RuntimeError, urllib.error.URLError) as error:
        raise DataError(
            f"{EXTRAS[name].title} could not be downloaded: the network or its server does not answer, or the disk "
            "here is full. Everything else on this page works without it."
        ) from error
    images = np.ascontiguousarray(found.data.numpy()[:KEPT])
    if name == "EMNIST":  # its files hold every image mirrored at the diagonal
        images = np.ascontiguousarray(images.transpose(0, 2, 1))
    return images.reshape(-1, 784)
