"""The page Too powerful without a browser: sweeps on request, what they say, cancelling."""

from collections.abc import Iterator
from itertools import islice

import pytest
from streamlit.testing.v1 import AppTest

from ae_core.evaluation.capacity import experiments
from ae_core.spec import Spec
from ae_core.ui.background.sweep_results import sweep_results
from ae_core.ui.session.visitor import pool
from ae_core.ui.too_powerful import regularisers
from tests.measured import all_measured
from tests.pages.conftest import Open, texts, trained, unfolded
from tests.tables import tables

PAGE = "pages/too_powerful.py"
SMALL = {"width": "16", "train_images": "64", "depth": "1"}


@pytest.fixture(autouse=True, scope="module")
def _end() -> Iterator[None]:
    yield
    pool().close()


def opened(open_app: Open, tab: str = "Three knobs", **query: str) -> AppTest:
    app = open_app(**SMALL | query)
    app.session_state["power_tab"] = tab
    app.switch_page(PAGE).run()
    trained(app)
    return settled(app)


def settled(app: AppTest) -> AppTest:
    """The page after all that it trains and measures."""
    for _ in range(80):
        assert not app.exception
        for run in list(pool()._runs.values()):
            assert run.done.wait(120)
        all_measured()
        app.run()
        if not app.get("progress"):
            return app
    raise AssertionError("The page never comes to rest.")


def keys(app: AppTest) -> list[str | None]:
    return [button.key for button in app.button]


def test_nothing_trains_before_it_is_asked_for(open_app: Open) -> None:
    app = opened(open_app, "By heart")
    assert app.title[0].value == "Where nothing is scarce, a network may copy, or learn by heart."
    assert {"start codes", "start hearts"} <= set(keys(app))
    assert not app.get("progress")
    assert "by heart" in texts(app)


def test_ten_code_sizes_are_trained_and_stay_known(open_app: Open) -> None:
    app = opened(open_app)
    app.button(key="start codes").click().run()
    assert app.get("progress") and "cancel codes" in keys(app)
    settled(app)
    assert "start codes" not in keys(app) and "cancel codes" not in keys(app)
    for size in (1, 512):
        known = sweep_results().get(Spec(code_size=size, width=16, train_images=64))
        assert known is not None and 0 <= known.study.identity <= 1
    other = opened(open_app)
    assert "start codes" not in keys(other)


@pytest.mark.parametrize(("data", "words"), [("mnist", "64 digits"), ("fashion", "64 images")])
def test_the_try_buttons_name_what_the_network_learns_from(open_app: Open, data: str, words: str) -> None:
    assert f"try By heart: {words}" in keys(opened(open_app, data=data))


def test_a_try_sets_all_that_its_label_implies(open_app: Open) -> None:
    app = open_app(PAGE, **SMALL, epochs="3", data="fashion", noise="0.2", activation="tanh", seed="7")
    app.button(key="try A mere copier").click().run()
    copier = Spec(code_size=512, depth=0, loss="mse", output="linear", epochs=3, data="fashion", seed=7)
    assert app.session_state["run"] == copier.key
    assert (app.session_state["train_images"], app.session_state["activation"]) == (60_000, "relu")
    app.button(key="stop").click().run()
    app.switch_page("pages/train.py").run()
    app.button(key="try Only 2 numbers").click().run()
    assert app.session_state["run"] == Spec(code_size=2, epochs=3, data="fashion", seed=7).key
    app.button(key="stop").click().run()


def test_the_remedies_say_what_else_changes_with_them(open_app: Open) -> None:
    assert "(the learning rate follows width and noise; more data are seen once)" in texts(opened(open_app, "Remedies"))


def test_a_cancelled_sweep_stops_and_can_be_started_again(open_app: Open) -> None:
    app = open_app(**SMALL | {"width": "32", "epochs": "1000"})
    app.session_state["power_tab"] = "Three knobs"
    app.switch_page(PAGE).run()
    app.button(key="start codes").click().run()
    app.button(key="cancel codes").click().run()
    app.run()
    assert "cancel codes" not in keys(app) and "start codes" in keys(app)
    assert not app.get("progress")


