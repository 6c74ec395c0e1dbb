"""The Reconstructions page: choosing a digit, its figures, what PCA does, and which loss is used."""

import re
from threading import Event
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from ae_core.autoencoder.model import to_pixels
from ae_core.data.datasets import mnist
from ae_core.nn.losses import bce, mse
from ae_core.runs.run import Run
from ae_core.spec import Spec
from ae_core.ui.background.measurement_queue import thread_measurements
from ae_core.ui.background.run_measurements import (
    class_means,
    copy_losses,
    losses_of,
    measure_images,
    pca_errors,
    reconstruction_errors,
)
from ae_core.ui.layout import image_picker
from ae_core.ui.layout.image_picker import ordered
from ae_core.ui.layout.reconstruction_strip import reconstruction_of
from tests.measured import all_measured
from tests.pages.conftest import Open, texts, trained, unfolded

PAGE = "pages/reconstructions.py"
FAST = {"train_images": "64", "width": "16", "batch_size": "32"}


def measured(open_app: Open, **query: str) -> tuple[AppTest, Run]:
    """The page with all its measurements made."""
    app = open_app(PAGE, **{**FAST, **query})
    run = trained(app)
    reconstruction_errors(run)
    all_measured()
    assert reconstruction_errors(run).complete
    return app.run(), run


def figure(app: AppTest, name: str) -> str:
    """The value of the figure whose label begins with a name."""
    return next(str(metric.value) for metric in app.metric if metric.label.startswith(name))


def choose(app: AppTest, key: str, value: Any) -> None:
    control: Any = app.get_by_key(key)
    control.set_value(value).run()


def picture(app: AppTest) -> str:
    return next(html.value for html in app.html if "class='reconstruction-strip'" in html.value)


def test_the_figures_are_those_of_the_digit_and_of_all_test_digits(open_app: Open) -> None:
    app, run = measured(open_app)
    assert not app.exception
    model, newest = run.model(), run.newest
    assert model is not None and newest is not None
    seven = to_pixels(mnist().test[:1])
    assert figure(app, "BCE of this 7") == f"{float(bce(model(seven), seven)):.4f}"
    assert figure(app, "All test digits") == f"{newest.test['bce']:.4f}"
    helps = [metric.help for metric in app.metric if metric.label.startswith("PCA")]
    assert helps == ["PCA: the linear code with the least squared error on the training images."]
    assert figure(app, "A perfect copy of it") == f"{float(bce(seven, seven)):.4f}"


def test_the_share_of_digits_with_less_error_fits_the_order(open_app: Open) -> None:
    app, _ = measured(open_app)
    choose(app, "digit_order", "Worst")
    assert figure(app, "Test digits with") == "99.99%"
    choose(app, "digit_order", "Best")
    assert figure(app, "Test digits with") == "0.00%"
    choose(app, "digit_order", "Median")
    assert figure(app, "Test digits with") == "50.00%"


