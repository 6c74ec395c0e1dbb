"""Each sentence of Lossy by design, and what Reconstructions claims, against the numbers that it speaks of."""

import functools
import math
import re
from itertools import chain, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ae_core.charts.compression import even_finding, rate_finding, rounding_finding, size_claim, spectrum_finding
from ae_core.charts.reconstructions import copies_claim
from ae_core.codecs.image_codecs import CODERS, EXACT
from ae_core.codecs.learned import network_rows, pca_rows
from ae_core.codecs.ledger import Cost, measured
from ae_core.codecs.quantise import Ranges
from ae_core.codecs.spectrum import radial_power
from ae_core.evaluation.baselines import principal_components
from ae_core.evaluation.latent_space import decode_codes, encode_images
from tests.claims.networks import HARD, few, trained

FAMILIES = (*EXACT, "JPEG, all together")
COUNTS = (1, 10, 1_000, 100_000, 10**7)


@functools.cache
def rows_of(name: str) -> dict[int, Cost]:
    """A network's rows: bits -> row."""
    network = trained(name)
    return network_rows(
        network.model, network.data.test, Ranges.of(encode_images(network.model, network.data.train))
    )


@functools.cache
def others_of(data: str, training: int) -> tuple[Cost, ...]:
    """All that networks are held against: coders, and PCA of as many training images."""
    given, rows = few(data, training), []
    for family, (name, coder) in chain.from_iterable(product([each], CODERS[each].items()) for each in FAMILIES):
        files = coder.pack(given.test)
        back = coder.unpack(files, len(given.test))
        rows.append(measured(name, family, sum(map(len, files)), given.test, back, files=len(files)))
    return (*rows, *pca_rows(principal_components(given.train), given.train, given.test, (1, 4, 16, 32, 128, 784)))


def smallest_exact(others: tuple[Cost, ...]) -> Cost:
    return min((row for row in others if row.family in EXACT), key=lambda row: row.bytes_each)


def number(text: str) -> float:
    return float(text.replace(",", ""))


def check_size(claim: str, row: Cost, exact: Cost) -> None:
    """The title: from when on the network is smaller, and how many images came back exact."""
    same, tested = round(row.exact * len(row.errors)), len(row.errors)
    told = re.search(r"(none|all|[\d,]+)(?: of)? ([\d,]+) came back", claim)
    assert told and number(told[2]) == tested
    assert same == {"none": 0, "all": tested}.get(told[1], 0 if told[1] in ("none", "all") else -1) or (
        told[1] not in ("none", "all") and same == number(told[1]) and 0 < same < tested
    )
    check_break_even(re.search(r"from about ([\d,]+) image", claim), row, exact, "No smaller" in claim)


def check_break_even(told: re.Match[str] | None, row: Cost, exact: Cost, never: bool) -> None:
    """The network is smaller above the number told, and not below it; where it never is, at no number."""
    assert (told is None) == never
    if told is None:
        assert all(row.total(count) >= exact.total(count) for count in COUNTS)
        return
    count = number(told[1])
    assert row.total(1.01 * count + 1) <= exact.total(1.01 * count + 1)
    assert row.total(0.99 * count - 1) > exact.total(0.99 * count - 1)


def check_even(finding: str, row: Cost, exact: Cost) -> None:
    told = re.search(r"(?:most|about) ([\d,]+) image", finding)
    check_break_even(told, row, exact, "is always smaller" in finding)
    if told:
        assert ("at most" in finding) == (row.decoder / (exact.bytes_each - row.bytes_each) < exact.fewest)


def check_rate(finding: str, row: Cost, others: tuple[Cost, ...], images: int, counted: bool) -> None:
    """Whatever is said of a rival holds; and where none is named, all that are as small have a larger error."""
    def size(each: Cost) -> float:
        return each.bytes_each + (each.decoder / images if counted else 0)

    def gap(each: Cost) -> float:
        """In standard errors, positive where the network's error is smaller."""
        gaps = each.errors - row.errors
        return float(gaps.mean() / max(gaps.std() / math.sqrt(len(gaps)), 1e-300))

    held = [each for each in others if not counted or images >= each.fewest]
    named = [each for each in held if f": {each.name} takes " in finding]
    if not named:
        assert finding.endswith("of all measured here, nothing as small has as small an error")
        assert all(gap(each) > 2 for each in held if size(each) <= size(row))
        return
    (rival,) = named
    assert size(rival) <= size(row)
    if "loses nothing" in finding:
        assert not rival.errors.any() and row.errors.any()
    elif "smaller error" in finding:
        assert gap(rival) < -2 and rival.errors.any()
    else:
        assert "no difference in error" in finding and abs(gap(rival)) <= 2
        assert not any(gap(each) < -2 for each in held if size(each) <= size(row))


