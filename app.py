"""Bottleneck: watch an autoencoder learn. Start it with `streamlit run app.py`."""

import streamlit as st

from ae_core.ui.sidebar import sidebar

st.set_page_config(page_title="Bottleneck", page_icon=":material/hourglass:", layout="wide")
st.html("<style>@media (min-width: 641px) { .st-key-train_here { display: none } }</style>")

page = st.navigation(
    [
        st.Page("pages/train.py", title="Train", icon=":material/play_circle:", default=True),
        st.Page("pages/denoising.py", title="Denoising", icon=":material/blur_off:"),
    ]
)
sidebar()
page.run()
