"""A script that makes way for a click does not forget it for the next one, and none ends before its click has done."""

from collections.abc import Callable

import pytest
from streamlit.runtime.scriptrunner import RerunData, RerunException

from ae_core.ui.server import clicks


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> Callable[[], bool]:
    """Whether a request of the browser has to wait now."""
    given: list[Callable[[], bool]] = []
    monkeypatch.setattr(clicks, "postpone_requests", given.append)
    clicks.keep_clicks()
    return given[0]


def test_what_a_script_still_draws_when_it_makes_way_looks_for_no_other_request(waits: Callable[[], bool]) -> None:
    waited = []

    def page() -> None:
        try:
            raise RerunException(RerunData())
        finally:
            waited.append(waits())  # as each call of Streamlit asks

    with pytest.raises(RerunException):
        page()
    assert waited == [True] and not waits()


def test_a_callback_is_called_to_its_end(waits: Callable[[], bool], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clicks, "is_before_script", lambda: True)
    assert waits()
