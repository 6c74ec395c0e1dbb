"""Pictures: any file becomes a 28 x 28 image in MNIST's convention, or one friendly sentence."""

import csv
import io
import struct
import subprocess
import sys
import warnings
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from ae_core.data.datasets import mnist
from ae_core.pictures import (
    MAX_BYTES,
    PictureError,
    looks_like_drawing,
    open_picture,
    picture_from,
    prepare_drawing,
    prepare_photograph,
)

pytestmark = pytest.mark.filterwarnings("error")

ROOT = Path(__file__).parents[2]
NASTY = ROOT / "tests" / "data" / "nasty"
with (NASTY / "MANIFEST.csv").open(encoding="utf-8", newline="") as manifest:
    ROWS = list(csv.DictReader(manifest))
ACCEPTED = [row["file"] for row in ROWS if row["expected"] == "ACCEPT"]
REFUSED = [row["file"] for row in ROWS if row["expected"] == "REJECT"]
PHOTO, SEVEN = "exif_gps.jpg", "UPPER.PNG"  # the plain versions of the photo and of the digit in most of the files
BICUBIC = Image.Resampling.BICUBIC


def nasty(name: str) -> bytes:
    """A file of the collection; those whose very name is the problem are copies of one digit and not stored."""
    stored = NASTY / name
    return (stored if name.isascii() and len(name) < 100 and "<" not in name else NASTY / SEVEN).read_bytes()


def grey_of(name: str) -> np.ndarray:
    return open_picture(nasty(name)).grey


def png_bytes(image: Image.Image, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", **options)
    return file.getvalue()


def difference(a: np.ndarray, b: np.ndarray) -> float:
    """Mean absolute difference in grey levels."""
    return float(np.abs(a.astype(float) - b).mean())


def assert_one_friendly_sentence(message: str) -> None:
    assert message[0].isupper() and message.endswith(".") and ". " not in message
    assert not set("\n<>`*_[]$\\") & set(message)
    assert len(message) < 130


# What is accepted and what is refused


def test_the_collection_is_complete() -> None:
    assert (len(ACCEPTED), len(REFUSED)) == (46, 26)


@pytest.mark.parametrize("name", ACCEPTED)
def test_an_accepted_file_gives_a_small_grey_image(name: str) -> None:
    picture = open_picture(nasty(name))
    assert picture.rgb.dtype == picture.grey.dtype == np.uint8
    assert picture.rgb.ndim == 3 and picture.rgb.shape[2] == 3 and max(picture.rgb.shape) <= 640
    assert picture.grey.ndim == 2 and max(picture.grey.shape) <= 1024
    for preparation in (prepare_drawing(picture), prepare_photograph(picture), prepare_photograph(picture, crop=False)):
        assert preparation.image.shape == (28, 28)
        for title, image in preparation.steps:
            assert title and image.ndim == 2 and image.dtype == np.uint8
        for notice in (*picture.notices, *preparation.notices):
            assert_one_friendly_sentence(notice)


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_file_gives_one_sentence_without_its_name(name: str) -> None:
    with pytest.raises(PictureError) as refusal:
        open_picture(nasty(name))
    assert_one_friendly_sentence(str(refusal.value))
    assert name not in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("empty.png", "file is empty"),
        ("truncated.jpg", "damaged or incomplete"),
        ("header_only.png", "damaged or incomplete"),
        ("short_idat.png", "damaged or incomplete"),
        ("postscript.png", "not a picture that the app can read"),
        ("page.jpg", "not a picture that the app can read"),
        ("phone.heic", "HEIC"),
        ("radiance.hdr", "HDR"),
        ("bomb_12000x12000.png", "144 million pixels, at most 25 million"),
        ("bomb_30000x30000.png", "900 million pixels"),
        ("float32_nan.tif", "not numbers"),
    ],
)
def test_a_refusal_says_why(name: str, words: str) -> None:
    with pytest.raises(PictureError, match=words):
        open_picture(nasty(name))


def test_a_file_above_the_upload_bound_is_refused_before_it_is_read() -> None:
    with pytest.raises(PictureError, match="larger than 5 MB"):
        open_picture(nasty(SEVEN) + bytes(MAX_BYTES))


