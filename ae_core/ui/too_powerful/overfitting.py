"""Overfitting, provoked: a big network on few digits learns them by heart."""

import streamlit as st
import torch

from ae_core.charts import capacity as figures
from ae_core.evaluation.capacity import experiments
from ae_core.evaluation.capacity.experiments import AMOUNTS
from ae_core.evaluation.capacity.overfitting import Curve
from ae_core.evaluation.capacity.study import MOST_TRAINING, Pictures
from ae_core.ui.background.sweep_results import HELD_OUT
from ae_core.ui.layout.charts import show_chart
from ae_core.ui.layout.image_rows import ImageRow, show_rows
from ae_core.ui.live.polling_fragment import MEASURING
from ae_core.ui.session.visitor import current_run
from ae_core.ui.too_powerful.parts import curve_beside, dots_of, name_of
from ae_core.ui.too_powerful.sweep import Point, sweep

SHOWN = 6  # images in a row


def overfitting() -> None:
    """Overfitting, provoked: a big network on few digits."""
    seed = current_run().spec.seed
    st.markdown(
        f"A big network ({name_of(experiments.BIG)}: {experiments.BIG.parameters:,} weights and biases) gets few "
        "digits and much time. How far does it learn them **by heart** (*overfit*)? Then its error is smaller "
        "on the digits that it has seen than on others."
    )
    specs = experiments.amount_sweep(seed)
    amount = st.segmented_control(
        "Training digits", AMOUNTS, default=64, key="power_amount", format_func=lambda value: f"{value:,}",
        persist_state="session", required=True,
    )
    chosen = amount if amount in AMOUNTS else AMOUNTS[0]
    place = AMOUNTS.index(chosen)

    def draw(points: list[Point], curve: Curve | None) -> None:
        left, right = st.columns(2)
        with left:
            known = dots_of([point for point in points if point.result], "train_images")
            if known:
                show_chart(
                    figures.amount_chart(known), "amount_chart", "Training and test error against training images"
                )
                st.caption("× 2 means: in the end the error on all test digits is twice that on training digits.")
        result = points[place].result
        with right:
            if curve is None:
                st.caption(MEASURING)
            elif curve.epochs:
                show_chart(
                    figures.learning_chart(curve, chosen), "learning_chart",
                    "Training error and error on held-out digits over the epochs",
                )
                st.caption(
                    f"Held out: the last {HELD_OUT:,} training digits, from which none of these networks learns. They "
                    "choose where to stop, so that the test digits stay unseen."
                )
        if result and result.pictures:
            _show_pictures(result.pictures, chosen)

    sweep(
        "hearts", specs, f"Train on 64 to {AMOUNTS[-1]:,} digits", draw, lambda: curve_beside(specs[place]),
        first=place, shown=SHOWN,
    )


def _show_pictures(pictures: Pictures, amount: int) -> None:
    train, answers, test, mangled, reminds = (
        torch.from_numpy(images.copy()).float() / 255
        for images in (
            pictures.train, pictures.train_answers, pictures.test, pictures.test_answers, pictures.reminds
        )
    )
    show_rows(
        [
            ImageRow("Learned", "input", train, None, "training digits"),
            ImageRow("Comes out", "output", answers, train),
            ImageRow("Never seen", "input", test, None, "test digits"),
            ImageRow("Comes out", "output", mangled, test),
            ImageRow("Reminds of", "control", reminds, None, "the nearest training digit"),
        ],
        SHOWN,
    )
    st.caption(
        f"{which_worst(amount)}, with their MSE; below each answer the training digit that it resembles most."
    )


def which_worst(amount: int) -> str:
    """Which digits the pictures show, of a network of so many training digits."""
    first = f", of the first {MOST_TRAINING:,}," if amount > MOST_TRAINING else ""
    return (
        f"The {SHOWN} training digits{first} and the {SHOWN} test digits that the network of {amount:,} digits "
        "rebuilds worst"
    )
