"""The player's messages: what the browser is told about a run."""

import json
import math
import struct
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ae_core.spec import Spec
from ae_core.training.loop import Snapshot
from ae_core.ui.components.packing import pack
from ae_core.ui.components.training_player.view import Delta, Scene, delta, quantised, scene


def frames(count: int, code_size: int) -> list[Snapshot]:
    random = np.random.default_rng(0)
    return [
        Snapshot(
            step=i, images=100 * i, epoch=i / 600, seconds=0.01 * i,
            train={"bce": 0.5 - i / 100, "mse": 0.2 - i / 100}, test={"bce": 0.6 - i / 100, "mse": 0.3 - i / 100},
            test_images=200, cloud=np.zeros((1, code_size), np.float16),
            row=random.integers(0, 256, (10, 784), np.uint8),
            row_codes=random.normal(size=(10, code_size)).astype("f4"),
        )
        for i in range(count)
    ]


def view(spec: Spec, snapshots: list[Snapshot], **changes: Any) -> Delta:
    return delta(spec, snapshots, **({"status": "running"} | changes))


def scene_of(spec: Spec) -> Scene:
    digits = np.zeros((10, 784), np.uint8)
    return scene(spec, run="a", names=[f"a {k}" for k in range(10)], tests=10_000, inputs=digits, targets=digits)


def unpack(message: bytes) -> dict[str, Any]:
    """Read a message as the browser does."""
    (length,) = struct.unpack_from("<I", message)
    fields: dict[str, Any] = json.loads(message[4 : 4 + length])
    offset = 4 + length
    for name, size in fields["blobs"].items():
        fields[name] = message[offset : offset + size]
        offset += size
    assert offset == len(message)
    return fields


def test_news_hold_losses_and_pictures_of_the_frames_that_are_not_known() -> None:
    snapshots = frames(5, 3)
    message = unpack(pack(view(Spec(code_size=3), snapshots, first=3)))
    assert message["first"] == 3
    assert message["columns"]["images"] == [300, 400]
    assert message["columns"]["test"] == pytest.approx([0.57, 0.56])
    tiles = np.frombuffer(message["tiles"], np.uint8).reshape(2, 10, 784)
    np.testing.assert_array_equal(tiles, [s.row for s in snapshots[3:]])
    codes = np.frombuffer(message["codes"], np.int8).reshape(2, 10, 3)
    for snapshot, cells, scale in zip(snapshots[3:], codes, message["code_scales"], strict=True):
        np.testing.assert_allclose(cells / 127 * scale, snapshot.row_codes, atol=scale / 254 * 1.0001)


def test_the_losses_are_those_that_the_run_is_trained_on() -> None:
    spec = Spec(code_size=2, loss="mse")
    message = view(spec, frames(2, 2))
    assert scene_of(spec)["loss_name"] == "MSE"
    assert message["columns"]["train"] == pytest.approx([0.2, 0.19])
    assert message["columns"]["test"] == pytest.approx([0.3, 0.29])


def test_the_code_is_found_in_the_middle_of_the_layers() -> None:
    message = scene_of(Spec(code_size=7, depth=3, width=64))
    assert message["layer_sizes"][message["code_index"]] == 7


def test_speed_and_remaining_time_follow_from_the_newest_frame() -> None:
    message = view(Spec(code_size=2, epochs=2, train_images=1000), frames(5, 2))
    assert message["rate"] == pytest.approx(400 / 0.04)
    assert message["remaining"] == pytest.approx((2000 - 400) / 10_000)
    assert view(Spec(code_size=2), frames(5, 2), status="finished")["remaining"] is None
    assert view(Spec(code_size=2, data="fashion", epochs=1), frames(5, 2))["remaining"] == pytest.approx(7_600 / 10_000)


def test_a_run_without_snapshots_has_a_view() -> None:
    message = unpack(pack(view(Spec(), [], status="queued")))
    assert (message["tiles"], message["codes"], message["columns"]["step"]) == (b"", b"", [])


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_loss_that_is_no_number_reaches_the_browser_as_null(value: float) -> None:
    snapshots = frames(2, 2)
    snapshots[1] = replace(snapshots[1], test={"bce": value})
    assert unpack(pack(view(Spec(code_size=2), snapshots)))["columns"]["test"][1] is None


def test_numbers_of_numpy_and_pictures_are_packed() -> None:
    assert unpack(pack({"a": np.float32(0.5), "b": np.arange(3), "c": b"\x00\xff", "d": {"e": np.int64(2)}})) == {
        "a": 0.5, "b": [0, 1, 2], "c": b"\x00\xff", "d": {"e": 2}, "blobs": {"c": 2},
    }


def test_codes_that_are_zero_or_no_numbers_are_shown_as_zero() -> None:
    cells, scale = quantised(np.zeros((10, 2), np.float32))
    assert not cells.any() and scale == 1
    cells, scale = quantised(np.array([[np.nan, np.inf, -2.0, 1.0]]))
    assert (cells.tolist(), scale) == ([[0, 0, -127, 64]], 2.0)
