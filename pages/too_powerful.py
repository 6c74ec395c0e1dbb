"""Too powerful: a network for which nothing is scarce may copy, or learn by heart."""

import streamlit as st

from ae_core.data.registry import DATA_SETS
from ae_core.evaluation.capacity.identity import copied_share, identity_score, out_of_distribution_images
from ae_core.evaluation.capacity.linear_probe import probe_accuracy
from ae_core.evaluation.capacity.overfitting import generalisation_gap
from ae_core.evaluation.capacity.subspace import principal_angles
from ae_core.ui.layout.parts import claim, folded, show_the_code, status_line, try_this
from ae_core.ui.session.visitor import current_run
from ae_core.ui.too_powerful.code_sizes import code_sizes
from ae_core.ui.too_powerful.depth_and_width import depth_and_width
from ae_core.ui.too_powerful.hyperparameters import hyperparameters
from ae_core.ui.too_powerful.identity import identity
from ae_core.ui.too_powerful.linear import linear_is_pca
from ae_core.ui.too_powerful.overfitting import overfitting
from ae_core.ui.too_powerful.regularisers import regularisers

SECTIONS = {
    "Mere copy?": identity,
    "By heart": overfitting,
    "Remedies": regularisers,
    "Depth and width": depth_and_width,
    "Linear is PCA": linear_is_pca,
    "Three knobs": hyperparameters,
}

run = current_run()
topic, thing = DATA_SETS[run.spec.data].topic, DATA_SETS[run.spec.data].thing
claim("Where nothing is scarce, a network may copy, or learn by heart.")
status_line(run)
code_sizes()

st.markdown(
    "**Look at** the right end: with 512 numbers, is the error still falling, and where is PCA (amber)? A small error "
    "does not say *what* was learned: the sections below ask whether the network copies, or has learned by heart."
)
with st.container(horizontal=True):
    try_this("A mere copier", code_size=512, depth=0, loss="mse", output="linear", epochs=3)
    try_this(
        f"By heart: 64 {thing}s",
        code_size=256, depth=1, width=512, train_images=64, epochs=200,
    )
    try_this("Nothing to spare: code 2", code_size=2, depth=2, width=256)

for tab, section in zip(st.tabs(list(SECTIONS), key="power_tab", on_change="rerun"), SECTIONS.values(), strict=True):
    if tab.open:  # what is hidden is neither trained nor measured
        with tab:
            section()


def how_it_works() -> None:
    st.markdown("An autoencoder minimises how far its answers are from its inputs:")
    st.latex(r"\min_{f, g}\; \frac1n \sum_{i=1}^{n} L\bigl(x_i,\; g(f(x_i))\bigr), \qquad "
             r"f: \mathbb{R}^{784} \to \mathbb{R}^{k}, \quad g: \mathbb{R}^{k} \to \mathbb{R}^{784}")
    st.markdown(
        "There are two ways to a loss of nearly 0 that need no understanding. With $k \\ge 784$, $f$ and $g$ may be "
        f"the **identity**: they say nothing about {topic} and copy noise as well. And with enough parameters for the "
        f"$n$ images, $g$ may hold them **by heart**: it says nothing about any other {thing}. The first shows on "
        "noise, the second in the gap between training and test error:"
    )
    st.latex(r"\text{gap} = \frac{\text{test MSE}}{\text{training MSE}}")
    st.markdown(
        "Something has to be scarce: the code, the nodes, the weights, the time, or the truth of the input (noise)."
    )


folded("How it works", how_it_works)
show_the_code(
    copied_share,
    identity_score,
    out_of_distribution_images,
    probe_accuracy,
    principal_angles,
    generalisation_gap,
    shapes=f"Images `(n, 784)` → codes `(n, {run.spec.code_size})` → answers `(n, 784)` → one share `(n,)` of each.",
)
