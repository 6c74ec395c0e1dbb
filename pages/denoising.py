"""Denoising: where the input is noisy, a copy of it is the wrong answer."""

import streamlit as st

from ae_core.data.registry import DATA_SETS
from ae_core.evaluation.classical_denoisers import tuned
from ae_core.evaluation.linear_denoiser import linear_denoiser
from ae_core.evaluation.tone_curve import best_tone
from ae_core.nn.noise import NOISES, corrupt
from ae_core.training.loop import train
from ae_core.ui.denoising.comparisons import all_methods, curves, kinds
from ae_core.ui.denoising.inside_the_network import filters, iterate, large_code
from ae_core.ui.denoising.main_picture import main_picture
from ae_core.ui.denoising.networks import choose_noise, try_it_with_noise, try_noise
from ae_core.ui.denoising.own_drawing import own_drawing
from ae_core.ui.layout.findings import unless_diverged
from ae_core.ui.layout.parts import claim, folded, show_the_code, status_line
from ae_core.ui.session.visitor import current_run

spec = current_run().spec
things = DATA_SETS[spec.data].nouns

claim(unless_diverged(f"Noisy {things} in, clean {things} wanted: a copy is the wrong answer.", current_run()))
status_line(current_run())
if not spec.noise:
    with st.container(horizontal=True, vertical_alignment="center"):
        try_it_with_noise("Train it to remove noise", "gaussian", 0.4)
        st.markdown(
            "Your network has never seen noise. Look what it does with it below, then train it on noisy "
            f"{things}: the one of now stays beside it, as the *control*."
        )
noise = choose_noise()
main_picture(noise)

with st.container(horizontal=True):
    try_noise("Almost nothing left of it", "gaussian", 0.8)
    try_noise("Half the pixels gone", "masking", 0.5)
    try_noise("Salt and pepper", "salt and pepper", 0.4)
    try_noise("Trained at 0.2, tested at 0.7", "gaussian", 0.2, test=0.7)
    try_noise("A larger network", "gaussian", 0.4, code_size=128, width=512)

parts = {
    "All methods": lambda: all_methods(noise),
    "Over the noise": lambda: curves(noise),
    "Kind against kind": kinds,
    "Draw your own": lambda: own_drawing(noise),
    "Again and again": lambda: iterate(noise),
    "Filters": filters,
    "Large code": large_code,
}
for tab, show in zip(st.tabs(list(parts), on_change="rerun", key="denoise_part"), parts.values(), strict=True):
    if tab.open:  # what is hidden is not measured
        with tab:
            show()


def how_it_works() -> None:
    st.markdown(
        "A plain autoencoder is trained to give back its input, a denoising one what was there *before* the noise:"
    )
    st.latex(r"\text{plain:}\quad \min_{f, g}\; \mathbb{E}_{x}\; L\bigl(x,\; g(f(x))\bigr)")
    st.latex(
        r"\text{denoising:}\quad \min_{f, g}\; \mathbb{E}_{x}\, \mathbb{E}_{\tilde x \sim q(\tilde x \mid x)}\;"
        r" L\bigl(x,\; g(f(\tilde x))\bigr)"
    )
    st.markdown(
        r"The noise $\tilde x \sim q(\tilde x \mid x)$ is drawn afresh for every batch, so it cannot be learned by "
        f"heart. What can be learned is which images are {things}: the output with the smallest mean squared error is "
        "the mean of all clean images that may be behind the noisy one. Where nothing of it is left, that is the mean "
        "of all (P. Vincent et al., *Extracting and composing robust features with denoising autoencoders*, "
        "2008).\n\n"
        "At level 0 both lines are the same. There a filter that does nothing has no error."
    )


folded("How it works", how_it_works)
show_the_code(
    NOISES[noise.kind].corrupt,
    corrupt,
    train,
    tuned,
    best_tone,
    linear_denoiser,
    shapes=f"Clean `({spec.batch_size}, 784)` → noisy `({spec.batch_size}, 784)` → code "
    f"`({spec.batch_size}, {spec.code_size})` → output `({spec.batch_size}, 784)`, compared with the clean one.",
)
