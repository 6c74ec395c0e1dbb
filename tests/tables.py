"""What the tables of a page say, read from their HTML as a browser would."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from streamlit.testing.v1 import AppTest


@dataclass
class Cell:
    """A head or a cell: its tag, its attributes and its text."""

    tag: str
    attributes: dict[str, str | None]
    text: str = ""


@dataclass
class Table:
    """A table as it stands in HTML.

    caption : its own name; region : the name and the other attributes of what it scrolls in; notes : what is below
    tags : the names of all its elements, as they begin
    """

    caption: str = ""
    region: dict[str, str | None] = field(default_factory=dict)
    lines: list[list[Cell]] = field(default_factory=list)
    notes: str = ""
    tags: list[str] = field(default_factory=list)

    @property
    def rows(self) -> list[dict[str, str]]:
        """The texts of the rows, by the names of the columns."""
        heads, *lines = ([cell.text for cell in line] for line in self.lines)
        return [dict(zip(heads, line, strict=True)) for line in lines]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.table = Table()
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append(tag)
        self.table.tags.append(tag)
        attributes = dict(attrs)
        if attributes.get("role") == "region":
            self.table.region = attributes
        elif tag == "tr":
            self.table.lines.append([])
        elif tag in ("th", "td"):
            self.table.lines[-1].append(Cell(tag, attributes))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, "each element ends before the one that it is in"

    def handle_data(self, data: str) -> None:
        if "tr" in self._open:
            self.table.lines[-1][-1].text += data
        elif "caption" in self._open:
            self.table.caption += data
        elif "p" in self._open:
            self.table.notes += data

    def close(self) -> None:
        super().close()
        assert not self._open, "each element ends"


def read(html: str) -> Table:
    """The one table in some HTML."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.table


def tables(app: AppTest) -> list[Table]:
    """The tables of a page, in order."""
    bodies = [element.proto.body for element in app.get("html")]
    return [read(body) for body in bodies if "<table" in body]
