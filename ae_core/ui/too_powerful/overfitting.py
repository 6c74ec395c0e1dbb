"""Overfitting, provoked: a big network on few digits learns them by heart."""

import streamlit as st
import torch

from ae_core.charts import capacity as figures
from ae_core.evaluation.capacity import experiments
from ae_core.evaluation.capacity.experiments import AMOUNTS
from ae_core.evaluation.capacity.study import MOST_TRAINING, Pictures
from ae_core.ui.layout.charts import show_chart
from ae_core.ui.layout.image_rows import Row, show_rows
from ae_core.ui.session.visitor import current_run
from ae_core.ui.too_powerful.parts import dots_of, name_of
from ae_core.ui.too_powerful.sweep import Point, sweep

SHOWN = 6  # images in a row


def overfitting() -> None:
    """Overfitting, provoked: a big network on few digits."""
    seed = current_run().spec.seed
    st.markdown(
        f"A big network ({name_of(experiments.BIG)}: {experiments.BIG.parameters:,} numbers to learn) gets few digits "
        "and much time. It learns them **by heart**: perfect on what it has seen, lost on what it has not."
    )
    specs = experiments.amount_sweep(seed)
    amount = st.segmented_control(
        "Training digits", AMOUNTS, default=64, key="power_amount", format_func=lambda value: f"{value:,}",
        persist_state="session", required=True,
    )
    chosen = amount if amount in AMOUNTS else AMOUNTS[0]

    def draw(points: list[Point], _: object) -> None:
        left, right = st.columns(2)
        with left:
            known = dots_of([point for point in points if point.result], "train_images")
            if known:
                show_chart(
                    figures.amount_chart(known), "amount_chart", "Training and test error against training images"
                )
                st.caption(
                    "The numbers × say how many times larger the test error is in the end, on all test digits."
                )
        place = AMOUNTS.index(chosen)
        curve = points[place].curve
        with right:
            if curve is not None and points[place].state != "training":
                show_chart(
                    figures.learning_chart(curve, chosen), "learning_chart", "Training and test error over the epochs"
                )
                st.caption(
                    "The curves follow one batch and 200 test digits, which choose the stopping point here; in earnest "
                    "a third set does."
                )
        result = points[place].result
        if result and result.pictures:
            _show_pictures(result.pictures, chosen)

    sweep("hearts", specs, "Train on 64 to 60,000 digits", draw, first=AMOUNTS.index(chosen), shown=SHOWN)


def _show_pictures(pictures: Pictures, amount: int) -> None:
    train, answers, test, mangled, reminds = (
        torch.from_numpy(images.copy()).float() / 255
        for images in (
            pictures.train, pictures.train_answers, pictures.test, pictures.test_answers, pictures.reminds
        )
    )
    show_rows(
        [
            Row("Learned", "input", train, None, "training digits"),
            Row("Comes out", "output", answers, train),
            Row("Never seen", "input", test, None, "test digits"),
            Row("Comes out", "output", mangled, test),
            Row("Reminds of", "control", reminds, None, "the nearest training digit"),
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
