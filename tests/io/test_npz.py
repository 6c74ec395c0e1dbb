"""Arrays in a file: what was written comes back, and of everything else no more is read than is asked for."""

import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile

import numpy as np
import pytest

from ae_core.io import npz
from ae_core.io.npz import Header, NpzError

FLOATS = Header((2, 3), np.dtype(np.float32))
HEADER = b"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"


def member(header: bytes = HEADER, content: bytes = bytes(24), claimed: int | None = None, version: int = 1) -> bytes:
    """An array as NumPy stores it, with whatever header, and whatever length it claims to have."""
    length = struct.pack("<H" if version == 1 else "<I", len(header) if claimed is None else claimed)
    return b"\x93NUMPY" + bytes([version, 0]) + length + header + content


def archive(path: Path, content: bytes, method: int = ZIP_DEFLATED, name: str = "x.npy") -> Path:
    with ZipFile(path, "w", method) as file:
        file.writestr(name, content)
    return path


def read(path: Path, name: str = "x", expected: Header = FLOATS) -> np.ndarray:
    with npz.opened(path) as arrays:
        return arrays.read(name, expected)


@pytest.mark.parametrize("order", ["C", "F"])
def test_what_was_written_comes_back(tmp_path: Path, order: str) -> None:
    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    npz.write(tmp_path / "x.npz", {"x": np.asarray(array, order=order), "said": np.array("yes")})  # type: ignore[call-overload]
    np.testing.assert_array_equal(read(tmp_path / "x.npz"), array)
    with npz.opened(tmp_path / "x.npz") as arrays:
        assert arrays.headers["x"] == FLOATS and arrays.text("said", 3) == "yes"
        for name, most in (("said", 2), ("x", 99), ("y", 99)):
            with pytest.raises(NpzError):
                arrays.text(name, most)


@pytest.mark.parametrize("expected", [
    Header((3, 2), np.dtype(np.float32)), Header((6,), np.dtype(np.float32)), Header((2, 3), np.dtype(np.float64)),
], ids=str)
def test_another_array_than_expected_is_refused(tmp_path: Path, expected: Header) -> None:
    with pytest.raises(NpzError):
        read(archive(tmp_path / "x.npz", member()), expected=expected)


@pytest.mark.parametrize("content", [
    b"", b"\x93NUMPY", member(b""), member(b"{((("), member(b"(" * 200), member(b"{"), member(b"[" * 9_000),
    member(version=3), member(claimed=2**32 - 1, version=2), member(HEADER + b" " * 20_000),
    member(HEADER.replace(b"2", b"-2")), member(HEADER.replace(b"<f4", b"|O")),
    member(content=bytes(23)), member(content=bytes(25)),
], ids=lambda content: repr(content[8:40]))
@pytest.mark.parametrize("method", [ZIP_STORED, ZIP_DEFLATED])
def test_whatever_stands_in_the_place_of_an_array_is_refused(tmp_path: Path, content: bytes, method: int) -> None:
    with pytest.raises(NpzError):
        read(archive(tmp_path / "x.npz", content, method))


@pytest.mark.parametrize("make", [
    lambda path: archive(path, member(), ZIP_LZMA), lambda path: archive(path, member(), name="x"),
    lambda path: archive(path, member(), name="y.npy"), lambda path: path.write_bytes(b"PK"),
    lambda path: npz.write(path, {f"{number}": np.zeros(1) for number in range(npz.MOST_ARRAYS + 1)}),
], ids=["method", "no array", "another name", "no archive", "too many"])
def test_another_archive_is_refused(tmp_path: Path, make: Callable[[Path], object]) -> None:
    path = tmp_path / "x.npz"
    make(path)
    with pytest.raises(NpzError):
        read(path)


def zeros(shape: str, count: int) -> bytes:
    return member(HEADER.replace(b"(2, 3)", shape.encode()), bytes(4 * count))


@pytest.mark.parametrize("content", [
    zeros("(16777216,)", 2**24), zeros("(2, 3)", 2**24), member(content=bytes(2**26), claimed=2**26, version=2),
], ids=["as it says", "more than it says", "all header"])
def test_a_member_of_many_megabytes_is_refused_unread(tmp_path: Path, content: bytes) -> None:
    path = archive(tmp_path / "x.npz", content)
    assert path.stat().st_size < 2**17 < len(content)
    del content
    refused_with_little_memory(path)


def refused_with_little_memory(path: Path) -> None:
    """Reading the file raises, and takes less than a megabyte."""
    tracemalloc.start()
    try:
        with pytest.raises(NpzError):
            read(path)
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


def test_a_member_that_holds_more_than_its_archive_claims_is_read_no_further(tmp_path: Path) -> None:
    """The directory of the archive and the header agree; only the packed bytes go on and on."""
    path = archive(tmp_path / "x.npz", zeros("(2, 3)", 2**24))
    content, honest = path.read_bytes(), len(zeros("(2, 3)", 2**24))
    path.write_bytes(content.replace(struct.pack("<I", honest), struct.pack("<I", len(member()))))
    refused_with_little_memory(path)


def test_a_file_larger_than_any_network_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "x.npz"
    with path.open("wb") as file:
        file.truncate(npz.MOST_BYTES + 1)
    with pytest.raises(NpzError, match="larger"):
        read(path)
