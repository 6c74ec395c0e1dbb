"""Reconstructions: what went in, what came out, and what was lost between them."""

import streamlit as st

from ae_core.charts.reconstructions import (
    class_errors,
    class_finding,
    copies_claim,
    error_histogram,
    histogram_finding,
)
from ae_core.data.registry import DATA_SETS
from ae_core.evaluation.baselines import LINEAR_CODE
from ae_core.formatting import counted, epoch_text, loss_text, spelled
from ae_core.nn.losses import LOSSES
from ae_core.training.snapshot import CHUNK
from ae_core.ui.background.measurement_queue import in_thread
from ae_core.ui.background.run_measurements import class_means, measure_images, pca, pca_size, reconstruction_errors
from ae_core.ui.layout.findings import unless_diverged
from ae_core.ui.layout.image_picker import choose_digit, chosen_digit
from ae_core.ui.layout.loaded_images import loaded_images
from ae_core.ui.layout.parts import claim, folded, show_the_code, status_line, try_this
from ae_core.ui.layout.reconstruction_strip import named, reconstruction_of, reconstruction_strip
from ae_core.ui.live.polling_fragment import polling_fragment
from ae_core.ui.session.visitor import current_run

run = current_run()
spec = run.spec
loss = LOSSES[spec.loss]
known = DATA_SETS[spec.data]
things = f"{known.thing}s"
pca_name = f"PCA, {counted(pca_size(spec), 'number')}"

PENDING = "…"  # in the place of a figure that is not known yet

tests = loaded_images(spec.data).test_labels
errors = reconstruction_errors(run)
claim(unless_diverged(copies_claim(errors.copies, len(tests), f"test {things}"), run))


def evidence() -> bool:
    """The big picture; it follows a run that trains, and the page is drawn anew when more is measured."""
    run = current_run()
    live, errors = run.live, reconstruction_errors(run)
    if errors.complete and (errors.epoch, errors.final) != measured:
        st.rerun()
    index = chosen_digit(errors.ours)
    reconstruction, linear = reconstruction_of(run, index), in_thread(pca, run.spec.images, run.spec.data)
    reconstruction_strip(run.spec.data, index, reconstruction, linear, pca_size(run.spec), run.spec.output)
    figures(index, reconstruction.loss if reconstruction else None)
    choose_digit(errors.ours)
    return live or (reconstruction is not None and (linear is None or not errors.complete or not errors.final))


def figures(index: int, ours: float | None) -> None:
    """The errors in numbers: of this digit, of PCA on it, of all digits; and where PCA wins.

    What is not known yet keeps its place, so that nothing moves when it comes.
    """
    errors = reconstruction_errors(run)
    all_ours = errors.ours if errors.final else None  # on the way the ten thousand are of an earlier moment
    theirs, copy = errors.pca, errors.copy
    this = named(spec.data, index).split()[1]
    values = {f"{loss.label} of this {this}": (None if ours is None else loss_text(ours), "Mean over its 784 pixels.")}
    better = None if all_ours is None else f"{(all_ours < all_ours[index]).mean():.2%}"  # `ours` may be rounded up
    values[f"Test {things} with less error"] = better, f"Of all {len(tests):,}. Measured when the training has ended."
    same = None if theirs is None else f"{theirs[index]:.4f}"
    values[f"{pca_name}, same image"] = same, f"PCA: {LINEAR_CODE}."
    mean = None if all_ours is None else loss_text(all_ours.mean())
    values[f"All test {things}"] = mean, "" if theirs is None else f"{pca_name}: {theirs.mean():.4f}."
    if loss.copy:
        own = None if copy is None else f"{copy[spec.loss][index]:.4f}"
        values["A perfect copy of it"] = own, f"{loss.copy}."
    with st.container(horizontal=True, key="figures"):
        for label, (value, meaning) in values.items():
            st.metric(label, PENDING if value is None else value, help=meaning)
    here = theirs is not None and ours is not None and theirs[index] < ours
    everywhere = theirs is not None and all_ours is not None and theirs.mean() < all_ours.mean()
    where = [words for words, wins in (("on this image", here), (f"over all test {things}", everywhere)) if wins]
    st.markdown(f":orange[:material/balance: PCA is better {' and '.join(where)}.]" if where else "\u00a0")


measured = (errors.epoch, errors.final) if errors.complete else None
status_line(run)
polling_fragment(evidence)

tested = f"{len(tests):,} test {things}"
st.markdown("**Look at** the error: :red[vermilion] is ink that was added, :blue[blue] is ink that was lost.")
with st.container(horizontal=True):
    try_this("Code size 2", code_size=2)
    try_this("Code size 128", code_size=128)
    try_this("No hidden layer, against PCA", depth=0, loss="mse", output="linear", epochs=3)

def charts() -> None:
    """The errors of all images, as far as they are measured."""
    if errors.ours is None or errors.train is None or errors.pca is None or errors.copy is None:
        st.caption(":material/hourglass_top: The errors of all images come here as soon as they are measured.")
        return
    when = f"Measured at epoch {epoch_text(errors.epoch)}"
    st.caption(f"{when}." if errors.final else f"{when}; once more when the training has ended.")
    left, right = st.columns(2) if known.named_by_class else (st.container(), st.container())
    if known.named_by_class:
        ours, theirs, perfect = (
            class_means(values, tests) for values in (errors.ours, errors.pca, errors.copy[spec.loss])
        )
        finding = unless_diverged(class_finding(ours, theirs), run)
        left.plotly_chart(
            class_errors(ours, theirs, perfect if loss.copy else None, loss.label, pca_name, finding),
            config={"displayModeBar": False},
            alt=f"Bar chart, mean {loss.label} of each {known.thing} with PCA as marks. {finding}.",
        )
    finding = unless_diverged(histogram_finding(errors.ours, errors.train), run)
    right.plotly_chart(
        error_histogram(errors.ours, errors.train, loss.label, finding),
        config={"displayModeBar": False},
        alt=f"Histogram of the {loss.label} of single images. {finding}.",
    )
    right.caption(
        f"{tested}; of the training {things} the first {len(errors.train):,}. The last step holds all that is larger."
    )


with st.container(key="all_errors"):  # has its room before there is anything in it
    charts()


def all_losses() -> None:
    for column, (name, each) in zip(st.columns(len(LOSSES)), LOSSES.items(), strict=True):
        with column:
            used = " — used here" if name == spec.loss else ""
            st.markdown(f"**{each.name[0].upper()}{each.name[1:]}** ({each.label}){used}")
            st.latex(each.formula)
            copied = "more than 0" if errors.copy is None else f"**{errors.copy[name].mean():.4f}**, not 0"
            copy = f" {each.copy}: a perfect copy of the test images has a {each.label} of {copied}."
            st.markdown(each.explanation + (copy if each.copy else ""))
    for each in LOSSES.values():
        if spec.output not in each.gradients:
            st.markdown(
                f"The output of this run is {spec.output}: it may leave [0, 1], so {each.label} is not defined for it."
            )


folded(f"{spelled(len(LOSSES)).capitalize()} losses: this run learns from {loss.label}", all_losses)
show_the_code(
    measure_images,
    loss.each_of_logits or loss.each,
    shapes=f"{len(tests):,} images, {CHUNK} at a time: `({CHUNK}, 784)` → code `({CHUNK}, {spec.code_size})` → output "
    f"`({CHUNK}, 784)` → one error an image `({CHUNK},)`.",
)
