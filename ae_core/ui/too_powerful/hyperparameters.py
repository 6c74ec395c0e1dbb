"""The three knobs of an autoencoder, each with examples that a button sets."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from ae_core.nn.losses import LOSSES
from ae_core.ui.layout.parts import try_this


@dataclass(frozen=True)
class Hyperparameter:
    """A hyperparameter: what it does, what its two ends do, and examples to try.

    ends : label of an end -> what comes of it
    examples : label of a button -> the settings that it changes
    """

    name: str
    does: str
    ends: dict[str, str]
    examples: dict[str, dict[str, Any]]


HYPERPARAMETERS = (
    Hyperparameter(
        "Code size", "How many numbers an image has to pass through.",
        {
            "Too small": "blurred, only what most images share is left",
            "Too large": "may copy anything, noise too: linear networks do",
        },
        {"Code 2": {"code_size": 2}, "Code 32": {"code_size": 32}, "Code 512": {"code_size": 512, "width": 512}},
    ),
    Hyperparameter(
        "Depth and width", "How bent the surface may be that the answers lie on.",
        {"Too little": "no better than PCA", "Too much": "may learn few images by heart, and learns slowly"},
        {
            "No hidden layer": {"depth": 0, "loss": "mse", "output": "linear"},
            "One layer of 128": {"depth": 1, "width": 128},
            "Three layers, the first of 1,024": {"depth": 3, "width": 1024, "train_images": 1024, "epochs": 20},
        },
    ),
    Hyperparameter(
        "Loss", "What counts as a mistake.",
        {name: loss.effect for name, loss in LOSSES.items()},
        {name: {"loss": name} for name in LOSSES},
    ),
)


def hyperparameters() -> None:
    """The table: each knob with its ends and a row of buttons."""
    for knob in HYPERPARAMETERS:
        with st.container(border=True):
            st.markdown(f"**{knob.name}.** {knob.does}")
            st.caption(" ".join(f"*{end}*: {comes}." for end, comes in knob.ends.items()))
            with st.container(horizontal=True):
                for label, changes in knob.examples.items():
                    try_this(label, **changes)
    st.caption("Each button sets the sidebar and trains; the address of the page is then a link to that experiment.")
