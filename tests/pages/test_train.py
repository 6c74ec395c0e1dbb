"""The Train page and the sidebar beside it."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ae_core.data.datasets import mnist
from ae_core.evaluation.baselines import LINEAR_CODE, Reference
from ae_core.runs.run import Run
from ae_core.spec import DEFAULTS, RULES, Spec
from ae_core.training.loop import train
from ae_core.ui.session.visitor import pool
from ae_core.ui.train.live_player import finding
from tests.pages.conftest import Open, texts, trained, unfolded
from tests.small import small_data

FAST = {"train_images": "64", "width": "16", "batch_size": "32"}


def test_a_first_visit_trains_the_default_experiment(open_app: Open) -> None:
    app = open_app()
    assert not app.exception
    run = trained(app)
    assert run.spec == Spec()
    assert run.state == "finished"
    assert run.newest is not None
    assert f"test BCE {run.newest.test['bce']:.4f}" in texts(app)


def test_a_link_opens_its_experiment(open_app: Open) -> None:
    app = open_app(code_size="3", depth="2", loss="mse", noise="0.4", noise_kind="masking", seed="7", **FAST)
    assert trained(app).spec == Spec(
        code_size=3, depth=2, loss="mse", noise=0.4, noise_kind="masking", seed=7, train_images=64, width=16,
        batch_size=32,
    )
    assert app.select_slider(key="code_size").value == 3
    assert "784 → 16 → 8 → **3** → 8 → 16 → 784" in texts(app)
    assert "784 pixels → 3 numbers, 261 : 1" in texts(app)


def test_a_link_may_ask_for_a_possible_value_that_the_sidebar_does_not_offer(open_app: Open) -> None:
    app = open_app(code_size="5", **FAST)
    assert trained(app).spec.code_size == 5
    assert app.select_slider(key="code_size").value == 5


def test_a_setting_that_was_mended_is_so_in_the_sidebar_and_in_the_address(open_app: Open) -> None:
    app = open_app(epochs="500", width="16")
    spec = Spec.from_key(app.session_state["run"].partition("#")[0])
    app.button(key="stop").click().run()
    assert app.select_slider(key="epochs").value == spec.epochs == 50
    assert "new settings" not in texts(app)
    assert app.query_params["epochs"] == "50"


def test_nonsense_in_every_field_of_a_link_gives_the_default_and_says_so(open_app: Open) -> None:
    app = open_app(**dict.fromkeys(RULES, "<b>**x**</b>"))
    assert not app.exception
    assert trained(app).spec == Spec()
    said = [text.value for text in app.text]
    assert all(any(rule.label in text and "impossible" in text for text in said) for rule in RULES.values())
    assert not any("<b>" in str(part.value) for part in app.markdown), "a visitor's text is never Markdown"


def test_what_was_wrong_with_a_link_is_said_until_train_is_pressed(open_app: Open) -> None:
    app = open_app(depth="9", **FAST)
    trained(app)
    assert any("Depth '9' is impossible" in text.value for text in app.text)
    app.button(key="train").click().run()
    assert not any("impossible" in text.value for text in app.text)


def test_stop_without_a_run_of_ones_own_leaves_the_default_experiment_alone(open_app: Open) -> None:
    app = open_app(**FAST)
    trained(app)
    pool().forget()
    pool().join(Spec(), "somebody else")  # its id is the empty text
    while not (default := pool().get("", "somebody else")) or not default.snapshots:
        time.sleep(0.01)
    del app.session_state["run"]
    app.button(key="stop").click().run()
    assert trained(app).spec.width == int(FAST["width"])
    assert "#" not in app.session_state["run"]
    pool().leave("somebody else")


def test_settings_that_do_not_go_together_are_mended_with_a_notice(open_app: Open) -> None:
    app = open_app(output="linear", **FAST)
    assert trained(app).spec.output == "sigmoid"
    assert any("Loss mse only" in text.value for text in app.text)


@pytest.mark.parametrize(("query", "disabled"), [
    ({}, "output"), ({"loss": "mse"}, None), ({"loss": "mse", "output": "linear"}, "loss"),
])
def test_what_does_not_go_with_the_other_settings_cannot_be_chosen(
    open_app: Open, query: dict[str, str], disabled: str | None
) -> None:
    app = open_app(**FAST, **query)
    loss = next(group for group in app.get("button_group") if group.key == "loss")
    off = {"output": app.selectbox(key="output").disabled, "loss": loss.proto.disabled}
    assert [name for name, is_off in off.items() if is_off] == [disabled] * (disabled is not None)
    assert ("Output linear needs mse." in texts(app)) == (disabled is not None)


def test_more_training_images_than_the_epochs_allow_take_epochs_away_and_the_page_says_so(open_app: Open) -> None:
    app = open_app(**FAST, epochs="1000")
    app.select_slider(key="train_images").set_value(60_000).run()
    assert app.session_state["epochs"] == app.select_slider(key="epochs").value == 50
    assert any(text.value.endswith("Now it is Epochs 50.") for text in app.text)
    app.button(key="stop").click().run()


def test_an_empty_text_in_a_link_leaves_a_control_at_its_default(open_app: Open) -> None:
    app = open_app(loss="", **FAST)
    assert app.session_state["loss"] == "bce" and "loss" not in app.query_params
    assert [text.value for text in app.text] == ["Loss '' is impossible: choose one of bce, mse."]


def test_reset_gives_every_control_its_default_and_leaves_the_run_until_train(open_app: Open) -> None:
    app = open_app(**FAST, depth="2", noise="0.3", loss="mse", output="linear", seed="7")
    run = app.session_state["run"]
    app.button(key="reset").click().run()
    assert {name: app.session_state[name] for name in RULES} == DEFAULTS
    assert app.session_state["run"] == run and not app.query_params
    assert "press **Train** for the new settings" in texts(app)


def test_new_settings_wait_for_train_and_the_page_says_so(open_app: Open) -> None:
    app = open_app(**FAST)
    trained(app)
    app.select_slider(key="code_size").set_value(2).run()
    assert "press **Train** for the new settings" in texts(app)
    app.button(key="train").click().run()
    assert trained(app).spec.code_size == 2
    assert "press **Train**" not in texts(app)


def test_a_setting_without_effect_waits_for_no_training(open_app: Open) -> None:
    app = open_app(depth="0", **FAST)
    trained(app)
    app.select_slider(key="width").set_value(512).run()
    app.selectbox(key="noise_kind").set_value("masking").run()
    assert "press **Train**" not in texts(app)
    assert (app.session_state["width"], app.session_state["noise_kind"]) == (512, "masking")


def test_pressing_train_ten_times_leaves_one_run(open_app: Open) -> None:
    app = open_app(epochs="1000", **FAST)
    for _ in range(10):
        app.button(key="train").click().run()
    assert not app.exception
    assert pool().sharing() == 1
    app.button(key="stop").click().run()


def test_stop_freezes_the_view(open_app: Open) -> None:
    app = open_app(epochs="1000", **FAST)
    run = pool().get(app.session_state["run"], "a test")
    assert run is not None
    while not run.snapshots:
        run.done.wait(0.01)
    app.button(key="stop").click().run()
    frozen = pool().get(app.session_state["run"], "a test")
    assert frozen is not None
    assert frozen.state == "stopped"
    assert "stopped" in texts(app)
    pool().stop(run.id, "a test")


def test_stop_before_the_first_picture_says_that_there_is_none(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool(), "_chosen", lambda ready: None)  # nothing has its turn
    app = open_app(seed="3", **FAST)
    app.button(key="stop").click().run()
    assert "Stopped before its first picture. Press Train to begin anew." in texts(app)
    for page in ("reconstructions", "latent_space", "denoising", "out_of_domain", "compression", "too_powerful"):
        assert not app.switch_page(f"pages/{page}.py").run().exception


def test_a_try_button_sets_the_sidebar_and_trains(open_app: Open) -> None:
    app = open_app(**FAST)
    app.button(key="try Only 2 numbers").click().run()
    assert app.select_slider(key="code_size").value == 2
    assert app.session_state["run"] == Spec(code_size=2, epochs=3).key
    app.button(key="stop").click().run()


def test_a_hidden_layer_narrower_than_the_code_is_named_as_the_bottleneck(open_app: Open) -> None:
    app = open_app(code_size="64", **FAST)
    assert "hidden layer of 16, narrower than the code" in texts(app)
    assert "squeezed through 16 numbers" in app.title[0].value


def test_an_evicted_run_is_trained_again_on_demand(open_app: Open) -> None:
    app = open_app(seed="99", **FAST)
    run = trained(app)
    pool()._runs.pop(run.id)
    app.run()
    again = trained(app)
    assert again is not run
    assert again.spec == run.spec


def test_the_page_shows_the_code_that_ran(open_app: Open) -> None:
    sources = "\n".join(code.value for code in unfolded(open_app(**FAST), "code").code)
    assert "def train(spec: Spec, data: Dataset" in sources
    assert "class Autoencoder" in sources


@pytest.mark.parametrize("loss", ["bce", "mse"])
def test_the_formula_is_that_of_the_loss(open_app: Open, loss: str) -> None:
    formulae = " ".join(latex.value for latex in unfolded(open_app(loss=loss, **FAST), "how_it_works").latex)
    assert (r"\log" in formulae) == (loss == "bce")


NASTY = ["", "inf", "-inf", "nan", "1e999", "9" * 400, "0x10", "7.5", "-1", "true", "null", "[]", "\x00", "<script>"]


@pytest.mark.parametrize("value", NASTY)
def test_one_nasty_value_in_every_field_of_a_link_never_breaks_the_page(open_app: Open, value: str) -> None:
    app = open_app(**{**dict.fromkeys(RULES, value), **FAST})
    assert not app.exception
    assert app.select_slider(key="code_size").value == DEFAULTS["code_size"]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.dictionaries(st.sampled_from(list(RULES)), st.text(max_size=30)))
def test_a_hostile_link_never_breaks_the_page(open_app: Open, query: dict[str, str]) -> None:
    app = open_app(**{**query, "epochs": "1", **FAST})
    assert not app.exception
    assert app.select_slider(key="code_size").value in {DEFAULTS["code_size"], *range(1, 785)}


def test_with_noise_the_page_claims_no_target_that_goes_in(open_app: Open) -> None:
    app = unfolded(open_app(noise="0.5", sparsity="0.1", **FAST), "how_it_works")
    assert app.title[0].value == "The target is the clean image; its noisy copy is squeezed through 16 numbers."
    formula = app.latex[0].value
    assert r"z = f(\tilde x)" in formula and r"\frac{0.1}{784} \sum_j |z_j|" in formula
    assert "the target is the image itself" in texts(app)
    plain = unfolded(open_app(**FAST), "how_it_works")
    assert plain.title[0].value == "The target is the input, squeezed through 16 numbers."
    assert "z = f(x)" in plain.latex[0].value and "z_j" not in plain.latex[0].value


def test_pca_is_explained_to_who_cannot_point_at_it(open_app: Open) -> None:
    said = texts(unfolded(open_app(**FAST), "how_it_works"))
    assert f"*PCA*, principal component analysis, is {LINEAR_CODE}." in said


@pytest.mark.parametrize(("query", "near"), [
    ({}, True), ({"depth": "2", "activation": "tanh"}, True), ({"depth": "0", "code_size": "512"}, False),
    ({"loss": "mse", "output": "linear"}, False),
])
def test_a_start_near_the_mean_image_is_spoken_of_only_where_it_is_sure(
    open_app: Open, query: dict[str, str], near: bool
) -> None:
    said = texts(unfolded(open_app(**{**FAST, **query}), "how_it_works"))
    assert ("begins close to ten copies of the mean image" in said) == near
    assert ("starts close to the loss of the mean image" in said) == near


def test_the_finding_names_overfitting_where_test_and_training_part() -> None:
    spec = Spec(train_images=64, epochs=200)
    run = Run(spec, tuple(train(spec, mnist()))[-1:], "finished")
    assert run.newest and run.newest.test["bce"] > 2 * run.newest.train["bce"]
    assert finding(run, (Reference("PCA", 9.0, "baseline"),)).endswith(" on training digits: overfitting")


def test_the_finding_gives_pca_as_many_numbers_as_it_has() -> None:
    cases = [(8, 16, "as many numbers"), (128, 16, "as many numbers"), (128, 128, "64 numbers")]
    for code_size, width, theirs in cases:  # a hidden layer of 16 is the bottleneck of the second one
        spec = Spec(code_size=code_size, train_images=64, width=width)
        run = Run(spec, tuple(train(spec, small_data()))[-1:], "finished")
        assert finding(run, (Reference("PCA", 9.0, "baseline"),)).endswith(f": better than PCA with {theirs}")
        assert finding(run, (Reference("PCA", 0.0, "baseline"),)).endswith(f": PCA with {theirs} is better")



def test_the_status_line_names_the_seed_once(open_app: Open) -> None:
    app = open_app(seed="7", width="16", train_images="256")
    trained(app)
    assert next(caption.value for caption in app.caption if "epoch" in caption.value or "waiting" in caption.value
                ).count("seed") == 1
