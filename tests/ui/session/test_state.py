"""What is kept of a visit is kept under its own name, and is its default until then."""

from typing import Any

import pytest
import streamlit as st

from ae_core.spec import RULES
from ae_core.ui.session.state import Entries, Entry, State, state


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The session of a visitor who comes for the first time."""
    kept: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", kept)
    return kept


def test_an_entry_has_its_default_until_it_is_written_under_its_own_name(session: dict[str, Any]) -> None:
    assert state.presses == 0 and not session
    state.presses += 1
    assert state.presses == 1 and session == {"presses": 1}


def test_entries_of_one_kind_have_a_key_for_each_name(session: dict[str, Any]) -> None:
    assert state.far["rotation"] == 0.0 and "rotation" not in state.far
    state.far["rotation"] = 30.0
    assert "rotation" in state.far and "shift" not in state.far
    assert session == {State.far.key("rotation"): 30.0}


def test_a_widget_that_has_its_key_from_an_entry_is_read_and_written_there(session: dict[str, Any]) -> None:
    session[State.test_noise.key] = 0.5  # what Streamlit does for a widget of this key
    assert state.test_noise == 0.5
    state.test_noise = 0.2
    assert session == {State.test_noise.key: 0.2}


def test_no_two_entries_share_a_key() -> None:
    entries = [each for each in vars(State).values() if isinstance(each, Entry | Entries)]
    keys = [each.key if isinstance(each, Entry) else each.key("a name") for each in entries]
    by_name = [State.settings, State.sent]  # whose keys are those of the sidebar's widgets and of the components
    assert len(set(keys)) == len(entries) - len(by_name) + 1
    assert not set(keys) & set(RULES), "nor one with a setting"
