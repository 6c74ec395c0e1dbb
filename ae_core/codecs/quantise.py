"""Codes in fewer bits: each unit's range on training data is cut into equal cells."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.float32]
Levels = NDArray[np.uint32]

FLOATS = 32  # with so many bits a number is kept as the float32 that it is
BITS = (FLOATS, 16, 8, 4, 2, 1)


@dataclass(frozen=True, eq=False)
class Ranges:
    """The smallest and the largest value of each unit on training data: float32 (units,) each."""

    low: Codes
    high: Codes

    @classmethod
    def of(cls, codes: Codes) -> "Ranges":
        """The ranges of training codes (n, units)."""
        return cls.over([codes])

    @classmethod
    def over(cls, parts: Iterable[Codes]) -> "Ranges":
        """The ranges of training codes that come some at a time, (n, units) each: all at once may be 60 MB."""
        ends = [(codes.min(axis=0), codes.max(axis=0)) for codes in parts]
        return cls(np.min([low for low, _ in ends], axis=0), np.max([high for _, high in ends], axis=0))

    @property
    def nbytes(self) -> int:
        """What keeping them costs."""
        return self.low.nbytes + self.high.nbytes


def quantise(codes: Codes, ranges: Ranges, bits: int) -> Levels:
    """The cell (n, units), 0 to 2^bits - 1, in which each number of codes (n, units) lies.

    What lies outside of its unit's range falls into the outermost cell. With 32 bits nothing is
    cut: the levels are the bits of the float32 numbers themselves.
    """
    if bits == FLOATS:
        return np.ascontiguousarray(codes, np.float32).view(np.uint32)
    cells = 2**bits
    width = ranges.high.astype(np.float64) - ranges.low
    places = (codes - ranges.low.astype(np.float64)) / np.where(width > 0, width, 1)
    levels: Levels = np.floor(places * cells).clip(0, cells - 1).astype(np.uint32)
    return levels


def restore(levels: Levels, ranges: Ranges, bits: int) -> Codes:
    """Codes (n, units) from cells (n, units): each number is put in the middle of its cell."""
    if bits == FLOATS:
        return levels.view(np.float32)
    width = ranges.high.astype(np.float64) - ranges.low
    codes: Codes = (ranges.low + (levels + 0.5) / 2**bits * width).astype(np.float32)
    return codes


def pack(levels: Levels, bits: int) -> bytes:
    """Levels (n, units) without gaps: unit by unit, since neighbours of one kind are the easiest to squeeze further.

    Below 8 bits a byte holds several images' levels of one unit; above, all first bytes of a unit come
    before all second ones.
    """
    columns = levels.T
    if bits < 8:
        places = np.arange(bits - 1, -1, -1, dtype=np.uint32)
        spread = (columns[..., None] >> places & 1).astype(np.uint8)
        return np.packbits(spread.reshape(len(columns), -1), axis=1).tobytes()
    planes = np.arange(bits - 8, -1, -8, dtype=np.uint32)[:, None]
    return (columns[:, None] >> planes & 255).astype(np.uint8).tobytes()


def packed_size(count: int, units: int, bits: int) -> int:
    """How many bytes `pack` makes of levels (count, units)."""
    return units * -(-count * bits // 8)


def unpack(content: bytes, count: int, units: int, bits: int) -> Levels:
    """The levels (count, units) that `pack` made these bytes of; `ValueError` when they are not as many."""
    if len(content) != packed_size(count, units, bits):
        raise ValueError("These bytes hold another number of levels.")
    rows = np.frombuffer(content, np.uint8).reshape(units, -1)
    if bits < 8:
        spread = np.unpackbits(rows, axis=1, count=count * bits).reshape(units, count, bits)
        columns = np.zeros((units, count), np.uint32)
        for place in range(bits):  # one at a time: all at once they would be 32 times as large as the file
            columns = columns << np.uint32(1) | spread[..., place]
    else:
        planes = np.arange(bits - 8, -1, -8, dtype=np.uint32)[:, None]
        columns = (rows.reshape(units, -1, count).astype(np.uint32) << planes).sum(axis=1, dtype=np.uint32)
    return np.ascontiguousarray(columns.T)
