"""The bytes of a picture file, from a stranger -> a Picture, or one friendly sentence.

Safe by order: the length first, then the header with its number of pixels, then the pixels. Only the formats named
here are tried, so that no PostScript file reaches Ghostscript.
"""

import io
import re
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
from PIL import ExifTags, Image, UnidentifiedImageError

from . import png
from .colours import SIDE
from .picture import Picture, PictureError, Pixels, picture_from

MAX_BYTES = 5_000_000
MAX_PIXELS = 25_000_000
# These decoders need 9 to 18 bytes a pixel (measured), the others 1 to 7.
HUNGRY_FORMATS = ("WEBP", "AVIF", "JPEG2000")
MAX_HUNGRY_PIXELS = 8_000_000
MAX_JPEG_SCANS = 50  # a progressive JPEG has about ten; thousands keep a decoder busy for hours

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "ICO", "AVIF", "JPEG2000")
STARTS = (png.SIGNATURE, b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")
FOREIGN = {
    "HEIC": re.compile(rb".{4}ftyp(hei|hev|mif1|msf1)", re.DOTALL),
    "HDR": re.compile(rb"#\?(RADIANCE|RGBE)"),
}

UNKNOWN = "This is not a picture that the app can read: please choose a PNG, JPEG, WebP, GIF, BMP or TIFF file."
DAMAGED = "The picture is damaged or incomplete: please choose another."

# From the stored picture to the upright one, by the number of the orientation in EXIF (1 is upright).
TURNS: dict[int, Callable[[Pixels], Pixels]] = {
    2: np.fliplr,
    3: lambda pixels: np.rot90(pixels, 2),
    4: np.flipud,
    5: lambda pixels: np.swapaxes(pixels, 0, 1),
    6: lambda pixels: np.rot90(pixels, -1),
    7: lambda pixels: np.swapaxes(np.rot90(pixels, 2), 0, 1),
    8: np.rot90,
}

# Pillow checks every header against this one, also the picture inside an icon, which it decodes on opening.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
_one_at_a_time = threading.Lock()


def open_picture(data: bytes) -> Picture:
    """The picture in a file, judged by its content and never by its name.

    Reads PNG, JPEG, WebP, GIF, BMP, TIFF, ICO, AVIF and JPEG 2000; of several frames the first one, of several sizes
    of an icon the largest. The orientation in EXIF is applied, colour profiles are not.

    Raises
    ------
    PictureError
        The file is empty, larger than 5 MB, has more than 25 million pixels (8 million in WebP, AVIF and JPEG 2000),
        is damaged or not a picture. Nothing else is ever raised.
    """
    if not data:
        raise PictureError("The file is empty: please choose another.")
    if len(data) > MAX_BYTES:
        raise PictureError(f"The file is larger than {MAX_BYTES // 1_000_000} MB: please choose a smaller one.")
    try:
        with _quiet_pillow():
            return _decoded(data)
    except PictureError:
        raise
    except UnidentifiedImageError as error:
        raise PictureError(_why_unknown(data)) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        count = re.search(r"\((\d+) pixels\)", str(error))
        raise PictureError(_too_many_pixels(int(count[1]) if count else None)) from error
    except Exception as error:  # what a decoder raises on bytes of a stranger has no end: all of it means damaged
        raise PictureError(DAMAGED) from error


def _decoded(data: bytes) -> Picture:
    """The picture in the bytes; raises whatever Pillow raises."""
    if data.startswith(png.SIGNATURE):
        data = png.without_profile(data)
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        _check(image, data)
        image.draft(None, (SIDE, SIDE))  # a large JPEG is decoded at a half, a quarter or an eighth of its size
        image.load()
        picture, turn = picture_from(image), _turn_of(image)
        notices = (*_frames_notice(image), *picture.notices)
        return Picture(turn(picture.rgb), turn(picture.grey), notices)


@contextmanager
def _quiet_pillow() -> Iterator[None]:
    """No warning of Pillow escapes, and its warning of too many pixels is an error.

    The filters belong to the whole process, so pictures are read one after the other; that bounds the memory, too.
    """
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        yield


def _check(image: Image.Image, data: bytes) -> None:
    """Refuse from the header what would take too much memory or time, or what Pillow would mend in silence."""
    limit = MAX_HUNGRY_PIXELS if image.format in HUNGRY_FORMATS else MAX_PIXELS
    if image.width * image.height > limit:
        raise PictureError(_too_many_pixels(image.width * image.height, limit))
    if image.format == "PNG" and not png.has_all_rows(data):
        raise PictureError(DAMAGED)
    if image.format in ("JPEG", "MPO") and data.count(b"\xff\xda") > MAX_JPEG_SCANS:
        raise PictureError("The picture is stored in too many passes: please save it anew as JPEG or PNG.")
    if image.format == "TIFF":
        tags = image.tag_v2  # type: ignore[attr-defined]
        tile = tags.get(322, 0) * tags.get(323, 0)  # TileWidth and TileLength may be far larger than the picture
        if tile > limit:
            raise PictureError(_too_many_pixels(tile, limit))


def _turn_of(image: Image.Image) -> Callable[[Pixels], Pixels]:
    """What makes the image upright, as its EXIF says; a broken EXIF says nothing."""
    try:
        return TURNS.get(int(image.getexif().get(ExifTags.Base.Orientation, 1)), np.asarray)
    except Exception:  # as many kinds as EXIF can be broken
        return np.asarray


def _frames_notice(image: Image.Image) -> tuple[str, ...]:
    """A sentence if there are more frames; counted only where the header tells, never by reading them all."""
    if image.format == "MPO" or not getattr(image, "is_animated", False):  # a second view in a photo is no frame
        return ()
    if image.format in ("PNG", "WEBP", "AVIF"):
        return (f"Only the first of {image.n_frames:,} frames is used.",)  # type: ignore[attr-defined]
    return ("Only the first of several frames is used.",)


def _too_many_pixels(count: int | None, limit: int = MAX_PIXELS) -> str:
    found = f"{count / 1e6:,.0f} million" if count else "far too many"
    return f"The picture has {found} pixels, at most {limit // 1_000_000} million can be read: please make it smaller."


def _why_unknown(data: bytes) -> str:
    for name, start in FOREIGN.items():
        if start.match(data):
            return f"{name} pictures cannot be read: please save yours as JPEG or PNG first."
    return DAMAGED if data.startswith(STARTS) else UNKNOWN
