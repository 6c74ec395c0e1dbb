"""The bundled images, as uint8, one loader each."""

import csv
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ae_core.data.registry import DATA_SETS
from ae_core.io import npz
from ae_core.io.files import FileError
from ae_core.io.npz import Header, NpzError

Images = NDArray[np.uint8]

DATA = Path(__file__).parent / "files"

FASHION_TEST = 2_000
PATCHES_EACH = 1_000, 250  # of each photograph for training, for testing
EVERY_FOURTH = 4  # photograph is kept for testing


class DataError(RuntimeError):
    """A bundled data file is missing or damaged; the message says which one and what to do."""

    @classmethod
    def damaged(cls, name: str) -> "DataError":
        """The sentence about a file that cannot be read."""
        return cls(f"The data file {name} is missing or damaged: please install the app anew.")


@dataclass(frozen=True)
class Dataset:
    """Images and labels, split for training and testing; labels are for display and scores only.

    train, test : uint8 arrays of shape (n, 784), 0 is the black background, 255 full ink
    train_labels, test_labels : uint8 arrays of shape (n,)
    """

    train: Images
    train_labels: Images
    test: Images
    test_labels: Images


@functools.cache
def mnist() -> Dataset:
    """The MNIST handwritten digits: 60,000 for training, 10,000 for testing.

    Source: Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits".
    """
    parts = read_arrays(DATA / "mnist.npz", {
        "x_train": (60_000, 28, 28), "y_train": (60_000,), "x_test": (10_000, 28, 28), "y_test": (10_000,),
    })
    return Dataset(
        train=parts["x_train"].reshape(-1, 784),
        train_labels=parts["y_train"],
        test=parts["x_test"].reshape(-1, 784),
        test_labels=parts["y_test"],
    )


@functools.cache
def fashion() -> Dataset:
    """Fashion-MNIST clothes: 8,000 for training, 2,000 for testing; labels are places among its classes.

    Only the 10,000 images published as its test set are bundled; here the last 2,000 of them test.
    Source: H. Xiao, K. Rasul, R. Vollgraf, "Fashion-MNIST", Zalando SE, 2017, arXiv:1708.07747.
    """
    parts = read_arrays(DATA / "fashion_mnist_test.npz", {"x": (10_000, 28, 28), "y": (10_000,)})
    images, labels = parts["x"].reshape(-1, 784), parts["y"]
    split = len(images) - FASHION_TEST
    return Dataset(
        train=images[:split], train_labels=labels[:split], test=images[split:], test_labels=labels[split:]
    )


@functools.cache
def landscapes() -> Dataset:
    """Grey patches of the bundled landscape photographs: 24,000 for training, 2,000 for testing.

    A patch is a square of any size from 28 pixels to the whole height, shrunk to 28 x 28. Training
    and test patches come from different photographs; labels are places in `photographs("landscapes")`.
    """
    random = np.random.default_rng(28)
    parts: dict[bool, list[tuple[Images, Images]]] = {True: [], False: []}
    for number, photograph in enumerate(photographs("landscapes")):
        patches = _patches(photograph, PATCHES_EACH[photograph.for_testing], random)
        parts[photograph.for_testing].append((patches, np.full(len(patches), number, np.uint8)))
    (train, train_labels), (test, test_labels) = (_shuffled(parts[tested], random) for tested in (False, True))
    return Dataset(train=train, train_labels=train_labels, test=test, test_labels=test_labels)


def load(name: str) -> Dataset:
    """The data set of a name that `Spec.data` may have."""
    return DATA_SETS[name].load()


@dataclass(frozen=True, eq=False)
class Glyphs:
    """Printed characters, drawn as MNIST has its digits.

    images : uint8 (n, 784)
    labels : the n characters
    scripts : latin_upper, latin_lower, greek, cyrillic, hiragana, katakana or digits, of each
    digit_like : whether each looks like a digit (O, l, S, ...): a stranger only by its name
    """

    images: Images
    labels: NDArray[np.str_]
    scripts: NDArray[np.str_]
    digit_like: NDArray[np.bool_]


