"""What the same number of bytes buys: the same images through each way."""

import streamlit as st

from ae_core.autoencoder.model import to_pixels
from ae_core.codecs.image_codecs import LOSSY
from ae_core.codecs.learned import PCA
from ae_core.codecs.ledger import SAMPLE, Cost, best_of_size
from ae_core.data.registry import DATA_SETS
from ae_core.spec import Spec
from ae_core.ui.compression.measurements import Ledger, test_images
from ae_core.ui.layout.image_rows import ImageRow as Pictures
from ae_core.ui.layout.image_rows import show_rows

TOGETHER = [family for family in LOSSY if family.endswith("together")]


def same_bytes(spec: Spec, found: Ledger, bits: int) -> None:
    """Test images, and what is left of them in about as many bytes as the network's code takes."""
    images = to_pixels(test_images(spec.data)[:SAMPLE])
    rows = [Pictures("input", "input", images, remark=_exact(found.named("gzip")))]
    if found.network is None:
        st.caption(":material/hourglass_top: Your network comes here when it has learned and is measured.")
    else:
        ours = found.network.rows[bits]
        rows.append(Pictures("this network", "output", to_pixels(ours.sample), remark=_cost(ours)))
        for family in (PCA, *TOGETHER):
            row = best_of_size(found.of(family), ours.bytes_each)
            if row is not None:
                rows.append(Pictures(row.name, "baseline", to_pixels(row.sample), remark=_cost(row)))
    show_rows(rows, SAMPLE, DATA_SETS[spec.data].thing)
    st.caption(
        "Each way at its setting with the smallest error among those that take no more bytes than the network's code. "
        "Where all take more, at its smallest. Decoders are not counted here. MSE: mean squared error per pixel."
    )


def _exact(gzip: Cost | None) -> str:
    return f"gzip: {gzip.bytes_each:.0f} bytes, exact" if gzip else ""


def _cost(row: Cost) -> str:
    return f"{row.bytes_each:.1f} bytes, MSE {row.mse:.4f}"
