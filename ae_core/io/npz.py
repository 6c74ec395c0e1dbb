"""Arrays in a file, in NumPy's .npz format. Whoever reads one says what it has to hold, and no more than that is read.

A zip file of some megabytes can claim gigabytes, and can hold them: so the size and the header of each array are
checked before anything of that size is made.
"""

import io
import math
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from ae_core.io import files

MOST_BYTES = 64 * 2**20  # of a file: the largest network takes 38 MB
MOST_ARRAYS = 100
MOST_HEADER = 10_000  # bytes of an array's header
SUFFIX = ".npy"
METHODS = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED  # those that NumPy writes
HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}


class NpzError(ValueError):
    """A file holds no arrays, damaged ones, or others than expected."""


@dataclass(frozen=True)
class Header:
    """What an array is, before it is read."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]


class Arrays:
    """The arrays of a file.

    headers : of each array, by its name
    """

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        members = archive.infolist()
        if len(members) > MOST_ARRAYS:
            raise NpzError("more arrays than anybody stores")
        self.headers: Mapping[str, Header] = {
            member.filename.removesuffix(SUFFIX): self._header(member) for member in members
        }

    def read(self, name: str, expected: Header) -> NDArray[Any]:
        """The array of a name. Raises `NpzError` where it is damaged, or another one than expected."""
        if self.headers.get(name) != expected:
            raise NpzError(f"no array {name} of this shape and type")
        with _damage(), self._archive.open(name + SUFFIX) as member:
            return npy.read_array(member, allow_pickle=False)

    def text(self, name: str, most: int) -> str:
        """The text of a name, of at most so many characters. Raises `NpzError` where there is none."""
        header = self.headers.get(name)
        if header is None or header.shape or header.dtype.kind != "U" or header.dtype.itemsize > 4 * most:
            raise NpzError(f"no text {name}")
        return str(self.read(name, header))

    def _header(self, member: zipfile.ZipInfo) -> Header:
        """The header of an array that takes just as many bytes as its file in the archive claims to have."""
        if not member.filename.endswith(SUFFIX) or member.compress_type not in METHODS:
            raise NpzError("something else than an array")
        with self._archive.open(member) as file:
            start = io.BytesIO(file.read(MOST_HEADER))
        shape, _, dtype = HEADERS[npy.read_magic(start)](start)
        if start.tell() + math.prod(shape) * dtype.itemsize != member.file_size:
            raise NpzError("an array of another size than its header says")
        return Header(shape, dtype)


@contextmanager
def opened(path: Path) -> Iterator[Arrays]:
    """The arrays of a file, as long as it is open. Raises `NpzError`, and `FileError` where it cannot be read."""
    with files.opened(path) as file:
        with _damage():
            if file.seek(0, io.SEEK_END) > MOST_BYTES:
                raise NpzError("a larger file than anybody stores")
            arrays = Arrays(zipfile.ZipFile(file))
        yield arrays


def write(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Give a file these arrays as its content, completely or not at all. Raises `FileError`."""
    files.replace(path, lambda file: np.savez(file, allow_pickle=False, **arrays))


@contextmanager
def _damage() -> Iterator[None]:
    """Whatever zipfile, zlib and NumPy raise over bytes that nobody meant for them: no list of it is ever complete."""
    try:
        yield
    except (OSError, NpzError):
        raise
    except Exception as error:
        raise NpzError("damaged, or something else than a file of arrays") from error
