"""Latent space: see, touch and judge the code."""

from functools import partial

import streamlit as st

from ae_core.evaluation.latent_space import embedding_scores, interpolate, manifold, principal_plane
from ae_core.ui.latent_space.live_map import encoded_digits_of, live_map
from ae_core.ui.latent_space.parts import downloads, how_good, manifold_picture, unit_answers
from ae_core.ui.layout.findings import unless_diverged
from ae_core.ui.layout.parts import claim, folded, show_the_code, tested_on_digits, try_this
from ae_core.ui.session.visitor import current_run

CLAIMS = {
    1: "One number puts every digit on a line.",
    2: "Two numbers are enough to place every digit on a map.",
}

PLACES = {
    1: "the places where groups overlap: there different digits have the same number, and the decoder has one picture "
    "for all of them.",
    2: "the places between the groups: no test digit lies there, and still the decoder draws something.",
}

run = current_run()
spec = run.spec

others = f"Each digit becomes {spec.code_size} numbers, and the decoder draws any {spec.code_size} numbers."
claimed = CLAIMS.get(spec.code_size, others)
claim(unless_diverged(claimed, run))
tested_on_digits(run)
live_map(run)

places = PLACES.get(
    spec.code_size,
    f"the middle, where the groups run together: the map has two directions, the code has {spec.code_size}.",
)
st.markdown(f"**Look at** {places} The colours are labels, and the network never saw a label.")
with st.container(horizontal=True):
    try_digits = partial(try_this, keep=())
    try_digits("Two numbers", code_size=2, depth=3, width=256, activation="silu", epochs=5)
    try_digits("Only one number", code_size=1, depth=3, width=256, activation="silu", epochs=3)
    try_digits("Two numbers, linear", code_size=2, depth=0, loss="mse", output="linear", epochs=3)
    try_digits("32 numbers", code_size=32, epochs=3)

encoded = encoded_digits_of(run)
if encoded is not None and not run.live:
    parts = {
        "Is it any good?": lambda: how_good(run),
        "The manifold": lambda: manifold_picture(run, encoded),
        "Units and digits": lambda: unit_answers(encoded),
        "Download": lambda: downloads(run, encoded),
    }
    for tab, show in zip(st.tabs(list(parts), on_change="rerun", key="latent_part"), parts.values(), strict=True):
        if tab.open:  # what is hidden is not drawn
            with tab:
                show()


def how_it_works() -> None:
    st.markdown(
        "The encoder $f$ gives every image a code $z$, a point in a space of as many dimensions as the code has "
        "numbers. The decoder $g$ draws a picture at any point of it. Between two codes $a$ and $b$ lies"
    )
    st.latex(r"\hat x(t) = g\big((1 - t)\,a + t\,b\big), \qquad 0 \le t \le 1,")
    if spec.depth == 0 and spec.output == "linear":
        path = (
            r"which is the mixture $(1 - t)\,g(a) + t\,g(b)$ of two pictures, since this decoder is linear: without "
            "a hidden layer or a sigmoid nothing bends the straight line. Nothing forbids holes: "
        )
    elif spec.depth == 0:
        path = (
            r"which is nearly the mixture $(1 - t)\,g(a) + t\,g(b)$ of two pictures: without a hidden layer only the "
            "sigmoid bends it, each pixel by itself. Nothing forbids holes: "
        )
    else:
        path = (
            r"which need not be the mixture $(1 - t)\,g(a) + t\,g(b)$ of two pictures: hidden layers can bend the "
            "straight line. With two numbers it then passes other digits; with many the middle often looks like a "
            "mixture all the same. Nothing in the loss asks for a path, and nothing forbids holes: "
        )
    st.markdown(
        f"{path}in a plain autoencoder a point far from all codes may decode into no digit at all.\n\n"
        "A code of more than two numbers is shown by two of its units or by its first two principal components; "
        "all the rest of the code stays at its mean when a point of the map is decoded."
    )


folded("How it works", how_it_works)
show_the_code(
    principal_plane,
    manifold,
    interpolate,
    embedding_scores,
    shapes=f"Images `(5000, 784)` → codes `(5000, {spec.code_size})` → positions on the map `(5000, 2)`; "
    f"a point of the map → code `({spec.code_size},)` → picture `(784,)`. The strip between two digits is drawn by the "
    "browser, which does what `interpolate` does.",
)
