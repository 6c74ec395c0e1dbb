"""A network that has diverged: each page says so, and none of what pages conclude from others is said of it."""

import functools
import importlib
import json
import pkgutil
import re
import sys
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ae_core import ui
from ae_core.ui.session.visitor import pool
from tests.measured import all_measured
from tests.pages.conftest import Open, texts, trained

DIVERGED = {"learning_rate": "10", "loss": "mse", "output": "linear", "train_images": "64", "width": "16",
            "epochs": "2", "code_size": "4"}
CONCLUDES = re.compile(r"finding|\w+_finding|verdict|sight|where_it_ends|\w+_claim")


@pytest.fixture
def concluded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All that functions with such names have said, but for words about divergence, and for questions."""
    said: list[str] = []

    def noting(function: Callable[..., str]) -> Callable[..., str]:
        @functools.wraps(function)
        def wrapped(*args: Any, **kwargs: Any) -> str:
            words = function(*args, **kwargs)
            if "diverged" not in words and not words.endswith("?"):
                said.append(words)
            return words
        return wrapped

    for found in pkgutil.walk_packages(ui.__path__, "ae_core.ui."):
        importlib.import_module(found.name)
    for name, module in list(sys.modules.items()):
        if name.startswith("ae_core."):
            for word, value in list(vars(module).items()):
                if CONCLUDES.fullmatch(word) and callable(value):
                    monkeypatch.setattr(module, word, noting(value))
    return said


@pytest.mark.parametrize(("page", "place", "tabs"), [
    ("reconstructions", "", [""]),
    ("latent_space", "latent_part", ["Is it any good?"]),
    ("denoising", "denoise_part", ["Again and again", "Filters"]),
    ("out_of_domain", "domain_tab", [""]),
    ("compression", "cost_part", ["What is lost"]),
])
def test_a_page_says_that_its_network_has_diverged_and_concludes_nothing_from_it(
    open_app: Open, concluded: list[str], page: str, place: str, tabs: list[str]
) -> None:
    noise = {"noise": "0.4"} if page == "denoising" else {}
    app = open_app(f"pages/{page}.py", **DIVERGED | noise)
    trained(app)
    for tab in tabs:
        if tab:
            app.session_state[place] = tab
        words = settled(app)
        assert app.title[0].value.startswith("This network has diverged: its error is ")
        assert [finding for finding in concluded if finding in words] == []
    assert concluded or page == "out_of_domain"  # or nobody was listened to


def test_a_sweep_of_networks_that_diverge_warns_and_concludes_nothing(open_app: Open, concluded: list[str]) -> None:
    app = open_app("pages/too_powerful.py", **DIVERGED)
    trained(app)
    app.button(key="start codes").click().run()
    words = settled(app)
    assert "This network has diverged" in app.warning[0].value
    assert [finding for finding in concluded if finding in words] == []


def settled(app: AppTest) -> str:
    """All that the page says when it has measured all: its texts, and the titles of its charts."""
    for _ in range(60):
        for run in list(pool()._runs.values()):
            assert run.done.wait(60)
        all_measured()
        app.run()
        assert not app.exception
        if not app.get("progress") and "Measuring" not in texts(app):
            break
    titles = [json.loads(chart.proto.spec)["layout"].get("title", {}).get("text", "")
              for chart in app.get("plotly_chart")]
    return "\n".join([texts(app), *(each.value for each in app.subheader), *titles]).replace("<br>", " ")
