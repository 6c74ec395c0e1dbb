"""The very first visit of a server may come to a page's own address."""

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import APP

PAGES = sorted((APP.parent / "pages").glob("*.py"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_that_runs_without_the_app_sends_the_visitor_to_it(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []

    def switch_page(page: str, query_params: dict[str, str]) -> None:
        sent.append(page)
        st.stop()

    monkeypatch.setattr("streamlit.switch_page", switch_page)
    AppTest.from_file(str(page)).run(timeout=60)
    assert sent == ["app.py"]
