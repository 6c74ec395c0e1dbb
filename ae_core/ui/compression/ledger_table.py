"""The ledger as a table, with the decoder and without."""

import math

import streamlit as st

from ae_core.charts.compression import rounded
from ae_core.codecs.learned import PCA
from ae_core.codecs.ledger import Row, break_even
from ae_core.ui.compression.measurements import IMAGES, Ledger
from ae_core.ui.layout.tables import table
from ae_core.words import counted

FEW = ("quality 10", "quality 50")  # of each lossy codec, unless all are asked for


def ledger_table(found: Ledger, images: int) -> None:
    """All rows that hold for so many images, the cheapest first."""
    every = st.toggle("All qualities and sizes", key="cost_every", persist_state="session")
    gzip = found.named("gzip")
    wanted = [*(found.network.rows.values() if found.network else ()), *chosen(found, every)]
    rows = sorted((row for row in wanted if row.holds_for(images)), key=lambda row: row.with_decoder(images))
    table(
        [line(row, images, gzip) for row in rows],
        label=f"Bytes and error of every way to keep {counted(images, 'image')}",
        formats={
            "With decoder": "{:,.1f}", "MSE": "{:.5f}", "Bytes": "{:.1f}", "Before coding": "{:.1f}",
            "Decoder, kB": "{:,.0f}", "Beats gzip from": "{:,}", "Identical": "{:.2f}%",
        },
        notes={
            "With decoder": f"bytes of an image of {images:,}.",
            "MSE": "squared error per pixel; 0 is exact.",
            "Bytes": "of an image, without the decoder.",
            "Before coding": "bytes before the entropy coding.",
            "Beats gzip from": "the number of images from which it is smaller; ≤ where fewer were not measured.",
            "Identical": "images that came back exact.",
        },
    )
    left_out = "" if len(rows) == len(wanted) else (
        f" Left out is what was measured on {IMAGES:,} images in one file: it says nothing about "
        f"{counted(images, 'image')}."
    )
    st.caption(
        f"For {counted(images, 'image')}; sizes and errors are means over {IMAGES:,} test images, all unpacked again "
        "and compared. *Alone* is a file an image; *together* and *contact sheet* is one file of all of them, which "
        "saves headers and repeats. A codec's own program counts as 0 bytes. PCA has 8 bits a coefficient." + left_out
    )


def chosen(found: Ledger, every: bool) -> list[Row]:
    """The rows of all that is not this network: all of them, or two qualities and PCA of about the code's size."""
    if every or found.network is None:
        return list(found.others)
    size = found.network.spec.code_size
    # in 8 bits a coefficient takes a byte, so this is the number of components
    same = min(found.of(PCA), key=lambda row: abs((row.unsqueezed or 0) - size), default=None)
    return [row for row in found.others if row.family.startswith("exact") or row.name.endswith(FEW) or row is same]


def line(row: Row, images: int, gzip: Row | None) -> dict[str, object]:
    """A row of the table."""
    return {
        "Way": row.name[0].upper() + row.name[1:] if row.name.startswith("this") else row.name,
        "With decoder": row.with_decoder(images),  # the order of the rows: it has to be seen on a phone too
        "MSE": row.mse,
        "Bytes": row.bytes_each,
        "Before coding": row.unsqueezed,
        "Decoder, kB": row.decoder / 1000,
        "Beats gzip from": from_where(row, gzip) if gzip and row is not gzip else None,
        "Identical": 100 * row.exact,
    }


def from_where(row: Row, gzip: Row) -> int | str:
    """The number of images from which a row is the smaller one, or words for none, for all, and for a bound only."""
    even = break_even(row, gzip)
    if math.isinf(even):
        return "never"
    if even < row.fewest and row.fewest > 1:
        return f"≤\u00a0{row.fewest:,}"
    return rounded(even) if even > 1 else "the first"
