"""The evidence: controls, two charts, the figures, and the further parts; measured piece by piece."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from ae_core.charts.compression import (
    added_error,
    cost_over_images,
    even_finding,
    price,
    rate_distortion,
    rate_finding,
    rounded,
    rounding_finding,
    short,
    size_claim,
)
from ae_core.codecs.learned import PCA
from ae_core.codecs.ledger import best_of_size, break_even
from ae_core.codecs.quantise import BITS
from ae_core.formatting import counted
from ae_core.runs.run import Run
from ae_core.spec import Spec
from ae_core.ui.background.trained_network import Subject, subject_of
from ae_core.ui.compression.ledger_table import ledger_table
from ae_core.ui.compression.measurements import IMAGES, Ledger, ledger
from ae_core.ui.compression.round_trip import round_trip
from ae_core.ui.compression.same_bytes import same_bytes
from ae_core.ui.compression.spectrum import spectrum
from ae_core.ui.layout.findings import unless_diverged
from ae_core.ui.layout.parts import experiment
from ae_core.ui.live.polling_fragment import MEASURING, polling_fragment
from ae_core.ui.session.state import State, state
from ae_core.ui.session.visitor import current_run, pool

NUMBERS = (*(first * 10**power for power in range(7) for first in (1, 2, 5)), 10**7)
USUAL_BITS, USUAL_IMAGES = 8, 1000
EARLIER = 12  # runs of this visit that are drawn
PLAIN = {"displayModeBar": False}


@dataclass(frozen=True)
class Choice:
    """What the visitor chose: how many images, bits a unit, and whether the decoder counts."""

    images: int
    bits: int
    count_decoder: bool


def claimed(run: Run) -> str:
    """The page's claim, as far as it is measured at the bits that are chosen further down."""
    found = ledger(run.spec, subject_of(run))
    bits = state.cost_bits or USUAL_BITS
    return size_claim(found.network.rows[bits] if found.network else None, found.smallest_exact)


def cost_of_rounding(run: Run) -> str:
    """What rounding costs this network, once it is measured."""
    network = ledger(run.spec, subject_of(run)).network
    return rounding_finding(network.rows) if network else ""


def rate_and_error(run: Run) -> None:
    """All of it, as far as it is measured; the page starts anew when there is more."""
    subject, earlier = subject_of(run), _earlier(run)
    found = ledger(run.spec, subject, earlier)
    choice = _choose()
    _charts(found, choice)
    _figures(found, choice, subject is None)
    if found.missing:
        st.caption(MEASURING)
        polling_fragment(lambda: _measuring(run.spec, subject, earlier, found.missing))


def parts(run: Run) -> None:
    """The further parts, in tabs."""
    subject = subject_of(run)
    found = ledger(run.spec, subject, _earlier(run))
    bits, images = state.cost_bits or USUAL_BITS, state.cost_images or USUAL_IMAGES
    tabs: dict[str, Callable[[], None]] = {
        "At the same size": lambda: same_bytes(run.spec, found, bits),
        "The ledger": lambda: ledger_table(found, images),
        "What is lost": lambda: spectrum(run.spec, subject),
        "Round trip": lambda: round_trip(found, subject, bits),
    }
    for tab, show in zip(st.tabs(list(tabs), on_change="rerun", key="cost_part"), tabs.values(), strict=True):
        if tab.open:  # what is hidden is not measured
            with tab:
                show()


def _measuring(spec: Spec, subject: Subject | None, earlier: tuple[Subject, ...], shown: int) -> bool:
    """Draws nothing: the page is drawn anew for each piece, and `shown` were missing on it."""
    missing = ledger(spec, subject, earlier).missing
    if missing != shown:
        st.rerun()
    return missing > 0