def test_formats_whose_decoders_need_much_memory_have_a_lower_limit() -> None:
    large = Image.new("RGB", (3000, 3000), "white")
    file = io.BytesIO()
    large.save(file, "WEBP", method=0)
    assert open_picture(png_bytes(large)).grey.shape == (1024, 1024)
    with pytest.raises(PictureError, match="9 million pixels, at most 8 million"):
        open_picture(file.getvalue())


def test_a_jpeg_of_endless_passes_is_refused() -> None:
    with pytest.raises(PictureError, match="too many passes"):
        open_picture(nasty(PHOTO) + b"\xff\xda" * 60)


def test_every_missing_row_is_noticed_in_interlaced_files_too() -> None:
    # Adam7 of 9 x 9 grey pixels: passes of 2x2, 1x2, 3x1, 2x3, 5x2, 4x5 and 9x4 pixels, a filter byte for each row.
    size = sum(rows * (1 + columns) for columns, rows in ((2, 2), (1, 2), (3, 1), (2, 3), (5, 2), (4, 5), (9, 4)))

    def interlaced(length: int) -> bytes:
        chunks = ((b"IHDR", struct.pack(">IIBBBBB", 9, 9, 8, 0, 0, 0, 1)), (b"IDAT", zlib.compress(bytes(length))))
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
            for kind, content in (*chunks, (b"IEND", b""))
        )

    assert open_picture(interlaced(size)).grey.shape == (9, 9)
    with pytest.raises(PictureError, match="incomplete"):
        open_picture(interlaced(size - 1))


# Pixels come out right


def test_16_bit_grey_keeps_its_levels() -> None:
    with Image.open(io.BytesIO(nasty("gray16.png"))) as image:
        stored = np.asarray(image)
    assert stored.max() > 60_000
    np.testing.assert_array_equal(grey_of("gray16.png"), np.rint(stored / 257))


def test_12_bit_values_in_a_16_bit_file_are_brightened_with_a_notice() -> None:
    picture = open_picture(nasty("gray12in16.png"))
    assert picture.grey.max() == 255 and len(np.unique(picture.grey)) > 100
    assert any("brightened" in notice for notice in picture.notices)


def test_16_bit_colour_is_the_photo() -> None:
    photo = Image.fromarray(open_picture(nasty(PHOTO)).rgb).resize((160, 120))
    assert difference(open_picture(nasty("rgb16.png")).rgb, np.asarray(photo)) < 6


def test_floats_from_0_to_1_are_scaled_to_255() -> None:
    with Image.open(NASTY / "float32.tif") as image:
        stored = np.asarray(image)
    assert stored.max() <= 1
    np.testing.assert_array_equal(grey_of("float32.tif"), np.rint(stored * 255))


@pytest.mark.parametrize(("name", "words"), [("float32_hdr_range.tif", "-50 to 60,000"), ("int32.tif", "from 0 to")])
def test_a_wide_range_is_scaled_with_a_notice(name: str, words: str) -> None:
    picture = open_picture(nasty(name))
    with Image.open(NASTY / name) as image:
        stored = np.asarray(image).astype(float)
    expected = np.rint((stored - stored.min()) / np.ptp(stored) * 255)
    np.testing.assert_array_equal(picture.grey, expected)
    assert any(words in notice for notice in picture.notices)


def test_one_bit_pixels_are_black_and_white() -> None:
    assert set(np.unique(grey_of("bilevel.png"))) == {0, 255}


def test_a_transparent_palette_index_is_white_and_the_others_keep_their_colour() -> None:
    with Image.open(NASTY / "palette_trns.png") as image:
        transparent, indices = image.info["transparency"], np.asarray(image)
        colours = np.array(image.getpalette("RGB"), np.uint8).reshape(-1, 3)
    assert (indices == transparent).any()
    expected = np.where((indices == transparent)[..., None], 255, colours[indices])
    picture = open_picture(nasty("palette_trns.png"))
    np.testing.assert_array_equal(picture.rgb, expected)
    assert "Transparent parts are shown white." in picture.notices


@pytest.mark.parametrize("name", ["digit_in_alpha_only.png", "alpha.webp"])
def test_a_digit_in_the_alpha_channel_is_dark_on_white(name: str) -> None:
    with Image.open(NASTY / name) as image:
        alpha = np.asarray(image.getchannel("A"))
    assert difference(grey_of(name), 255 - alpha.astype(float)) < 1
    assert difference(prepare_drawing(open_picture(nasty(name))).image, prepared(SEVEN)) < 4