def test_a_digit_is_not_worse_than_itself_when_alone_its_loss_comes_out_a_rounding_higher(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, _ = measured(open_app)
    monkeypatch.setattr("ae_core.ui.layout.reconstruction_strip.losses_of", lambda *args: losses_of(*args) * (1 + 1e-6))
    choose(app, "digit_order", "Best")
    assert figure(app, "Test digits with") == "0.00%"


def test_a_class_shows_only_its_digits(open_app: Open) -> None:
    app, _ = measured(open_app)
    choose(app, "digit_class", 4)
    assert 'alt="Input: a 4"' in picture(app)
    app.button(key="digit_random").click().run()
    assert 'alt="Input: a 4"' in picture(app)


def test_random_shows_another_digit(open_app: Open) -> None:
    app, _ = measured(open_app)
    before = picture(app)
    app.button(key="digit_random").click().run()
    app.button(key="digit_random").click().run()  # twice the same of 10,000 is not to be expected
    assert picture(app) != before


def test_the_picture_has_a_text_for_everything_that_is_seen(open_app: Open) -> None:
    app, _ = measured(open_app, code_size="3")
    shown = picture(app)
    assert 'alt="Input: a 7"' in shown
    assert re.search(r'aria-label="Code of a 7: 3 numbers, from [+−]\d.* to [+−]\d', shown)
    assert len(re.findall(r"<em>unit \d: [+−]", shown)) == 3
    assert 'alt="A 7, rebuilt from 3 numbers"' in shown
    assert 'alt="The same image through PCA with 3 numbers"' in shown
    assert shown.count("<img ") == len(re.findall(r'<img [^>]*alt="[^"]+"', shown))
    assert all(chart.proto.alt for chart in app.get("plotly_chart"))


def test_the_page_says_where_pca_is_better(open_app: Open) -> None:
    app, run = measured(open_app, code_size="64")  # 64 images teach a network less than PCA
    errors = reconstruction_errors(run)
    assert errors.pca is not None and errors.ours is not None
    assert errors.pca.mean() < errors.ours.mean()
    assert re.search("PCA is better .*over all test digits", texts(app))


def test_pca_of_few_images_is_named_by_the_components_that_there_are(open_app: Open) -> None:
    app, _ = measured(open_app, code_size="128", width="128")
    assert any(metric.label == "PCA, 64 numbers, same image" for metric in app.metric)
    assert 'alt="The same image through PCA with 64 numbers"' in picture(app)
    assert "only 64 numbers" in picture(app) and "also" not in picture(app)


def test_both_losses_are_explained_and_the_one_in_use_is_named(open_app: Open) -> None:
    app, _ = measured(open_app)
    said, perfect = texts(unfolded(app, "all_losses")), to_pixels(mnist().test)
    assert "(BCE) — used here" in said.replace("**", "")
    assert "(MSE) — used here" not in said.replace("**", "")
    assert f"a BCE of **{bce(perfect, perfect).mean():.4f}**, not 0" in said
    assert "no hidden layer, no noise and no weight decay its best answer is PCA" in said
    assert "The last step holds all that is larger." in said
    assert len(app.latex) == 2


def test_a_linear_output_has_an_mse_and_no_bce(open_app: Open) -> None:
    app, run = measured(open_app, loss="mse", output="linear", depth="0")
    assert not app.exception
    assert run.newest is not None
    assert figure(app, "All test digits") == f"{run.newest.test['mse']:.4f}"
    assert not any("BCE" in metric.label or "perfect" in metric.label for metric in app.metric)
    assert "BCE is not defined for it" in texts(unfolded(app, "all_losses"))


def test_noise_goes_in_and_the_error_is_against_the_clean_digit(open_app: Open) -> None:
    app, run = measured(open_app, noise="0.5")
    assert 'alt="Noisy input: a 7"' in picture(app)
    reconstruction = reconstruction_of(run, 0)
    assert reconstruction is not None and run.newest is not None
    assert np.allclose(reconstruction.clean * 255, mnist().test[0])
    assert not np.allclose(reconstruction.seen, reconstruction.clean)
    assert figure(app, "All test digits") == f"{run.newest.test['bce']:.4f}"


def test_a_run_that_trains_shows_its_newest_state_and_says_so(open_app: Open) -> None:
    app = open_app(PAGE, **{**FAST, "epochs": "1000", "seed": "5"})
    for _ in range(500):  # until the first snapshot is there
        if figure(app, "BCE of this") != "…":
            break
        app.run()
    assert not app.exception
    assert picture(app)
    assert re.search(r"training|waiting|epoch", texts(app))
    assert figure(app, "Test digits with") == "…", "not against an earlier state"
    assert any(metric.help and "when the training has ended" in metric.help for metric in app.metric)
    app.button(key="stop").click().run()


def test_a_try_button_trains_what_it_says(open_app: Open) -> None:
    app, _ = measured(open_app)
    app.button(key="try Code size 2").click().run()
    assert app.session_state["run"] == Spec(code_size=2).key
    app.button(key="stop").click().run()


def test_the_page_shows_the_code_that_measured(open_app: Open) -> None:
    app, _ = measured(open_app)
    assert any("def measure_images" in code.value for code in unfolded(app, "code").code)


@pytest.mark.parametrize("chosen", ["5", 10_000, -1, 1.5, None, True])
def test_a_forged_choice_is_ignored(chosen: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, Any] = {"contact_sheet": SimpleNamespace(chosen=chosen), "digit": 3}
    monkeypatch.setattr("streamlit.session_state", state)
    monkeypatch.setattr(image_picker, "_data", mnist)
    image_picker._on_sheet()
    assert state["digit"] == 3


@pytest.mark.parametrize("turned", ["1", 7, 10**400, None])
def test_a_forged_turn_is_ignored(turned: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, Any] = {"contact_sheet": SimpleNamespace(turned=turned), "digit_sheet": 2}
    monkeypatch.setattr("streamlit.session_state", state)
    image_picker._turn()
    assert state["digit_sheet"] == 2


def test_a_turn_at_the_same_moment_as_another_choice_gives_way_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, Any] = {"contact_sheet": SimpleNamespace(turned=1), "digit_sheet": 2}
    monkeypatch.setattr("streamlit.session_state", state)
    image_picker._first_of_order()
    image_picker._turn()
    assert state["digit_sheet"] is None


