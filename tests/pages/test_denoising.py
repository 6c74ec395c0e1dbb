"""The Denoising page in Streamlit's own test harness: every kind of noise, with and without a denoiser."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from streamlit.testing.v1 import AppTest

from ae_core.nn.noise import NOISES
from ae_core.spec import Spec
from ae_core.ui.session.page_runs import control_of
from ae_core.ui.session.visitor import pool
from tests.measured import all_measured
from tests.pages.conftest import texts, unfolded
from tests.tables import tables

APP = Path(__file__).parents[2] / "app.py"
SMALL = {"code_size": "4", "width": "16", "train_images": "64"}


@pytest.fixture(autouse=True)
def _threads() -> Iterator[None]:
    """Give torch its threads back: measurements and runs take one each."""
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def opened(**query: str) -> AppTest:
    """The page after all that it needs is trained and measured."""
    app = AppTest.from_file(APP, default_timeout=60)
    app.query_params.update(SMALL | query)
    app.run()
    app.switch_page("pages/denoising.py").run()
    return settled(app)


def settled(app: AppTest) -> AppTest:
    for _ in range(60):
        assert not app.exception
        for run in list(pool()._runs.values()):
            run.done.wait(60)
        all_measured()
        app.run()
        if not app.get("progress"):
            return app
    raise AssertionError("The page never comes to rest.")


def methods(app: AppTest) -> list[str]:
    return [row["Method"] for row in tables(app)[0].rows]


def errors(app: AppTest) -> dict[str, float]:
    return {row["Method"]: float(row["MSE"]) for row in tables(app)[0].rows}


@pytest.mark.parametrize("kind", NOISES)
def test_a_denoiser_of_every_kind_is_compared_with_its_control_and_the_classics(kind: str) -> None:
    app = opened(noise="0.4", noise_kind=kind)
    assert app.slider(key="test_noise").value == 0.4
    assert app.selectbox(key="test_kind").value == kind
    assert set(methods(app)) == {
        "noisy input", "control", "denoiser", "PCA projection", "best linear map",
        "median", "Gaussian", "total variation", "non-local means", "wavelet",
    }
    rows = " ".join(element.proto.body for element in app.get("html"))
    for name in ("Clean", "Noisy", "Control", "Denoiser", "Best classical"):
        assert f">{name}<" in rows
    notes = tables(app)[0].notes
    assert "PSNR, dB: peak signal-to-noise ratio" in notes and "SSIM: structural similarity" in notes
    captions = " ".join(caption.value for caption in app.caption)
    assert "PSNR (peak signal-to-noise ratio)" in captions and "**Fitted to each noise and level**" in captions
    spec = Spec(code_size=4, width=16, train_images=64, noise=0.4, noise_kind=kind)
    assert pool().get(spec.key, "test") and pool().get(control_of(spec).key, "test")


def test_without_noise_one_click_trains_a_denoiser() -> None:
    app = opened()
    assert "your network" in methods(app) and not {"denoiser", "control"} & set(methods(app))
    app.button(key="try Train it to remove noise").click().run()
    settled(app)
    assert {"denoiser", "control"} <= set(methods(app)) and "your network" not in methods(app)
    assert app.session_state["noise"] == 0.4
    assert (app.session_state["code_size"], app.session_state["train_images"]) == (4, 64), "it is the same network"


def test_the_status_line_stands_below_the_claim() -> None:
    said = [getattr(element, "value", "") for element in opened().main if element.type in ("title", "caption")]
    assert said[0].startswith("Noisy digits in") and said[1].startswith("code 4")


def test_the_test_noise_is_another_than_that_of_training() -> None:
    app = opened(noise="0.4")
    before = errors(app)
    app.slider(key="test_noise").set_value(0.0).run()
    after = errors(settled(app))
    assert after["noisy input"] == 0 < before["noisy input"]
    assert {row["Method"]: row["PSNR, dB"] for row in tables(app)[0].rows}["noisy input"] == "exact"
    assert after["denoiser"] > 0
    assert app.session_state["noise"] == 0.4


def test_the_place_to_look_at_follows_the_test_noise_and_nobody_is_sent_to_the_one_that_she_has() -> None:
    app = opened(noise="0.4")
    said = " ".join(element.value for element in app.markdown)
    assert "Now move *Test noise* to 0: the denoiser changes even clean digits (MSE 0." in said
    app.slider(key="test_noise").set_value(0.0).run()
    said = " ".join(element.value for element in settled(app).markdown)
    assert "Now move" not in said and "These digits are clean: a copy would have no error." in said


def test_a_network_without_noise_is_looked_at_alone() -> None:
    said = " ".join(element.value for element in opened().markdown)
    assert "**Look at** the row of your network. Its output is " in said and "the denoiser" not in said


def test_a_level_of_training_between_the_steps_of_the_slider_is_that_of_the_test() -> None:
    app = opened(noise="0.125")
    assert app.slider(key="test_noise").value == 0.125
    assert not any(button.label == "As in training" for button in app.button)


@pytest.mark.parametrize(("data", "things"), [("mnist", "digits"), ("fashion", "clothes"), ("landscapes", "patches")])
def test_the_noise_is_put_on_what_the_network_is_trained_on(data: str, things: str) -> None:
    app = opened(data=data)
    assert app.title[0].value == f"Noisy {things} in, clean {things} wanted: a copy is the wrong answer."
    assert any(f"then train it on noisy {things}: " in element.value for element in app.markdown)
    assert any(button.label == f"Other {things}" for button in app.button)


def test_no_code_is_said_to_squeeze_that_may_be_as_large_as_the_image() -> None:
    said = texts(unfolded(opened(code_size="784"), "how_it_works"))
    assert "At level 0 both lines are the same" in said and "squeeze" not in said


def test_the_page_says_why_pca_is_not_the_best_classical() -> None:
    assert any("PCA and the linear map do not count as classical" in caption.value for caption in opened().caption)


def test_the_test_noise_stays_when_the_visitor_turns_the_page_and_comes_back() -> None:
    app = opened(noise="0.4")
    app.slider(key="test_noise").set_value(0.7).run()
    app.selectbox(key="test_kind").set_value("masking").run()
    app.switch_page("pages/train.py").run()
    app.switch_page("pages/denoising.py").run()
    assert app.slider(key="test_noise").value == 0.7
    assert app.selectbox(key="test_kind").value == "masking"


def test_filters_are_counted_as_far_as_there_are_any() -> None:
    app = opened()
    app.session_state["denoise_part"] = "Filters"
    settled(app)
    assert any(caption.value.startswith("The 16 strongest of the first layer") for caption in app.caption)


def test_the_output_fed_back_is_judged_under_its_chart() -> None:
    app = opened(noise="0.4")
    app.session_state["denoise_part"] = "Again and again"
    settled(app.run())
    titles = [json.loads(chart.proto.spec)["layout"]["title"]["text"] for chart in app.get("plotly_chart")]
    assert any(title.startswith(("Fed back", "Best after")) for title in titles)
