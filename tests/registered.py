"""Adds an entry to each table that an experiment chooses from, and walks the command line and all pages with them.

Prints one JSON object: what the command line said, and the texts of each page and its tabs. It runs in a process of
its own: modules read the tables when they are imported.
"""

import contextlib
import functools
import io
import itertools
import json
from typing import TYPE_CHECKING
from unittest.mock import patch

from ae_core.data.registry import DATA_SETS, DataSet
from ae_core.evaluation.classical_denoisers import DENOISERS, Denoiser
from ae_core.nn.activations import ACTIVATIONS
from ae_core.nn.losses import LOSSES, Loss
from ae_core.nn.noise import NOISES, NoiseKind
from ae_core.nn.optimizers import OPTIMIZERS, SGD, OptimizerKind

if TYPE_CHECKING:
    from ae_core.data.datasets import Dataset


@functools.cache
def spots() -> "Dataset":
    """400 soft round spots at random places and of random sizes."""
    import numpy as np

    from ae_core.data.datasets import Dataset

    numbers = np.random.default_rng(0)
    rows, columns = np.mgrid[:28, :28]
    y, x = numbers.uniform(6, 22, (2, 400, 1, 1))
    size = numbers.uniform(2, 5, (400, 1, 1))
    images = (255 * np.exp(-((rows - y) ** 2 + (columns - x) ** 2) / (2 * size**2))).round().astype(np.uint8)
    images, labels = images.reshape(400, 784), np.zeros(400, np.uint8)
    return Dataset(train=images[:256], train_labels=labels[:256], test=images[256:], test_labels=labels[256:])


DATA_SETS["spots"] = DataSet(
    load=spots, train=256, test=144, title="Soft spots", contents="soft round spots", topic="spots", noun="spot",
    nouns="spots", split="of any size, tested on 144 others", mean_image=0.05,
)
LOSSES["mae"] = Loss(
    name="mean absolute error", label="MAE", fits="pixels with outliers",
    effect="a wrong pixel costs what it is off by", formula=r"\frac{1}{784}\sum_i |x_i - \hat x_i|",
    explanation="Its gradient is a sign.",
    each=lambda output, target: (output - target).abs().mean(dim=1),
    gradients={"linear": lambda logits, target: (logits - target).sign()},
)
NOISES["dimming"] = NoiseKind(
    corrupt=lambda pixels, level, _: pixels * (1 - level), level="the share of light taken",
)
OPTIMIZERS["plain"] = OptimizerKind(
    does="steps downhill", matrix=lambda rate: SGD(rate, 0.0), bias=lambda rate: SGD(rate, 0.0), rate=lambda *_: 0.001,
)
ACTIVATIONS["gelu"] = "GELU"
DENOISERS["brighter"] = Denoiser(lambda images, by: images * by, ({"by": 1}, {"by": 2}), seconds=(0.1, 0.1))

LINK = {
    "data": "spots", "loss": "mae", "output": "linear", "noise_kind": "dimming", "noise": "0.3", "optimizer": "plain",
    "activation": "gelu", "width": "16", "code_size": "2",
}
TABS = {  # page -> the key of its tabs
    "compression": "cost_part", "denoising": "denoise_part", "latent_space": "latent_part",
    "out_of_domain": "domain_tab", "too_powerful": "power_tab",
}
LONG = "Over the noise"  # a tab that tunes at eleven levels what another one has at one: that takes most of a minute
STARTS = ("skip", "kinds_start", "train_others")  # buttons, by their keys: what they start is walked as well


def command_line() -> dict[str, object]:
    """What `train` says of the experiment of LINK."""
    from ae_core.cli import main

    flags = [(f"--{name.replace('_', '-')}", value) for name, value in LINK.items()]
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        assert main(["train", "--json", *itertools.chain(*flags)]) == 0
    found: dict[str, object] = json.loads(said.getvalue())
    return found


def pages() -> dict[str, dict[str, str]]:
    """What each page says of the experiment of LINK: at first (""), and in each of its other tabs."""
    from streamlit.testing.v1 import AppTest

    from ae_core.ui.session.visitor import pool
    from tests.measured import all_measured
    from tests.pages.conftest import APP, NavigatedPages, unfolded
    from tests.tables import tables

    def settled(app: AppTest) -> AppTest:
        for _ in range(60):
            for run in list(pool()._runs.values()):
                assert run.done.wait(60) and run.state == "finished", run.message
            all_measured()
            app.run()
            assert not app.exception
            if not app.get("progress") and not any("Measuring" in each.value for each in app.caption):
                return app
        raise AssertionError("The page never comes to rest.")

    def said(app: AppTest) -> str:
        unfolded(settled(app), "how_it_works", "all_losses", "code")
        for key in STARTS:
            if any(button.key == key for button in app.button):
                settled(app.button(key=key).click().run())
        assert not app.exception
        texts = [str(part.value) for part in (*app.title, *app.markdown, *app.caption, *app.text, *app.warning)]
        texts += [cell.text for table in tables(app) for line in table.lines for cell in line]
        return "\n".join([*texts, *(str(part.label) for part in (*app.button, *app.metric))])

    found = {}
    with patch("streamlit.testing.v1.app_test.PagesManager", NavigatedPages):
        app = AppTest.from_file(str(APP), default_timeout=60)
        app.query_params.update(LINK)
        app.run()
        for page in sorted((APP.parent / "pages").glob("*.py")):
            app.switch_page(f"pages/{page.name}").run()
            found[page.stem] = {"": said(app)}
            for label in [tab.label for tab in app.tabs if tab.label != LONG][1:]:
                app.session_state[TABS[page.stem]] = label
                found[page.stem][label] = said(app.run())
        pool().close()
    return found


if __name__ == "__main__":
    print(json.dumps({"command line": command_line(), "pages": pages()}))
