"""What images cost: coders that give back what they got, codes in fewer bits, the file, the ledger, the spectrum."""

import io
import lzma
import math
import struct
import zlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from streamlit import config

from ae_core.autoencoder.model import Autoencoder
from ae_core.charts.compression import (
    cost_over_images,
    even_finding,
    rate_distortion,
    rate_finding,
    spectrum_finding,
)
from ae_core.codecs.aez import MAGIC, MOST_BYTES, MOST_CODES, MOST_IMAGES, MOST_KEY, AezError, Fingerprint, read, write
from ae_core.codecs.contact_sheet import contact_sheet, images_of_sheet
from ae_core.codecs.huffman import huffman_decode, huffman_encode
from ae_core.codecs.image_codecs import CODERS, EXACT, LOSSY, Coder
from ae_core.codecs.learned import decoder_bytes, network_rows, pca_rows
from ae_core.codecs.ledger import Cost, best_of_size, break_even, front, has_smaller_error, measured, no_larger
from ae_core.codecs.quantise import BITS, Ranges, pack, packed_size, quantise, restore, unpack
from ae_core.codecs.spectrum import NYQUIST, band, radial_power, share
from ae_core.data.datasets import Dataset, Images
from ae_core.evaluation.baselines import principal_components
from ae_core.evaluation.latent_space import decode_codes, encode_images
from ae_core.spec import Spec
from ae_core.ui.compression.ledger_table import chosen, from_where
from ae_core.ui.compression.measurements import Ledger, Network

SPEC = Spec(code_size=3, depth=0)
NAMED = {name: (family, coder) for family, coders in CODERS.items() for name, coder in coders.items()}


@pytest.fixture(scope="module")
def images() -> Images:
    """13 images of noise and of flat grey: no full contact sheet, and nothing that a lossy coder leaves alone."""
    numbers = np.random.default_rng(0)
    flat = np.repeat(numbers.integers(0, 256, (5, 1), np.uint8), 784, axis=1)
    return np.concatenate([numbers.integers(0, 256, (8, 784), np.uint8), flat])


@pytest.mark.parametrize("name", [name for name in NAMED if NAMED[name][0] in EXACT])
def test_exact_coders_give_back_every_grey_value(name: str, images: Images) -> None:
    coder = NAMED[name][1]
    files = coder.pack(images)
    assert len(files) == (1 if "together" in name or "sheet" in name else len(images))
    np.testing.assert_array_equal(coder.unpack(files, len(images)), images)


@pytest.mark.parametrize("family", LOSSY)
def test_lossy_codecs_lose_less_for_more_bytes(family: str, blobs: Dataset) -> None:
    rows = []
    for name, coder in LOSSY[family].items():
        files = coder.pack(blobs.test)
        rows.append(measured(name, family, sum(map(len, files)), blobs.test, coder.unpack(files, len(blobs.test))))
    assert [row.bytes_each for row in rows] == sorted(row.bytes_each for row in rows)
    assert rows[0].mse > rows[-1].mse > 0
    assert rows[0].exact < 1


def test_each_codec_has_its_best_setting(blobs: Dataset) -> None:
    def size(coder: Coder) -> int:
        return sum(map(len, coder.pack(blobs.test)))

    assert size(EXACT["exact, together"]["xz, all together"]) <= len(lzma.compress(blobs.test.tobytes()))
    for family, sheet in (("JPEG, alone", False), ("JPEG, all together", True)):
        pictures = [contact_sheet(blobs.test)] if sheet else list(blobs.test.reshape(-1, 28, 28))
        ours = size(LOSSY[family][f"{family}, quality 75"])
        for progressive in (False, True):  # which is the smaller one depends on the picture
            files = [io.BytesIO() for _ in pictures]
            for picture, file in zip(pictures, files, strict=True):
                Image.fromarray(picture).save(file, "JPEG", quality=75, optimize=True, progressive=progressive)
            assert ours <= sum(len(file.getvalue()) for file in files)


def test_a_contact_sheet_has_its_images_side_by_side(images: Images) -> None:
    picture = contact_sheet(images)
    assert picture.shape == (4 * 28, 4 * 28)
    np.testing.assert_array_equal(picture[28:56, 56:84].reshape(784), images[6])
    assert not picture[84:, 28:].any()
    np.testing.assert_array_equal(images_of_sheet(picture, 13), images)


