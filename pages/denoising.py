"""Denoising: a network that has to remove noise cannot get away with copying."""

import streamlit as st

from ae_core.data.registry import DATA_SETS
from ae_core.evaluation.classical_denoisers import tuned
from ae_core.nn.noise import NOISES, corrupt
from ae_core.training.loop import train
from ae_core.ui.denoising.comparisons import all_methods, curves, kinds
from ae_core.ui.denoising.inside_the_network import filters, iterate, large_code
from ae_core.ui.denoising.main_picture import main_picture
from ae_core.ui.denoising.networks import choose_noise, try_it_with_noise, try_noise
from ae_core.ui.denoising.own_drawing import own_drawing
from ae_core.ui.layout.findings import unless_diverged
from ae_core.ui.layout.parts import claim, folded, show_the_code, status_line, tested_on_digits
from ae_core.ui.session.visitor import current_run

spec = current_run().spec
things = DATA_SETS[spec.data].nouns

claim(unless_diverged(f"It cannot copy the noise, so it has to know {things}.", current_run()))
status_line(current_run())
if not spec.noise:
    with st.container(horizontal=True, vertical_alignment="center"):
        try_it_with_noise("Train it to remove noise", "gaussian", 0.4)
        st.markdown(
            "Your network has never seen noise: it is the *Control*. Look what it does with it, then train it on noisy "
            f"{things}."
        )
tested_on_digits(current_run())
noise = choose_noise()
main_picture(noise)

if spec.noise:
    control = "the control: the same network, data and seed, but trained without noise."
    if not noise.level:
        look = f"{control} At *Test noise* 0"
    elif noise == (spec.noise_kind, spec.noise):
        look = f"{control} {NOISES[noise.kind].mistake} Now move *Test noise* to 0:"
    else:
        trained = f"it was trained on {spec.noise_kind} noise of level {spec.noise:g}."
        look = f"the denoiser, which never saw this noise: {trained} Now move *Test noise* to 0:"
    st.markdown(f"**Look at** {look} the denoiser redraws even a clean digit, and does not get it right.")
with st.container(horizontal=True):
    try_noise("Almost nothing left of it", "gaussian", 0.8)
    try_noise("Half the pixels gone", "masking", 0.5)
    try_noise("Salt and pepper", "salt and pepper", 0.4)
    try_noise("Trained at 0.2, tested at 0.7", "gaussian", 0.2, test=0.7)

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
    st.markdown("A plain autoencoder answers with its input; a denoising one with what was there *before* the noise:")
    st.latex(r"\text{plain:}\quad \min_{f, g}\; \mathbb{E}_{x}\; L\bigl(x,\; g(f(x))\bigr)")
    st.latex(
        r"\text{denoising:}\quad \min_{f, g}\; \mathbb{E}_{x}\, \mathbb{E}_{\tilde x \sim q(\tilde x \mid x)}\;"
        r" L\bigl(x,\; g(f(\tilde x))\bigr)"
    )
    st.markdown(
        r"The noise $\tilde x \sim q(\tilde x \mid x)$ is drawn afresh for every batch: none is ever seen twice, none "
        f"can be learned by heart. What is left to learn is which images are {things}, and the answer is pulled "
        "towards them (P. Vincent et al., *Extracting and composing robust features with denoising autoencoders*, "
        "2008).\n\n"
        "At level 0 both lines are the same. There a classical filter that does nothing is perfect, and the network "
        "is not."
    )


folded("How it works", how_it_works)
show_the_code(
    NOISES[noise.kind].corrupt,
    corrupt,
    train,
    tuned,
    shapes=f"Clean `({spec.batch_size}, 784)` → noisy `({spec.batch_size}, 784)` → code "
    f"`({spec.batch_size}, {spec.code_size})` → output `({spec.batch_size}, 784)`, compared with the clean one.",
)
