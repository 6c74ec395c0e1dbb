"""The page Lossy by design: the ledger, the number of images, earlier runs and the round trip; without a browser."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from ae_core.codecs.aez import Fingerprint, write
from ae_core.codecs.learned import decoder_bytes
from ae_core.codecs.quantise import Ranges
from ae_core.data.datasets import load
from ae_core.evaluation.latent_space import encode_images
from ae_core.runs.run import Run
from ae_core.ui.compression import measurements as measure
from ae_core.ui.compression import rate_and_error as evidence
from ae_core.ui.session.visitor import pool
from tests.measured import all_measured
from tests.pages.conftest import Open, texts, trained, unfolded
from tests.tables import tables

PAGE = "pages/compression.py"
SMALL = {"epochs": "1", "width": "16", "train_images": "1024", "data": "fashion"}


@pytest.fixture(autouse=True, scope="module")
def _end() -> Iterator[None]:
    yield
    pool().close()


def settled(app: AppTest) -> AppTest:
    """The page after all training and measuring that it waits for."""
    trained(app)
    for _ in range(8):
        all_measured()
        app.run()
        assert not app.exception
        if "Measuring" not in texts(app) and "learning" not in texts(app):
            return app
    raise AssertionError("the page still waits")


def opened(open_app: Open, part: str = "At the same size", **query: str) -> AppTest:
    app = open_app(PAGE, **{**SMALL, **query})
    app.session_state["cost_part"] = part
    return settled(app)


def figure(app: AppTest, label: str) -> str:
    return next(metric.value for metric in app.metric if metric.label == label)


def test_the_page_claims_and_measures_the_run(open_app: Open) -> None:
    app = opened(open_app)
    assert re.fullmatch(r"Smaller than lossless files from about [\d,]+ images on; none of 2,000 came back exact.",
                        app.title[0].value)
    assert figure(app, "Came back identical") == "0 of 2,000"
    assert figure(app, "And its decoder").endswith("kB")
    assert figure(app, "Cost of rounding").endswith("% MSE")


def test_the_formula_of_a_cell_keeps_it_in_range_and_the_cost_of_coarse_cells_is_this_networks_own(
    open_app: Open,
) -> None:
    app = unfolded(opened(open_app), "how_it_works")
    assert r"\operatorname{clip}_{\,0}^{\,2^B - 1}" in app.latex[0].value
    cost = figure(app, "Cost of rounding").removesuffix(" MSE")
    assert f"For this network rounding changes the squared error by {cost} at 8 bits, " in texts(app)


def test_before_it_is_measured_the_claim_says_nothing_of_size_or_error(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(open_app)
    monkeypatch.setattr(evidence, "ledger", lambda *asked: replace(measure.ledger(*asked), network=None, missing=1))
    assert app.run().title[0].value == "A code costs bytes, and so does its decoder."


def test_where_lossless_files_always_win_the_claim_says_so(open_app: Open) -> None:
    app = opened(open_app, code_size="784")
    app.session_state["cost_bits"] = 32
    settled(app)
    larger = "No smaller than lossless files; none of 2,000 came back exact."
    assert app.title[0].value == larger
    assert "From 1,000 images on, xz is always smaller, and exact" in texts(app)
    app.switch_page("pages/train.py").run()
    app.switch_page(PAGE).run()
    assert app.title[0].value == larger


def test_trained_on_clothes_it_does_not_speak_of_digits(open_app: Open) -> None:
    assert "digits" not in texts(opened(open_app, "What is lost"))
    pictures = next(html.value for html in opened(open_app).html if "digit-rows" in html.value)
    assert "input, image 1" in pictures and "input, digit" not in pictures


def test_no_verdict_is_given_before_all_is_measured(open_app: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(open_app)
    verdict = re.compile("has a smaller error|loses nothing|no difference in error|nothing as small")
    assert verdict.search(texts(app))
    monkeypatch.setattr(evidence, "ledger", lambda *asked: replace(measure.ledger(*asked), others=(), missing=1))
    shown = texts(app.run())
    assert "For 1,000 images, " in shown and "Measuring" in shown
    assert not verdict.search(shown)


def test_more_images_share_the_decoder(open_app: Open) -> None:
    app = opened(open_app, "The ledger")
    before = ledger(app)
    app.select_slider(key="cost_images").set_value(10_000_000)
    after = ledger(settled(app))
    ours = "This network, 8 bits"
    assert float(after[ours]["With decoder"]) < float(before[ours]["With decoder"])
    assert after[ours]["Bytes"] == before[ours]["Bytes"]
    assert after["gzip"] == before["gzip"]
    beats = "Beats lossless from"
    assert [after[name][beats] for name in ("xz, all together", "gzip", "raw")] == ["–", "never", "never"]
    assert int(after[ours][beats].removeprefix("≤\u00a0").replace(",", "")) > 1
    assert (after["gzip"]["MSE"], after["gzip"]["Identical"]) == ("0.00000", "100.00%")
    assert "10,000,000 images" in texts(app)


def test_what_was_measured_on_a_file_of_many_images_is_not_in_the_table_for_a_few(open_app: Open) -> None:
    app = opened(open_app, "The ledger")
    assert "xz, all together" in ledger(app) and "Left out" not in texts(app)
    app.select_slider(key="cost_images").set_value(1)
    few = ledger(settled(app))
    assert {"gzip", "raw", "This network, 8 bits", "JPEG, alone, quality 50"} <= set(few)
    assert not any("together" in name or "sheet" in name for name in few)
    assert "Left out is what was measured on 2,000 images in one file: it says nothing about 1 image." in texts(app)


def test_fewer_bits_cost_fewer_bytes_and_more_error(open_app: Open) -> None:
    app = opened(open_app)
    eight = float(figure(app, "Bytes an image"))
    app.session_state["cost_bits"] = 2
    settled(app)
    assert float(figure(app, "Bytes an image")) < eight / 2


def test_all_qualities_are_shown_when_asked_for(open_app: Open) -> None:
    app = opened(open_app, "The ledger")
    few = len(ledger(app))
    app.toggle(key="cost_every").set_value(True)
    assert len(ledger(settled(app))) > few + 20


def test_earlier_runs_of_the_visit_stay_in_the_picture(open_app: Open) -> None:
    app = opened(open_app)
    assert "earlier runs" not in app.get("plotly_chart")[0].proto.spec
    app.select_slider(key="code_size").set_value(8).run()
    app.button(key="train").click().run()
    settled(app)
    spec = app.get("plotly_chart")[0].proto.spec
    assert "earlier runs" in spec and "code 32" in spec


def test_an_earlier_run_is_named_with_its_seed_once(open_app: Open) -> None:
    app = opened(open_app, seed="5")
    app.select_slider(key="code_size").set_value(8).run()
    app.button(key="train").click().run()
    settled(app)
    assert app.get("plotly_chart")[0].proto.spec.count("seed 5") == 1


def test_a_file_goes_out_and_comes_back_into_its_own_network_only(open_app: Open) -> None:
    app = opened(open_app, "Round trip")
    run = trained(app)
    model = run.model()
    assert model is not None and f"one needs the decoder, {decoder_bytes(model.decoder):,} bytes" in texts(app)
    assert "That keeps nothing secret" in texts(app)
    content = file_of(run)
    app.file_uploader(key="aez_upload").set_value(("digits.aez", content, "application/octet-stream"))
    assert "7 images rebuilt" in texts(settled(app))
    app.file_uploader(key="aez_upload").set_value(("digits.aez", content[:-1] + b"?", "application/octet-stream"))
    assert [warning.value for warning in settled(app).warning] == [
        "This file of codes is damaged: its checksum does not fit."
    ]
    next(button for button in app.button if button.label == "A small decoder").click().run()
    settled(app)
    app.file_uploader(key="aez_upload").set_value(("digits.aez", content, "application/octet-stream"))
    assert "made by another network (code 32 · depth 1 · width 16" in texts(settled(app))


def ledger(app: AppTest) -> dict[str, dict[str, str]]:
    return {row.pop("Way"): row for row in tables(app)[0].rows}


def file_of(run: Run) -> bytes:
    model = run.model()
    assert model is not None
    codes = encode_images(model, load(run.spec.data).test[:7])
    return write(Fingerprint.of(run.spec, model), codes, Ranges.of(codes), 8)
