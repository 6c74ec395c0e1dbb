"""Choosing a test image: by class, by error, at random, or from a contact sheet."""

from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from ae_core.data.datasets import Dataset, Images, load
from ae_core.data.registry import DATA_SETS
from ae_core.ui.components.contact_sheet import contact_sheet
from ae_core.ui.layout.reconstruction_strip import named
from ae_core.ui.session.state import State, state
from ae_core.ui.session.visitor import current_run

SHEET = 60  # digits on one sheet
ORDERS = ("Worst", "Median", "Best")  # and, without one, as they come
SHEET_KEY = "contact_sheet"  # the key of the component

Values = NDArray[np.floating[Any]]
Indices = NDArray[np.intp]


def ordered(labels: Images, errors: Values | None, label: int | None, order: str | None) -> Indices:
    """The indices of the digits of a class (all for None) in an order; as they come while errors are unknown.

    "Median" begins with the digit whose error is the median of these and goes outwards from it.
    """
    indices = np.arange(len(labels)) if label is None else np.flatnonzero(labels == label)
    if errors is None or order is None:
        return indices
    ranked = indices[np.argsort(errors[indices], kind="stable")]
    if order == "Worst":
        return ranked[::-1]
    if order == "Median":
        return ranked[np.argsort(np.abs(np.arange(len(ranked)) - len(ranked) // 2), kind="stable")]
    return ranked


def chosen_digit(errors: Values | None) -> int:
    """The number of the test image that the visitor looks at: the one that she chose, or the first of her order."""
    number = state.digit
    if number is None or number >= len(_data().test):  # she may have chosen it in a larger data set
        return int(_wanted(errors)[0])
    return number


def choose_digit(errors: Values | None) -> None:
    """Draw what an image is chosen with; errors (n,) of all test images, None while they are unknown."""
    data = current_run().spec.data
    known = DATA_SETS[data]
    with st.container(horizontal=True, vertical_alignment="bottom", key="choose"):
        if known.named_by_class:
            st.segmented_control(
                f"{known.thing}s".capitalize(), ["all", *range(len(known.classes))], default="all", required=True,
                format_func=lambda label: label if label == "all" else known.classes[label],
                wrap=True, key=State.digit_class.key, persist_state="session", on_change=_first_of_order,
            )
        st.segmented_control(
            "By error", ORDERS, key=State.digit_order.key, persist_state="session", on_change=_first_of_order,
            help="Which come first, by the error of your network. Press it again to see them as they come.",
        )
        st.button("Random", icon=":material/casino:", key="digit_random", on_click=_at_random)
    wanted, number = _wanted(errors), chosen_digit(errors)
    first = _first_on_sheet(wanted, number)
    shown = wanted[first : first + SHEET]
    contact_sheet(
        _data().test[shown], known.thing,
        [f"{named(data, index)}, test {known.thing} {index}" for index in shown],
        shown.tolist(), number, first, len(wanted),
        key=SHEET_KEY, on_chosen=_on_sheet, on_turned=_turn,
    )


def _data() -> Dataset:
    return load(current_run().spec.data)


def _wanted(errors: Values | None) -> Indices:
    label = state.digit_class
    known = DATA_SETS[current_run().spec.data]
    chosen = label if known.named_by_class and label in range(len(known.classes)) else None
    return ordered(_data().test_labels, errors, chosen, state.digit_order)


def _first_on_sheet(wanted: Indices, number: int) -> int:
    """The place of the first digit on the sheet: the visitor turned to it, or it holds the chosen digit."""
    sheet = state.digit_sheet
    if sheet is None:
        places = np.flatnonzero(wanted == number)
        sheet = int(places[0]) // SHEET if len(places) else 0
    sheet = state.digit_sheet = min(max(sheet, 0), (len(wanted) - 1) // SHEET)
    return sheet * SHEET


def _first_of_order() -> None:
    state.digit = state.digit_sheet = None


def _at_random() -> None:
    state.digit = int(np.random.default_rng().choice(_wanted(None)))
    state.digit_sheet = None


def _on_sheet() -> None:
    number = state.sent[SHEET_KEY].chosen
    if type(number) is int and 0 <= number < len(_data().test):
        state.digit = number


def _turn() -> None:
    step = state.sent[SHEET_KEY].turned
    sheet = state.digit_sheet
    if step in (-1, 1) and sheet is not None:  # else another choice came at the same moment, and has a sheet of its own
        state.digit_sheet = sheet + step
