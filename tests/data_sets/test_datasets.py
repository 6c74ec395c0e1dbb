"""The bundled images, and what happens when their file is damaged."""

import contextlib
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ae_core.data.datasets import DATA, DataError, load, mnist, read_arrays
from ae_core.data.registry import DATA_SETS

SHAPES = {"x": (3, 28, 28)}


def written(path: Path, **arrays: np.ndarray) -> Path:
    np.savez(path, allow_pickle=False, **arrays)
    return path


def test_mnist_is_complete() -> None:
    data = mnist()
    for images, labels, count in ((data.train, data.train_labels, 60_000), (data.test, data.test_labels, 10_000)):
        assert images.shape == (count, 784)
        assert labels.shape == (count,)
        assert images.dtype == labels.dtype == np.uint8
        assert np.bincount(labels, minlength=10).min() > 0.08 * count
        assert labels.max() == 9


def test_digits_are_bright_ink_on_black_ground() -> None:
    images = mnist().test.reshape(-1, 28, 28)
    assert np.median(images) == 0
    assert images[:, 10:18, 10:18].mean() > 5 * images[:, :4].mean()
    assert images.max() == 255
    assert images.mean() < 64


@pytest.mark.parametrize("name", DATA_SETS)
def test_test_images_are_of_classes_that_training_has_seen_where_there_are_classes(name: str) -> None:
    seen = np.isin(load(name).test_labels, load(name).train_labels)
    assert seen.all() if DATA_SETS[name].classes else not seen.any()


def test_images_are_read_as_they_were_written(tmp_path: Path) -> None:
    images = np.arange(3 * 784).reshape(3, 28, 28).astype(np.uint8)
    assert np.array_equal(read_arrays(written(tmp_path / "x.npz", x=images), SHAPES)["x"], images)


@pytest.mark.parametrize("keep", [0, 10, 1000, 100_000, -100_000, -1])
def test_a_truncated_file_is_told_in_one_sentence(tmp_path: Path, keep: int) -> None:
    path = tmp_path / "mnist.npz"
    path.write_bytes((DATA / "mnist.npz").read_bytes()[:keep])
    with pytest.raises(DataError, match=r"mnist\.npz is missing or damaged: please install the app anew"):
        read_arrays(path, {"x_train": (60_000, 28, 28), "y_test": (10_000,)})


def test_a_header_that_numpy_cannot_parse_is_told(tmp_path: Path) -> None:
    """An open bracket ends in an error of Python's tokenizer, which no list of NumPy's errors has."""
    path = tmp_path / "mnist.npz"
    with ZipFile(path, "w") as archive:
        archive.writestr("x.npy", b"\x93NUMPY\x01\x00\x04\x00{(((")
    with pytest.raises(DataError, match="missing or damaged"):
        read_arrays(path, SHAPES)


def test_flipped_bits_are_noticed(tmp_path: Path) -> None:
    path = tmp_path / "mnist.npz"
    content = bytearray((DATA / "mnist.npz").read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(DataError, match="missing or damaged"):
        read_arrays(path, {"x_train": (60_000, 28, 28), "x_test": (10_000, 28, 28)})


@given(st.data())
def test_a_single_wrong_byte_anywhere_is_told_or_harmless(data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        path = written(Path(folder) / "x.npz", x=np.ones((3, 28, 28), np.uint8))
        content = bytearray(path.read_bytes())
        # Most of what a reader can trip over stands in the directory at the end.
        places = st.integers(0, len(content) - 1) | st.integers(len(content) - 120, len(content) - 1)
        content[data.draw(places)] = data.draw(st.integers(0, 255))
        path.write_bytes(content)
        with contextlib.suppress(DataError):
            assert read_arrays(path, SHAPES)["x"].shape == SHAPES["x"]


@pytest.mark.parametrize(("place", "value"), [(8, 1), (10, 77)], ids=["encrypted", "compression"])
def test_a_file_that_seems_encrypted_or_oddly_compressed_is_told(tmp_path: Path, place: int, value: int) -> None:
    path = written(tmp_path / "x.npz", x=np.ones((3, 28, 28), np.uint8))
    content = bytearray(path.read_bytes())
    directory = content.rindex(b"PK\x01\x02")
    content[directory + place] = value
    path.write_bytes(content)
    with pytest.raises(DataError, match="missing or damaged"):
        read_arrays(path, SHAPES)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nowhere\.npz is missing or damaged"):
        read_arrays(tmp_path / "nowhere.npz", SHAPES)


@pytest.mark.parametrize("content", [b"hello", b"PK\x03\x04" + b"\0" * 60, b"\x80\x04N."])
def test_a_foreign_file_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.npz"
    path.write_bytes(content)
    with pytest.raises(DataError, match="missing or damaged"):
        read_arrays(path, SHAPES)


@pytest.mark.parametrize("array", [
    np.zeros((2, 28, 28), np.uint8), np.zeros((3, 784), np.uint8), np.zeros((3, 28, 28), np.float32),
], ids=["number", "shape", "type"])
def test_other_images_than_expected_are_told(tmp_path: Path, array: np.ndarray) -> None:
    with pytest.raises(DataError, match="missing or damaged"):
        read_arrays(written(tmp_path / "x.npz", x=array), SHAPES)


def test_a_file_without_the_images_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="missing or damaged"):
        read_arrays(written(tmp_path / "x.npz", y=np.zeros((3, 28, 28), np.uint8)), SHAPES)
