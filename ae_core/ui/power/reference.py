"""The three knobs of an autoencoder, each with examples that a button sets."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from ae_core.ui.parts import try_this


@dataclass(frozen=True)
class Knob:
    """A hyperparameter: what it does, what too little and too much of it do, and examples to try.

    examples : label of a button -> the settings that it trains
    """

    name: str
    does: str
    little: str
    much: str
    examples: dict[str, dict[str, Any]]


KNOBS = (
    Knob(
        "Code size", "How many numbers an image has to pass through.", "blurred: only what most digits share",
        "copies anything, noise too",
        {"Code 2": {"code_size": 2}, "Code 32": {"code_size": 32}, "Code 512": {"code_size": 512, "width": 512}},
    ),
    Knob(
        "Depth and width", "How bent the surface may be that the answers lie on.",
        "no better than PCA", "learns few images by heart, and slowly",
        {
            "No hidden layer": {"depth": 0, "loss": "mse", "output": "linear"},
            "One of 128": {"depth": 1, "width": 128},
            "Three from 1,024": {"depth": 3, "width": 1024, "train_images": 1024, "epochs": 20},
        },
    ),
    Knob(
        "Loss", "What counts as a mistake.", "mse: grey strokes are cheap, and any numbers may be pixels",
        "bce: a wrong black or white pixel is dear, and pixels have to lie in [0, 1]",
        {"bce": {"loss": "bce", "output": "sigmoid"}, "mse": {"loss": "mse"}},
    ),
)
HOME = {"output": "sigmoid", "train_images": 60_000, "epochs": 1, "noise": 0.0}  # what an example does not mention


def reference() -> None:
    """The table, a row of buttons for each knob."""
    for knob in KNOBS:
        with st.container(border=True):
            left, right = st.columns([3, 2], vertical_alignment="center")
            with left:
                st.markdown(f"**{knob.name}.** {knob.does}")
                names = ("One", "The other") if knob.name == "Loss" else ("Too little", "Too much")
                st.caption(f"{names[0]}: {knob.little}. {names[1]}: {knob.much}.")
            with right, st.container(horizontal=True):
                for label, changes in knob.examples.items():
                    try_this(label, **{**HOME, **changes})
