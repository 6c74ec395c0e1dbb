"""Measured: every set against home, and a threshold with its false alarms and misses."""

import numpy as np
import streamlit as st

from ae_core.charts.out_of_distribution import ridges
from ae_core.evaluation.out_of_distribution.image_sets import farthest
from ae_core.evaluation.out_of_distribution.scores import false_alarms, misses, percentiles
from ae_core.evaluation.out_of_distribution.study import SCORES, Measured, OodStudy, inside
from ae_core.ui.background.trained_network import Subject
from ae_core.ui.layout.parts import folded
from ae_core.ui.layout.tables import table
from ae_core.ui.live.polling_fragment import show_when_measured
from ae_core.ui.out_of_domain.measurements import whole_study

STEPS = 120  # of the threshold, even on a logarithmic scale
TIMES = "×\u00a0home"  # never broken


def threshold(subject: Subject) -> None:
    """The ridges with a threshold, the table, and what the table says."""
    show_when_measured(lambda study: _show(subject, study), whole_study, subject)


def _show(subject: Subject, study: OodStudy) -> None:
    st.subheader(finding(study, farthest(subject.spec.data).name), anchor=False)
    options = thresholds(study)
    threshold = st.select_slider(
        "Threshold: an image with a larger error is refused", options, study.limit,
        format_func=lambda value: f"{value:.4f}", key=f"threshold_{study.limit}",
    )
    columns = st.columns(3)
    columns[0].metric("False alarms", f"{false_alarms(study.home.errors, threshold):.2%}", border=True,
                      help=f"{study.home.title} that would be refused.")
    worst = max(study.strangers, key=lambda found: misses(found.errors, threshold))
    columns[1].metric("Misses, all strangers", f"{mean_misses(study, threshold):.1%}", border=True,
                      help="Strangers that would be let in: the mean over the sets, each counting the same.")
    columns[2].metric(f"Most missed: {inside(worst.title)}", f"{misses(worst.errors, threshold):.0%}", border=True)
    rows = [study.home, *study.strangers]
    st.plotly_chart(
        ridges([found.title for found in rows], [found.errors for found in rows], threshold),
        key="ridges", alt=alt(study, threshold), config={"displayModeBar": False},
    )
    st.caption("Vermilion is wrong: home beyond the threshold, strangers before it. The dot is the median.")
    table(
        [row(study, found, threshold) for found in rows], label="Errors and AUROC of every set",
        formats={
            "Images": "{:,}", "Mean error": "{:,.4f}", "Median": "{:.4f}", TIMES: "{:,.2f}",
            "Median above": "{:.2f}%", "Let in": "{:.2f}%",
            **{f"AUROC {inside(name)}": "{:.3f}" for name in SCORES.values()},
        },
        notes={
            "Median above": "share of home images whose error is below the median of this set.",
            "Let in": "share below the threshold.",
        },
    )
    st.markdown(verdict(study))
    folded("How it works", _how_it_works)


def _how_it_works() -> None:
    st.latex(r"e(x) = \tfrac{1}{784}\lVert x - g(f(x)) \rVert^2, \qquad "
             r"d(x) = \sqrt{(f(x) - \mu)^{\mathsf T}\, \Sigma^{-1} (f(x) - \mu)}")
    st.markdown(
        "The **error** $e$ asks whether the decoder can draw the image; the **code distance** $d$ (Mahalanobis) "
        "whether its code lies where those of training images lie, with mean $\\mu$ and covariance $\\Sigma$. "
        "**AUROC** is the chance that a random stranger scores higher than a random test image: 1 tells all "
        "apart, 0.5 is a guess. Three baselines need no network: how far the mean pixel is from the usual one, "
        "the distance to the mean training image, and what PCA with at most as many numbers cannot express."
    )


def thresholds(study: OodStudy) -> list[float]:
    """Thresholds from below the easiest home image to above the strangest image; one is the limit of the domain."""
    every = np.concatenate([study.home.errors, *(found.errors for found in study.strangers)])
    low, high = np.log10(max(float(np.quantile(study.home.errors, 0.001)), 1e-6)), np.log10(every.max() * 1.1)
    options = [float(f"{value:.3g}") for value in np.logspace(low, high, STEPS)]
    options[int(np.abs(np.array(options) - study.limit).argmin())] = study.limit
    return options


def mean_misses(study: OodStudy, threshold: float) -> float:
    """Share of strangers let in, each set counting the same."""
    return float(np.mean([misses(found.errors, threshold) for found in study.strangers]))


def row(study: OodStudy, found: Measured, threshold: float) -> dict[str, object]:
    """A set's row in the table."""
    median = float(np.median(found.errors))
    return {
        "Set": found.title,
        "Images": len(found.errors),
        "Mean error": float(found.errors.mean()),
        "Median": median,
        TIMES: float(found.errors.mean() / study.home.errors.mean()),
        "Median above": float(percentiles(np.array([median]), study.home.errors)[0]),
        "Let in": 100 * misses(found.errors, threshold),
        **{f"AUROC {inside(label)}": found.auroc.get(name) for name, label in SCORES.items()},
    }


def finding(study: OodStudy, name: str) -> str:
    """The title: what the error is worth against the strangers of a name."""
    found = study.of(name)
    return f"{found.title}: mean error {study.beside_home(found)}; AUROC {found.auroc['error']:.3f}"


def verdict(study: OodStudy) -> str:
    """What the table says: what passes, and where something simpler does as well or better."""
    printed = study.of("printed digits").auroc["error"]
    words = []
    if 0.35 < printed < 0.75:
        words.append(
            f"Printed digits are nearly indistinguishable from handwritten ones (AUROC {printed:.2f}), although no "
            "hand wrote them. **What matters is the distribution, not the subject.**"
        )
    better = [
        f"{inside(found.title)} ({inside(SCORES[best])}, {found.auroc[best]:.3f} against {found.auroc['error']:.3f})"
        for found in study.strangers
        if (best := max(("pca", "mean image", "brightness"), key=found.auroc.__getitem__))
        and found.auroc[best] > found.auroc["error"] + 0.0005
    ]
    if better:
        words.append("**Something simpler is the better detector** for " + ", ".join(better) + ".")
    else:
        words.append("No simpler score beats the error on any of these sets.")
    return " ".join(words)


def alt(study: OodStudy, threshold: float) -> str:
    """The ridges in words."""
    means = ", ".join(f"{found.title} {np.median(found.errors):.4f}" for found in (study.home, *study.strangers))
    return f"Distributions of the error on a logarithmic scale, threshold {threshold:.4f}. Medians: {means}."
