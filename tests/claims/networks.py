"""Hard networks: settings for which a sentence that was written for the default network may be false."""

import contextlib
import functools
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from ae_core.autoencoder.model import Autoencoder
from ae_core.data.datasets import Dataset, load
from ae_core.spec import RULES, Spec
from ae_core.training.loop import Diverged, train

TESTED = 200  # test images
STOPPED = 3  # snapshots before the visitor stops the run named "stopped"
BASE = Spec(train_images=512, batch_size=64, width=64, epochs=2)
LINEAR = BASE.replace(depth=0, loss="mse", output="linear")
COPIER = LINEAR.replace(code_size=784)
BLIND = {"copier": [], "copier but for a pixel": [406]}  # the places that copiers leave black; training takes minutes

HARD: dict[str, Spec] = {
    "default": BASE,
    "well trained": BASE.replace(train_images=4096, width=256, epochs=4, code_size=8),
    **{f"code {size}": BASE.replace(code_size=size) for size in (1, 2, 128, 512, 784)},
    **{f"depth {depth}": BASE.replace(depth=depth) for depth in (0, 4)},
    "narrow hidden layers": BASE.replace(depth=4, code_size=128),
    "linear": LINEAR,
    "linear, code 784": LINEAR.replace(code_size=784),
    "tied": BASE.replace(decoder="tied"),
    **dict.fromkeys(BLIND, COPIER),
    "64 images": BASE.replace(train_images=64, epochs=20),
    "weight decay 10": BASE.replace(weight_decay=10.0),
    "learning rate 10": BASE.replace(learning_rate=10.0),
    "sparse": BASE.replace(sparsity=1.0),
    **{f"{kind} noise 1.0": BASE.replace(noise=1.0, noise_kind=kind) for kind in RULES["noise_kind"].choices},
    "fashion": BASE.replace(data="fashion"),
    "landscapes": BASE.replace(data="landscapes"),
    "failed": LINEAR.replace(optimizer="sgd", learning_rate=10.0, epochs=20),
    "stopped": BASE.replace(epochs=10),
    **{f"seed {seed}": BASE.replace(seed=seed) for seed in (1, 2, 3)},
}


@dataclass(frozen=True, eq=False)
class Trained:
    """A hard network, the data that it learned from, and 200 test images of the same kind."""

    spec: Spec
    model: Autoencoder
    data: Dataset


@functools.cache
def few(name: str, training: int) -> Dataset:
    """The first training and test images of a data set."""
    whole = load(name)
    return replace(
        whole, train=whole.train[:training], train_labels=whole.train_labels[:training],
        test=whole.test[:TESTED], test_labels=whole.test_labels[:TESTED],
    )


@functools.cache
def trained(name: str) -> Trained:
    """The network of a name in `HARD`, trained in about a tenth of a second; one that fails, as it last was."""
    spec, weights = HARD[name], None
    data = few(spec.data, spec.images)
    if name in BLIND:
        return Trained(spec, copier(spec, BLIND[name]), data)
    with contextlib.suppress(Diverged):
        for snapshot in islice(train(spec, data), STOPPED if name == "stopped" else None):
            weights = weights if snapshot.weights is None else snapshot.weights
    assert weights is not None
    return Trained(spec, Autoencoder.from_weights(spec, weights).requires_grad_(False), data)


def copier(spec: Spec, blind: list[int]) -> Autoencoder:
    """A linear network that gives back all pixels but for some, which it leaves black."""
    back, none = np.eye(784, dtype=np.float32), np.zeros(784, np.float32)
    back[blind, blind] = 0
    return Autoencoder.from_weights(spec, (np.eye(784, dtype=np.float32), none, back, none)).requires_grad_(False)
