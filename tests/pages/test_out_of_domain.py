"""The page Out of domain: guess, gallery, threshold, ways out, the other networks; run without a browser."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ae_core.data.datasets import DataError
from ae_core.spec import Spec
from ae_core.ui.out_of_domain import more_data
from ae_core.ui.session.visitor import pool
from tests.measured import all_measured
from tests.pages.conftest import unfolded
from tests.tables import tables

APP = str(Path(__file__).parents[2] / "app.py")
PAGE = "pages/out_of_domain.py"
PATIENCE = 120.0
SMALL = {"epochs": "1", "width": "16", "train_images": "1024"}


def settled(at: AppTest) -> AppTest:
    """The page after all training and measuring that it waits for."""
    for _ in range(8):
        for run in list(pool()._runs.values()):
            assert run.done.wait(PATIENCE)
        all_measured()
        at.run()
        if not any("Measuring" in caption.value or "still learning" in caption.value for caption in at.caption):
            assert not at.exception
            return at
    raise AssertionError("the page still waits")


def opened(section: str | None = None, skip: bool = True, **query: str) -> AppTest:
    at = AppTest.from_file(APP, default_timeout=PATIENCE)
    for name, value in {**SMALL, **query}.items():
        at.query_params[name] = value
    at.run()
    at.switch_page(PAGE).run()
    all_measured()  # the strangers are read
    at.run()
    assert not at.exception
    if skip:
        at.button(key="skip").click().run()
        if section:
            at.session_state["domain_tab"] = section
        settled(at)
    return at


def words(at: AppTest) -> str:
    elements = [*at.title, *at.subheader, *at.markdown, *at.caption]
    return "\n".join(element.value for element in elements)


@pytest.fixture(autouse=True, scope="module")
def _end() -> Iterator[None]:
    yield
    pool().close()


def test_nothing_is_shown_before_the_guess_or_the_skip() -> None:
    at = opened(skip=False)
    assert at.title[0].value == "It has seen nothing but digits: what else can it rebuild?"
    assert len(at.checkbox) >= 6 and not at.tabs
    at.button(key="skip").click().run()
    assert settled(at).tabs and "kinds of strangers are beyond its domain" in words(at)
    assert "The network does not copy: " in words(at)
    assert "guess mnist 0" not in [box.key for box in at.checkbox]


def test_a_guess_gets_its_score() -> None:
    at = opened(skip=False)
    assert at.button(key="reveal").disabled  # no tick is no guess
    at.checkbox(key="guess mnist 1").check().run()
    at.checkbox(key="guess mnist 3").check().run()
    assert not at.button(key="reveal").disabled
    at.button(key="reveal").click().run()
    assert "You were right about" in words(settled(at))


def test_a_guess_about_digits_is_not_scored_on_other_pictures() -> None:
    at = opened(skip=False)
    at.checkbox(key="guess mnist 1").check().run()
    at.button(key="reveal").click().run()
    at.session_state["domain_tab"] = "The other way round"
    settled(at)
    at.button(key="try Look at a network trained on clothes").click().run()
    settled(at)
    assert "Guess first" in words(at) and "You were right about" not in words(at)
    assert not any(box.value for box in at.checkbox)
    at.checkbox(key="guess fashion 3").check().run()
    at.button(key="reveal").click().run()
    assert "You were right about" in words(settled(at))


def test_the_gallery_shows_another_set() -> None:
    at = opened()
    assert "smear" in words(at)
    at.session_state["gallery_set"] = "inverted"
    assert "white ground" in words(at.run()) and not at.exception


def test_the_threshold_begins_at_the_limit_of_other_images_than_those_that_are_counted() -> None:
    at = opened("Measured")
    alarms = float(at.metric[0].value.rstrip("%"))
    assert alarms == pytest.approx(5, abs=1) and alarms != 5
    assert tables(at)[0].rows[0]["Images"] == "5,000" and "every second test image" in words(at)


def test_a_lower_threshold_means_more_false_alarms() -> None:
    at = opened("Measured")
    alarms = float(at.metric[0].value.rstrip("%"))
    slider = next(slider for slider in at.select_slider if slider.key and slider.key.startswith("threshold"))
    options = slider.options
    slider.set_value(float(options[options.index(f"{slider.value:.4f}") - 20])).run()
    assert not at.exception and float(at.metric[0].value.rstrip("%")) > alarms
    sets = {row.pop("Set"): row for row in tables(at)[0].rows}
    assert sets["Test digits"]["Let in"] == f"{100 - float(at.metric[0].value.rstrip('%')):.2f}%"
    assert 0 <= float(sets["Landscapes"]["AUROC error"]) <= 1 and sets["Test digits"]["AUROC error"] == "–"


def test_the_scores_and_the_code_are_explained_when_asked() -> None:
    at = opened("Measured")
    assert not at.latex and not at.code
    unfolded(at, "_how_it_works", "code")
    assert not at.exception and "Mahalanobis" in words(at)
    assert "PCA with at most as many numbers" in words(at), "few images have few components"
    assert at.latex and any("def " in code.value for code in at.code)


def test_every_slider_leads_away_and_back() -> None:
    at = opened("How far from home")
    for name in ("rotation", "inversion", "elastic"):
        at.session_state["far_axis"] = name
        at.run()
        assert not at.exception
    at.slider(key="far_rotation").set_value(90.0).run()
    at.button(key="far_home").click().run()
    assert at.slider(key="far_rotation").value == 0.0 and not at.exception


def test_the_other_networks_are_trained_when_asked_and_compared() -> None:
    at = opened("The other way round", code_size="1")
    assert not tables(at)
    at.button(key="train_others").click().run()
    settled(at)
    of_networks, of_codecs = tables(at)
    assert [row["Trained on"] for row in of_networks.rows] == ["digits", "clothes", "landscapes"]
    assert [row["Codec"] for row in of_codecs.rows] == ["gzip", "PNG"]
    assert "PCA with 1 number leaves of the same test images" in words(at)
    assert "the code is always 1 number, whatever" in words(at)


def test_beside_networks_of_few_images_pca_has_the_numbers_that_there_are() -> None:
    at = opened("The other way round", code_size="128", width="128", train_images="64")
    at.button(key="train_others").click().run()
    settled(at)
    assert "PCA with 64 numbers leaves of the same test images" in words(at)
    assert "the code is always 128 numbers, whatever" in words(at)
    assert "each seeing about as many training images in all (whole epochs)" in words(at)
    for count in ("Landscapes: 64 patches", "Clothes: 64 images", "Digits: 64 of MNIST"):
        assert count in words(at)


def test_to_a_network_of_landscapes_objects_are_shown_first_and_landscapes_are_no_strangers() -> None:
    at = opened("Measured", data="landscapes")
    assert any(heading.value.startswith("Objects: ") for heading in at.subheader)
    sets = [row["Set"] for row in tables(at)[0].rows]
    assert sets[0] == "Test patches" and "Landscapes" not in sets and "Objects" in sets
    at.session_state["domain_tab"] = "Gallery"
    settled(at)
    pills: Any = at.get_by_key("gallery_set")
    assert pills.value == "objects"


def test_a_network_of_clothes_says_so() -> None:
    at = opened(data="fashion")
    assert at.title[0].value == "It has seen nothing but clothes: what else can it rebuild?"
    assert "test clothes" in words(at)


def test_without_a_network_more_data_says_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def offline(*args: object) -> None:
        raise DataError("KMNIST could not be downloaded: no network.")

    monkeypatch.setattr(more_data, "fetch", offline)
    at = opened("More data")
    at.button(key="extra_fetch").click().run()
    more_data.downloads().wait()
    at.run()
    assert [warning.value for warning in at.warning] == ["KMNIST could not be downloaded: no network."]


def test_the_spec_of_the_page_is_that_of_the_link() -> None:
    at = opened()
    assert at.session_state["run"] == Spec(epochs=1, width=16, train_images=1024).key


def test_chosen_strangers_that_are_home_now_give_way() -> None:
    def pills() -> Any:
        return at.get_by_key("gallery_set")

    at = opened("Gallery")
    pills().set_value("clothes").run()
    settled(at)
    assert pills().value == "clothes"
    at.selectbox(key="data").set_value("fashion").run()
    at.button(key="train").click().run()
    settled(at)
    at.button(key="skip").click().run()
    settled(at)
    assert pills().value == "landscapes"
