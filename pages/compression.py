"""Lossy by design: what a code costs in bytes and in error, and what its decoder costs."""

import streamlit as st

from ae_core.codecs.aez import write
from ae_core.codecs.ledger import break_even
from ae_core.codecs.quantise import quantise, restore
from ae_core.codecs.spectrum import radial_power
from ae_core.ui.compression.rate_and_error import claimed, cost_of_rounding, parts, rate_and_error
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
    "gzip is smaller *and* exact. Now switch *Count the decoder* off: compression by networks is usually shown so. "
    "The marks at the bottom, *exact*, are ways that lose nothing: gzip, xz, which is slower and makes smaller files, "
    "and others. *All together* is one file of all images; JPEG and WebP get them as one large picture."
)
with st.container(horizontal=True):
    try_this("A code of 8", code_size=8)
    try_this("A code of 64", code_size=64)
    try_this("A small decoder", depth=0)
    try_this("A large one, for longer", depth=2, width=512, epochs=5)

parts(run)


def how_it_works() -> None:
    st.markdown(
        "Each number $z$ of the code has a range $[a, b]$ on the training data. With $B$ bits the range is cut into "
        "$2^B$ equal cells, and what lies outside falls into the outermost one. Only the number of the cell is kept, "
        "and the decoder gets the cell's middle:"
    )
    st.latex(r"q = \operatorname{clip}_{\,0}^{\,2^B - 1} \Bigl\lfloor 2^B\, \frac{z - a}{b - a} \Bigr\rfloor")
    st.latex(r"\hat z = a + \bigl(q + \tfrac12\bigr)\, \frac{b - a}{2^B}")
    st.markdown(
        "Some cells are used more often than others, and Huffman's code gives frequent bytes shorter words. At 8 bits "
        "a byte is one number; below 8 bits it holds the numbers of several images, above 8 bits a part of one. "
        "Who reads the file also needs the decoder and the ranges: $D$ bytes, but only once. With $c$ bytes an image, "
        "and $g$ in the smallest lossless file, $N$ images cost $D + cN$ against $gN$. The network is smaller from"
    )
    st.latex(r"N^{*} = \frac{D}{g - c}, \qquad \text{if } c < g, \text{ else never.}")
    st.markdown(
        "In fine cells rounding moves each number by $(b - a)^2 / (12 \\cdot 4^B)$ in the mean square: each bit less "
        f"makes that four times as large. {cost_of_rounding(run)} The network was fitted to its training images: what "
        "it makes of others, *Out of domain* shows. gzip, JPEG and WebP are fitted to none, and take any."
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
