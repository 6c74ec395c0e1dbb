"""The Latent space page, at all kinds of code sizes."""

import csv
import io

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from ae_core.evaluation.latent_space import EmbeddingScores
from ae_core.spec import Spec
from ae_core.ui.latent_space.live_map import encoded_digits_of, map_digits
from ae_core.ui.latent_space.parts import codes_csv, map_html
from ae_core.ui.latent_space.scores_table import OURS, MapScores, pca_scores, score_rows, verdict
from tests.measured import all_measured
from tests.pages.conftest import Open, texts, trained, unfolded
from tests.tables import tables

PAGE = "pages/latent_space.py"
FAST = {"train_images": "256", "width": "16", "batch_size": "32"}


@pytest.mark.parametrize("size", ["1", "2", "3", "32"])
def test_every_code_size_gets_its_map_and_its_scores(open_app: Open, size: str) -> None:
    app = open_app(PAGE, code_size=size, **FAST)
    trained(app)
    all_measured()
    app.run()
    assert not app.exception
    rows = {row.pop("Map"): row for row in tables(app)[0].rows}
    room = min(int(size), 16)  # the hidden layer has 16
    expected = [OURS, f"PCA, {room}", "raw pixels, 784", f"random projection, {room}"]
    assert list(rows) == expected + (["UMAP", "t-SNE"] if size == "2" else [])
    assert float(rows["raw pixels, 784"]["10-NN accuracy"]) > 0.9
    assert all((row["Squared error"] == "no decoder") == (name in ("UMAP", "t-SNE")) for name, row in rows.items())


def test_pca_is_fitted_on_what_the_network_has_learned_from_and_named_by_its_components() -> None:
    digits, clothes = (pca_scores(256, "sigmoid", 64, data) for data in ("mnist", "fashion"))
    assert digits.name == clothes.name == "PCA, 64"
    assert clothes.error > 1.2 * digits.error


def test_a_run_on_clothes_is_held_against_pca_of_clothes(open_app: Open) -> None:
    app = open_app(PAGE, code_size="32", data="fashion", **FAST)
    run = trained(app)
    score_rows(run)
    all_measured()
    assert pca_scores(16, "sigmoid", 256, "fashion") in score_rows(run)


def test_the_page_says_that_labels_are_not_used(open_app: Open) -> None:
    assert "never saw a label" in texts(open_app(PAGE, code_size="2", **FAST))


@pytest.mark.parametrize(("size", "place"), [
    ("1", "where groups overlap"), ("2", "no test digit lies there"), ("3", "two directions, the code has 3"),
])
def test_the_place_to_look_at_is_one_that_the_map_has(open_app: Open, size: str, place: str) -> None:
    said = texts(open_app(PAGE, code_size=size, **FAST))
    assert place in said
    assert ("no test digit lies there" in said) == (size == "2")


def test_where_others_win_the_page_says_so(open_app: Open) -> None:
    app = open_app(PAGE, code_size="2", **FAST)
    trained(app)
    all_measured()
    app.run()
    assert "UMAP and t-SNE" in texts(app)
    assert "a decoder" in texts(app)
    assert "Trustworthiness" not in texts(app)
    said = texts(unfolded(app, "_what_is_measured"))
    assert "Trustworthiness" in said and "with umap-learn's and scikit-learn's usual settings" in said


def test_maps_that_are_not_in_the_table_are_not_explained(open_app: Open) -> None:
    app = open_app(PAGE, code_size="3", **FAST)
    trained(app)
    said = texts(unfolded(app, "_what_is_measured"))
    assert "Trustworthiness" in said and "UMAP" not in said
    assert "the same 5,000 test digits, without noise" in said, "whatever the network was trained with"


@pytest.mark.parametrize(("query", "linear"), [
    ({"depth": "0", "loss": "mse", "output": "linear"}, True), ({"depth": "0"}, False),
    ({"depth": "1", "loss": "mse", "output": "linear"}, False),
])
def test_only_through_a_linear_decoder_the_path_is_the_mixture(
    open_app: Open, query: dict[str, str], linear: bool
) -> None:
    said = texts(unfolded(open_app(PAGE, code_size="2", **{**FAST, **query}), "how_it_works"))
    assert ("which is the mixture" in said) == linear
    assert ("mixture" in said) and ("need not be the mixture" in said) == (query["depth"] == "1")


