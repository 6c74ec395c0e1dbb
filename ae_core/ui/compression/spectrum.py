"""What is lost: the power of inputs and outputs over the frequency."""

import streamlit as st

from ae_core.charts.compression import power_over_frequency, spectrum_finding
from ae_core.data.registry import DATA_SETS
from ae_core.spec import Spec
from ae_core.ui.background.trained_network import Subject
from ae_core.ui.compression.measurements import Spectra, spectra_of
from ae_core.ui.layout.findings import unless_diverged
from ae_core.ui.live.polling_fragment import show_when_measured
from ae_core.ui.session.visitor import current_run


def spectrum(spec: Spec, subject: Subject | None) -> None:
    """The spectra, once the network is there to be measured."""
    if subject is None:
        st.caption(":material/hourglass_top: It is still learning.")
    else:
        show_when_measured(lambda found: _show(found, f"{DATA_SETS[spec.data].thing}s"), spectra_of, subject)


def _show(found: Spectra, noun: str) -> None:
    finding = unless_diverged(spectrum_finding(found.input, found.error), current_run())
    st.markdown(f"**{finding}**")
    st.plotly_chart(
        power_over_frequency(found.input, found.output, found.error, found.pca, noun), key="spectrum",
        alt=f"Power of test {noun}, of what the network and PCA make of them, and of the error. {finding}.",
        config={"displayModeBar": False},
    )
    st.markdown(
        "**Look at** the right end: strokes as a whole are slow waves, their edges and ends fast ones. The fast ones "
        "go first, and that is what **blur** is. Where the :red[error] meets the input, what the network draws there "
        "is as good as nothing, even if it has power."
    )
    # Two short lines: a phone has no room for one.
    st.latex(r"P(k) = \operatorname{mean}_x \sum_{k - \frac12 \le |\nu| < k + \frac12} |X_\nu|^2")
    st.latex(r"X_\nu = \tfrac{1}{784} \textstyle\sum_{p} x_p\, e^{-2\pi i\, \nu \cdot p / 28}")