def test_a_white_digit_on_transparency_is_seen_on_black() -> None:
    picture = open_picture(nasty("gray_alpha.png"))
    assert picture.grey[0, 0] == 0 and picture.grey.max() == 255
    assert "Transparent parts are shown black." in picture.notices


def test_what_hides_under_full_transparency_is_not_shown() -> None:
    picture = open_picture(nasty("fully_transparent.png"))
    assert (picture.rgb == 255).all()
    assert any("nothing to see" in notice for notice in picture.notices)


@pytest.mark.parametrize("name", ["cmyk.jpg", "exif_orientation_6.jpg", "exif_broken.jpg", "icc_broken.jpg",
                                  "photo.webp", "photo.avif", "photo.jp2", "jpeg_named.png"])
def test_the_photo_has_its_colours_and_stands_upright(name: str) -> None:
    picture = open_picture(nasty(name)).rgb
    assert picture.shape == (240, 320, 3)
    assert difference(picture, open_picture(nasty(PHOTO)).rgb) < 8


@pytest.mark.parametrize("name", ["lab.tif", "photo.bmp"])
def test_the_small_photo_has_its_colours(name: str) -> None:
    picture = open_picture(nasty(name)).rgb
    photo = Image.fromarray(open_picture(nasty(PHOTO)).rgb).resize(picture.shape[1::-1])
    assert difference(picture, np.asarray(photo)) < 10


def test_a_digit_stored_upside_down_stands_upright() -> None:
    assert difference(grey_of("exif_orientation_3_digit.jpg"), grey_of(SEVEN)) < 3


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_each_orientation_is_applied_once(kind: str, orientation: int) -> None:
    image = Image.fromarray(np.arange(0, 240, 10, dtype=np.uint8).reshape(4, 6)).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = orientation
    file = io.BytesIO()
    image.save(file, kind, exif=exif, **({"lossless": True} if kind == "WEBP" else {}))
    image.getexif()[0x0112] = orientation
    upright = ImageOps.exif_transpose(image)  # the oracle
    np.testing.assert_array_equal(open_picture(file.getvalue()).rgb, np.asarray(upright))


def test_a_colour_profile_is_left_aside() -> None:
    np.testing.assert_array_equal(grey_of("iccp_64mib.png"), grey_of("digit_mnist_style.png"))


@pytest.mark.parametrize("name", ["animated.gif", "animated.png", "frames_1000.gif", "multipage.tif"])
def test_the_first_frame_is_used_and_a_notice_says_so(name: str) -> None:
    picture = open_picture(nasty(name))
    with Image.open(NASTY / name) as image:
        first = np.asarray(image.convert("L"))
    np.testing.assert_array_equal(picture.grey, first)
    count = "4" if name == "animated.png" else "several"  # counting the frames of a GIF means reading all of them
    assert f"Only the first of {count} frames is used." in picture.notices


def test_a_single_frame_has_no_notice() -> None:
    assert open_picture(nasty(SEVEN)).notices == open_picture(nasty(PHOTO)).notices == ()


def test_the_second_view_in_a_photo_of_a_phone_is_no_frame() -> None:
    file = io.BytesIO()
    view = Image.fromarray(open_picture(nasty(PHOTO)).rgb)
    view.save(file, "MPO", save_all=True, append_images=[view])
    assert open_picture(file.getvalue()).notices == ()


def test_the_largest_size_of_an_icon_is_used() -> None:
    assert grey_of("icon.ico").shape == (64, 64)


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "I;16"])
def test_a_large_picture_is_shrunk_in_bands_without_seams(mode: str) -> None:
    slope = np.linspace(0, 255, 2500)[:, None] + np.zeros(2600)
    levels = (slope * 257).astype(np.uint16) if mode == "I;16" else slope.astype(np.uint8)
    image = Image.fromarray(levels)
    picture = picture_from(image if mode == "I;16" else image.convert(mode))
    assert max(picture.grey.shape) == 1024 and max(picture.rgb.shape) == 640
    expected = np.linspace(0, 255, picture.grey.shape[0])[:, None]
    assert np.abs(picture.grey - expected).max() <= 2


# Nothing but a PictureError, no warning, flat memory