def test_quantising_by_hand() -> None:
    ranges = Ranges(np.array([0, -1], np.float32), np.array([4, 1], np.float32))
    codes = np.array([[0.5, -1], [3.9, 0.1], [9, -7], [4, 1]], np.float32)
    levels = quantise(codes, ranges, 2)  # cells of 1 and of 0.5
    np.testing.assert_array_equal(levels, [[0, 0], [3, 2], [3, 0], [3, 3]])
    np.testing.assert_allclose(restore(levels, ranges, 2), [[0.5, -0.75], [3.5, 0.25], [3.5, -0.75], [3.5, 0.75]])


@given(st.integers(1, 40), st.integers(1, 5), st.sampled_from(BITS), st.integers(0, 2**32 - 1))
def test_levels_survive_packing_and_the_error_is_half_a_cell(count: int, units: int, bits: int, seed: int) -> None:
    codes = np.random.default_rng(seed).normal(0, 3, (count, units)).astype(np.float32)
    ranges = Ranges.of(codes)
    levels = quantise(codes, ranges, bits)
    packed = pack(levels, bits)
    assert len(packed) == packed_size(count, units, bits)
    again = unpack(huffman_decode(huffman_encode(packed), len(packed)), count, units, bits)
    np.testing.assert_array_equal(again, levels)
    half = (ranges.high - ranges.low) / 2 / 2**bits if bits < 32 else np.zeros(units)
    assert (np.abs(restore(again, ranges, bits) - codes) <= half + 1e-5).all()


