"""A script that makes way for a click does not forget it for the next one."""

from typing import cast

import pytest
from streamlit.runtime.scriptrunner import RerunData, RerunException, ScriptRunner

from ae_core.ui.server import clicks


def test_what_a_script_still_draws_when_it_makes_way_looks_for_no_other_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks: list[object] = []
    monkeypatch.setattr(clicks, "_look_for_requests", looks.append)
    runner = cast(ScriptRunner, object())

    def page() -> None:
        try:
            raise RerunException(RerunData())
        finally:
            clicks._look(runner)  # as each call of Streamlit does

    with pytest.raises(RerunException):
        page()
    assert not looks
    clicks._look(runner)
    assert looks == [runner]
