"""Weights in a file: the same network comes back, and every other file is refused in one sentence."""

import json
import resource
import tracemalloc
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import torch

from ae_core.autoencoder.checkpoint import WeightsError, load, save
from ae_core.autoencoder.model import Autoencoder
from ae_core.data.datasets import DATA
from ae_core.io.files import FileError
from ae_core.spec import Spec

SPEC = Spec(code_size=4, width=16, activation="silu", loss="mse", output="linear", seed=3)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "weights.npz"
    save(path, SPEC, Autoencoder.from_spec(SPEC))
    return path


def rewrite(path: Path, **changes: np.ndarray | None) -> None:
    """Write a file anew with some of its arrays changed or, with None, left out."""
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files} | changes
    np.savez(path, allow_pickle=False, **{name: array for name, array in arrays.items() if array is not None})


def test_the_same_network_and_experiment_come_back(path: Path) -> None:
    spec, model = load(path)
    pixels = torch.rand(5, 784)
    assert spec == SPEC
    assert torch.equal(model(pixels), Autoencoder.from_spec(SPEC)(pixels))


def test_the_file_needs_nothing_but_numpy_and_json_to_be_read(path: Path) -> None:
    with np.load(path, allow_pickle=False) as file:
        assert json.loads(str(file["spec"])) == asdict(SPEC)
        assert file["encoder.0.weight"].shape == (16, 784)


def test_saving_replaces_a_file_and_leaves_nothing_else_behind(path: Path) -> None:
    other = SPEC.replace(code_size=5)
    save(path, other, Autoencoder.from_spec(other))
    assert load(path)[0] == other
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("room", [0, 1000, 50_000])
def test_a_full_disk_is_told_and_leaves_the_old_file(path: Path, room: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        with pytest.raises(FileError, match=r"weights\.npz cannot be written: [\w ]+\."):
            save(path, SPEC.replace(seed=4), Autoencoder.from_spec(SPEC))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert load(path)[0] == SPEC
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("keep", [0, 3, 100, 1000, -1000, -30, -1])
def test_a_truncated_file_is_refused(path: Path, keep: int) -> None:
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(WeightsError, match=r"weights\.npz is damaged, or no file of weights"):
        load(path)


def test_no_flipped_byte_gets_through_unnoticed(path: Path) -> None:
    content = path.read_bytes()
    for place in range(3000, 40_000, 997):  # inside the first layer's weights
        path.write_bytes(content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :])
        with pytest.raises(WeightsError):
            load(path)


@pytest.mark.parametrize("content", [b"hello", b"PK\x05\x06" + b"\0" * 18, b"\x80\x04N.", b"[" * 100])
def test_a_foreign_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.npz"
    path.write_bytes(content)
    with pytest.raises(WeightsError, match=r"notes\.npz is damaged, or no file of weights"):
        load(path)


def test_a_lone_array_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "array.npy"
    np.save(path, np.zeros(3))
    with pytest.raises(WeightsError, match="no file of weights"):
        load(path)


def test_the_apps_own_images_are_refused() -> None:
    with pytest.raises(WeightsError, match="no file of weights"):
        load(DATA / "mnist.npz")


@pytest.mark.parametrize("text", ["", "[]", "3", "{", '{"color": 3}', "[" * 100_000])
def test_a_file_with_a_foreign_experiment_is_refused(path: Path, text: str) -> None:
    rewrite(path, spec=np.array(text))
    with pytest.raises(WeightsError, match="no file of weights"):
        load(path)


def test_an_impossible_experiment_is_refused_with_its_reason(path: Path) -> None:
    rewrite(path, spec=np.array(json.dumps({"code_size": 785})))
    with pytest.raises(WeightsError, match="holds an impossible experiment: Code size '785' is impossible"):
        load(path)


@pytest.mark.parametrize("changes", [
    {"spec": np.array(json.dumps({"code_size": 5, "width": 16}))},
    {"spec": np.array(json.dumps({"code_size": 4, "depth": 0}))},
    {"encoder.0.weight": np.zeros((784, 16), np.float32)},
    {"encoder.0.bias": None},
    {"extra": np.zeros(3, np.float32)},
], ids=["code", "depth", "turned", "missing", "extra"])
def test_weights_of_another_shape_are_refused(path: Path, changes: dict[str, np.ndarray | None]) -> None:
    rewrite(path, **changes)
    with pytest.raises(WeightsError, match="holds weights of another shape than its experiment code"):
        load(path)


@pytest.mark.parametrize("bias", [
    np.full(16, np.nan, np.float32), np.full(16, np.inf, np.float32), np.zeros(16, np.float64), np.full(16, "x"),
], ids=["nan", "inf", "float64", "text"])
def test_weights_that_are_no_weights_are_refused(path: Path, bias: np.ndarray) -> None:
    rewrite(path, **{"encoder.0.bias": bias})
    with pytest.raises(WeightsError, match="not finite float32 numbers"):
        load(path)


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be read: No such file or directory"):
        load(tmp_path / "nothing.npz")
    with pytest.raises(FileError, match="cannot be read: it is a folder"):
        load(tmp_path)


def test_weights_that_unpack_to_far_more_than_the_experiment_has_are_refused_unread(path: Path) -> None:
    rewrite(path, **{"encoder.0.bias": np.zeros(2**24, np.float32)})
    np.savez_compressed(path, allow_pickle=False, **dict(np.load(path)))
    tracemalloc.start()
    try:
        with pytest.raises(WeightsError, match="another shape"):
            load(path)
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


def test_a_text_too_long_for_an_experiment_is_refused(path: Path) -> None:
    rewrite(path, spec=np.array("x" * 10_000))
    with pytest.raises(WeightsError, match="no file of weights"):
        load(path)