def test_orders_rank_by_error() -> None:
    labels, errors = np.array([0, 1, 0, 0, 1], np.uint8), np.array([0.5, 0.1, 0.2, 0.9, 0.3])
    assert ordered(labels, errors, None, None).tolist() == [0, 1, 2, 3, 4]
    assert ordered(labels, errors, None, "Worst").tolist() == [3, 0, 4, 2, 1]
    assert ordered(labels, errors, None, "Best").tolist() == [1, 2, 4, 0, 3]
    assert ordered(labels, errors, None, "Median")[0] == 4
    assert ordered(labels, errors, 0, "Worst").tolist() == [3, 0, 2]
    assert ordered(labels, None, 1, "Worst").tolist() == [1, 4]


def test_class_means_are_means_of_the_classes() -> None:
    labels = np.arange(20, dtype=np.uint8) % 10
    assert class_means(np.arange(20.0), labels).tolist() == [digit + 5.0 for digit in range(10)]


def test_pca_errors_agree_with_scikit_learn() -> None:
    from sklearn.decomposition import PCA

    clean = to_pixels(mnist().test).numpy()
    fitted = PCA(4, svd_solver="full").fit(to_pixels(mnist().train[:256]).numpy())
    theirs = fitted.inverse_transform(fitted.transform(clean))
    for output, images in ("linear", theirs), ("sigmoid", theirs.clip(0, 1)):
        expected = np.square(images - clean).mean(axis=1)
        assert np.allclose(pca_errors(256, 4, output, "mse", "gaussian", 0.0, "mnist"), expected, atol=1e-5)


def test_a_perfect_copy_costs_the_entropy_of_its_grey_pixels() -> None:
    x = np.clip(to_pixels(mnist().test).double().numpy(), 1e-12, 1 - 1e-12)
    entropy = -(x * np.log(x) + (1 - x) * np.log(1 - x)).mean(axis=1)
    assert np.allclose(copy_losses("mnist")["bce"], entropy, atol=1e-4)
    assert copy_losses("mnist")["bce"].mean() == pytest.approx(0.0581, abs=1e-4)


def test_every_image_is_measured_as_the_run_measures_all(open_app: Open) -> None:
    _, run = measured(open_app, loss="mse")
    model = run.model()
    assert model is not None and run.newest is not None
    found = measure_images(run.spec, model, 1.0)
    train = to_pixels(mnist().train[:64])
    assert found.test.shape == (10_000,)
    assert found.test.mean() == pytest.approx(run.newest.test["mse"], rel=1e-5)
    with torch.no_grad():
        assert found.train.mean() == pytest.approx(float(mse(model(train), train).mean()), rel=1e-5)
    assert found.copies == 0


def test_a_network_of_clothes_is_shown_clothes(open_app: Open) -> None:
    app, run = measured(open_app, data="fashion")
    errors = reconstruction_errors(run)
    assert errors.ours is not None
    assert errors.pca is not None
    assert len(errors.ours) == len(errors.pca) == 2_000
    assert 'alt="Input: an image"' in picture(app)
    assert figure(app, "All test images") == f"{errors.ours.mean():.4f}"
    assert len(app.get("plotly_chart")) == 1, "no error of each digit"
    assert not app.exception


def test_images_are_read_beside_the_page_which_says_so_and_goes_on(open_app: Open) -> None:
    app = open_app(**FAST, data="fashion")
    thread_measurements().forget()  # nobody on this server has asked for them yet
    busy = Event()
    thread_measurements().ask("another measurement", busy.wait)
    try:
        app.switch_page(PAGE).run()
        assert "The images are being read." in texts(app) and not app.exception
    finally:
        busy.set()  # or all tests wait for it in the end
    thread_measurements().wait()
    trained(app)
    assert "The images are being read." not in texts(app)
    assert float(figure(app, "BCE of this")) > 0
