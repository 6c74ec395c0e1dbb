"""Images as codes in a file, `digits.aez`, for the network that made them alone; it names the Spec to train again.

Layout, all numbers little-endian:

    8 bytes   "AEZ1" and line ends that a text transfer would spoil
    2 + n     length of the Spec's key, and the key in ASCII
    32        SHA-256 of the weights
    4 + 2 + 1 images, units of a code, bits a unit
    8 a unit  all units' smallest values on training data, then all largest, float32
    the rest  the quantised codes, in Huffman code
    4         CRC-32 of all before
"""

import hashlib
import struct
import zlib
from dataclasses import dataclass

import numpy as np

from ae_core.autoencoder.model import Autoencoder
from ae_core.codecs.huffman import huffman_decode, huffman_encode
from ae_core.codecs.quantise import BITS, Codes, Ranges, pack, packed_size, quantise, restore, unpack
from ae_core.spec import Spec

MAGIC = b"AEZ1\r\n\x1a\n"
MOST_IMAGES = 10_000
MOST_CODES = 4 * 2**20  # bytes of codes in a file, unpacked
MOST_BYTES = 5 * 2**20  # of a file: the Huffman code adds 0.02 % to codes that it cannot make smaller
MOST_KEY = 1_000

_KEY_LENGTH, _COUNTS, _CHECKSUM = struct.Struct("<H"), struct.Struct("<IHB"), struct.Struct("<I")
_DIGEST = 32


class AezError(ValueError):
    """A file of codes cannot be used; the message is one sentence that says why."""


@dataclass(frozen=True)
class Fingerprint:
    """The network that made a file: its Spec's key, and the SHA-256 of its weights."""

    key: str
    weights: bytes

    @classmethod
    def of(cls, spec: Spec, model: Autoencoder) -> "Fingerprint":
        """The fingerprint of a trained network."""
        digest = hashlib.sha256()
        for weight in model.weights():
            digest.update(weight.tobytes())
        return cls(spec.key, digest.digest())


def write(fingerprint: Fingerprint, codes: Codes, ranges: Ranges, bits: int) -> bytes:
    """The file of codes (n, units) in so many bits a unit; `read` takes every file that is made here.

    Raises `AezError` over codes that are too many, none at all, or no finite numbers.
    """
    count, units = codes.shape
    key = fingerprint.key.encode("ascii")
    if not _fits(count, units, bits) or len(key) > MOST_KEY:
        raise AezError(f"These codes do not go into one file: it holds 1 to {MOST_IMAGES:,} images, "
                       f"and at most {MOST_CODES // 2**20} MB of codes.")
    if not all(np.isfinite(numbers).all() for numbers in (codes, ranges.low, ranges.high)):
        raise AezError("Codes that are no finite numbers do not go into a file.")
    content = b"".join([
        MAGIC, _KEY_LENGTH.pack(len(key)), key, fingerprint.weights, _COUNTS.pack(count, units, bits),
        ranges.low.astype("<f4").tobytes(), ranges.high.astype("<f4").tobytes(),
        huffman_encode(pack(quantise(codes, ranges, bits), bits)),
    ])
    return content + _CHECKSUM.pack(zlib.crc32(content))


def read(content: bytes, fingerprint: Fingerprint) -> Codes:
    """The codes (n, units) in a file that the network of this fingerprint wrote. `AezError` over every other file.

    The sizes that a file claims are checked before anything of that size is made.
    """
    if len(content) > MOST_BYTES:
        raise AezError(f"This file is larger than {MOST_BYTES // 2**20} MB: it is no file of codes.")
    if not content.startswith(MAGIC):
        raise AezError("This is no file of codes: it does not begin as an .aez file does.")
    body, checksum = content[: -_CHECKSUM.size], content[-_CHECKSUM.size :]
    if len(body) < len(MAGIC) or _CHECKSUM.pack(zlib.crc32(body)) != checksum:
        raise AezError("This file of codes is damaged: its checksum does not fit.")
    try:
        return _read_body(body[len(MAGIC) :], fingerprint)
    except (struct.error, ValueError) as error:
        if isinstance(error, AezError):
            raise
        raise AezError("This file of codes is damaged: its parts do not fit together.") from error


def _read_body(body: bytes, fingerprint: Fingerprint) -> Codes:
    (length,) = _KEY_LENGTH.unpack_from(body)
    start = _KEY_LENGTH.size + length
    if length > MOST_KEY:
        raise ValueError("no Spec has so long a key")
    theirs = Fingerprint(body[_KEY_LENGTH.size : start].decode("ascii"), body[start : start + _DIGEST])
    if theirs != fingerprint:
        raise AezError(_stranger(theirs, fingerprint))
    count, units, bits = _COUNTS.unpack_from(body, start + _DIGEST)
    if not _fits(count, units, bits) or units != Spec.from_key(fingerprint.key).code_size:
        raise ValueError("impossible counts")
    size = packed_size(count, units, bits)
    start += _DIGEST + _COUNTS.size
    low, high = np.frombuffer(body, "<f4", 2 * units, start).astype(np.float32).reshape(2, units)
    levels = unpack(huffman_decode(body[start + 8 * units :], size), count, units, bits)
    codes = restore(levels, Ranges(low, high), bits)
    if not np.isfinite(codes).all():
        raise ValueError("codes that are no numbers")
    return codes


def _fits(count: int, units: int, bits: int) -> bool:
    """Whether a file can hold codes of so many images: the same rule for who writes and who reads."""
    return 1 <= count <= MOST_IMAGES and bits in BITS and packed_size(count, units, bits) <= MOST_CODES


def _stranger(theirs: Fingerprint, fingerprint: Fingerprint) -> str:
    """Why codes of another network are refused; of its key only what makes a valid Spec is repeated."""
    if theirs.key == fingerprint.key:
        return ("This file was made by the same experiment with other weights, perhaps on another machine: "
                "only the decoder that learned beside its encoder can read it.")
    return (f"This file was made by another network ({Spec.from_key(theirs.key).describe()}): "
            "its codes mean nothing to yours.")