STARTS = [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"BM", b"II*\0", b"RIFF\x20\0\0\0WEBP",
          b"\0\0\1\0\1\0", b"\0\0\0\x0cjP  \r\n\x87\n"]


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=300), st.sampled_from(STARTS))
@example(b"", b"")
def test_random_bytes_never_raise_anything_else(data: bytes, start: bytes) -> None:
    try:
        open_picture(start + data)
    except PictureError as error:
        assert_one_friendly_sentence(str(error))


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([name for name in ACCEPTED if "." in name]), st.data())
def test_damaged_files_never_raise_anything_else(name: str, data: st.DataObject) -> None:
    whole = bytearray(nasty(name))
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, min(len(whole), 400) - 1) | st.integers(0, len(whole) - 1))
        whole[place] = data.draw(st.integers(0, 255))
    try:
        picture = open_picture(bytes(whole[: data.draw(st.integers(1, len(whole)))]))
        assert prepare_drawing(picture).image.shape == prepare_photograph(picture).image.shape == (28, 28)
    except PictureError as error:
        assert_one_friendly_sentence(str(error))


def test_pictures_may_be_opened_in_many_threads_and_the_filters_of_warnings_stay() -> None:
    before = list(warnings.filters)
    names = ["exif_broken.jpg", "bomb_12000x12000.png", "animated.gif"] * 8

    def outcome(name: str) -> str:
        try:
            return str(open_picture(nasty(name)).grey.shape)
        except PictureError as error:
            return str(error)

    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(outcome, names))
    assert outcomes == outcomes[:3] * 8
    assert list(warnings.filters) == before


def icon_of(png: bytes) -> bytes:
    """An icon that claims 64 x 64 pixels and holds any PNG; Pillow decodes it as soon as it is opened."""
    return struct.pack("<HHHBBBBHHII", 0, 1, 1, 64, 64, 0, 0, 1, 32, len(png), 22) + png


def tiff_of_one_tile(side: int) -> bytes:
    """A 28 x 28 TIFF, deflated, that is stored in one tile of side x side pixels."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(side)) for _ in range(side)) + packer.flush()
    packed += bytes(len(packed) % 2)
    tags = {256: 28, 257: 28, 258: 8, 259: 8, 262: 1, 277: 1, 322: side, 323: side, 324: 8, 325: len(packed)}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    directory = struct.pack("<H", len(tags)) + entries + bytes(4)
    return b"II*\0" + struct.pack("<I", 8 + len(packed)) + packed + directory


def test_the_picture_inside_an_icon_is_checked() -> None:
    with pytest.raises(PictureError, match="36 million pixels"):
        open_picture(icon_of(png_bytes(Image.new("1", (6000, 6000)))))


BOMBS = {
    "bomb_30000x30000.png": lambda: nasty("bomb_30000x30000.png"),
    "bomb_12000x12000.png": lambda: nasty("bomb_12000x12000.png"),
    "ztxt_1gib.png": lambda: nasty("ztxt_1gib.png"),
    "iccp_64mib.png": lambda: nasty("iccp_64mib.png"),
    "a bomb in an icon": lambda: icon_of(png_bytes(Image.new("RGBA", (7000, 7000)), compress_level=1)),
    "a TIFF of one huge tile": lambda: tiff_of_one_tile(16_000),
    "16 megapixels with alpha": lambda: png_bytes(Image.new("RGBA", (4000, 4000), (9, 9, 9, 99)), compress_level=1),
}


MEASURE = """
import io, resource, sys
from PIL import Image
from ae_core.pictures import PictureError, open_picture, picture_from
Image.init()
picture_from(Image.new("RGBA", (30, 30)))  # what is loaded once is no part of a picture
unit = 1 if sys.platform == "darwin" else 1024
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
before = peak()
try:
    open_picture(open(sys.argv[1], "rb").read())
except PictureError:
    pass