@given(st.integers(1, 40), st.integers(1, 5), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_ranges_are_the_same_however_the_images_are_dealt_out(count: int, units: int, each: int, seed: int) -> None:
    codes = np.random.default_rng(seed).normal(0, 3, (count, units)).astype(np.float32)
    ranges = Ranges.over(codes[start : start + each] for start in range(0, count, each))
    np.testing.assert_array_equal(ranges.low, codes.min(axis=0))
    np.testing.assert_array_equal(ranges.high, codes.max(axis=0))


def test_one_bit_a_unit_packs_eight_images_in_a_byte() -> None:
    levels = np.array([[1, 0], [0, 0], [1, 0], [1, 0], [0, 0], [0, 0], [0, 0], [1, 1]], np.uint32)
    assert pack(levels, 1) == bytes([0b10110001, 0b00000001])


def test_a_dead_unit_costs_nothing_but_its_cells() -> None:
    codes = np.full((4, 1), 2.5, np.float32)
    ranges = Ranges.of(codes)
    np.testing.assert_array_equal(restore(quantise(codes, ranges, 4), ranges, 4), codes)


def test_frequent_bytes_get_short_words() -> None:
    # Words of 1, 2, 3 and 4 bits: the fifth word, also of 4, marks the end.
    symbols = np.random.default_rng(0).choice([0, 1, 2, 3], 80_000, p=[0.5, 0.25, 0.125, 0.125]).astype(np.uint8)
    assert len(huffman_encode(symbols.tobytes())) == pytest.approx(80_000 * 1.875 / 8, rel=0.01)


@given(st.binary(max_size=200), st.integers(0, 300))
def test_expanding_foreign_bytes_is_refused(content: bytes, size: int) -> None:
    with pytest.raises(ValueError, match="These bytes"):
        huffman_decode(b"\xff" + content, size)


def test_a_bomb_expands_no_further_than_expected() -> None:
    with pytest.raises(ValueError, match="something else"):
        huffman_decode(zlib.compress(bytes(10**7)), 1000)


def row(name: str, bytes_each: float, mse: float = 0.0, decoder: int = 0, shared: int = 1) -> Cost:
    return Cost(name, name, bytes_each, np.full(4, mse), 0.0, decoder, shared=shared)


def test_the_ledger_by_hand() -> None:
    ours, gzip = row("ours", 40, 0.01, 8_000), row("gzip", 200)
    assert ours.with_decoder(100) == 120
    assert ours.total(100) == 12_000
    assert break_even(ours, gzip) == 50
    assert ours.total(50) == gzip.total(50)
    assert break_even(gzip, ours) == math.inf
    assert break_even(row("large", 300, decoder=1), gzip) == math.inf
    assert break_even(row("small", 100), gzip) == 0


def test_the_break_even_point_is_marked_where_both_cost_the_same() -> None:
    ours, gzip, raw = row("ours", 40, 0.01, 8_000), row("gzip", 200), row("raw", 784)
    chart = cost_over_images(ours, {"gzip": gzip, "raw": raw, "dear": row("dear", 30)}, 7)
    marks = next(trace for trace in chart.data if trace.text)
    assert list(marks.x) == [50, pytest.approx(8_000 / 744)]
    assert list(marks.y) == [200, pytest.approx(784)]
    assert list(marks.text) == [" 50 ", ""]
    assert any(list(trace.x) == [7, 7] for trace in chart.data), "the visitor's own number of images"


def test_the_rate_and_the_distortion_of_every_way_are_drawn_and_the_chosen_one_is_a_star() -> None:
    ours = {8: row("ours", 40, 0.01, 8_000), 2: row("ours", 10, 0.03, 8_000)}
    others = [replace(row("gzip", 200), family="exact, alone"), replace(row("PCA, 8", 8, 0.04), family="PCA")]
    chart = rate_distortion(ours, 2, others, {"code 4": row("before", 4, 0.05)}, 100, True)
    drawn = {trace.name: (list(trace.x), list(trace.y)) for trace in chart.data}
    assert drawn["this network"] == ([120, 90], [0.01, 0.03])
    assert drawn["2 bits per number"] == ([90], [0.03])
    assert drawn["PCA"] == ([8], [0.04]) and drawn["earlier runs"] == ([4], [0.05])
    assert drawn["exact"][0] == [200] and drawn["exact"][1] < [1e-5], "below all that loses anything"
    without = rate_distortion(ours, 2, others, {}, 100, False)
    assert {trace.name: list(trace.x) for trace in without.data}["this network"] == [40, 10]
    assert "earlier runs" not in {trace.name for trace in without.data}


def test_a_file_of_many_images_says_nothing_about_a_few() -> None:
    ours, sheet, alone = row("ours", 40, 0.01, 8_000), row("sheet", 30, shared=2_000), row("alone", 45)
    assert no_larger(ours, [sheet, alone], 10) == [alone]
    assert no_larger(ours, [alone, sheet], 1_000) == [sheet, alone]
    chart = cost_over_images(ours, {"sheet": sheet, "alone": alone}, 7)
    drawn = {trace.name: min(trace.x) for trace in chart.data if trace.name}
    assert drawn["alone"] == 1 and drawn["sheet"] >= 1_000
    webp = replace(row("a sheet", 30, 0.01, shared=2_000), family="WebP, all together")
    for images, drawn_there in (10, False), (1_000, True):
        names = {trace.name for trace in rate_distortion({}, 8, [webp], {}, images, True).data}
        assert (webp.family in names) == drawn_there


def test_no_file_of_many_images_is_said_to_win_for_fewer_than_it_holds_for() -> None:
    gzip = row("gzip", 200)
    assert from_where(row("sheet", 30, shared=2_000), gzip) == "≤\u00a01,000"  # fewer were not measured
    assert from_where(row("odd sheet", 30, shared=2_001), gzip) == "≤\u00a01,001"
    assert from_where(row("alone", 30), gzip) == "the first"
    assert from_where(row("ours", 40, decoder=8_000), gzip) == 50
    assert from_where(row("ours", 40, decoder=8_000), row("xz", 140, shared=2_000)) == "≤\u00a080"
    assert from_where(row("raw", 784), gzip) == "never"


def test_the_ledger_rounds_a_break_even_as_the_title_does() -> None:
    ours, gzip = row("ours", 40, decoder=403_250), row("gzip", 200)  # 2520.3
    assert from_where(ours, gzip) == 2_520
    assert even_finding(ours, gzip).startswith("Below about 2,520 images")


def test_the_words_beside_exact_coders_stand_apart_and_each_at_its_own_mark() -> None:
    sizes = {"raw": 784, "gzip": 600, "PNG": 640}
    exact = [replace(row(name, size), family="exact, alone") for name, size in sizes.items()]
    marks = next(trace for trace in rate_distortion({}, 8, exact, {}, 1, True).data if trace.name == "exact")
    assert dict(zip(marks.text, marks.textposition, strict=True)) == {
        "raw": "top right", "gzip": "bottom center", "": "top center",
    }


def test_the_words_beside_a_mark_stand_where_the_chart_has_room() -> None:
    def side(images: int) -> str:
        chart = rate_distortion({8: row("ours", 24, 0.01, 2_200_000)}, 8, [], {}, images, True)
        return str(next(trace for trace in chart.data if trace.name == "8 bits per number").textposition)

    assert side(1_000_000) == "top right" and side(10) == "top left"
    chart = cost_over_images(row("ours", 190, 0.01, 8_000_000), {"gzip": row("gzip", 194)}, 10)
    assert next(trace for trace in chart.data if trace.text).textposition == ("top left",)


def test_the_words_above_the_star_of_a_large_error_have_room() -> None:
    chart = rate_distortion({8: row("ours", 1, 0.07)}, 8, [], {}, 1, False)
    assert chart.layout.yaxis.range[1] >= math.log10(0.07) + 0.5
    assert next(trace for trace in chart.data if trace.name == "8 bits per number").cliponaxis is False


def test_the_pca_beside_a_network_is_the_best_that_is_no_larger() -> None:
    ranges = Ranges(np.zeros(1, np.float32), np.ones(1, np.float32))
    network = Network(Spec(), Fingerprint("", b""), ranges, {8: row("ours", 28, 0.01), 4: row("ours", 12, 0.02)})
    principal = [row("4 numbers", 4, 0.05), row("9 numbers in 8 bits", 9, 0.03), row("18 numbers in 4 bits", 9.5, 0.02),
                 row("30 numbers", 30, 0.009)]
    others = tuple(replace(each, family="PCA") for each in principal)
    found = Ledger(network, others, (), 0)
    assert [each.name for each in chosen(found, 1_000, every=False)] == ["18 numbers in 4 bits"]
    assert best_of_size(principal, 3) is principal[0], "where none is as small, the smallest"
    assert best_of_size([], 3) is None


def test_a_family_is_drawn_at_its_best_settings_only() -> None:
    good, poor, dear = row("good", 9, 0.02), row("poor", 10, 0.03), row("dear", 30, 0.01, 10_000)
    assert front([dear, poor, good], lambda each: each.bytes_each) == [good, dear]
    drawn = [replace(each, family="PCA") for each in (good, poor, dear)]
    line = next(trace for trace in rate_distortion({}, 8, drawn, {}, 100, True).data if trace.name == "PCA")
    assert list(line.x) == [9, 130]


def test_an_error_is_smaller_only_beyond_two_standard_errors() -> None:
    errors = np.random.default_rng(0).uniform(0.01, 0.02, 400)
    luck = np.random.default_rng(1).normal(0, 0.001, 400)
    ours, near, far = (
        Cost(name, name, 10, errors + more, 0.0) for name, more in (("a", 0.0), ("b", luck - luck.mean() + 9e-5),
                                                                   ("c", luck - luck.mean() + 3e-4))
    )
    assert not has_smaller_error(ours, near) and not has_smaller_error(near, ours)
    assert has_smaller_error(ours, far) and not has_smaller_error(far, ours)


def test_who_is_smaller_with_a_smaller_error_depends_on_the_number_of_images() -> None:
    ours, gzip, webp = row("ours", 40, 0.01, 8_000), row("gzip", 200), row("webp", 60, 0.005)
    assert no_larger(ours, [gzip, webp], 10) == [webp, gzip]
    assert no_larger(ours, [gzip, webp], 10_000) == []
    assert no_larger(ours, [gzip, webp], 10, count_decoder=False) == []
    assert rate_finding(ours, [gzip], 10) == "For 10 images, 840 bytes each: gzip takes 200 bytes and loses nothing"
    assert "nothing as small has as small an error" in rate_finding(ours, [gzip], 10_000)


def test_a_row_is_measured_on_what_came_back() -> None:
    images = np.zeros((4, 784), np.uint8)
    decoded = images.copy()
    decoded[0] = 51  # a fifth of the ink on a quarter of the images
    found = measured("x", "y", 100, images, decoded, decoder=7, unsqueezed=120)
    assert (found.bytes_each, found.unsqueezed, found.exact, found.decoder) == (25, 30, 0.75, 7)
    assert found.mse == pytest.approx(0.04 / 4)
    np.testing.assert_array_equal(found.sample, decoded)


def test_a_network_costs_less_and_errs_more_in_fewer_bits(blobs: Dataset) -> None:
    model = Autoencoder.from_spec(SPEC).requires_grad_(False)
    ranges = Ranges.of(encode_images(model, blobs.train))
    rows = network_rows(model, blobs.test, ranges)
    assert list(rows) == [32, 16, 8, 4, 2, 1]
    assert [found.unsqueezed for found in rows.values()] == [12, 6, 3, 1.5, 0.75, 0.375]
    assert decoder_bytes(model.decoder) == 4 * (3 * 784 + 784)
    assert {found.decoder for found in rows.values()} == {4 * (3 * 784 + 784) + 3 * 8}
    direct = measured("", "", 1, blobs.test, decode_codes(model, encode_images(model, blobs.test)))
    assert rows[32].mse == direct.mse
    assert rows[16].mse == pytest.approx(direct.mse, rel=1e-3)


def test_more_components_err_less_and_cost_more(blobs: Dataset) -> None:
    rows = pca_rows(principal_components(blobs.train), blobs.train, blobs.test, (1, 4, 999))
    sizes = {"1 number": 1, "4 numbers": 4, "64 numbers": 64}  # 64 images have no more components
    names = [f"PCA, {size}, {bits} bit{'s' * (bits > 1)}" for size in sizes for bits in BITS]
    assert [found.name for found in rows] == names
    assert rows[2].mse > rows[8].mse > rows[14].mse
    assert [found.decoder for found in rows[::6]] == [4 * 784 * (size + 1) + 8 * size for size in sizes.values()]


def test_a_network_and_pca_are_given_the_same_bits(blobs: Dataset) -> None:
    model = Autoencoder.from_spec(SPEC).requires_grad_(False)
    ours = network_rows(model, blobs.test, Ranges.of(encode_images(model, blobs.train))).values()
    theirs = pca_rows(principal_components(blobs.train), blobs.train, blobs.test, [SPEC.code_size])
    assert [each.unsqueezed for each in ours] == [each.unsqueezed for each in theirs]


def waves(cycles: int) -> np.ndarray:
    places = np.arange(28)
    return np.cos(2 * np.pi * cycles * places / 28)[None, :].repeat(28, axis=0).reshape(1, 784)


@pytest.mark.parametrize("cycles", [1, 5, 13])
def test_a_wave_has_all_its_power_at_its_own_frequency(cycles: int) -> None:
    power = radial_power(waves(cycles))
    assert power[cycles] == pytest.approx(0.5)  # the mean square of a cosine
    assert power.sum() == pytest.approx(0.5)


def test_all_power_is_the_mean_square() -> None:
    slow = 0.3 + waves(2) + 0.1 * waves(7)
    assert radial_power(slow).sum() == pytest.approx(np.square(slow).mean())
    assert radial_power(slow)[0] == pytest.approx(0.09)


def test_a_blurred_image_keeps_the_coarse_and_loses_the_fine() -> None:
    sharp, blurred = radial_power(waves(2) + waves(12)), radial_power(waves(2) + 0.1 * waves(12))
    assert share(blurred, sharp, 1, 3) == pytest.approx(1)
    assert share(blurred, sharp, 8, NYQUIST) == pytest.approx(0.01)
    finding = spectrum_finding(sharp, radial_power(0.9 * waves(12)))
    assert finding == ("The error has 0.0% of the power of large shapes, 81.0% of that of fine detail; "
                       "from 12 cycles on it is more than half")


def test_the_bands_of_an_image_are_its_waves() -> None:
    both = waves(2) + waves(12)
    np.testing.assert_allclose(band(both, 1, 3), waves(2), atol=1e-9)
    np.testing.assert_allclose(band(both, 8, NYQUIST), waves(12), atol=1e-9)


@pytest.fixture(scope="module")
def fingerprint() -> Fingerprint:
    return Fingerprint.of(SPEC, Autoencoder.from_spec(SPEC))


@pytest.fixture(scope="module")
def codes() -> np.ndarray:
    return np.random.default_rng(1).normal(size=(20, 3)).astype(np.float32)


@pytest.mark.parametrize("bits", BITS)
def test_a_file_gives_back_its_codes(bits: int, fingerprint: Fingerprint, codes: np.ndarray) -> None:
    ranges = Ranges.of(codes)
    expected = restore(quantise(codes, ranges, bits), ranges, bits)
    np.testing.assert_array_equal(read(write(fingerprint, codes, ranges, bits), fingerprint), expected)


def test_a_file_of_another_experiment_is_refused_by_name(fingerprint: Fingerprint, codes: np.ndarray) -> None:
    spec = SPEC.replace(code_size=5)
    other = Fingerprint.of(spec, Autoencoder.from_spec(spec))
    with pytest.raises(AezError, match=r"made by another network \(code 5 · depth 0"):
        read(write(other, np.ones((2, 5), np.float32), Ranges.of(np.ones((2, 5), np.float32)), 8), fingerprint)


def test_a_file_of_the_same_experiment_with_other_weights_is_refused(
    fingerprint: Fingerprint, codes: np.ndarray
) -> None:
    other = Fingerprint.of(SPEC, Autoencoder.from_spec(SPEC.replace(seed=1)))
    assert other.key == fingerprint.key
    with pytest.raises(AezError, match="same experiment with other weights"):
        read(write(other, codes, Ranges.of(codes), 8), fingerprint)


def sealed(body: bytes) -> bytes:
    return body + struct.pack("<I", zlib.crc32(body))


def head(fingerprint: Fingerprint, *counts: int) -> bytes:
    key = fingerprint.key.encode()
    return MAGIC + struct.pack("<H", len(key)) + key + fingerprint.weights + struct.pack("<IHB", *counts)


@pytest.mark.parametrize("counts", [(0, 3, 8), (MOST_IMAGES + 1, 3, 8), (4, 2, 8), (4, 3, 7), (2**32 - 1, 65535, 32)])
def test_impossible_counts_are_refused(counts: tuple[int, int, int], fingerprint: Fingerprint) -> None:
    with pytest.raises(AezError, match="do not fit together"):
        read(sealed(head(fingerprint, *counts) + bytes(24) + huffman_encode(bytes(12))), fingerprint)


def test_codes_that_are_no_numbers_are_refused(fingerprint: Fingerprint) -> None:
    ranges = np.array([0, 0, math.nan, 1, 1, 1], "<f4").tobytes()
    with pytest.raises(AezError, match="do not fit together"):
        read(sealed(head(fingerprint, 4, 3, 8) + ranges + huffman_encode(bytes(12))), fingerprint)


def test_too_large_a_file_and_too_many_codes_are_refused(fingerprint: Fingerprint) -> None:
    with pytest.raises(AezError, match="larger than 5 MB"):
        read(bytes(MOST_BYTES + 1), fingerprint)
    many = np.zeros((MOST_IMAGES + 1, 3), np.float32)
    with pytest.raises(AezError, match="1 to 10,000 images"):
        write(fingerprint, many, Ranges.of(many), 8)


def test_the_largest_file_that_is_written_is_read() -> None:
    units = MOST_CODES // MOST_IMAGES // 4
    fingerprint = Fingerprint(Spec(code_size=units).key, bytes(32))
    codes = np.random.default_rng(0).normal(size=(MOST_IMAGES, units)).astype(np.float32)
    np.testing.assert_array_equal(read(write(fingerprint, codes, Ranges.of(codes), 32), fingerprint), codes)


def test_no_file_is_larger_than_a_visitor_may_bring_back() -> None:
    spec = Spec(code_size=784)
    longest = MAGIC + bytes(2 + MOST_KEY + 32 + 7 + 8 * spec.code_size + 4)
    assert len(longest) + len(huffman_encode(np.random.default_rng(0).bytes(MOST_CODES))) <= MOST_BYTES
    assert config.get_option("server.maxUploadSize") * 2**20 >= MOST_BYTES


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_what_would_not_be_read_is_not_written(bad: float, fingerprint: Fingerprint, codes: np.ndarray) -> None:
    ranges, wrong = Ranges.of(codes), codes.copy()
    wrong[3, 1] = bad
    for spoilt in ((wrong, ranges, 8), (wrong, ranges, 32), (codes, Ranges(ranges.low, wrong[3]), 8)):
        with pytest.raises(AezError, match="no finite numbers"):
            write(fingerprint, *spoilt)
    with pytest.raises(AezError, match="1 to 10,000 images"):
        write(fingerprint, codes[:0], ranges, 8)


@given(st.binary(max_size=300))
def test_foreign_bytes_are_refused_in_one_sentence(fingerprint: Fingerprint, content: bytes) -> None:
    for file in (content, MAGIC + content, sealed(MAGIC + content), sealed(head(fingerprint, 4, 3, 8) + content)):
        with pytest.raises(AezError) as refused:
            read(file, fingerprint)
        assert "\n" not in str(refused.value)


@given(st.data())
def test_a_changed_or_cut_file_is_refused(fingerprint: Fingerprint, codes: np.ndarray, data: st.DataObject) -> None:
    file = bytearray(write(fingerprint, codes, Ranges.of(codes), 4))
    place = data.draw(st.integers(0, len(file) - 1))
    if data.draw(st.booleans()):
        del file[place:]
    else:
        file[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(AezError):
        read(bytes(file), fingerprint)