def check_rounding(finding: str, rows: dict[int, Cost]) -> None:
    told = re.findall(r"([+-][\d,.e-]+)(%?) at (\d) bit", finding)
    assert [int(bits) for *_, bits in told] == [8, 4, 2]
    for change, share, bits in told:
        exact, now = rows[32].mse, rows[int(bits)].mse
        if share:
            assert now == exact or number(change) == pytest.approx(100 * (now / exact - 1), abs=0.051)
        else:
            assert exact == 0 and float(change) == pytest.approx(now, rel=0.06)


def check_spectrum(finding: str, before: np.ndarray, after: np.ndarray) -> None:
    """The shares, worked out pixel by pixel: a band's mean square is its power."""
    def power(pixels: np.ndarray, low: int, high: int) -> float:
        waves = np.fft.fft2(pixels.reshape(-1, 28, 28))
        cycles = np.rint(np.hypot(*np.meshgrid(np.fft.fftfreq(28, 1 / 28), np.fft.fftfreq(28, 1 / 28))))
        return float(np.square(np.fft.ifft2(waves * ((cycles >= low) & (cycles <= high))).real).mean())

    error = after - before
    coarse, fine = (power(error, *part) / power(before, *part) for part in ((1, 3), (8, 14)))
    told = [float(share) for share in re.findall(r"([\d.]+)%", finding)]
    assert told == pytest.approx([100 * coarse, 100 * fine], abs=0.06)
    assert ("no blur" in finding) == (fine <= coarse)
    if beyond := re.search(r"from (\d+) cycle", finding):
        assert all(power(error, k, k) > 0.5 * power(before, k, k) for k in range(int(beyond[1]), 15))


@pytest.mark.parametrize("name", HARD)
def test_every_sentence_holds_for_hard_networks(name: str) -> None:
    network, rows, others = trained(name), rows_of(name), others_of(HARD[name].data, HARD[name].images)
    exact = smallest_exact(others)
    for bits, images, counted in product(rows, COUNTS, (True, False)):
        row = rows[bits]
        check_rate(rate_finding(row, others, images, counted), row, others, images, counted)
    for row in rows.values():
        check_size(size_claim(row, exact), row, exact)
        check_even(even_finding(row, exact), row, exact)
    check_rounding(rounding_finding(rows), rows)
    before = network.data.test / 255
    after = decode_codes(network.model, encode_images(network.model, network.data.test)) / 255
    finding = spectrum_finding(radial_power(before), radial_power(after - before))
    check_spectrum(finding, before, after)


def test_the_hard_networks_are_hard_enough() -> None:
    titles, findings = "", ""
    for name, bits in product(HARD, (32, 8, 2)):
        row, others = rows_of(name)[bits], others_of(HARD[name].data, HARD[name].images)
        titles += size_claim(row, smallest_exact(others))
        findings += "".join(rate_finding(row, others, images) for images in COUNTS)
    for exact in ("none of 200 came", r"; \d+ of 200 came", "all 200 came"):
        assert re.search(exact, titles), exact
    for end in ("loses nothing", "PCA.*smaller error", "no difference in error", "nothing as small"):
        assert re.search(end, findings), end
    assert "No smaller than lossless files" in titles and "Smaller than lossless files" in titles


sizes = st.floats(0.1, 3_500)
errors = st.lists(st.sampled_from([0.0, 1e-6, 0.004, 0.02]), min_size=5, max_size=5)


def built(name: str, size: float, error: list[float], decoder: int = 0, shared: int = 1) -> Cost:
    return Cost(name, "exact, alone", size, np.array(error), error.count(0.0) / 5, decoder, shared=shared)


@given(sizes, errors, st.integers(5_000, 10**7), sizes, errors, sizes, st.sampled_from(COUNTS), st.booleans())
def test_every_sentence_holds_for_any_numbers(
    size: float, error: list[float], decoder: int, theirs: float, other: list[float], exact: float, images: int,
    counted: bool,
) -> None:
    row, lossless = built("ours", size, error, decoder), built("xz, all together", exact, [0.0] * 5, shared=2_000)
    others = (built("a codec", theirs, other), lossless)
    check_rate(rate_finding(row, others, images, counted), row, others, images, counted)
    check_size(size_claim(row, lossless), row, lossless)
    check_even(even_finding(row, lossless), row, lossless)


@given(st.integers(0, 10_000))
def test_the_claim_of_reconstructions_says_how_many_are_exact(copies: int) -> None:
    told = copies_claim(copies, 10_000, "test digits").replace(",", "").split()[0]
    assert {"None": 0, "All": 10_000}.get(told, -1) == copies or copies == int(told)


def test_before_anything_is_measured_nothing_is_claimed_of_it() -> None:
    for claim in (size_claim(None, None), copies_claim(None, 10_000, "test digits")):
        assert not re.search(r"\d|smaller|larger|exact|identical|never", claim, re.IGNORECASE)
