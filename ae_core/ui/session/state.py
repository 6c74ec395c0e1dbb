"""What is kept of a visit: every key of Streamlit's session state that Python reads or writes, with its type.

Runs and results live elsewhere; here are their names, and what the visitor chose. A widget that is read or written
away from the line that draws it has its key from here: `key=State.test_noise.key`.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Generic, Self, TypeVar, overload

import streamlit as st

from ae_core.ui.session.watch import Watch

T = TypeVar("T")


class Entry(Generic[T]):
    """An attribute of `State` that is kept under its own name; it has its default until it is written."""

    key = ""

    def __init__(self, default: T) -> None:
        self.default = default

    def __set_name__(self, owner: type, name: str) -> None:
        self.key = name

    @overload
    def __get__(self, state: None, owner: type) -> Self: ...
    @overload
    def __get__(self, state: "State", owner: type) -> T: ...
    def __get__(self, state: "State | None", owner: type) -> Self | T:
        if state is None:
            return self
        value: T = st.session_state.get(self.key, self.default)
        return value

    def __set__(self, state: "State", value: T) -> None:
        st.session_state[self.key] = value


class Entries(Generic[T]):
    """Entries of one kind, each with a name of its own.

    pattern : their keys, with {} in the place of the name
    """

    def __init__(self, pattern: str, default: T) -> None:
        self.pattern, self.default = pattern, default

    def key(self, name: str) -> str:
        """The key of the entry of this name."""
        return self.pattern.format(name)

    def __contains__(self, name: str) -> bool:
        return self.key(name) in st.session_state

    def __getitem__(self, name: str) -> T:
        value: T = st.session_state.get(self.key(name), self.default)
        return value

    def __setitem__(self, name: str, value: T) -> None:
        st.session_state[self.key(name)] = value


class State:
    """What is kept of the visit whose script asks. Nothing of it is changed in place: it is written anew."""

    # her settings, and her run
    settings = Entries[Any]("{}", None)  # the sidebar's widgets, by the fields of a Spec; none before it was drawn
    link = Entry[Mapping[str, Any] | None](None)  # the settings that the visit began with
    notices = Entry[Sequence[str]](())  # a sentence for each setting that had to be mended
    refused = Entry[str]("")  # why her run could not start, as long as it is so
    run = Entry[str | None](None)  # the id of the run on the page
    visited = Entry[Sequence[str]](())  # the ids of all runs that were on it, the newest last
    recordings = Entry[Mapping[str, str]]({})  # the names of the recordings of runs, by the ids of these
    presses = Entry[int](0)  # how often she pressed Train

    # what parts of pages wait for
    requests = Entries[Hashable]("request {}", None)  # what she asked for with the button of this name
    watches = Entries[Watch | None]("watch {}", None)  # of the work of this name
    questions = Entries[Mapping[str, str]]("asked by {}", {})  # of the component of this key, to be answered
    sent = Entries[Any]("{}", None)  # the triggers of the component of this key, as attributes
    websocket = Entry[bool](False)  # whether her browser gets no answer over HTTP

    # the chosen image of Reconstructions
    digit = Entry[int | None](None)  # its number, None for the first in order
    digit_sheet = Entry[int | None](None)  # the sheet that she turned to
    digit_class = Entry[Any]("all")  # widget
    digit_order = Entry[str | None](None)  # widget

    # Denoising
    test_noise = Entry[float | None](None)  # widget
    test_kind = Entry[str | None](None)  # widget
    first_digit = Entry[int](0)  # the number of the first digit in the rows

    # Out of domain
    ticks = Entries[bool]("guess {}", False)  # widgets, by data set and number of the picture
    guesses = Entries[tuple[bool, ...] | None]("domain_guess {}", None)  # by data set; empty where she skipped it
    far = Entries[float]("far_{}", 0.0)  # widgets, by the names of the ways out
    downloads = Entry[int](0)  # how often she asked for one

    # Lossy by design
    cost_bits = Entry[int | None](None)  # widget
    cost_images = Entry[int | None](None)  # widget


state = State()
