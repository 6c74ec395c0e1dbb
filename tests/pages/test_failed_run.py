"""A run that fails before its first picture: every page says why, and none waits for a network that never comes."""

import itertools
from collections.abc import Iterator

import pytest

from ae_core.runs.pool import RunPool
from ae_core.runs.run import Run
from ae_core.training.loop import Snapshot
from ae_core.ui.live import polling_fragment
from ae_core.ui.session.visitor import pool
from tests.measured import all_measured
from tests.pages.conftest import APP, Open, texts, trained

PAGES = sorted(path.name for path in (APP.parent / "pages").glob("*.py"))
SMALL = {"code_size": "3", "width": "16", "train_images": "64"}
MESSAGE = "Training broke off unexpectedly."
_seeds = itertools.count(70_000)


def _failing(self: RunPool, run: Run) -> Iterator[Snapshot | None]:
    raise RuntimeError("before the first picture")
    yield


@pytest.mark.parametrize("page", PAGES)
def test_the_page_says_that_training_broke_off_and_asks_for_nothing_more(
    open_app: Open, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(pool()), "_snapshots", _failing)
    app = open_app(f"pages/{page}", seed=str(next(_seeds)), **SMALL)
    trained(app)
    all_measured()
    asks: list[str] = []
    monkeypatch.setattr(polling_fragment, "poll", lambda seconds, key: asks.append(key))
    app.run()
    assert not app.exception
    if page != "train.py":  # there the player says it
        assert MESSAGE in texts(app)
    assert "learning" not in texts(app) and "Measuring" not in texts(app)
    assert asks == []


def test_the_control_that_fails_leaves_the_denoiser_its_page(open_app: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    train = type(pool())._snapshots  # type: ignore[union-attr]

    def failing_without_noise(self: RunPool, run: Run) -> Iterator[Snapshot | None]:
        return train(self, run) if run.spec.noise else _failing(self, run)

    monkeypatch.setattr(type(pool()), "_snapshots", failing_without_noise)
    app = open_app("pages/denoising.py", noise="0.4", seed=str(next(_seeds)), **SMALL)
    run = trained(app)
    assert run.state == "finished"
    control = pool().get(run.spec.replace(noise=0.0).key, "a test")
    assert control is not None and control.done.wait(60)
    app.run()
    rows = " ".join(element.proto.body for element in app.get("html"))
    assert "training failed" in rows
    assert MESSAGE in texts(app)
