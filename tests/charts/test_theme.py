"""Both themes can be read by everybody: contrast, and digit colours that stay apart for colour-blind eyes."""

import re
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from skimage.color import deltaE_ciede2000, rgb2lab
from streamlit import config as streamlit_config

from ae_core.charts.colours import TEXT

Colors = NDArray[np.float64]

ROOT = Path(__file__).parents[2]
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
THEMES = ("light", "dark")

# How the missing cone changes linear RGB, complete loss: G. M. Machado, M. M. Oliveira, L. A. F. Fernandes,
# "A physiologically-based model for simulation of color vision deficiency", IEEE TVCG 15(6), 2009, table 1.
VISION = {
    "normal": np.eye(3),
    "protanopia": np.array([
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998],
    ]),
    "deuteranopia": np.array([
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881],
    ]),
    "tritanopia": np.array([
        [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900],
    ]),
}


HEX = re.compile(r"#[0-9a-fA-F]{6}\b")


def linear(*colors: str) -> Colors:
    """Linear RGB in [0, 1], shape (n, 3), of colours such as "#43288b"."""
    coded = np.array([list(bytes.fromhex(color[1:])) for color in colors]) / 255
    return np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)


def coded(linear_rgb: Colors) -> Colors:
    """sRGB in [0, 1] of linear RGB: the inverse of what `linear` does."""
    inside = np.clip(linear_rgb, 0, 1)
    return np.where(inside <= 0.0031308, inside * 12.92, 1.055 * inside ** (1 / 2.4) - 0.055)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2, from 1 to 21."""
    low, high = np.sort(linear(one, other) @ [0.2126, 0.7152, 0.0722])
    return float((high + 0.05) / (low + 0.05))


def grounds(theme: dict[str, Any]) -> list[str]:
    """Every colour that text may stand on, of page and sidebar."""
    places = (theme, theme["sidebar"])
    return [place[key] for place in places for key in ("backgroundColor", "secondaryBackgroundColor")]


def options(table: dict[str, Any], prefix: str = "") -> list[str]:
    """The full names of all options in a part of the configuration."""
    names: list[str] = []
    for key, value in table.items():
        names += options(value, f"{prefix}{key}.") if isinstance(value, dict) else [f"{prefix}{key}"]
    return names


def test_contrast_agrees_with_the_definition() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # the well-known grey just below AA


@pytest.mark.parametrize("name", options(CONFIG))
def test_streamlit_knows_every_option(name: str) -> None:
    assert name in streamlit_config.get_config_options(force_reparse=False)


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("role", ["textColor", "linkColor", "redColor", "orangeColor"])
def test_every_colour_with_a_meaning_has_aa_contrast_on_every_ground(name: str, role: str) -> None:
    theme = CONFIG["theme"][name]
    assert min(contrast(theme[role], ground) for ground in grounds(theme)) >= 4.5


@pytest.mark.parametrize("name", THEMES)
def test_the_accent_can_be_read_as_text_and_carries_white_text(name: str) -> None:
    theme = CONFIG["theme"][name]
    accent = theme["primaryColor"]
    assert contrast(accent, theme["backgroundColor"]) >= 4.5
    assert contrast(accent, theme["sidebar"]["backgroundColor"]) >= 4.5
    assert contrast(accent, "#ffffff") >= 4.5
    assert min(contrast(accent, ground) for ground in grounds(theme)) >= 3  # sliders and marks in a box


@pytest.mark.parametrize("name", THEMES)
def test_each_digit_has_a_colour_that_stands_out_from_the_ground(name: str) -> None:
    theme = CONFIG["theme"][name]
    assert len(theme["chartCategoricalColors"]) == 10
    assert min(contrast(color, theme["backgroundColor"]) for color in theme["chartCategoricalColors"]) >= 3


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("name", THEMES)
def test_any_two_digits_differ_for_every_kind_of_eye(name: str, vision: str) -> None:
    seen = coded(linear(*CONFIG["theme"][name]["chartCategoricalColors"]) @ VISION[vision].T)
    lab = rgb2lab(seen)
    difference = deltaE_ciede2000(lab[:, None], lab[None])
    # 1 is just noticeable side by side; colours far apart on a chart need about ten times that.
    assert difference[np.triu_indices(10, 1)].min() >= 12


@pytest.mark.parametrize("name", THEMES)
def test_the_sequence_runs_from_the_ground_to_the_ink(name: str) -> None:
    theme = CONFIG["theme"][name]
    steps = [contrast(color, theme["backgroundColor"]) for color in theme["chartSequentialColors"]]
    assert all(near < far for near, far in pairwise(steps))


def test_the_names_of_a_tables_rows_stand_on_the_ground_of_the_page() -> None:
    light, dark = (CONFIG["theme"][name]["backgroundColor"] for name in THEMES)
    style = (ROOT / "ae_core" / "ui" / "layout" / "style.css").read_text(encoding="utf-8")
    assert f"--ground: light-dark({light}, {dark})" in style


def test_words_in_a_colour_have_that_of_the_theme() -> None:
    light, dark = (CONFIG["theme"][theme] for theme in THEMES)
    assert {
        "output": (light["linkColor"], dark["linkColor"]),
        "baseline": (light["orangeColor"], dark["orangeColor"]),
        "failure": (light["redColor"], dark["redColor"]),
    } == TEXT


def test_a_colour_is_written_down_once() -> None:
    """In charts/colours.py, or in the theme: what a page adds to them has no colours of its own."""
    named = {colour.lower() for theme in THEMES for colour in HEX.findall(str(CONFIG["theme"][theme]))}
    files = [path for kind in ("py", "css") for path in (ROOT / "ae_core").rglob(f"*.{kind}")]
    own = {"colours.py", "theme.css", "drawing_pad.css"}  # the last two are those of pixels, and of the pad
    for path in files:
        if path.name not in own:
            assert set(HEX.findall(path.read_text(encoding="utf-8"))) <= named, path