def test_a_sweep_trains_for_the_settings_that_it_was_pressed_for_only(open_app: Open) -> None:
    app = opened(open_app, "Mere copy?")
    app.button(key="start copying").click().run()
    assert "cancel copying" in keys(app)
    app.button(key="try By heart: 64 digits").click().run()  # the linear half of the sweep stays the same
    assert "start copying" in keys(app) and "cancel copying" not in keys(app) and not app.get("progress")


def test_it_is_said_before_and_on_the_way_how_long_a_sweep_takes(open_app: Open) -> None:
    app = opened(open_app, epochs="1000")
    assert any(" Takes " in caption.value and "on this server now" in caption.value for caption in app.caption)
    app.button(key="start codes").click().run()
    assert app.get("progress")[0].proto.text.endswith(" left")
    app.button(key="cancel codes").click().run()


def test_an_example_of_the_table_sets_the_sidebar(open_app: Open) -> None:
    app = opened(open_app)
    app.button(key="try No hidden layer").click().run()
    assert (app.session_state["depth"], app.session_state["output"]) == (0, "linear")
    run = trained(app)
    assert run.spec.depth == 0 and run.spec.loss == "mse" and not app.exception


@pytest.mark.parametrize(("tab", "name", "rows"), [
    ("Depth and width", "shapes", 10), ("Remedies", "remedies", 3), ("Linear is PCA", "meeting", 4),
    ("Mere copy?", "copying", 4), ("By heart", "hearts", None),
])
def test_a_section_trains_its_networks_and_shows_what_it_measured(
    open_app: Open, monkeypatch: pytest.MonkeyPatch, tab: str, name: str, rows: int | None
) -> None:
    small = {"width": 16, "train_images": 1024}
    for constant in ("OVERFITTED", "BIG", "BENT", "PCA_LIKE", "LINEAR"):
        spec = getattr(experiments, constant)
        monkeypatch.setattr(experiments, constant, spec.replace(**small, epochs=min(spec.epochs, 3)))
    monkeypatch.setattr(experiments, "IMAGES_EACH", 60_000)
    monkeypatch.setattr(experiments, "SEEDS", 2)
    monkeypatch.setattr(regularisers, "TREATMENTS", dict(islice(regularisers.TREATMENTS.items(), 2)))
    app = opened(open_app, tab)
    app.button(key=f"start {name}").click().run()
    settled(app)
    assert f"start {name}" not in keys(app) and not app.warning
    if rows is None:
        pictures = " ".join(element.proto.body for element in app.get("html"))
        assert "Never seen" in pictures and "Reminds of" in pictures
    else:
        assert len(tables(app)[0].rows) == rows
    if name == "copying":
        assert not app.latex and unfolded(app, "_how_it_is_made").latex


def test_landscapes_have_no_classes_and_the_page_does_not_probe_them(open_app: Open) -> None:
    app = opened(open_app, "Mere copy?", data="landscapes")
    assert "Landscapes have no classes" in texts(app) and "**probe**" not in texts(app)
    assert not any("probe" in chart.proto.alt for chart in app.get("plotly_chart"))
    digits = opened(open_app, "Mere copy?")
    assert "**probe**" in texts(digits) and any("probe" in chart.proto.alt for chart in digits.get("plotly_chart"))


def test_shapes_of_a_network_of_landscapes_have_no_column_of_the_probe(open_app: Open) -> None:
    app = opened(open_app, "Depth and width", data="landscapes", code_size="1")
    assert "A code of 1 number between" in texts(app)
    app.button(key="start shapes").click().run()
    rows = tables(settled(app))[0].rows
    assert len(rows) == 10 and "Probe" not in rows[0] and "Gap" in rows[0]


def test_before_anything_is_trained_no_mark_of_a_chart_is_explained(open_app: Open) -> None:
    app = opened(open_app, "Depth and width", train_images="128")
    said = texts(app)
    assert not any(word in said for word in ("Hollow marks", "Bars:", "Circles"))
    app.button(key="start codes").click().run()
    app.button(key="start shapes").click().run()
    said = texts(settled(app))
    assert "Bars: numbers" in said and "Circles: width 32" in said and "Hollow marks" not in said


def test_a_network_with_noise_is_said_to_have_no_star_since_the_sweep_has_none(open_app: Open) -> None:
    said = texts(opened(open_app, noise="0.5"))
    assert "trained without noise" in said and "Yours learns with noise" in said
    assert "Yours learns with noise" not in texts(opened(open_app))