def test_a_linear_code_is_one_click_away_and_one_click_back(open_app: Open) -> None:
    app = open_app(PAGE, code_size="2", **FAST)
    app.button(key="try Two numbers, linear").click().run()
    assert app.session_state["run"] == Spec(code_size=2, depth=0, loss="mse", output="linear", epochs=3).key
    app.button(key="try 32 numbers").click().run()
    assert app.session_state["run"] == Spec(epochs=3).key
    app.button(key="stop").click().run()


def test_the_verdict_names_winners_and_losers() -> None:
    def row(name: str, accuracy: float, error: float = 1.0) -> MapScores:
        return MapScores(name, EmbeddingScores(accuracy, 0.9, 0.9, 0.0), error)

    rows = [row(OURS, 0.8), row("PCA, 2", 0.4), row("raw pixels, 784", 0.9), row("UMAP", 0.95, float("nan"))]
    text = verdict(rows, Spec(code_size=2))
    assert "better than PCA, 2." in text
    assert "UMAP does that better than this autoencoder." in text
    assert "Neighbours in all 784 pixels give the right label to 90.0% of the held-out digits" in text
    assert "neighbours in a code of 2 numbers to 80.0%" in text


def test_a_squared_error_that_has_run_away_is_written_short() -> None:
    def page() -> None:
        from ae_core.evaluation.latent_space import EmbeddingScores
        from ae_core.ui.latent_space.scores_table import MapScores, score_table

        scores = EmbeddingScores(0.1, 0.5, 0.5, 0.0)
        score_table([MapScores("map", scores, error) for error in (499520897024.0, 13.149, float("nan"))])

    (table,) = tables(AppTest.from_function(page).run())
    assert [row["Squared error"] for row in table.rows] == ["5.00e+11", "13.15", "no decoder"]


def test_an_equal_is_no_winner_and_pca_is_called_what_it_is() -> None:
    def row(name: str, accuracy: float) -> MapScores:
        return MapScores(name, EmbeddingScores(accuracy, 0.9, 0.9, 0.0), 1.0)

    text = verdict([row(OURS, 0.8), row("PCA, 8", 0.8), row("random projection, 8", 0.9)], Spec(code_size=8))
    assert "better than this autoencoder. PCA, 8 does that about as well as this autoencoder." in text
    assert "PCA is the linear map that keeps most of the variance" in text


@pytest.mark.parametrize(("theirs", "said"), [
    ((0.9, 0.9), "PCA, 8 and random projection, 8 tell digits apart by their neighbours better than this autoencoder"),
    ((0.9, 0.8), "PCA, 8 tells digits apart by their neighbours better than this autoencoder. "
                 "random projection, 8 does that about as well as this autoencoder."),
    ((0.8, 0.81), "PCA, 8 and random projection, 8 tell digits apart by their neighbours about as well as this "
                  "autoencoder."),
])
def test_who_beats_nobody_is_told_at_what(theirs: tuple[float, float], said: str) -> None:
    names = ("PCA, 8", "random projection, 8")
    rows = [
        MapScores(name, EmbeddingScores(accuracy, 0.9, 0.9, 0.0), 1.0)
        for name, accuracy in zip((OURS, *names), (0.8, *theirs), strict=True)
    ]
    assert verdict(rows, Spec(code_size=8)).startswith(said)


def test_the_codes_come_as_a_file_with_their_labels(open_app: Open) -> None:
    run = trained(open_app(PAGE, code_size="3", **FAST))
    survey = encoded_digits_of(run)
    assert survey is not None
    lines = list(csv.reader(io.StringIO(codes_csv(survey).decode())))
    assert lines[0] == ["label", "unit_1", "unit_2", "unit_3"]
    assert [int(line[0]) for line in lines[1:]] == map_digits()[1].tolist()
    np.testing.assert_allclose([float(value) for value in lines[7][1:]], survey.codes[6], rtol=1e-4)


def test_the_map_comes_as_a_page_that_asks_no_other_host(open_app: Open) -> None:
    run = trained(open_app(PAGE, code_size="2", **FAST))
    survey = encoded_digits_of(run)
    assert survey is not None
    html = map_html(run, survey).decode()
    assert 'src="http' not in html
    assert "Codes of 5,000 test digits" in html
