"""The whole experiment in one value.

A `Spec` says everything about a training run: same Spec, same result. Its fields carry their own
label, bounds and explanation, and that one table feeds the sidebar, the command line, the
validation and the query string of a link.
"""

import dataclasses
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qsl, urlencode

from ae_core.data.registry import DATA_SETS
from ae_core.nn.activations import ACTIVATIONS
from ae_core.nn.losses import LOSSES
from ae_core.nn.noise import NOISES
from ae_core.nn.optimizers import OPTIMIZERS

PIXELS = 28 * 28
MOST_IMAGES = max(data.train for data in DATA_SETS.values())
IMAGE_BUDGET = 3_000_000  # epochs x training images: nobody occupies a shared machine
_FOR_LINEAR = " or ".join(name for name, loss in LOSSES.items() if "linear" in loss.gradients)


class SpecError(ValueError):
    """A field of a Spec is impossible; the message names the field, the value and the bounds."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What one field of a Spec may hold, and how to talk about it."""

    label: str
    help: str
    low: float = -math.inf
    high: float = math.inf
    choices: tuple[str, ...] = ()
    offered: tuple[Any, ...] = ()  # the values that the sidebar offers, where not all of them

    def bounds(self) -> str:
        """The allowed values in words, as an error message says them."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        return f"from {self.low:,.10g} to {self.high:,.10g}"


def _field(default: Any, label: str, help: str, **rule: Any) -> Any:
    return dataclasses.field(default=default, metadata={"rule": Rule(label=label, help=help, **rule)})


@dataclass(frozen=True, kw_only=True)
class Spec:
    """One experiment: a network, its loss, its noise and its training.

    Every field is checked on construction; `SpecError` tells what is wrong.

    >>> Spec(code_size=2, depth=3, width=256).layer_sizes
    (784, 256, 128, 64, 2, 64, 128, 256, 784)
    """

    code_size: int = _field(
        32, "Code size", "Numbers in the code: the width of the bottleneck that every image has to pass.",
        low=1, high=PIXELS, offered=(1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 256, 512, 784),
    )
    depth: int = _field(
        1, "Depth", "Hidden layers on each side of the code. With 0 the encoder is one linear map.",
        low=0, high=4,
    )
    width: int = _field(
        128, "Width", "Nodes in the first hidden layer; each deeper layer has half as many, never fewer than 8.",
        low=16, high=1024, offered=(16, 32, 64, 128, 256, 512, 1024),
    )
    loss: str = _field(
        "bce", "Loss", "; ".join(f"{name} is {loss.name}, for {loss.fits}" for name, loss in LOSSES.items()) + ".",
        choices=tuple(LOSSES),
    )
    noise: float = _field(
        0.0, "Noise", "How strongly the input is corrupted in training. The target stays the clean image.",
        low=0.0, high=1.0,
    )
    noise_kind: str = _field(
        "gaussian", "Noise kind",
        "The level is, with " + "; with ".join(f"{name}, {noise.level}" for name, noise in NOISES.items())
        + ". Drawn afresh for every batch.",
        choices=tuple(NOISES),
    )
    epochs: int = _field(
        1, "Epochs", "How often training goes through all training images.",
        low=1, high=1000, offered=tuple(range(1, 31)),
    )
    activation: str = _field(
        "relu", "Activation", "The nonlinearity of the hidden layers. The code layer has none.",
        choices=tuple(ACTIVATIONS),
    )
    output: str = _field(
        "sigmoid", "Output", f"sigmoid keeps the output in [0, 1]; linear goes with {_FOR_LINEAR} only.",
        choices=("sigmoid", "linear"),
    )
    batch_size: int = _field(
        512, "Batch size", "Images in each step of training.",
        low=16, high=4096, offered=(32, 64, 128, 256, 512, 1024, 2048),
    )
    learning_rate: float = _field(
        0.0, "Learning rate",
        "Size of a step; 0 is automatic: a good value for the optimiser. With muon it counts for weights only: biases "
        "move by Adam at 0.003.",
        low=0.0, high=10.0,
    )
    optimizer: str = _field(
        "muon", "Optimiser", "; ".join(f"{name} {optimizer.does}" for name, optimizer in OPTIMIZERS.items()) + ".",
        choices=tuple(OPTIMIZERS),
    )
    weight_decay: float = _field(
        0.0, "Weight decay",
        "Share of every weight that is taken off at each step, times the learning rate. Biases keep theirs.",
        low=0.0, high=10.0,
    )
    sparsity: float = _field(
        0.0, "Sparsity",
        "Price of the code: its absolute values (L1) times this are added to the loss, summed over the 784 pixels.",
        low=0.0, high=10.0,
    )
    decoder: str = _field(
        "free", "Decoder", "free learns weights of its own; tied uses the encoder's, transposed: half the weights.",
        choices=("free", "tied"),
    )
    train_images: int = _field(
        MOST_IMAGES, "Training images",
        "How many training images are used, all where there are fewer: "
        + ", ".join(f"{name} has {data.train:,}" for name, data in DATA_SETS.items()) + ".",
        low=64, high=MOST_IMAGES, offered=(64, 256, 1024, 4096, 16384, MOST_IMAGES),
    )
    data: str = _field(
        "mnist", "Trained on",
        "; ".join(f"{name} is {data.contents}" for name, data in DATA_SETS.items()) + ".",
        choices=tuple(DATA_SETS),
    )
    seed: int = _field(
        0, "Seed",
        "Where the random numbers start. Same settings and seed, same result: on the same kind of processor, since "
        "each kind computes in the number type that is its fastest.",
        low=0, high=2**31 - 1,
    )

    def __post_init__(self) -> None:
        for name in RULES:
            object.__setattr__(self, name, checked(name, getattr(self, name)))
        fields = vars(self)
        for conflict in CONFLICTS:
            if conflict.found(fields):
                raise SpecError(conflict.message(fields))

    @property
    def hidden_sizes(self) -> tuple[int, ...]:
        """Sizes of the encoder's hidden layers, from the input to the code."""
        return tuple(max(8, self.width >> layer) for layer in range(self.depth))

    @property
    def layer_sizes(self) -> tuple[int, ...]:
        """Sizes of all layers, input to output; the decoder mirrors the encoder."""
        encoder = (PIXELS, *self.hidden_sizes)
        return (*encoder, self.code_size, *reversed(encoder))

    @property
    def narrowest(self) -> int:
        """Size of the real bottleneck, which may be a hidden layer narrower than the code."""
        return min(self.layer_sizes)

    @property
    def parameters(self) -> int:
        """Number of trained weights and biases."""
        products = [a * b for a, b in pairwise(self.layer_sizes)]
        matrices = products[: len(products) // 2] if self.decoder == "tied" else products
        return sum(matrices) + sum(self.layer_sizes[1:])

    @property
    def compression(self) -> float:
        """Pixels of an image for each number of the bottleneck (784 : narrowest layer)."""
        return PIXELS / self.narrowest

    @property
    def rate(self) -> float:
        """The learning rate in use: the automatic one where the setting is 0."""
        return self.learning_rate or OPTIMIZERS[self.optimizer].rate(self.canonical.width, self.noise)

    @property
    def images(self) -> int:
        """Training images in use: as many as wanted, as far as the data set has them."""
        return _images(vars(self))

    @property
    def steps_per_epoch(self) -> int:
        """Batches in one pass over the training images; the last one may be smaller."""
        return -(-self.images // self.batch_size)

    @property
    def steps(self) -> int:
        """Steps of the whole training."""
        return self.epochs * self.steps_per_epoch

    def replace(self, **changes: Any) -> "Spec":
        """The same experiment with some fields changed."""
        return dataclasses.replace(self, **changes)

    @property
    def canonical(self) -> "Spec":
        """The same experiment, with the default in each field that has no effect in it."""
        idle = {
            "width": self.depth == 0,
            "activation": self.depth == 0,
            "noise_kind": self.noise == 0,
            "train_images": self.images == DATA_SETS[self.data].train,
            "batch_size": self.images <= min(self.batch_size, DEFAULTS["batch_size"]),  # all of them either way
        }
        return self.replace(**{name: DEFAULTS[name] for name, without in idle.items() if without})

    def describe(self) -> str:
        """The settings in one short line: the network first, then all that matters and differs from the default."""
        canonical = self.canonical
        parts = [f"code {self.code_size}", f"depth {self.depth}"]
        parts += [f"width {self.width}"] if self.depth else []
        parts += [self.loss]
        parts += [f"{self.noise_kind} noise {self.noise:g}"] if self.noise else []
        for name, rule in RULES.items():
            value = getattr(canonical, name)
            if name not in _DESCRIBED and value != DEFAULTS[name]:
                parts.append(f"{rule.label.lower()} {value:,}" if isinstance(value, int) and name != "seed"
                             else f"{rule.label.lower()} {value}")
        return " · ".join(parts)

    def to_query(self) -> dict[str, str]:
        """The fields that differ from the default, as text for a query string."""
        return {
            name: str(getattr(self, name))
            for name in RULES
            if getattr(self, name) != DEFAULTS[name]
        }

    @property
    def key(self) -> str:
        """The experiment as one line of text, the same for all Specs that train alike: the canonical query string."""
        return urlencode(self.canonical.to_query())

    @classmethod
    def from_key(cls, key: str) -> "Spec":
        """The canonical Spec whose key this is."""
        return cls.from_query(dict(parse_qsl(key)))[0]

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple["Spec", list[str]]:
        """The Spec that a link asks for, and a notice for each part of it that is impossible.

        An unknown or impossible value falls back to the default of its field. Keys that name no
        field are left alone: they belong to others. Never raises.
        """
        fields: dict[str, Any] = {}
        notices: list[str] = []
        for name in RULES:
            if name in query:
                try:
                    fields[name] = checked(name, query[name])
                except SpecError as error:
                    notices.append(str(error))
        return nearest(fields, notices)


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """Settings that are possible one by one, and do not go together.

    between : the names of these settings
    mended : the one that gives way where a link or a message has such a conflict
    found : whether a complete set of fields has it
    message : what is wrong, in one sentence
    possible : the value that `mended` gets
    reason : why a control of these settings does not offer all of its values, in a few words
    """

    between: tuple[str, ...]
    mended: str
    found: Callable[[Mapping[str, Any]], bool]
    message: Callable[[Mapping[str, Any]], str]
    possible: Callable[[Mapping[str, Any]], Any]
    reason: str


def _images(fields: Mapping[str, Any]) -> int:
    images: int = min(fields["train_images"], DATA_SETS[fields["data"]].train)
    return images


CONFLICTS = (
    Conflict(
        between=("loss", "output"),
        mended="output",
        found=lambda fields: fields["output"] not in LOSSES[fields["loss"]].gradients,
        message=lambda fields: (
            f"Output linear goes with Loss {_FOR_LINEAR} only: {LOSSES[fields['loss']].name} needs an output in [0, 1]."
        ),
        possible=lambda _: "sigmoid",
        reason=f"Output linear needs {_FOR_LINEAR}.",
    ),
    Conflict(
        between=("epochs", "train_images", "data"),
        mended="epochs",
        found=lambda fields: bool(fields["epochs"] * _images(fields) > IMAGE_BUDGET),
        message=lambda fields: (
            f"Epochs {fields['epochs']:,} x Training images {_images(fields):,} is more than {IMAGE_BUDGET:,} images: "
            f"choose at most {IMAGE_BUDGET // _images(fields):,} epochs."
        ),
        possible=lambda fields: IMAGE_BUDGET // _images(fields),
        reason=f"Epochs x training images is at most {IMAGE_BUDGET:,}.",
    ),
)


def nearest(fields: Mapping[str, Any], notices: Iterable[str] = ()) -> tuple[Spec, list[str]]:
    """A Spec of fields that are possible one by one, mended where they do not go together.

    A notice tells of each conflict, and what was taken instead.
    """
    whole, notices = {**DEFAULTS, **fields}, list(notices)
    for conflict in CONFLICTS:
        if conflict.found(whole):
            message, value = conflict.message(whole), conflict.possible(whole)
            whole[conflict.mended] = value
            shown = f"{value:,}" if isinstance(value, int) else value
            notices.append(f"{message} Now it is {RULES[conflict.mended].label} {shown}.")
    return Spec(**whole), notices


def hindrance(name: str, value: Any, fields: Mapping[str, Any]) -> str | None:
    """Why a setting cannot have this value beside the others, in a few words; None where it can.

    fields : all settings, as they are now
    """
    changed = {**fields, name: value}
    return next((c.reason for c in CONFLICTS if name in c.between and c.found(changed)), None)


def checked(name: str, value: Any) -> Any:
    """The value of a field in the field's own type (text is parsed), or a `SpecError`."""
    rule, kind = RULES[name], type(DEFAULTS[name])
    try:
        if kind is str:
            parsed: Any = value if isinstance(value, str) else None
        elif isinstance(value, bool):
            parsed = None
        elif kind is int:
            number = value if isinstance(value, int) else float(value)
            parsed = int(number) if number == int(number) else None
        else:
            parsed = kind(value)
    except (TypeError, ValueError, OverflowError):
        parsed = None
    possible = parsed in rule.choices if rule.choices else parsed is not None and rule.low <= parsed <= rule.high
    if not possible:
        shown = str(value)
        shown = shown if len(shown) <= 40 else shown[:39] + "…"
        raise SpecError(f"{rule.label} {shown!r} is impossible: choose {rule.bounds()}.")
    return parsed


RULES: dict[str, Rule] = {f.name: f.metadata["rule"] for f in dataclasses.fields(Spec)}
DEFAULTS: dict[str, Any] = {f.name: f.default for f in dataclasses.fields(Spec)}
_DESCRIBED = {"code_size", "depth", "width", "loss", "noise", "noise_kind"}
