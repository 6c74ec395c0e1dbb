"""The latent map's messages: what the browser is told about a run."""

import re
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ae_core.autoencoder.model import Autoencoder
from ae_core.evaluation.latent_space import Codes, Images
from ae_core.nn.activations import ACTIVATIONS
from ae_core.runs.run import Run
from ae_core.spec import Spec
from ae_core.training.loop import Snapshot
from ae_core.ui.components import latent_map
from ae_core.ui.components.latent_map import encoded, latent_view
from ae_core.ui.components.latent_map.view import LEVELS, UNITS, axes, quantised
from ae_core.ui.components.packing import pack
from ae_core.ui.latent_space.live_map import MOST_FRAMES, recording

DIGITS = 40


def snapshot(step: int, cloud: Codes) -> Snapshot:
    return Snapshot(
        step=step, images=100 * step, epoch=step / 600, seconds=0.01 * step, train={"bce": 0.5, "mse": 0.1},
        test={"bce": 0.4, "mse": 0.2}, test_images=8, row=np.zeros((10, 784), np.uint8),
        row_codes=np.zeros((10, 1), np.float32), cloud=cloud.astype(np.float16),
    )


def codes(size: int, n: int = DIGITS) -> Codes:
    values = np.random.default_rng(size).normal(size=(n, size))
    return values.astype(np.float32)


def labels(n: int = DIGITS) -> Images:
    return np.arange(n, dtype=np.uint8) % 10


def view(spec: Spec, *, trained: bool = True, clouds: int = 3, **changes: Any) -> dict[str, Any]:
    units = min(spec.code_size, UNITS)
    arguments: dict[str, Any] = {
        "status": "finished" if trained else "running", "encoded": encoded(codes(spec.code_size)),
        "labels": labels(), "cloud_labels": labels(8),
        "model": Autoencoder.from_spec(spec) if trained else None,
        "images": np.full((DIGITS, 784), 7, np.uint8) if trained else None,
    }
    snapshots = [snapshot(i, codes(spec.code_size, 8)[:, :units] * i) for i in range(clouds)]
    return latent_view(spec, snapshots, **(arguments | changes))


@pytest.mark.parametrize("size", [1, 2])
def test_a_small_code_has_its_units_as_axes(size: int) -> None:
    digits = encoded(codes(size))
    assert [axis["name"] for axis in axes(digits)] == ["unit 1", "unit 2"][:size]
    np.testing.assert_array_equal(digits.table(digits.codes, range(size)), digits.codes)


def test_a_larger_code_offers_its_components_and_its_units() -> None:
    names = [axis["name"] for axis in axes(encoded(codes(5)))]
    assert names == ["component 1", "component 2", "unit 1", "unit 2", "unit 3", "unit 4", "unit 5"]


def test_of_a_very_large_code_the_units_that_vary_most_are_offered() -> None:
    values = codes(100)
    values[:, 70:] *= 10
    offered = [axis["unit"] for axis in axes(encoded(values))[2:]]
    assert len(offered) == UNITS
    assert set(range(70, 100)) <= set(offered)


def test_a_unit_that_never_varies_is_called_dead() -> None:
    values = codes(4)
    values[:, 2] = 1
    assert [axis["dead"] for axis in axes(encoded(values))] == [False, False, False, False, True, False]


def test_a_table_comes_back_within_half_a_level() -> None:
    table = codes(3) * np.array([1, 100, 0], np.float32)
    cells, scales = quantised(table)
    assert cells.dtype == np.int16
    np.testing.assert_allclose(cells * scales, table, atol=100 * 4 / LEVELS)
    np.testing.assert_array_equal(cells[:, 2], 0)


def test_numbers_that_are_not_finite_stay_off_the_map() -> None:
    cells, scales = quantised(np.array([[np.nan, 1], [np.inf, 2]], np.float32))
    np.testing.assert_allclose(cells * scales, [[0, 1], [0, 2]], rtol=1e-3)


def test_a_live_run_sends_the_newest_codes_and_nothing_heavy() -> None:
    message = view(Spec(code_size=2), trained=False)
    assert len(message["table"]) == DIGITS * 2 * 2
    assert not {"weights", "digits", "clouds"} & set(message)


def test_the_time_that_is_left_counts_the_images_that_there_are() -> None:
    message = view(Spec(code_size=2, data="fashion", epochs=1), trained=False)
    assert (message["rate"], message["remaining"]) == (pytest.approx(10_000), pytest.approx((8_000 - 200) / 10_000))


def test_a_network_that_never_saw_digits_replays_none() -> None:
    snapshots = tuple(snapshot(i, codes(2, 8)) for i in range(3 * MOST_FRAMES))
    assert recording(Run(Spec(data="fashion"), snapshots)) == snapshots[-1:]
    frames = recording(Run(Spec(), snapshots))
    assert len(frames) == MOST_FRAMES
    assert frames[0] is snapshots[0]
    assert frames[-1] is snapshots[-1]


def test_a_finished_run_sends_its_decoder_and_the_digits() -> None:
    spec = Spec(code_size=3, depth=2, width=32)
    model = Autoencoder.from_spec(spec)
    message = view(spec, model=model)
    assert message["layers"] == [[16, 3], [32, 16], [784, 32]]
    numbers = np.frombuffer(message["weights"], np.float32)
    expected = np.concatenate([p.detach().numpy().ravel() for p in model.decoder.parameters()])
    np.testing.assert_array_equal(numbers, expected)
    assert zlib.decompress(message["digits"]) == bytes([7]) * DIGITS * 784


def test_the_recording_lies_on_the_same_axes_as_the_newest_codes() -> None:
    message = view(Spec(code_size=5))
    digits = encoded(codes(5))
    cells = np.frombuffer(message["clouds"], np.int16).reshape(3, 8, 7)
    expected = digits.table(codes(5, 8).astype(np.float16).astype(np.float32), range(5))
    np.testing.assert_allclose(cells[1] * np.array(message["cloud_scales"][1]), expected, atol=2e-3)
    assert message["cloud_axes"] == list(range(7))


def test_of_a_very_large_code_only_recorded_units_can_be_replayed() -> None:
    message = view(Spec(code_size=100))
    offered = [axis["unit"] for axis in message["axes"]]
    assert {offered[axis] for axis in message["cloud_axes"]} == {u for u in offered if u is not None and u < UNITS}


def test_the_sliders_start_from_two_digits_of_each_class() -> None:
    message = view(Spec(code_size=3))
    assert sorted(labels()[message["samples"]].tolist()) == sorted([*range(10), *range(10)])
    starts = np.frombuffer(message["sample_codes"], np.float32).reshape(20, 3)
    np.testing.assert_array_equal(starts, codes(3)[message["samples"]])


def test_a_run_without_a_snapshot_has_no_codes_yet() -> None:
    run = Run(Spec())
    message = view(Spec(), trained=False, clouds=0, encoded=None, status=run.state)
    assert "table" not in message
    assert pack(message)


def test_the_browser_knows_every_activation() -> None:
    decoder = (Path(latent_map.__file__).parent / "decoder.js").read_text(encoding="utf-8")
    table = decoder.partition("const ACTIVATIONS = {")[2].partition("};")[0]
    assert re.findall(r"^  (\w+): ", table, re.MULTILINE) == list(ACTIVATIONS)
