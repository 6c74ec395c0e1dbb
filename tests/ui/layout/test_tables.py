"""Tables: what a reader, a listener and a hostile text find in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from ae_core.ui.layout.tables import Row, markup, typeset
from tests.tables import read, tables

ROWS: list[Row] = [
    {"Way": "gzip", "Bytes": 196.49, "Setting": "level 9", "From": "never"},
    {"Way": "PCA", "Bytes": None, "Setting": None, "From": 1237},
]
FORMATS = {"Bytes": "{:.1f}", "From": "{:,}"}


def test_a_row_holds_its_values_as_they_are_printed() -> None:
    assert read(markup(ROWS, "Ways", FORMATS, {})).rows == [
        {"Way": "gzip", "Bytes": "196.5", "Setting": "level 9", "From": "never"},
        {"Way": "PCA", "Bytes": "–", "Setting": "–", "From": "1,237"},
    ]


@pytest.mark.parametrize(("value", "form", "printed"), [
    (0.12345, "{:.4f}", "0.1235"),
    (12.34, "{:.1f}%", "12.3%"),
    (1198608, "{:,}", "1,198,608"),
    (-0.034, "{:.3f}", "−0.034"),
    (1e-9, "{:.0e}", "1e−09"),
    (float("inf"), "{:.1f}", "∞"),
    (float("nan"), "{:.1f}", "–"),
    (None, "{:.1f}", "–"),
    (0, "{}", "0"),
    ("no-op", "{:.1f}", "no-op"),
    ("", "{}", ""),
])
def test_a_value_is_printed_in_its_form(value: object, form: str, printed: str) -> None:
    assert typeset(value, form) == printed


def test_columns_of_numbers_stand_to_the_right_with_their_heads() -> None:
    heads, *lines = read(markup(ROWS, "Ways", FORMATS, {})).lines
    for line in (heads, *lines):
        assert [cell.attributes.get("class") for cell in line] == [None, "number", None, "number"]


def test_heads_say_what_they_are_heads_of() -> None:
    heads, *lines = read(markup(ROWS, "Ways", FORMATS, {})).lines
    assert [(cell.tag, cell.attributes["scope"]) for cell in heads] == [("th", "col")] * 4
    for first, *others in lines:
        assert (first.tag, first.attributes["scope"]) == ("th", "row")
        assert [cell.tag for cell in others] == ["td"] * 3


def test_who_hears_it_is_told_what_it_shows_and_who_has_no_pointer_can_scroll_it() -> None:
    found = read(markup(ROWS, "Ways to keep 1,000 images", FORMATS, {}))
    assert found.caption == found.region["aria-label"] == "Ways to keep 1,000 images"
    assert found.region["tabindex"] == "0"


def test_what_columns_mean_is_said_below() -> None:
    assert read(markup(ROWS, "Ways", FORMATS, {})).notes == ""
    notes = {"Bytes": "of an image.", "From": "so many images on."}
    assert read(markup(ROWS, "Ways", FORMATS, notes)).notes == "Bytes: of an image. From: so many images on."


@given(st.text(), st.text(), st.text(), st.text(), st.text())
def test_any_text_arrives_as_itself_and_nothing_of_it_becomes_a_tag(
    label: str, head: str, name: str, text: str, note: str
) -> None:
    def drawn(label: str, head: str, name: str, text: str, note: str) -> str:
        return markup([{head: name, head + "'": text}], label, {}, {head: note})

    found, plain = read(drawn(label, head, name, text, note)), read(drawn("a", "b", "c", "d", "e"))
    assert found.caption == found.region["aria-label"] == label
    assert found.rows == [{head: name, head + "'": text}]
    assert found.notes == f"{head}: {note}"
    assert found.tags == plain.tags


def test_a_page_draws_rows_and_nothing_for_no_rows() -> None:
    def page() -> None:
        from ae_core.ui.layout.tables import table

        table([{"Way": "gzip"}], label="Ways")
        table([], label="No ways")

    drawn = tables(AppTest.from_function(page).run())
    assert [found.caption for found in drawn] == ["Ways"]
