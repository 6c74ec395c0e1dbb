"""From a run and the codes of many digits to what the latent map shows: pure functions."""

import functools
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from ae_core.autoencoder.model import Autoencoder
from ae_core.evaluation.latent_space import Codes, Images, Plane, best_plane, dead_units, value_ranges
from ae_core.runs.run import State, pace
from ae_core.spec import Spec
from ae_core.training.loop import Snapshot

UNITS = 32  # of a larger code, only those that vary most can be chosen and moved
LEVELS = 2**15 - 1  # codes travel as int16


class Axis(TypedDict):
    """Something that the map can show along one side: a unit of the code, or a principal component (no unit)."""

    name: str
    unit: int | None
    low: float
    high: float
    dead: bool


@dataclass(frozen=True)
class EncodedImages:
    """Codes (n, code size) of many digits, the plane that shows most of them, and the units worth a slider."""

    codes: Codes
    plane: Plane
    units: NDArray[np.intp]

    @property
    def has_components(self) -> bool:
        """Whether the plane is one of principal components, not of the units themselves."""
        return bool(self.codes.shape[1] > 2)

    def with_units(self, units: Sequence[int]) -> "EncodedImages":
        """The same with these units of the code among those that can be chosen; numbers of no unit are left out."""
        there = [unit for unit in units if 0 <= unit < self.codes.shape[1]]
        return replace(self, units=np.union1d(self.units, np.array(there, np.intp)))

    def table(self, codes: Codes, units: Sequence[int]) -> Codes:
        """One column for each axis: the two components, where there are any, then the given units."""
        columns = codes[:, units]
        return np.hstack([self.plane.positions(codes), columns]) if self.has_components else columns


def encoded(codes: Codes) -> EncodedImages:
    """Look over the codes (n, code size) of many digits."""
    codes = np.nan_to_num(codes, posinf=0, neginf=0)
    size = codes.shape[1]
    most_varied = np.argsort(-codes.var(axis=0), kind="stable")[:UNITS]
    return EncodedImages(codes, best_plane(codes), np.arange(size) if size <= UNITS else np.sort(most_varied))


def axes(encoded: EncodedImages) -> list[Axis]:
    """All that the map can show along one side, with the range where the data lives."""
    low, high = value_ranges(encoded.table(encoded.codes, encoded.units.tolist()))
    dead = dead_units(encoded.codes)
    unit_axes: list[int | None] = [None, None] if encoded.has_components else []
    unit_axes += encoded.units.tolist()
    return [
        Axis(
            name=f"component {number + 1}" if unit is None else f"unit {unit + 1}",
            unit=unit,
            low=float(low[number]),
            high=float(high[number]),
            dead=unit is not None and bool(dead[unit]),
        )
        for number, unit in enumerate(unit_axes)
    ]


def latent_view(
    spec: Spec,
    snapshots: Sequence[Snapshot],
    *,
    status: State,
    encoded: EncodedImages | None,
    labels: Images,
    cloud_labels: Images,
    model: Autoencoder | None = None,
    images: Images | None = None,
    message: str | None = None,
) -> dict[str, Any]:
    """All that the map shows of a run.

    encoded : the codes of the newest snapshot, None before the first one
    labels, images : of the digits on the map
    model, images : None while the run trains; only with them the browser can decode
    The recorded clouds go along when there is a model: a live map shows the newest codes only.
    """
    rate, remaining = pace(spec, snapshots, status)
    fields: dict[str, Any] = {
        "status": status,
        "message": message,
        "code_size": spec.code_size,
        "columns": {
            "step": [s.step for s in snapshots],
            "images": [s.images for s in snapshots],
            "epoch": [s.epoch for s in snapshots],
            "seconds": [s.seconds for s in snapshots],
            "test": [s.test[spec.loss] for s in snapshots],
        },
        "rate": rate,
        "remaining": remaining,
        "labels": labels.tobytes(),
    }
    if encoded is not None:
        table = encoded.table(encoded.codes, encoded.units.tolist())
        cells, scales = quantised(table)
        fields |= {"axes": axes(encoded), "table": cells.tobytes(), "scales": scales.tolist()}
    if encoded is not None and model is not None and images is not None:
        fields |= _clouds(snapshots, encoded) | {"cloud_labels": cloud_labels.tobytes()}
        fields |= _decoder(spec, model, encoded) | {"digits": _packed(images)}
        fields |= _samples(encoded, labels)
    return fields


def quantised(table: Codes) -> tuple[NDArray[np.int16], Codes]:
    """A table (n, columns) as int16, and a scale for each column: value = int16 x scale, off by half a scale."""
    table = np.nan_to_num(np.asarray(table, np.float32), posinf=0, neginf=0)
    scales = np.abs(table).max(axis=0, initial=0) / LEVELS
    scales[scales == 0] = 1
    return np.rint(table / scales).astype(np.int16), scales


def _clouds(snapshots: Sequence[Snapshot], encoded: EncodedImages) -> dict[str, Any]:
    """The recorded codes of a few digits, on the same axes, as far as their units were recorded."""
    recorded = min((s.cloud.shape[1] for s in snapshots), default=0)
    whole = recorded == encoded.codes.shape[1]
    units = [unit for unit in encoded.units.tolist() if unit < recorded]
    shift = 2 if encoded.has_components else 0
    known = [*range(shift)] if whole else []
    known += [shift + number for number, unit in enumerate(encoded.units.tolist()) if unit < recorded]
    cells, scales = [], []
    for snapshot in snapshots:
        codes = np.nan_to_num(snapshot.cloud.astype(np.float32), posinf=0, neginf=0)
        part, scale = quantised(encoded.table(codes, units) if whole else codes[:, units])
        cells.append(part.tobytes())
        scales.append(scale.tolist())
    return {"clouds": b"".join(cells), "cloud_axes": known, "cloud_scales": scales}


def _decoder(spec: Spec, model: Autoencoder, encoded: EncodedImages) -> dict[str, Any]:
    """The decoder as numbers: for each layer its matrix (out, in), row by row, then its bias; all float32."""
    parameters = [parameter.detach().float().numpy() for parameter in model.decoder.parameters()]
    return {
        "layers": [list(weight.shape) for weight in parameters[::2]],
        "weights": b"".join(parameter.tobytes() for parameter in parameters),
        "activation": spec.activation,
        "output": spec.output,
        "mean": encoded.codes.mean(axis=0).tobytes(),
        "components": np.stack([encoded.plane.across, encoded.plane.up]).astype(np.float32).tobytes(),
    }


def _samples(encoded: EncodedImages, labels: Images) -> dict[str, Any]:
    """The whole codes of the first two digits of each class, for the sliders to start from."""
    firsts = [np.flatnonzero(labels == digit)[:2] for digit in range(10)]
    chosen = [int(found[turn]) for turn in range(2) for found in firsts if len(found) > turn]
    return {"samples": chosen, "sample_codes": encoded.codes[chosen].astype(np.float32).tobytes()}


def _packed(images: Images) -> bytes:
    """Images (n, 784) compressed by zlib; the browser unpacks them. The same digits are packed once."""
    return _compressed(images.tobytes())


@functools.lru_cache(maxsize=1)
def _compressed(pixels: bytes) -> bytes:
    return zlib.compress(pixels)  # at its best it saves 2 % more and takes ten times as long
