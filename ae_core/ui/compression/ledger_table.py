"""The ledger as a table, with the decoder and without."""

import math

import streamlit as st

from ae_core.charts.compression import rounded, short
from ae_core.codecs.image_codecs import EXACT
from ae_core.codecs.learned import PCA
from ae_core.codecs.ledger import Cost, best_of_size, break_even, front
from ae_core.formatting import counted
from ae_core.ui.compression.measurements import IMAGES, Ledger
from ae_core.ui.layout.tables import table

FEW = ("quality 10", "quality 50")  # of each lossy codec, unless all are asked for


def ledger_table(found: Ledger, images: int) -> None:
    """All rows that hold for so many images, the cheapest first."""
    every = st.toggle("All qualities and sizes", key="cost_every", persist_state="session")
    exact = found.smallest_exact
    wanted = [*(found.network.rows.values() if found.network else ()), *chosen(found, images, every)]
    rows = sorted((row for row in wanted if row.holds_for(images)), key=lambda row: row.with_decoder(images))
    table(
        [line(row, images, exact) for row in rows],
        label=f"Bytes and error of every way to keep {counted(images, 'image')}",
        formats={
            "With decoder": "{:,.1f}", "MSE": "{:.5f}", "Bytes": "{:.1f}", "Before coding": "{:.1f}",
            "Decoder, kB": "{:,.0f}", "Beats lossless from": "{:,}", "Identical": "{:.2f}%",
        },
        notes={
            "With decoder": f"bytes of an image of {images:,}.",
            "MSE": "squared error per pixel; 0 is exact.",
            "Bytes": "of an image, without the decoder.",
            "Before coding": "bytes before Huffman's code made frequent values short.",
            "Beats lossless from": "the number of images from which it is smaller than the smallest lossless file"
                                   f"{f', {short(exact)}' if exact else ''}; ≤ where fewer were not measured.",
            "Identical": "images that came back exact.",
        },
    )
    left_out = "" if len(rows) == len(wanted) else (
        f" Left out is what was measured on {IMAGES:,} images in one file: it says nothing about "
        f"{counted(images, 'image')}."
    )
    st.caption(
        f"For {counted(images, 'image')}; sizes and errors are means over {IMAGES:,} test images, all unpacked again "
        "and compared. *Alone* is a file for each image; *all together* is one file of all of them, for JPEG, WebP and "
        "PNG one large picture: that saves headers and repeats. A codec's own program counts as 0 bytes. PCA has the "
        "same choice of bits as the network." + left_out
    )


def chosen(found: Ledger, images: int, every: bool) -> list[Cost]:
    """The rows of all that is not this network: all, or two qualities and the best PCA of each of the code's sizes.

    Of PCA never what it does better in fewer bytes, for so many images with its decoder.
    """
    others, principal = [row for row in found.others if row.family != PCA], found.of(PCA)
    if every or found.network is None:
        return [*others, *front(principal, lambda row: row.with_decoder(images))]
    best = [best_of_size(principal, row.bytes_each) for row in found.network.rows.values()]
    few = [row for row in others if row.family in EXACT or row.name.endswith(FEW)]
    return [*few, *(row for row in principal if any(row is one for one in best))]


def line(row: Cost, images: int, exact: Cost | None) -> dict[str, object]:
    """A row of the table."""
    return {
        "Way": row.name[0].upper() + row.name[1:] if row.name.startswith("this") else row.name,
        "With decoder": row.with_decoder(images),  # the order of the rows: it has to be seen on a phone too
        "MSE": row.mse,
        "Bytes": row.bytes_each,
        "Before coding": row.unsqueezed,
        "Decoder, kB": row.decoder / 1000,
        "Beats lossless from": from_where(row, exact) if exact and row is not exact else None,
        "Identical": 100 * row.exact,
    }


def from_where(row: Cost, exact: Cost) -> int | str:
    """The number of images from which a row is the smaller one, or words for none, for all, and for a bound only."""
    even = break_even(row, exact)
    if math.isinf(even):
        return "never"
    known = max(rounded(even), row.fewest)
    if even < max(row.fewest, exact.fewest) and known > 1:
        return f"≤\u00a0{known:,}"
    return rounded(even) if even > 1 else "the first"
