"""Which networks are trained beside each other: the sweeps, the regularisers, the examples."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ae_core.data.registry import DATA_SETS
from ae_core.spec import Spec

CODES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
DEPTHS, WIDTHS = (0, 1, 2, 3), (32, 128, 512)
AMOUNTS = (64, 256, 1024, 4096, 55_000)  # of 60,000: the last ones choose where to stop
IMAGES_EACH = 180_000  # training images that a network of a sweep sees, at most: three epochs of the digits

BIG = Spec(depth=3, width=1024, code_size=256, activation="silu")
BIG_EPOCHS = {64: 60, 256: 50, 1024: 40, 4096: 6}  # some 50 steps each, 80 for 1,024; with 55,000 one epoch is more
OVERFITTED = Spec(depth=2, width=512, code_size=256, activation="silu", train_images=1024, epochs=60)
LINEAR = Spec(depth=0, loss="mse", output="linear")
PCA_LIKE = LINEAR.replace(optimizer="adam", batch_size=256, epochs=5)
BENT = Spec(depth=2, width=256, loss="mse", activation="silu", epochs=3)
LINEAR_CODES = (2, 8, 16, 32)


def plain(spec: Spec) -> Spec:
    """The visitor's network without noise, trained as long as she trains it, within the bounds of a sweep."""
    epochs = min(spec.epochs, max(1, IMAGES_EACH // spec.images))
    return spec.replace(noise=0.0, epochs=epochs)


def code_sweep(spec: Spec) -> tuple[Spec, ...]:
    """The network with ten sizes of its code."""
    return tuple(plain(spec).replace(code_size=size) for size in CODES)


def linear_sweep(spec: Spec) -> tuple[Spec, ...]:
    """The ten sizes without hidden layers, with squared error and a linear output."""
    base = LINEAR.replace(data=spec.data, seed=spec.seed, epochs=max(1, IMAGES_EACH // DATA_SETS[spec.data].train))
    return tuple(base.replace(code_size=size) for size in CODES)


def shape_sweep(spec: Spec) -> tuple[Spec, ...]:
    """The network with its code, in all depths and widths; without hidden layers there is but one."""
    base = plain(spec)
    return tuple(
        base.replace(depth=depth, width=width) for depth in DEPTHS for width in (WIDTHS if depth else (base.width,))
    )


def amount_sweep(seed: int) -> tuple[Spec, ...]:
    """A big network on 64 to 55,000 training digits."""
    return tuple(
        BIG.replace(train_images=amount, epochs=BIG_EPOCHS.get(amount, 1), seed=seed) for amount in AMOUNTS
    )


def meeting_pca(seed: int) -> tuple[Spec, ...]:
    """Linear networks and bent ones (with hidden layers), with codes of the same sizes."""
    return tuple(base.replace(code_size=size, seed=seed) for base in (PCA_LIKE, BENT) for size in LINEAR_CODES)


@dataclass(frozen=True)
class Regulariser:
    """Something that may keep a network from copying or learning by heart, as a change of its Spec."""

    name: str
    words: str
    changes: Mapping[str, Any]


REGULARISERS = (
    Regulariser("A small code", "16 numbers, not 256", {"code_size": 16}),
    Regulariser("Noise", "Gaussian 0.2: a copy is wrong", {"noise": 0.2}),
    Regulariser("Weight decay", "large weights shrink", {"weight_decay": 2.0}),
    Regulariser("Sparse code", "L1: every number of a code costs", {"sparsity": 0.1}),
    Regulariser("Fewer parameters", "width 64, not 512", {"width": 64}),
    Regulariser("Tied weights", "the decoder is the encoder, transposed", {"decoder": "tied"}),
    Regulariser("More data", "60,000 digits, once", {"train_images": 60_000, "epochs": 1}),
)
EARLY = "Early stopping"
SEEDS = 4  # of the patient, each treated alike: one alone would not tell what a remedy does from what a seed does


def patients(seed: int) -> tuple[Spec, ...]:
    """The overfitted network with this seed and the next ones."""
    return tuple(OVERFITTED.replace(seed=(seed + number) % 2**31) for number in range(SEEDS))


def early_stopped(patient: Spec, epoch: float) -> Spec:
    """A new training, its schedule planned to end in the epoch where the patient's held-out error was lowest."""
    return patient.replace(epochs=min(patient.epochs, max(1, round(epoch))))
