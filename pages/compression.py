"""Lossy by design: what a code costs in bytes and in error, and what its decoder costs."""

import streamlit as st

from ae_core.codecs.aez import write
from ae_core.codecs.ledger import break_even
from ae_core.codecs.quantise import quantise, restore
from ae_core.codecs.spectrum import radial_power
from ae_core.data.registry import DATA_SETS
from ae_core.ui.compression.rate_and_error import claimed, parts, rate_and_error
from ae_core.ui.layout.findings import unless_diverged
from ae_core.ui.layout.parts import claim, folded, show_the_code, status_line, try_this
from ae_core.ui.session.visitor import current_run

run = current_run()
spec = run.spec

claim(unless_diverged(claimed(run), run))
status_line(run)
rate_and_error(run)

st.markdown(
    "**Look at** the star while you move *Images to keep*: with few images the decoder is nearly all of the cost, and "
    "gzip is smaller *and* exact. Now *Count the decoder* off: that is how compression by networks is usually shown. "
    "The row *exact* at the bottom is out of reach for every network here: gzip gives back the same "
    f"{DATA_SETS[spec.data].thing}s, always."
)
with st.container(horizontal=True):
    try_this("A code of 8", code_size=8)
    try_this("A code of 64", code_size=64)
    try_this("A small decoder", depth=0)
    try_this("A large one, for longer", depth=2, width=512, epochs=5)

parts(run)


def how_it_works() -> None:
    st.markdown(
        "Each unit $z$ of the code has a range $[a, b]$ on the training data. With $B$ bits it is cut into $2^B$ "
        "equal cells, and what lies outside falls into the outermost one; only the number of the cell is kept, and "
        "the decoder gets its middle:"
    )
    st.latex(r"q = \operatorname{clip}_{\,0}^{\,2^B - 1} \Bigl\lfloor 2^B\, \frac{z - a}{b - a} \Bigr\rfloor")
    st.latex(r"\hat z = a + \bigl(q + \tfrac12\bigr)\, \frac{b - a}{2^B}")
    st.markdown(
        "Cells in the middle are used more often than those at the ends, so Huffman's code gives them shorter words: "
        "that is the *entropy-coded* size. Who reads it needs the decoder and the ranges, $D$ bytes, but once only. "
        "With $c$ bytes an image, and $g$ in gzip, $N$ images cost $D + cN$ against $gN$: the network is smaller from"
    )
    st.latex(r"N^{*} = \frac{D}{g - c}, \qquad \text{if } c < g, \text{ and never otherwise.}")
    st.markdown(
        "The error of rounding alone is about $(b - a)^2 / (12 \\cdot 4^B)$ a unit: each bit less makes it four times "
        "as large. At 8 bits it drowns in what the bottleneck has lost already; at 2 it is often the larger part, "
        "unless the code is very small. An autoencoder can win only on data like its training data: gzip, JPEG and "
        f"WebP know nothing of {DATA_SETS[spec.data].thing}s, and take anything."
    )


folded("How it works", how_it_works)
show_the_code(
    quantise,
    restore,
    break_even,
    write,
    radial_power,
    shapes=f"Images `(n, 784)` → codes `(n, {spec.code_size})` → levels `(n, {spec.code_size})` → bytes → codes "
    f"`(n, {spec.code_size})` → images `(n, 784)`.",
)
