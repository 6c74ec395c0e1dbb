"""Reconstructions: what went in, what came out, and what was lost between them."""

import streamlit as st

from ae_core.datasets import mnist
from ae_core.figures import class_errors, class_finding, error_histogram, histogram_finding
from ae_core.metrics import bce_of_logits_each, mse_each
from ae_core.ui.digits import choose_digit, chosen_digit
from ae_core.ui.later import later
from ae_core.ui.measured import class_means, measure_images, pca, reconstruction_errors
from ae_core.ui.parts import claim, show_the_code, status, try_this
from ae_core.ui.passage import draw_passage, passage_of
from ae_core.ui.session import current_run

POLL = 0.4  # seconds

run = current_run()
spec = run.spec
loss = spec.loss.upper()
labels = mnist().test_labels
pca_name = f"PCA, {spec.code_size} numbers"


def evidence(id: str, was_live: bool, was_complete: bool) -> None:
    """The big picture; it follows a run that trains, and the page starts anew when all is measured."""
    run = current_run()
    errors = reconstruction_errors(run)
    if run.id != id or (was_live and not run.live) or (errors.complete and not was_complete):
        st.rerun()
    status(run)
    index = chosen_digit(errors.ours)
    passage = passage_of(run, index)
    draw_passage(index, passage, later(pca, spec.train_images))
    if passage is not None:
        figures(index, passage.loss)
    choose_digit(errors.ours)


def figures(index: int, ours: float) -> None:
    """The errors in numbers: of this digit, of PCA on it, of all digits."""
    errors = reconstruction_errors(run)
    with st.container(horizontal=True, key="figures"):
        st.metric(f"{loss} of this {labels[index]}", f"{ours:.4f}", help="Mean over its 784 pixels.")
        if errors.ours is None or errors.pca is None or errors.copy is None:
            st.caption(":material/hourglass_top: 10,000 test digits are being measured …")
            return
        st.metric("Worse than … of 10,000", f"{(errors.ours < ours).mean():.1%}", help="Test digits with less error.")
        st.metric(f"{pca_name}, same digit", f"{errors.pca[index]:.4f}", help="A linear code, the best there is.")
        st.metric("All test digits", f"{errors.ours.mean():.4f}", help=f"{pca_name}: {errors.pca.mean():.4f}.")
        if spec.loss == "bce":
            st.metric("A perfect copy of it", f"{errors.copy[index]:.4f}", help="Grey pixels cost even the digit.")
    here = "PCA rebuilds this digit better. " if errors.pca[index] < ours else ""
    everywhere = "PCA is better over all test digits, too." if errors.pca.mean() < errors.ours.mean() else ""
    if here or everywhere:
        st.markdown(f":orange[:material/balance: {here}{everywhere if here else everywhere.replace(', too', '')}]")


claim("Close, never identical.")
errors = reconstruction_errors(run)
waiting = run.live or (run.newest is not None and not errors.complete)
st.fragment(evidence, run_every=POLL if waiting else None)(run.id, run.live, errors.complete)

exact = "" if errors.copies is None else f" Of 10,000 test digits, {errors.copies:,} came back pixel for pixel."
st.markdown(f"**Look at** the error: :red[vermilion] is ink that was added, :blue[blue] is ink that was lost.{exact}")
with st.container(horizontal=True):
    try_this("Code size 2", code_size=2)
    try_this("Code size 128", code_size=128)
    try_this("No hidden layer, against PCA", depth=0, loss="mse", output="linear", epochs=3)

if errors.ours is None or errors.train is None or errors.pca is None or errors.copy is None:
    st.caption(":material/hourglass_top: The errors of all digits come here as soon as they are measured.")
else:
    if run.live:
        st.caption(f"Measured at epoch {errors.epoch:.2g}; once more when the training ends.")
    left, right = st.columns(2)
    means = [class_means(values, labels) for values in (errors.ours, errors.pca, errors.copy)]
    bound = means[2] if spec.loss == "bce" else None
    left.plotly_chart(
        class_errors(means[0], means[1], bound, loss, pca_name),
        key="class_errors", config={"displayModeBar": False},
        alt=f"Bar chart, mean {loss} of each digit with PCA as marks. {class_finding(means[0], means[1])}.",
    )
    right.plotly_chart(
        error_histogram(errors.ours, errors.train, loss),
        key="error_histogram", config={"displayModeBar": False},
        alt=f"Histogram of the {loss} of single images. {histogram_finding(errors.ours, errors.train)}.",
    )
    right.caption(f"10,000 test digits; of the training digits the first {len(errors.train):,}.")

with st.expander(f"Two losses: this run learns from {loss}", icon=":material/functions:"):
    left, right = st.columns(2)
    with left:
        st.markdown("**Binary cross-entropy** (BCE)" + (" — used here" if loss == "BCE" else ""))
        st.latex(r"-\frac{1}{784}\sum_{i} x_i \log \hat x_i + (1 - x_i) \log (1 - \hat x_i)")
        copied = "more than 0" if errors.copy is None else f"**{errors.copy.mean():.4f}**, not 0"
        st.markdown(
            "It reads a pixel $x$ in [0, 1] as a probability of ink, and asks for a $\\hat x$ in (0, 1), which the "
            "sigmoid gives. Its gradient before the sigmoid is $\\hat x - x$: a pixel that is surely wrong learns "
            "fastest. For an $x$ outside of [0, 1] it would fall without end. "
            f"A grey pixel costs even itself: a perfect copy of the test digits has a BCE of {copied}."
        )
    with right:
        st.markdown("**Mean squared error** (MSE)" + (" — used here" if loss == "MSE" else ""))
        st.latex(r"\frac{1}{784}\sum_{i} (x_i - \hat x_i)^2")
        st.markdown(
            "It suits any numbers, and a perfect copy has 0. Behind a sigmoid its gradient is "
            "$2 (\\hat x - x)\\, \\hat x (1 - \\hat x)$: where the output is surely wrong, near 0 or 1, almost nothing "
            "is learned. With a linear output and no hidden layer its best answer is PCA."
        )
    if spec.output == "linear":
        st.markdown("The output of this run is linear: it may leave [0, 1], so BCE is not defined for it.")
show_the_code(
    measure_images,
    bce_of_logits_each if spec.loss == "bce" else mse_each,
    shapes=f"10,000 digits, a thousand at a time: `(1000, 784)` → code `(1000, {spec.code_size})` → output "
    "`(1000, 784)` → one error an image `(1000,)`.",
)
