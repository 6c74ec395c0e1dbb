"""Coders that need no training: each packs images into files and unpacks them again."""

import gzip
import io
import lzma
import zlib
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from ae_core.codecs.contact_sheet import SIDE, contact_sheet, images_of_sheet
from ae_core.data.datasets import Images

QUALITIES = {"JPEG": (1, 5, 10, 25, 50, 75, 95), "WEBP": (0, 5, 10, 25, 50, 75, 95)}  # from the lowest there is


class Coder(NamedTuple):
    """A way to keep images.

    pack : images (n, 784) -> files; their sizes are what it costs
    unpack : the files, and n -> images (n, 784): the same ones, or what is left of them
    """

    pack: Callable[[Images], list[bytes]]
    unpack: Callable[[list[bytes], int], Images]


def _each(pack: Callable[[bytes], bytes], unpack: Callable[[bytes], bytes]) -> Coder:
    """A coder of bytes that makes a file of every image."""
    return Coder(
        lambda images: [pack(image.tobytes()) for image in images],
        lambda files, count: _images(b"".join(map(unpack, files))),
    )


def _together(pack: Callable[[bytes], bytes], unpack: Callable[[bytes], bytes]) -> Coder:
    """A coder of bytes that makes one file of all images."""
    return Coder(lambda images: [pack(images.tobytes())], lambda files, count: _images(unpack(files[0])))


def _picture_each(kind: str, **options: Any) -> Coder:
    """A codec of pictures that makes a file of every image."""
    return Coder(
        lambda images: [_save(image.reshape(SIDE, SIDE), kind, options) for image in images],
        lambda files, count: np.stack([_open(file, kind).reshape(-1) for file in files]),
    )


def _picture_sheet(kind: str, **options: Any) -> Coder:
    """A codec of pictures that makes one file of all images, side by side in one large picture."""
    return Coder(
        lambda images: [_save(contact_sheet(images), kind, options)],
        lambda files, count: images_of_sheet(_open(files[0], kind), count),
    )


def _gzip(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)


def _xz(content: bytes) -> bytes:
    # Of all settings tried the smallest, or within 2 % of it, for digits, clothes and photographs.
    return lzma.compress(content, filters=[{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "lc": 4}])


def _zlib(content: bytes) -> bytes:
    return zlib.compress(content, 9)


def _same(content: bytes) -> bytes:
    return content


def _images(content: bytes) -> Images:
    return np.frombuffer(content, np.uint8).reshape(-1, SIDE * SIDE)


def _save(picture: Images, kind: str, options: dict[str, Any]) -> bytes:
    """The file of a picture; of the two forms that JPEG has, the smaller one."""
    files = []
    for form in ({"progressive": False}, {"progressive": True}) if kind == "JPEG" else ({},):
        file = io.BytesIO()
        Image.fromarray(picture).save(file, kind, **options, **form)
        files.append(file.getvalue())
    return min(files, key=len)


def _open(file: bytes, kind: str) -> Images:
    with Image.open(io.BytesIO(file), formats=[kind]) as picture:
        return np.asarray(picture.convert("L"))


def _qualities(make: Callable[..., Coder], kind: str, name: str, **options: Any) -> dict[str, Coder]:
    return {f"{name}, quality {quality}": make(kind, quality=quality, **options) for quality in QUALITIES[kind]}


# Family -> name -> coder, each at its best setting. *alone*: a file an image; *together*: one file of all images.
EXACT: dict[str, dict[str, Coder]] = {
    "exact, alone": {
        "raw": _each(_same, _same),
        "gzip": _each(_gzip, gzip.decompress),
        "zlib": _each(_zlib, zlib.decompress),
        "PNG": _picture_each("PNG", optimize=True),
        "WebP lossless": _picture_each("WEBP", lossless=True, method=6),
    },
    "exact, together": {
        "gzip, all together": _together(_gzip, gzip.decompress),
        "xz, all together": _together(_xz, lzma.decompress),
        "PNG, all together": _picture_sheet("PNG", optimize=True),
        "WebP lossless, all together": _picture_sheet("WEBP", lossless=True, method=6),
    },
}
LOSSY: dict[str, dict[str, Coder]] = {
    "JPEG, alone": _qualities(_picture_each, "JPEG", "JPEG, alone", optimize=True),
    "JPEG, all together": _qualities(_picture_sheet, "JPEG", "JPEG, all together", optimize=True),
    "WebP, alone": _qualities(_picture_each, "WEBP", "WebP, alone", method=6),
    "WebP, all together": _qualities(_picture_sheet, "WEBP", "WebP, all together", method=6),
}
CODERS: dict[str, dict[str, Coder]] = EXACT | LOSSY
