"""Trained networks in a file: the Spec as JSON text and every weight under its name, in NumPy's .npz format."""

import dataclasses
import json
from pathlib import Path

import numpy as np

from ae_core.autoencoder.model import Autoencoder
from ae_core.io import npz
from ae_core.io.files import FileError
from ae_core.io.npz import NpzError
from ae_core.spec import Spec, SpecError

SPEC = "spec"  # the array that holds the Spec; all others hold weights
MOST_SPEC = 2_000  # characters of its JSON text


class WeightsError(FileError):
    """A file of weights cannot be used; the message is one sentence that says why."""


def save(path: Path, spec: Spec, model: Autoencoder) -> None:
    """Write a network and its Spec into a file, completely or not at all. Raises `FileError`."""
    arrays = {name: weight.detach().float().numpy() for name, weight in model.named_parameters()}
    npz.write(path, {SPEC: np.array(json.dumps(dataclasses.asdict(spec)))} | arrays)


def load(path: Path) -> tuple[Spec, Autoencoder]:
    """The Spec and the network of a file that `save` wrote. Raises `WeightsError`, and `FileError` where it is none."""
    try:
        with npz.opened(path) as arrays:
            spec = _spec(path, arrays.text(SPEC, MOST_SPEC))
            model = Autoencoder.from_spec(spec)
            shapes = {name: tuple(weight.shape) for name, weight in model.named_parameters()}
            stored = {name: header for name, header in arrays.headers.items() if name != SPEC}
            if {name: header.shape for name, header in stored.items()} != shapes:
                raise WeightsError(f"{path} holds weights of another shape than its experiment {spec.describe()}.")
            float32 = all(header.dtype == np.float32 for header in stored.values())
            weights = [arrays.read(name, stored[name]) for name in shapes if float32]
    except NpzError as error:
        raise _foreign(path) from error
    if not float32 or not all(np.isfinite(weight).all() for weight in weights):
        raise WeightsError(f"{path} holds weights that are not finite float32 numbers.")
    model.load_weights(weights)
    return spec, model


def _spec(path: Path, text: str) -> Spec:
    try:
        return Spec(**json.loads(text))
    except SpecError as error:
        raise WeightsError(f"{path} holds an impossible experiment: {error}") from error
    except (ValueError, TypeError, RecursionError) as error:  # no JSON, no object, other fields
        raise _foreign(path) from error


def _foreign(path: Path) -> WeightsError:
    return WeightsError(f"{path} is damaged, or no file of weights that this program wrote.")