def _choose() -> Choice:
    left, middle, right = st.columns([4, 4, 3], vertical_alignment="bottom")
    images = left.select_slider(
        "Images to keep", NUMBERS, USUAL_IMAGES, format_func=lambda number: f"{number:,}", key=State.cost_images.key,
        persist_state="session",
        help="They all share one decoder: the more there are, the less of it each has to pay.",
    )
    bits = middle.segmented_control(
        "Bits per number", BITS, default=USUAL_BITS, key=State.cost_bits.key, persist_state="session", required=True,
        help="Each number of the code is rounded to one of 2, 4, 16, ... values; 32 is the float32 that it was.",
    )
    counted = right.toggle("Count the decoder", value=True, key="cost_decoder", persist_state="session")
    return Choice(images, bits, counted)


def _charts(found: Ledger, choice: Choice) -> None:
    network = found.network.rows if found.network else {}
    earlier = {experiment(other.spec): other.rows[choice.bits] for other in found.earlier}
    left, right = st.columns([5, 4], gap="medium")
    figure = rate_distortion(network, choice.bits, found.others, earlier, choice.images, choice.count_decoder)
    finding = "What others cost, and what they lose"
    if network and found.missing:  # a verdict now would be turned over by what is still measured
        finding = price(network[choice.bits], choice.images, choice.count_decoder)
    elif network:
        finding = rate_finding(network[choice.bits], found.others, choice.images, choice.count_decoder)
        finding = unless_diverged(finding, current_run())
    left.markdown(f"**{finding}**")
    left.plotly_chart(
        figure, key="rate_distortion", config=PLAIN,
        alt=f"Error against bytes an image, both logarithmic: exact coders, JPEG, WebP, PCA, this network. {finding}.",
    )
    if not network:
        right.caption(":material/hourglass_top: Your network comes here when it has learned and is measured.")
        return
    row = network[choice.bits]
    exact, same = found.smallest_exact, best_of_size(found.of(PCA), row.bytes_each)
    shown = (found.named("raw"), found.named("gzip"), exact, same)
    others = {other.name: other for other in shown if other}
    finding = "The decoder is shared by all images"
    if exact:
        finding = unless_diverged(even_finding(row, exact), current_run())
    right.markdown(f"**{finding}**")
    right.plotly_chart(
        cost_over_images(row, others, choice.images), key="cost_over_images", config=PLAIN,
        alt=f"Bytes an image, decoder included, over the number of images. {finding}.",
    )


def _figures(found: Ledger, choice: Choice, learning: bool) -> None:
    """The network's figures in a row, with gzip's beside them."""
    exact = found.smallest_exact
    if found.network is None or exact is None:
        if learning:
            st.caption(":material/hourglass_top: It is still learning.")
        return
    row = found.network.rows[choice.bits]
    even, name = break_even(row, exact), short(exact)
    with st.container(horizontal=True, key="cost_figures"):
        st.metric("Bytes an image", f"{row.bytes_each:.1f}", help=f"{name}: {exact.bytes_each:.1f}. Raw: 784.")
        st.metric("And its decoder", f"{row.decoder / 1000:,.0f} kB", help="Weights and biases in float32, and the "
                  "range of each unit. gzip, JPEG and WebP are counted as 0: every computer has them.")
        st.metric(f"Break-even with {name}", "never" if math.isinf(even) else counted(rounded(even), "image"),
                  help=f"From so many images on the network takes fewer bytes, decoder included. {name}, of all images "
                       "in one file, is the smallest of all lossless ways measured here.")
        st.metric("Cost of rounding", f"{added_error(row, found.network.rows[32])} MSE",
                  help="Against the code in 32 bits. MSE: mean squared error per pixel.")
        st.metric("Came back identical", f"{row.exact * IMAGES:,.0f} of {IMAGES:,}",
                  help=f"{name}: {IMAGES:,} of {IMAGES:,}, always.")


def _earlier(run: Run) -> tuple[Subject, ...]:
    """The networks of earlier runs of this visit on the same data, as far as they are kept."""
    ended = [pool().ended(id) for id in state.visited[-EARLIER:] if id != run.id]
    subjects = [subject for other in ended if other is not None and (subject := subject_of(other)) is not None]
    mine = run.spec
    return tuple(each for each in subjects if each.spec.data == mine.data and each.spec.key != mine.key)
