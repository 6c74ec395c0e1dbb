"""The Reconstructions page."""

import pytest
from streamlit.testing.v1 import AppTest

from ae_core.ui.later import measurements
from tests.pages.conftest import Open, texts, trained

PAGE = "pages/reconstructions.py"
FAST = {"train_images": "1024", "width": "16", "batch_size": "32"}


def measured(app: AppTest) -> AppTest:
    """Wait until the run is trained and all that the page asked for is measured."""
    trained(app)
    for future in list(measurements()._futures.values()):
        future.result()
    app.run()
    for future in list(measurements()._futures.values()):
        future.result()
    return app.run()


@pytest.mark.parametrize(
    "query",
    [
        {"code_size": "1"},
        {"code_size": "32", "loss": "mse"},
        {"code_size": "784", "width": "64"},
        {"depth": "0", "loss": "mse", "output": "linear"},
        {"noise": "0.5"},
    ],
)
def test_every_kind_of_run_gets_its_errors_measured(open_app: Open, query: dict[str, str]) -> None:
    app = measured(open_app(PAGE, **{**FAST, **query}))
    assert not app.exception
    assert app.title[0].value == "Close, never identical."
    loss = query.get("loss", "bce").upper()
    figures = {metric.label: metric.value for metric in app.metric}
    assert any(label.startswith(f"{loss} of this") for label in figures)
    assert 0 < float(figures["All test digits"]) < 1
    assert any(label.startswith("PCA") for label in figures)


def test_a_code_of_two_is_worse_than_one_of_thirty_two(open_app: Open) -> None:
    def mean_error(code_size: str) -> float:
        app = measured(open_app(PAGE, code_size=code_size, epochs="20", **FAST))
        return float(next(metric.value for metric in app.metric if metric.label == "All test digits"))

    assert mean_error("2") > mean_error("16")


def test_both_losses_are_explained_and_the_one_in_use_is_named(open_app: Open) -> None:
    app = open_app(PAGE, loss="mse", **FAST)
    assert any(r"\log" in latex.value for latex in app.latex)
    assert any(r"(x_i - \hat x_i)^2" in latex.value for latex in app.latex)
    assert "**Mean squared error** (MSE) — used here" in texts(app)


def test_the_page_shows_the_code_that_measured(open_app: Open) -> None:
    assert any("def measure_images" in code.value for code in open_app(PAGE, **FAST).code)
