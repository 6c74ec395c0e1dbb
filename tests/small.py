"""Runs so small that a test can wait for them."""

from dataclasses import replace

import numpy as np

from ae_core.data.datasets import DataError, Dataset
from ae_core.spec import Spec

SMALL = Spec(code_size=2, width=16, train_images=64, batch_size=16, epochs=2)
DIVERGING = SMALL.replace(optimizer="sgd", learning_rate=10.0, loss="mse", output="linear", epochs=50)
ENDLESS = SMALL.replace(train_images=1024, epochs=1000)  # 64,000 steps: nobody waits for its end


def images(count: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (count, 784), dtype=np.uint8)


def small_data(name: str = "mnist") -> Dataset:
    labels = np.zeros(1024, np.uint8)
    return Dataset(train=images(1024), train_labels=labels, test=images(64), test_labels=labels[:64])


def cut_images(name: str) -> Dataset:
    """Images of a wrong size: training with them raises."""
    data = small_data()
    return replace(data, train=data.train[:, :100])


def treacherous_data(name: str) -> Dataset:
    """Images of which one set is damaged and one of a wrong size."""
    if name == "landscapes":
        raise DataError("The landscapes are damaged.")
    return cut_images(name) if name == "fashion" else small_data(name)
