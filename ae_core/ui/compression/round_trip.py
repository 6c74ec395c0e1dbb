"""Round trip: the codes of test images go into a file, and only this network makes pictures of them again."""

import streamlit as st

from ae_core.autoencoder.model import to_pixels
from ae_core.codecs.aez import MOST_BYTES, AezError, read
from ae_core.codecs.learned import decoder_bytes
from ae_core.codecs.quantise import packed_size
from ae_core.data.datasets import load
from ae_core.data.registry import DATA_SETS
from ae_core.evaluation.latent_space import decode_codes
from ae_core.ui.background.trained_network import Subject
from ae_core.ui.components.failed_upload import tell_failed_upload
from ae_core.ui.compression.measurements import Ledger, Network, file_of
from ae_core.ui.layout.image_rows import ImageRow as Pictures
from ae_core.ui.layout.image_rows import show_rows
from ae_core.ui.live.polling_fragment import show_when_measured

COUNTS = (10, 100, 1_000, 10_000)
MOST_CODES = 2**20  # bytes: a file that is kept for the download
SHOWN = 10


def round_trip(found: Ledger, subject: Subject | None, bits: int) -> None:
    """A file of codes to take away, and a field that takes one back."""
    if subject is None or found.network is None:
        st.caption(":material/hourglass_top: Your network comes here when it has learned and is measured.")
        return
    left, right = st.columns(2, gap="large")
    with left:
        _away(found, subject, bits)
    with right:
        _back(found.network, subject)


def _away(found: Ledger, subject: Subject, bits: int) -> None:
    name, there = f"{DATA_SETS[subject.spec.data].thing}s", len(load(subject.spec.data).test)
    counts = [n for n in COUNTS if n <= there and packed_size(n, subject.spec.code_size, bits) <= MOST_CODES]
    # A key of its own for each list of options: a choice that is gone must not linger.
    count = st.segmented_control(f"Test {name} in the file", counts, default=counts[min(1, len(counts) - 1)],
                                 format_func=lambda number: f"{number:,}", key=f"aez_count_{counts[-1]}", required=True)

    def show(content: bytes) -> None:
        st.download_button(f"Download {name}.aez", content, f"{name}.aez", "application/octet-stream",
                           icon=":material/download:", key="aez_download", on_click="ignore")
        gzip = found.named("gzip")
        theirs = f", in gzip, a file for each, about {gzip.bytes_each * count:,.0f}" if gzip else ""
        st.markdown(
            f"**{len(content):,} bytes** for {count:,} {name}; raw they take {784 * count:,}{theirs}. The file holds "
            "the codes, the range of each number, and the settings of this experiment. To see the images one needs the "
            f"decoder, {decoder_bytes(subject.model.decoder):,} bytes. That keeps nothing secret: who trains the same "
            "settings as long, on a processor of the same kind, has the same decoder."
        )

    show_when_measured(show, file_of, subject, count, bits)


def _back(network: Network, subject: Subject) -> None:
    file = st.file_uploader(f"Rebuild {DATA_SETS[subject.spec.data].thing}s from an .aez file", key="aez_upload",
                            max_upload_size=MOST_BYTES // 2**20)
    tell_failed_upload("aez_upload")
    if file is None:
        st.caption("Download the file, train another network, and bring it back here: see what happens.")
        return
    content = file.getvalue()
    try:
        codes = read(content, network.fingerprint)
    except AezError as error:
        st.warning(str(error), icon=":material/lock:")
        return
    pictures = decode_codes(subject.model, codes[:SHOWN])
    st.markdown(f"**{len(codes):,} {DATA_SETS[subject.spec.data].thing}s rebuilt** from {len(content):,} bytes, "
                f"{len(content) / len(codes):,.1f} each. The first of them:")
    rows = [Pictures("from the file", "output", to_pixels(pictures))]
    show_rows(rows, len(pictures), DATA_SETS[subject.spec.data].thing)
