"""One more entry in each table: the command line, the link and every page work with it, and speak of it."""

import functools
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ae_core.spec import RULES

ROOT = Path(__file__).parents[1]
PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
WITH_DIGITS = ("latent_space",)  # they test every network with digits, and say so
# Tabs that name the other data sets, or train on digits whatever the visitor's network learned from.
NAMING_DIGITS = {"Measured", "The other way round", "By heart", "Remedies", "Linear is PCA", "Draw your own"}
STRANGERS = ("landscapes, clothes and digits", "printed digits", "handwritten digits")  # as they are named


@functools.cache
def walked() -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.registered"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_command_line_trains_with_new_entries_and_measures_the_new_loss() -> None:
    result = walked()["command line"]
    chosen = {name: value for name, value in result["spec"].items() if RULES[name].choices and name != "decoder"}
    assert chosen == {
        "data": "spots", "loss": "mae", "output": "linear", "noise_kind": "dimming", "optimizer": "plain",
        "activation": "gelu",
    }
    assert 0 < result["test_mae"] < 1 and result["test_bce"] is None


@pytest.mark.parametrize("page", PAGES)
def test_every_page_shows_an_experiment_of_new_entries(page: str) -> None:
    words = "mae · dimming noise 0.3 · activation gelu · output linear · optimiser plain · trained on spots"
    assert all(words in said for said in walked()["pages"][page].values())


@pytest.mark.parametrize("page", PAGES)
def test_no_page_takes_images_of_a_new_data_set_for_digits(page: str) -> None:
    said = walked()["pages"][page]
    if page in WITH_DIGITS:
        assert all("trained on spots. This page tests it with digits." in words for words in said.values())
    else:
        ours = "\n".join(words for tab, words in said.items() if tab not in NAMING_DIGITS)
        assert not re.findall(r".*\bdigits?\b.*", re.sub("|".join(STRANGERS), "", ours), re.IGNORECASE)


def test_pages_say_what_the_new_entries_say_of_themselves() -> None:
    pages = walked()["pages"]
    assert "It has seen nothing but spots: what else can it rebuild?" in pages["out_of_domain"][""]
    assert "Noisy spots in, clean spots wanted: a copy is the wrong answer." in pages["denoising"][""]
    assert "Five networks like yours" in pages["denoising"]["Kind against kind"]
    assert "Spots: 256 of any size, tested on 144 others." in pages["out_of_domain"]["The other way round"]
    assert STRANGERS[0] in pages["too_powerful"][""]
    assert "*mae*: a wrong pixel costs what it is off by." in pages["too_powerful"]["Three knobs"]
    assert "Your loss is mean absolute error, for pixels with outliers:" in pages["train"][""]
    assert "**Mean absolute error** (MAE) — used here" in pages["reconstructions"][""]
    assert "brighter" in pages["denoising"][""]
