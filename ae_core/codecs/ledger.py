"""The ledger: what a way to keep images costs, in bytes and in error, its decoder included."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ae_core.data.datasets import Images
from ae_core.evaluation.differences import clearly_less

SAMPLE = 10  # images whose decoded pictures a row carries


@dataclass(frozen=True)
class Cost:
    """One way to keep images, measured.

    family : rows of one family are one curve
    bytes_each : size of an image, mean over those measured
    errors : squared error of each image (n,), mean over its pixels in [0, 1]
    exact : share of the images that came back the same in all 784 grey values
    decoder : bytes that the reader needs once, whatever the number of images; 0 where every computer has it
    unsqueezed : bytes of an image before entropy coding, where that is a step of its own
    shared : images that were in one file when it was measured; in a file of far fewer each takes more
    sample : uint8 (at most 10, 784), what the first images came back as
    """

    name: str
    family: str
    bytes_each: float
    errors: NDArray[np.float64] = field(compare=False, repr=False)
    exact: float
    decoder: int = 0
    unsqueezed: float | None = None
    shared: int = 1
    sample: Images = field(default_factory=lambda: np.zeros((0, 784), np.uint8), compare=False, repr=False)

    @property
    def mse(self) -> float:
        """Squared error, mean over pixels and images."""
        return float(self.errors.mean())

    @property
    def fewest(self) -> int:
        """The smallest number of images that what was measured says anything about."""
        return -(-self.shared // 2)

    def holds_for(self, images: float) -> bool:
        """Whether what was measured says anything about so many images."""
        return images >= self.fewest

    def with_decoder(self, images: float) -> float:
        """Bytes of an image when so many images share the decoder."""
        return self.bytes_each + self.decoder / images

    def total(self, images: float) -> float:
        """Bytes of so many images and the decoder."""
        return self.bytes_each * images + self.decoder


def measured(
    name: str, family: str, size: int, images: Images, decoded: Images, decoder: int = 0,
    unsqueezed: int | None = None, files: int | None = None,
) -> Cost:
    """The row of images (n, 784) that took `size` bytes together and came back as `decoded`.

    files : among which they were divided; by default each has its own
    """
    errors = np.square((decoded.astype(np.float32) - images) / 255).mean(axis=1, dtype=np.float64)
    return Cost(
        name, family, size / len(images), errors, float((decoded == images).all(axis=1).mean()), decoder,
        None if unsqueezed is None else unsqueezed / len(images), len(images) // (files or len(images)),
        decoded[:SAMPLE].copy(),
    )


def break_even(row: Cost, other: Cost) -> float:
    """The number of images from which a row costs no more than another one; infinite where it never does.

    0 where it costs less from the beginning.
    """
    dearer, saved = row.decoder - other.decoder, other.bytes_each - row.bytes_each
    if dearer <= 0 and saved >= 0:
        return 0.0
    if dearer <= 0 or saved <= 0:
        return math.inf
    return dearer / saved


def has_smaller_error(row: Cost, other: Cost) -> bool:
    """Whether a row's error is smaller than another one's on the same images, by more than two standard errors."""
    return clearly_less(row.errors, other.errors)


def no_larger(
    row: Cost, others: Iterable[Cost], images: int, count_decoder: bool = True
) -> list[Cost]:
    """Of other rows those that take no more bytes for so many images, the smallest first."""
    def size(each: Cost) -> float:
        return each.with_decoder(images) if count_decoder else each.bytes_each

    held = [other for other in others if other.holds_for(images) or not count_decoder]
    return sorted((other for other in held if size(other) <= size(row)), key=size)


def best_of_size(rows: Sequence[Cost], bytes_each: float) -> Cost | None:
    """The row with the least error of those whose images take at most so many bytes; the smallest where all are larger.

    None where there are no rows.
    """
    fitting = [row for row in rows if row.bytes_each <= bytes_each]
    if fitting:
        return min(fitting, key=lambda row: row.mse)
    return min(rows, key=lambda row: row.bytes_each, default=None)


def front(rows: Iterable[Cost], size: Callable[[Cost], float]) -> list[Cost]:
    """The rows that no other one of them beats in both size and error, the smallest first: each at its best setting."""
    kept: list[Cost] = []
    for row in sorted(rows, key=lambda row: (size(row), row.mse)):
        if not kept or row.mse < kept[-1].mse:
            kept.append(row)
    return kept
