"""Train: a network learns before your eyes."""

import streamlit as st

from ae_core.autoencoder.model import Autoencoder
from ae_core.evaluation.baselines import LINEAR_CODE
from ae_core.formatting import counted
from ae_core.nn.losses import LOSSES
from ae_core.training.loop import backward, train
from ae_core.ui.layout.parts import claim, folded, show_the_code, try_this
from ae_core.ui.session.visitor import current_run
from ae_core.ui.train.live_player import live_player

run = current_run()
spec = run.spec
loss = LOSSES[spec.loss]

squeezed = spec.narrowest < 784
numbers = counted(spec.narrowest, "number")
if spec.noise:
    claim(
        f"The target is the clean image; its noisy copy is squeezed through {numbers}." if squeezed else
        "The target is the clean image; its noisy copy goes in, and nothing squeezes it."
    )
else:
    claim(f"The target is the input, {f'squeezed through {numbers}' if squeezed else 'and nothing squeezes it'}.")
live_player(run)

# Without a hidden layer or a sigmoid the random weights may outweigh the mean image, where the output layer begins.
near_the_mean = spec.depth > 0 and spec.output == "sigmoid"
row = "it begins close to ten copies of the mean image, and every output finds its own way from there"
st.markdown(
    f"**Look at** the row: {row if near_the_mean else 'every output finds its own way to its image'}. "
    "Nobody tells the network what it sees; a label is never used."
)
with st.container(horizontal=True):
    try_this("Only 2 numbers", code_size=2, epochs=3)
    try_this("A code of 128", code_size=128)
    try_this("Deeper, for longer", depth=2, width=256, epochs=5)
    try_this("With noise", noise=0.5, epochs=3)


def how_it_works() -> None:
    if spec.noise:
        given, target = r"\tilde x", "the image"
        st.markdown(
            r"The encoder $f$ turns $\tilde x$, a noisy copy of an image $x$ of 784 pixels, into a code $z$; the "
            "decoder $g$ makes a picture of it, and the clean image is the target:"
        )
    else:
        given, target = "x", "the input"
        st.markdown("The encoder $f$ turns an image $x$ of 784 pixels into a code $z$; the decoder $g$ turns it back:")
    price = rf" + \frac{{{spec.sparsity:g}}}{{784}} \sum_j |z_j|" if spec.sparsity else ""
    st.latex(
        rf"\begin{{gathered}} z = f({given}), \qquad \hat x = g(z) \\ "
        rf"\text{{minimise the loss }} L(x, \hat x){price} \end{{gathered}}"
    )
    st.markdown(f"Your loss is {loss.name}, for {loss.fits}:")
    st.latex(f"L = {loss.formula}")
    start = "The curve starts close to the loss of the mean image, since the output layer begins there. "
    st.markdown(
        "It is a feed-forward network like any other. Only its input and its output have to be of the same size; "
        f"the decoder is the mirror image of the encoder by custom. Because the target is {target} itself, it needs "
        "no labels: it is **self-supervised**.\n\n"
        f"{start if near_the_mean else ''}On the way *test* is the loss of 200 test images, which is that of all of "
        "them but for some per cent, and *training* that of the batch in work; the last point is measured on all test "
        f"images. The line *perfect copy* is as low as this loss can get. {f'{loss.copy}. ' if loss.copy else ''}"
        f"*PCA*, principal component analysis, is {LINEAR_CODE}."
    )


folded("How it works", how_it_works)
show_the_code(
    train,
    backward,
    loss.gradients[spec.output],
    Autoencoder,
    shapes=f"A batch of {spec.batch_size} images: `({spec.batch_size}, 784)` → code "
    f"`({spec.batch_size}, {spec.code_size})` → reconstruction `({spec.batch_size}, 784)`.",
)
