"""What is lost: images in their large shapes and their fine detail, and their power over the frequency."""

import numpy as np
import streamlit as st
import torch

from ae_core.charts.compression import power_over_frequency, spectrum_finding
from ae_core.codecs.spectrum import COARSE, FINE, band
from ae_core.data.datasets import Images
from ae_core.data.registry import DATA_SETS
from ae_core.spec import Spec
from ae_core.ui.background.trained_network import Subject
from ae_core.ui.compression.measurements import Spectra, spectra_of
from ae_core.ui.layout.findings import unless_diverged
from ae_core.ui.layout.image_rows import ImageRow as Pictures
from ae_core.ui.layout.image_rows import show_rows
from ae_core.ui.live.polling_fragment import show_when_measured
from ae_core.ui.session.visitor import current_run


def spectrum(spec: Spec, subject: Subject | None) -> None:
    """The spectra, once the network is there to be measured."""
    if subject is None:
        st.caption(":material/hourglass_top: It is still learning.")
    else:
        show_when_measured(lambda found: _show(found, spec), spectra_of, subject)


def _show(found: Spectra, spec: Spec) -> None:
    known = DATA_SETS[spec.data]
    finding = unless_diverged(spectrum_finding(found.input, found.error), current_run())
    st.markdown(f"**{finding}**")
    rows = [
        _pictures(f"{name}, {part}", tone, images, cycles)
        for part, cycles in (("large shapes", COARSE), ("fine detail", FINE))
        for name, tone, images in (("input", "input", found.before), ("output", "output", found.after))
    ]
    show_rows(rows, len(found.before), known.thing)
    st.caption(
        f"A wave that goes up and down k times across the image has k cycles. Large shapes are the waves of "
        f"{COARSE[0]} to {COARSE[1]} cycles, fine detail those of {FINE[0]} to {FINE[1]}. Grey is 0."
    )
    st.plotly_chart(
        power_over_frequency(found.input, found.output, found.error, found.pca, f"{known.thing}s"), key="spectrum",
        alt=f"Power of test {known.thing}s, of what the network and PCA make of them, and of the error. {finding}.",
        config={"displayModeBar": False},
    )
    st.markdown(
        "**Look at** the right end, edges and other fine detail: where they are lost, the picture is **blurred**. "
        "Where the :red[error] is as high as the input, what the network draws at that frequency is no better than "
        "nothing, even if it has power."
    )
    # Two short lines: a phone has no room for one.
    st.latex(r"P(k) = \operatorname{mean}_x \sum_{k - \frac12 \le |\nu| < k + \frac12} |X_\nu|^2")
    st.latex(r"X_\nu = \tfrac{1}{784} \textstyle\sum_{p} x_p\, e^{-2\pi i\, \nu \cdot p / 28}")


def _pictures(name: str, tone: str, images: Images, cycles: tuple[int, int]) -> Pictures:
    """The waves of so many cycles in images, around a middle grey."""
    waves = 0.5 + band(images / np.float32(255), *cycles)
    return Pictures(name, tone, torch.from_numpy(waves.astype(np.float32)))
