"""Colours: each means the same everywhere.

A mark (a line, a dot, a border) has one colour, which stands out from a light and from a dark ground. Text needs more
contrast, and so one colour in each theme.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.floating[Any]]

INPUT = "#7f8593"  # what goes in: neutral
OUTPUT = "#5f6ddc"  # what the model made: the accent
FAILURE = "#dd5417"  # vermilion
BASELINE = "#ab7420"  # PCA and the like: amber
BOUND = "#7f8593"  # the best that there is
MISSING, EXTRA = "#2f86de", FAILURE  # error: ink that was lost, ink that was added
NEGATIVE, POSITIVE = "#a45bbd", "#2f9e5b"  # values of a code
SMALL_SHOWN = 0.6  # exponent below 1: small values stay visible
GRID = "rgba(127, 133, 147, 0.25)"
BEST, WORSE = "#cbd0f4", "#e9a27f"  # grounds of the cells of a table, on the way to FAILURE
INK = "#16171c"  # words on these grounds
FAINT = "rgba(127, 133, 147, 0.15)"  # a ground behind words, and the middle of a scale
CLEAR = "rgba(0, 0, 0, 0)"

# As text in the light and in the dark theme: the colours of .streamlit/config.toml.
TEXT = {
    "output": ("#3f4db8", "#9aa5f7"),
    "baseline": ("#8a5a12", "#d3a04f"),
    "failure": ("#b93c0b", "#f7784a"),
}


def code_colours(code: Values) -> list[str]:
    """A CSS colour for each value of a code (n,): green above 0, purple below, the largest strongest, 0 clear."""
    code = np.nan_to_num(code)
    strength = 0.85 * (np.abs(code) / (np.abs(code).max(initial=0) or 1)) ** SMALL_SHOWN
    hues = [rgb(POSITIVE if value > 0 else NEGATIVE) for value in code]
    return [f"rgba({red},{green},{blue},{share:.2f})" for (red, green, blue), share in zip(hues, strength, strict=True)]


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue, 0 to 255, of a colour "#rrggbb"."""
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue


def faded(colour: str, opacity: float = 0.18) -> str:
    """A colour "#rrggbb" that lets the ground through, as Plotly and CSS take it."""
    return f"rgba{(*rgb(colour), opacity)}"


def css_variables() -> str:
    """The colours for CSS: `--input` and so on for marks, `--output-text` and so on for text in either theme."""
    marks = {"input": INPUT, "output": OUTPUT, "baseline": BASELINE, "failure": FAILURE, "grid": GRID, "faint": FAINT}
    text = {f"{name}-text": f"light-dark({light}, {dark})" for name, (light, dark) in TEXT.items()}
    return " ".join(f"--{name}: {colour};" for name, colour in (marks | text).items())
