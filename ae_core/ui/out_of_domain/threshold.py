"""Measured: every set against home, and a threshold with its false alarms and misses."""

import numpy as np
import streamlit as st

from ae_core.charts.out_of_distribution import ridges
from ae_core.evaluation.out_of_distribution.image_sets import farthest
from ae_core.evaluation.out_of_distribution.scores import auroc_doubt, false_alarms, misses, percentiles
from ae_core.evaluation.out_of_distribution.study import SCORES, Measured, OodStudy, inside
from ae_core.ui.background.trained_network import Subject
from ae_core.ui.layout.parts import folded
from ae_core.ui.layout.tables import table
from ae_core.ui.live.polling_fragment import show_when_measured
from ae_core.ui.out_of_domain.gallery import PASSES, STRANGE
from ae_core.ui.out_of_domain.measurements import whole_study

STEPS = 120  # of the threshold, even on a logarithmic scale
MARGIN = 0.005  # of an AUROC: what is less is of no use
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
    st.caption(
        f"Vermilion is wrong: {inside(study.home.title)} above the threshold, strangers below it. The dot is the "
        "median. At first the threshold is the limit that 95% of every second test image stay below; all is counted on "
        "the other ones. **AUROC**: the chance that a random stranger scores higher than a random test image; 1 tells "
        "all apart, 0.5 is a guess."
    )
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
        "Three baselines need no network: how far the mean pixel is from the usual one, "
        "the distance to the mean training image, and what PCA with at most as many numbers as the narrowest "
        "layer cannot express."
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
    median, at_home = float(np.median(found.errors)), study.home.errors.mean()
    return {
        "Set": found.title,
        "Images": len(found.errors),
        "Mean error": float(found.errors.mean()),
        "Median": median,
        TIMES: float(found.errors.mean() / at_home) if at_home else None,
        "Median above": float(percentiles(np.array([median]), study.home.errors)[0]),
        "Let in": 100 * misses(found.errors, threshold),
        **{f"AUROC {inside(label)}": found.auroc.get(name) for name, label in SCORES.items()},
    }


def finding(study: OodStudy, name: str) -> str:
    """The title: what the error is worth against the strangers of a name."""
    found = study.of(name)
    return f"{found.title}: mean error {study.beside_home(found)}; AUROC {found.auroc['error']:.3f}"


def verdict(study: OodStudy) -> str:
    """What the table says: of printed and of inverted images, and where something simpler is the better detector."""
    words = [printed_and_inverted(study)] if study.home.title == "Test digits" else []
    better = [
        f"{inside(found.title)} ({inside(SCORES[best])}, {found.auroc[best]:.3f} against {found.auroc['error']:.3f})"
        for found in study.strangers
        if (best := max(("pca", "mean image", "brightness"), key=found.auroc.__getitem__)) and beats(study, found, best)
    ]
    if better:
        words.append("**Something simpler is the better detector** for " + ", ".join(better) + ".")
    else:
        words.append("No simpler score is seen to be better than the error on any of these sets.")
    return " ".join(words)


def beats(study: OodStudy, found: Measured, score: str) -> bool:
    """Whether a score tells a set from home better than the error does, beyond two standard errors and in the table."""
    ours, theirs = ((study.home.scores[name], found.scores[name]) for name in ("error", score))
    return found.auroc[score] - found.auroc["error"] > max(MARGIN, auroc_doubt(theirs, ours))


def printed_and_inverted(study: OodStudy) -> str:
    """What the error says of printed digits, which look alike to people, and of inverted ones, which are the same."""
    printed, inverted = study.of("printed digits"), study.of("inverted")
    found, turned = printed.auroc["error"], inverted.auroc["error"]
    doubt = auroc_doubt((study.home.errors, printed.errors))
    if abs(found - 0.5) <= doubt:
        first = "between printed digits and handwritten ones the error shows no difference"
    elif found < 0.5:
        first = "printed digits have smaller errors than handwritten ones, more often than not"
    else:
        first = "printed digits have larger errors than handwritten ones, more often than not"
    words = f"{first[:1].upper()}{first[1:]} (AUROC {found:.2f}); of inverted digits it is {turned:.2f}."
    if found < PASSES and turned > STRANGE:
        words += " **What matters is how the pixels are distributed, not what they show.**"
    return words


def alt(study: OodStudy, threshold: float) -> str:
    """The ridges in words."""
    means = ", ".join(f"{found.title} {np.median(found.errors):.4f}" for found in (study.home, *study.strangers))
    return f"Distributions of the error on a logarithmic scale, threshold {threshold:.4f}. Medians: {means}."