print(peak() - before)
"""


@pytest.mark.parametrize("name", BOMBS)
def test_memory_stays_flat(name: str, tmp_path: Path) -> None:
    bomb = tmp_path / "bomb"
    bomb.write_bytes(BOMBS[name]())
    # The shell between has a small peak of its own: a direct child would start with the peak of this process.
    child = subprocess.run(
        ["sh", "-c", '"$@"; exit $?', "sh", sys.executable, "-c", MEASURE, str(bomb)],
        capture_output=True, text=True, cwd=ROOT, check=True,
    )
    assert int(child.stdout) < 150 * 2**20


# Drawings


def prepared(name: str) -> np.ndarray:
    return prepare_drawing(open_picture(nasty(name))).image


def enlarged(digit: np.ndarray, times: int, how: Image.Resampling = BICUBIC) -> np.ndarray:
    side = 28 * times
    return np.asarray(Image.fromarray(digit).resize((side, side), how))


def distances(change: Callable[[np.ndarray], np.ndarray], count: int = 150) -> np.ndarray:
    """Mean absolute difference of each digit to itself, changed and prepared, in grey levels."""
    digits = mnist().test[:count].reshape(-1, 28, 28)
    return np.array([difference(prepare_drawing(picture_from(change(digit))).image, digit) for digit in digits])


def test_a_digit_of_mnist_passes_unchanged() -> None:
    np.testing.assert_array_equal(prepared("digit_mnist_style.png"), grey_of("digit_mnist_style.png"))
    assert (distances(lambda digit: digit, 500) == 0).mean() > 0.99


def test_an_inverted_digit_is_turned_back() -> None:
    assert (distances(lambda digit: 255 - digit) == 0).all()


def test_a_shifted_digit_is_centred() -> None:
    assert distances(lambda digit: np.pad(digit, ((9, 3), (2, 10)))).mean() < 1  # measured: 0.26


# Grey levels of 255; measured on 400 digits: means 2.3 (pixels repeated), 5.9 to 6.2 (others), 8.9 (shadow).
@pytest.mark.parametrize(
    ("bound", "change"),
    [
        pytest.param(3.5, lambda digit: enlarged(digit, 10, Image.Resampling.NEAREST), id="pixels repeated"),
        pytest.param(8, lambda digit: enlarged(digit, 10), id="smoothly enlarged"),
        pytest.param(8, lambda digit: 255 - enlarged(digit, 10), id="black on white"),
        pytest.param(8, lambda digit: np.rint(220 - 0.4 * enlarged(digit, 10)).astype(np.uint8), id="pencil on grey"),
        pytest.param(8, lambda digit: np.rint(220 - 0.15 * enlarged(digit, 10)).astype(np.uint8), id="faint pencil"),
        pytest.param(8, lambda digit: np.pad(255 - enlarged(digit, 7), ((400, 100), (20, 700)), constant_values=255),
                     id="in a corner of a sheet"),
    ],
)
def test_an_enlarged_digit_comes_out_as_it_was(bound: float, change: Callable[[np.ndarray], np.ndarray]) -> None:
    assert distances(change).mean() < bound


@pytest.mark.parametrize("light_ink", [False, True])
def test_a_noisy_photo_with_a_shadow_gives_the_digit(light_ink: bool) -> None:
    noise = np.random.default_rng(0).normal(0, 10, (344, 344))
    across, down = np.meshgrid(np.linspace(0, 1, 344), np.linspace(0, 1, 344))

    def photo(digit: np.ndarray) -> np.ndarray:
        reflected = 1 - 0.85 * np.pad(enlarged(digit, 8), 60) / 255
        grey = np.clip(reflected * (80 + 150 * across - 30 * down) + noise, 0, 255).astype(np.uint8)
        return 255 - grey if light_ink else grey

    assert distances(photo, 60).mean() < 13


def test_the_photo_with_a_shadow_gives_a_clean_seven() -> None:
    image = prepared("digit_photo_shadow.jpg")
    assert difference(image, prepared(SEVEN)) < 12
    assert (image == 0).mean() > 0.75 and image.max() > 230
    assert np.flatnonzero(image.any(axis=1)).size == 20


@pytest.mark.parametrize("name", ["digit_black_on_white.png", "digit_small_in_corner.png", "digit_in_alpha_only.png",
                                  "gray16.png", "float32.tif", "bilevel.png", "gray_alpha.png"])
def test_the_seven_is_the_same_however_it_is_stored(name: str) -> None:
    assert difference(prepared(name), prepared(SEVEN)) < 12


def test_a_drawing_fits_the_box_keeps_its_proportions_and_is_centred_by_mass() -> None:
    sheet = np.zeros((300, 400), np.uint8)
    sheet[20:120, 300:340] = 255
    image = prepare_drawing(picture_from(sheet)).image
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    assert (rows.size, columns.size) == (20, 8)
    assert (rows.mean(), columns.mean()) == (13.5, 13.5)

    sheet[100:120, 200:340] = 255  # an L, heavier on its right and at its foot
    image = prepare_drawing(picture_from(sheet)).image.astype(float)
    for axis in (0, 1):
        centre = image.sum(axis=1 - axis) @ np.arange(28) / image.sum()
        assert abs(centre - 14) <= 0.5


def test_the_steps_lead_from_the_picture_to_the_result() -> None:
    picture = open_picture(nasty("digit_black_on_white.png"))
    steps = prepare_drawing(picture).steps
    assert [title for title, _ in steps] == [
        "Grey", "White ink on black", "Cropped to the ink", "Shrunk into 20 x 20", "Centred by mass",
    ]
    np.testing.assert_array_equal(steps[0][1], picture.grey)
    assert max(steps[3][1].shape) == 20


@pytest.mark.parametrize("shade", [0, 31, 128, 255])
@pytest.mark.parametrize("shape", [(1, 1), (28, 28), (200, 300), (1, 500)])
def test_an_empty_sheet_gives_an_empty_image_and_a_notice(shade: int, shape: tuple[int, int]) -> None:
    preparation = prepare_drawing(picture_from(np.full(shape, shade, np.uint8)))
    assert not preparation.image.any()
    assert preparation.notices == ("No ink was found: the image is left empty.",)


def test_noise_on_an_empty_sheet_is_no_ink() -> None:
    noise = np.random.default_rng(0).normal(150, 8, (300, 300)).astype(np.uint8)
    assert not prepare_drawing(picture_from(noise)).image.any()


# Photographs, and which of the two it is


def test_a_photo_is_cropped_to_its_centre_or_squeezed() -> None:
    thirds = np.repeat(np.array([10, 100, 200], np.uint8), 56)[None, :].repeat(56, axis=0)
    cropped, squeezed = prepare_photograph(picture_from(thirds)), prepare_photograph(picture_from(thirds), crop=False)
    assert (cropped.image == 100).all()
    assert squeezed.image[0, 0] == 10 and squeezed.image[0, -1] == 200
    assert [title for title, _ in cropped.steps] == ["Grey", "Centre square", "28 x 28 pixels"]
    assert [title for title, _ in squeezed.steps] == ["Grey", "28 x 28 pixels"]


def test_a_pixel_of_a_photo_is_the_mean_of_its_area() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (280, 280), dtype=np.uint8)
    means = pixels.reshape(28, 10, 28, 10).mean(axis=(1, 3))
    assert np.abs(prepare_photograph(picture_from(pixels)).image - means).max() <= 1


@pytest.mark.parametrize("name", ["digit_photo_shadow.jpg", "digit_small_in_corner.png", "bilevel.png", SEVEN,
                                  "digit_mnist_style.png", "alpha.webp", "gray_progressive.jpg"])
def test_writing_looks_like_a_drawing(name: str) -> None:
    assert looks_like_drawing(open_picture(nasty(name)))


@pytest.mark.parametrize("name", [PHOTO, "cmyk.jpg", "photo.bmp", "lab.tif", "palette_trns.png", "flat_white.png"])
def test_a_photo_and_an_empty_sheet_do_not_look_like_a_drawing(name: str) -> None:
    assert not looks_like_drawing(open_picture(nasty(name)))


def test_every_digit_of_mnist_looks_like_a_drawing() -> None:
    assert all(looks_like_drawing(picture_from(digit)) for digit in mnist().test[:200].reshape(-1, 28, 28))


# Arrays, as a drawing pad gives them


def test_a_pad_may_give_grey_rgb_rgba_or_any_numbers() -> None:
    digit = mnist().test[0].reshape(28, 28)
    colour = np.stack([digit] * 3, axis=-1)
    alpha = np.dstack([np.zeros_like(colour), digit])  # black ink, as a canvas in the browser has it
    for array in (digit, colour, alpha, digit / 255, digit.astype(np.int64), digit.astype(np.float64)):
        np.testing.assert_array_equal(prepare_drawing(picture_from(array)).image, digit)
    assert set(np.unique(picture_from(digit > 0).grey)) == {0, 255}


@pytest.mark.parametrize("array", [np.zeros((0, 5), np.uint8), np.zeros(5, np.uint8), np.zeros((2, 2, 7), np.uint8),
                                   np.zeros((2, 2), complex), np.full((3, 3), np.nan), np.full((3, 3), 1e300)])
def test_an_array_that_is_no_picture_is_refused(array: np.ndarray) -> None:
    with pytest.raises(PictureError) as refusal:
        picture_from(array)
    assert_one_friendly_sentence(str(refusal.value))
