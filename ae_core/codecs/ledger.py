"""The ledger: what a way to keep images costs, in bytes and in error, its decoder included."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ae_core.data.datasets import Images

SAMPLE = 10  # images whose decoded pictures a row carries


@dataclass(frozen=True)
class Row:
    """One way to keep images, measured.

    family : rows of one family are one curve
    bytes_each : size of an image, mean over those measured
    mse : squared error, mean over pixels in [0, 1] and images
    exact : share of the images that came back the same in all 784 grey values
    decoder : bytes that the reader needs once, whatever the number of images; 0 where every computer has it
    unsqueezed : bytes of an image before entropy coding, where that is a step of its own
    shared : images that were in one file when it was measured; in a file of far fewer each takes more
    sample : uint8 (at most 10, 784), what the first images came back as
    """

    name: str
    family: str
    bytes_each: float
    mse: float
    exact: float
    decoder: int = 0
    unsqueezed: float | None = None
    shared: int = 1
    sample: Images = field(default_factory=lambda: np.zeros((0, 784), np.uint8), compare=False, repr=False)

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
) -> Row:
    """The row of images (n, 784) that took `size` bytes together and came back as `decoded`.

    files : among which they were divided; by default each has its own
    """
    error = (decoded.astype(np.float32) - images) / 255
    return Row(
        name, family, size / len(images), float(np.square(error).mean(dtype=np.float64)),
        float((decoded == images).all(axis=1).mean()), decoder,
        None if unsqueezed is None else unsqueezed / len(images), len(images) // (files or len(images)),
        decoded[:SAMPLE].copy(),
    )


def break_even(row: Row, other: Row) -> float:
    """The number of images from which a row costs no more than another one; infinite where it never does.

    0 where it costs less from the beginning.
    """
    dearer, saved = row.decoder - other.decoder, other.bytes_each - row.bytes_each
    if dearer <= 0 and saved >= 0:
        return 0.0
    if dearer <= 0 or saved <= 0:
        return math.inf
    return dearer / saved


def nearest_in_size(rows: Sequence[Row], bytes_each: float) -> Row | None:
    """The row whose images take about so many bytes: the nearest one by ratio."""
    return min(rows, key=lambda row: abs(math.log(row.bytes_each / bytes_each)), default=None)


def beaten_by(row: Row, others: Sequence[Row], images: int, count_decoder: bool = True) -> Row | None:
    """Of other rows that are no larger and err no more, for so many images, the smallest; None where there is none."""
    size = row.with_decoder(images) if count_decoder else row.bytes_each
    better = [
        (theirs, other) for other in others
        if (theirs := other.with_decoder(images) if count_decoder else other.bytes_each) <= size
        and other.mse <= row.mse and (other.holds_for(images) or not count_decoder)
    ]
    return min(better, key=lambda pair: pair[0])[1] if better else None
