"""From the snapshots of a run to what the player shows: pure functions."""

from collections.abc import Sequence
from typing import Any, Literal, TypedDict

import numpy as np

from ae_core.data.registry import DATA_SETS
from ae_core.nn.losses import LOSSES
from ae_core.runs.run import State, pace
from ae_core.spec import Spec
from ae_core.training.loop import Snapshot


class Reference(TypedDict):
    """A horizontal line that gives a loss its meaning, and what its label stands for."""

    label: str
    value: float
    kind: Literal["baseline", "bound"]
    meaning: str


class Scene(TypedDict):
    """What stays the same all along a recording. Pictures are uint8, 0 = black, 255 = ink, 784 bytes each."""

    run: str
    loss_name: str
    layer_sizes: list[int]
    code_index: int
    names: list[str]
    thing: str
    tests: int
    inputs: bytes
    targets: bytes
    epochs: int
    total_images: int


class Delta(TypedDict):
    """What is new of a recording: the k frames from `first` on, and what can be said about it now.

    tiles : k x 10 x 784, uint8
    codes : k x 10 x code size, int8; the value of a unit is int8 / 127 x the frame's scale
    """

    status: State
    message: str | None
    title: str
    first: int
    columns: dict[str, list[float]]
    tiles: bytes
    codes: bytes
    code_scales: list[float]
    final_test: float | None
    final_images: int
    references: list[Reference]
    rate: float
    remaining: float | None


def scene(spec: Spec, *, run: str, names: Sequence[str], tests: int, inputs: Any, targets: Any) -> Scene:
    """The network, and the digits (or other images) that go through it.

    run : the name of the recording
    names : of the ten, with their articles; tests : how many test images there are in all
    inputs, targets : uint8 (10, 784): what goes in, perhaps noisy, and the clean digits
    """
    sizes = list(spec.layer_sizes)
    return Scene(
        run=run,
        loss_name=LOSSES[spec.loss].label,
        layer_sizes=sizes,
        code_index=len(sizes) // 2,
        names=list(names),
        thing=DATA_SETS[spec.data].thing,
        tests=tests,
        inputs=np.ascontiguousarray(inputs, np.uint8).tobytes(),
        targets=np.ascontiguousarray(targets, np.uint8).tobytes(),
        epochs=spec.epochs,
        total_images=spec.epochs * spec.images,
    )


def delta(
    spec: Spec,
    snapshots: Sequence[Snapshot],
    *,
    status: State,
    first: int = 0,
    title: str = "",
    message: str | None = None,
    final_test: float | None = None,
    references: Sequence[Reference] = (),
) -> Delta:
    """What is new of a run to somebody who knows the snapshots before the `first`.

    snapshots : all so far
    final_test : the loss over all test digits, in the loss of the Spec
    """
    last = snapshots[-1] if snapshots else None
    rate, remaining = pace(spec, snapshots, status)
    fresh = snapshots[first:]
    packed = [quantised(snapshot.row_codes) for snapshot in fresh]
    return Delta(
        status=status,
        message=message,
        title=title,
        first=first,
        columns={
            "step": [s.step for s in fresh],
            "images": [s.images for s in fresh],
            "epoch": [s.epoch for s in fresh],
            "seconds": [s.seconds for s in fresh],
            "train": [s.train[spec.loss] for s in fresh],
            "test": [s.test[spec.loss] for s in fresh],
        },
        tiles=b"".join(np.ascontiguousarray(s.row, np.uint8).tobytes() for s in fresh),
        codes=b"".join(cells.tobytes() for cells, _ in packed),
        code_scales=[scale for _, scale in packed],
        final_test=final_test,
        final_images=int(last.images) if last else 0,
        references=list(references),
        rate=rate,
        remaining=remaining,
    )


def quantised(codes: Any) -> tuple[np.ndarray[Any, np.dtype[np.int8]], float]:
    """Codes as int8 and their scale: code = int8 / 127 x scale, off by at most scale / 254.

    Values that are not finite count as 0. The scale is the largest magnitude, 1 when all are 0.
    """
    values = np.nan_to_num(np.asarray(codes, np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    scale = float(np.abs(values).max(initial=0.0)) or 1.0
    return np.rint(values / scale * 127).astype(np.int8), scale
