"""Tables as HTML text, which can be read aloud, copied and scrolled, and which need no library."""

from collections.abc import Mapping, Sequence
from html import escape
from numbers import Real

import streamlit as st

Row = Mapping[str, object]


def table(
    rows: Sequence[Row], *, label: str, formats: Mapping[str, str] = {}, notes: Mapping[str, str] = {}
) -> None:
    """Draw rows that all have the same columns; the first column names the row. Without rows nothing is drawn.

    label : what the table shows, for who hears it
    formats : column -> how its numbers are written, such as "{:.1f}%"
    notes : column -> what it means, said below the table
    """
    if rows:
        st.html(markup(rows, label, formats, notes))


def markup(rows: Sequence[Row], label: str, formats: Mapping[str, str], notes: Mapping[str, str]) -> str:
    """The table as HTML. A column with a number in it is one of numbers: they stand to the right."""
    columns = list(rows[0])
    kinds = {name: ' class="number"' if any(isinstance(row[name], Real) for row in rows) else "" for name in columns}
    heads = "".join(f'<th scope="col"{kinds[name]}>{escape(name)}</th>' for name in columns)
    lines = (
        [(kinds[name], escape(typeset(row[name], formats.get(name, "{}")))) for name in columns] for row in rows
    )
    said = " ".join(f"<i>{escape(name)}</i>: {escape(note)}" for name, note in notes.items())
    return (
        f'<div class="tabular"><div role="region" aria-label="{escape(label)}" tabindex="0"><table>'
        f"<caption>{escape(label)}</caption><thead><tr>{heads}</tr></thead>"
        f'<tbody>{"".join(map(_line, lines))}</tbody></table></div>{f"<p>{said}</p>" if said else ""}</div>'
    )


def typeset(value: object, form: str) -> str:
    """A value as it is printed: a number in its form, text as it is, a dash where there is nothing."""
    if value is None or value != value:  # nothing but NaN differs from itself
        return "–"
    return form.format(value).replace("-", "−").replace("inf", "∞") if isinstance(value, Real) else str(value)


def _line(cells: Sequence[tuple[str, str]]) -> str:
    """A row. What names it is in an element of its own, since only there a width is a bound."""
    (kind, name), *others = cells
    head = f'<th scope="row"{kind}><span>{name}</span></th>'
    return f'<tr>{head}{"".join(f"<td{kind}>{text}</td>" for kind, text in others)}</tr>'