@functools.cache
def printed_letters() -> Glyphs:
    """1,072 printed letters in free fonts (GLYPHS_FONTS.csv)."""
    return _glyphs("glyphs.npz", 1072, "<U11")


@functools.cache
def printed_digits() -> Glyphs:
    """200 printed digits: ten in each of 20 free fonts (GLYPHS_FONTS.csv)."""
    return _glyphs("printed_digits.npz", 200, "<U6")


@dataclass(frozen=True, eq=False)
class Photograph:
    """A photograph and what its licence asks to be said.

    pixels : uint8 (height, width, 3)
    for_testing : whether no training patch is ever cut from it
    """

    name: str
    title: str
    author: str
    licence: str
    pixels: Images
    for_testing: bool

    @property
    def credit(self) -> str:
        """Author and licence in one line."""
        return f"{self.author}, {self.licence}"


@functools.cache
def photographs(folder: str) -> tuple[Photograph, ...]:
    """The bundled photographs, in the order of their file names: "landscapes" (32) or "objects" (18)."""
    try:
        with (DATA / folder / "SOURCES.csv").open(encoding="utf-8", newline="") as file:
            rows = sorted(csv.DictReader(file), key=lambda row: row["file"])
        return tuple(_photograph(folder, row, number) for number, row in enumerate(rows))
    except (OSError, KeyError, ValueError, AttributeError, csv.Error) as error:  # a short row has None in its columns
        raise DataError.damaged(f"{folder}/SOURCES.csv") from error


def _photograph(folder: str, row: Mapping[str, str], number: int) -> Photograph:
    from PIL import Image

    try:
        with Image.open(DATA / folder / row["file"], formats=["JPEG"]) as image:
            pixels = np.asarray(image.convert("RGB"))
    except Exception as error:  # Pillow's own list of what it raises over damaged bytes has no end
        raise DataError.damaged(f"{folder}/{row['file']}") from error
    author = row["author"].partition(" (")[0]  # without the address that follows a name
    author = row["package"].partition(" ")[0] if author in ("see docstring", "none claimed") else author
    return Photograph(
        Path(row["file"]).stem, row["title"], author, row["licence"], pixels, number % EVERY_FOURTH == 0
    )


def _patches(photograph: Photograph, count: int, random: np.random.Generator) -> Images:
    """Squares of all sizes from anywhere in a photograph, as uint8 (count, 784)."""
    from PIL import Image

    grey = Image.fromarray(photograph.pixels).convert("L")
    patches = np.empty((count, 28, 28), np.uint8)
    for patch in patches:
        side = int(28 * (min(grey.size) / 28) ** random.random())
        left, top = (int(random.integers(length - side + 1)) for length in grey.size)
        patch[:] = np.asarray(grey.resize((28, 28), Image.Resampling.BOX, (left, top, left + side, top + side)))
    return patches.reshape(-1, 784)


def _shuffled(parts: list[tuple[Images, Images]], random: np.random.Generator) -> tuple[Images, Images]:
    images, labels = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = random.permutation(len(images))
    return images[order], labels[order]


def _glyphs(name: str, count: int, scripts: str) -> Glyphs:
    parts = stored_arrays(DATA / name, {
        "images": Header((count, 28, 28), np.dtype(np.uint8)), "labels": Header((count,), np.dtype("<U1")),
        "script": Header((count,), np.dtype(scripts)), "digit_like": Header((count,), np.dtype(np.bool_)),
    })
    return Glyphs(parts["images"].reshape(-1, 784), parts["labels"], parts["script"], parts["digit_like"])


def read_arrays(path: Path, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Images]:
    """The uint8 arrays of these shapes in an .npz file. Raises `DataError`."""
    return stored_arrays(path, {name: Header(shape, np.dtype(np.uint8)) for name, shape in shapes.items()})


def stored_arrays(path: Path, expected: Mapping[str, Header]) -> dict[str, NDArray[Any]]:
    """The arrays of an .npz file that are as expected. Raises `DataError` where it is missing, damaged or another."""
    try:
        with npz.opened(path) as arrays:
            return {name: arrays.read(name, header) for name, header in expected.items()}
    except (FileError, NpzError) as error:
        raise DataError.damaged(path.name) from error
