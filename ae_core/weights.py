"""Trained networks in a file: the Spec as JSON text and every weight under its name, in NumPy's .npz format."""

import dataclasses
import json
import os
import zipfile
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ae_core.model import Autoencoder
from ae_core.spec import Spec, SpecError

SPEC = "spec"  # the array that holds the Spec; all others hold weights

# All that NumPy, zipfile and json raise over bytes that nobody meant for them.
FOREIGN = (KeyError, ValueError, TypeError, EOFError, MemoryError, RuntimeError, zipfile.BadZipFile, zlib.error)


class WeightsError(ValueError):
    """A file of weights cannot be read, written or used; the message is one sentence that says why."""


def save(path: Path, spec: Spec, model: Autoencoder) -> None:
    """Write a network and its Spec into a file, completely or not at all. Raises `WeightsError`."""
    arrays = {name: weight.detach().float().numpy() for name, weight in model.named_parameters()}
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with partial.open("xb") as file:
            np.savez(file, allow_pickle=False, **{SPEC: np.array(json.dumps(dataclasses.asdict(spec)))}, **arrays)
        partial.replace(path)
    except OSError as error:
        raise WeightsError(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        partial.unlink(missing_ok=True)


def load(path: Path) -> tuple[Spec, Autoencoder]:
    """The Spec and the network of a file that `save` wrote. Raises `WeightsError`."""
    try:
        with path.open("rb") as content, np.load(content, allow_pickle=False) as file:
            arrays = {name: np.asarray(file[name]) for name in file.files}
        fields = json.loads(str(arrays.pop(SPEC)))
        spec = Spec(**fields)
    except SpecError as error:
        raise WeightsError(f"{path} holds an impossible experiment: {error}") from error
    except OSError as error:
        raise WeightsError(f"{path} cannot be read: {error.strerror or 'it is damaged'}.") from error
    except FOREIGN as error:
        raise WeightsError(f"{path} is damaged, or no file of weights that this program wrote.") from error
    model = Autoencoder.from_spec(spec)
    shapes = {name: tuple(weight.shape) for name, weight in model.named_parameters()}
    if {name: array.shape for name, array in arrays.items()} != shapes:
        raise WeightsError(f"{path} holds weights of another shape than its experiment {spec.describe()}.")
    if not all(usable(array) for array in arrays.values()):
        raise WeightsError(f"{path} holds weights that are not finite float32 numbers.")
    model.load_weights([arrays[name] for name in shapes])
    return spec, model


def usable(array: NDArray[np.generic]) -> bool:
    """Whether an array can be weights: float32 and finite."""
    return array.dtype == np.float32 and bool(np.isfinite(array).all())
