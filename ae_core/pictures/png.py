"""Two things about PNG files that Pillow does not do: leave the colour profile aside, and miss missing rows.

Source: W3C, "Portable Network Graphics (PNG) Specification", chapters 5 (chunks), 8 (interlacing) and 11 (IHDR).
"""

import struct
import zlib
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # of each colour type
WHOLE = ((0, 0, 1, 1),)
ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
PIECE = 1 << 18  # bytes inflated at a time, so that a bomb stays small


def without_profile(data: bytes) -> bytes:
    """The file without its colour profile, which is not used here and may inflate to any size."""
    kept = b"".join(data[start:end] for kind, start, end in _chunks(data) if kind != b"iCCP")
    return SIGNATURE + kept


def has_all_rows(data: bytes) -> bool:
    """Whether the pixel data is as long as the header says; Pillow fills missing rows with black in silence."""
    header, pixels = b"", []
    for kind, start, end in _chunks(data):
        content = data[start + 8 : end - 4]
        if kind == b"IHDR":
            header = content
        elif kind == b"IDAT":
            pixels.append(content)
    return len(header) == 13 and _inflates_to(b"".join(pixels), _expected_bytes(header))


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Kind, start and end of each chunk (its length, kind and checksum included), up to the end of the image."""
    start = len(SIGNATURE)
    while start + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, start)
        end = start + 12 + length
        yield kind, start, min(end, len(data))
        if kind == b"IEND":
            return
        start = end


def _expected_bytes(header: bytes) -> int:
    """Bytes of all rows, each with its filter byte, before compression."""
    width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", header)
    bits = depth * CHANNELS.get(colour, 1)
    total = 0
    for left, top, across, down in ADAM7 if interlace else WHOLE:
        columns, rows = -(-(width - left) // across), -(-(height - top) // down)
        if columns > 0 and rows > 0:
            total += rows * (1 + -(-columns * bits // 8))
    return total


def _inflates_to(packed: bytes, size: int) -> bool:
    """Whether a zlib stream holds at least so many bytes."""
    inflater, found = zlib.decompressobj(), 0
    try:
        while found < size:
            piece = inflater.decompress(packed, PIECE)
            if not piece:
                return False
            found, packed = found + len(piece), inflater.unconsumed_tail
    except zlib.error:
        return False
    return True
