"""What is loaded when: the server needs PyTorch and Streamlit, and nothing else that is heavy."""

import asyncio
import contextlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from ae_core.autoencoder.model import to_pixels
from ae_core.data.datasets import Dataset
from ae_core.evaluation.baselines import CHUNK, principal_components, references
from ae_core.nn.losses import LOSSES
from ae_core.nn.noise import NOISES
from ae_core.spec import Spec
from ae_core.system.resources import resources, usable_cores
from ae_core.training.loop import corrupted_test_pixels, parts_of_test
from tests.load.visitor import Visitor
from tests.runs.pool_contract import until
from tests.serving import serving

ROOT = Path(__file__).parents[3]

# Each takes from 10 to 180 MB of memory, and up to seconds of time.
HEAVY = {
    "sklearn", "scipy", "pandas", "pyarrow", "skimage", "sympy", "torchvision", "pywt", "umap", "torch._dynamo", "ray",
}

FIRST_VISIT = """
import sys
import ae_core.ui.layout.sidebar, ae_core.ui.train.live_player
from ae_core.data.datasets import load
from ae_core.spec import Spec
from ae_core.training.loop import train
from ae_core.ui.background.run_measurements import reference_losses
spec = Spec(train_images=64, width=16)
list(train(spec, load(spec.data)))
reference_losses(spec)
print(*sys.modules)
"""


def test_a_first_visit_loads_no_heavy_library_but_torch_and_streamlit() -> None:
    command = [sys.executable, "-c", FIRST_VISIT]
    loaded = set(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split())
    assert {"torch", "streamlit"} <= loaded
    assert not loaded & HEAVY


def test_the_server_answers_before_it_has_loaded_pytorch() -> None:
    command = [sys.executable, "-c", "import app, sys; print(app.app is not None, *sys.modules)"]
    served, *loaded = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert served == "True" and "streamlit" in loaded
    assert not {"torch", *HEAVY} & set(loaded)


def test_all_pages_together_load_no_heavy_library_either() -> None:
    """What needs one measures in a process of its own."""
    command = [sys.executable, "-m", "tests.every_page"]
    loaded = set(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split())
    assert {"torch", "streamlit", "plotly", "ae_core.ui.layout.tables"} <= loaded
    assert not loaded & HEAVY


def test_the_components_are_those_of_scikit_learn() -> None:
    from sklearn.decomposition import PCA

    images = np.random.default_rng(0).integers(0, 256, (3 * CHUNK + 7, 784), dtype=np.uint8)
    images //= np.linspace(1, 200, 784).astype(np.uint8)  # so that the variances differ
    ours, theirs = principal_components(images), PCA(32, svd_solver="full").fit(images / 255)
    assert np.allclose(ours.mean, theirs.mean_, atol=1e-6)
    pixels = to_pixels(images[:100])
    again = theirs.inverse_transform(theirs.transform(pixels.numpy()))
    assert np.allclose(ours.reconstruct(pixels, 32), again, atol=1e-4)


def test_few_images_have_as_many_components_as_images(blobs: Dataset) -> None:
    fitted = principal_components(blobs.train)
    assert fitted.components.shape == (64, 784)
    pixels = to_pixels(blobs.train)
    assert torch.allclose(fitted.reconstruct(pixels, 64), pixels, atol=1e-4)
    assert fitted.encode(pixels, 512).shape == (64, fitted.size(512)) == (64, 64)
    assert references(LOSSES["mse"], fitted, [(pixels, pixels)], 512, "linear")[1].label == "PCA, 64 numbers"
    assert references(LOSSES["mse"], fitted, [(pixels, pixels)], 8, "linear")[1].label == "PCA, 8 numbers"


@pytest.mark.parametrize("kind", NOISES)
def test_the_noise_of_the_parts_is_the_noise_of_the_whole(kind: str) -> None:
    images = np.random.default_rng(2).integers(0, 256, (2100, 784), dtype=np.uint8)
    spec = Spec(noise=0.3, noise_kind=kind)
    whole = corrupted_test_pixels(spec, to_pixels(images))
    assert torch.equal(torch.cat([noisy for noisy, _ in parts_of_test(spec, images)]), whole)


def test_references_are_means_over_all_images_however_many_make_a_part() -> None:
    random = np.random.default_rng(1)
    pixels = to_pixels(random.integers(0, 256, (CHUNK + 500, 784), dtype=np.uint8))
    fitted = principal_components(random.integers(0, 256, (50, 784), dtype=np.uint8))
    parts = list(zip(pixels.split(CHUNK), pixels.split(CHUNK), strict=True))
    mean, pca, copy = references(LOSSES["mse"], fitted, parts, 8, "linear")
    assert np.isclose(mean.value, float((fitted.mean - pixels).square().mean()))
    assert np.isclose(pca.value, float((fitted.reconstruct(pixels, 8) - pixels).square().mean()))
    bounded = references(LOSSES["mse"], fitted, parts, 8, "sigmoid")[1]
    assert np.isclose(bounded.value, float((fitted.reconstruct(pixels, 8).clamp(0, 1) - pixels).square().mean()))
    assert copy.value == 0


def children(process: int) -> list[str]:
    """The processes that a process has started."""
    found: list[str] = []
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        with contextlib.suppress(OSError):  # the thread has just ended
            found += path.read_text().split()
    return found


def test_training_is_prepared_when_the_server_starts_not_when_the_first_visitor_comes(tmp_path: Path) -> None:
    with serving(tmp_path / "log.txt") as server:
        until(lambda: children(server.process.pid))
        assert not server.failures(), server.said()


def test_all_processes_are_there_before_a_script_can_hold_anything_back(tmp_path: Path) -> None:
    with serving(tmp_path / "log.txt") as server:
        assert server.get("/live/words").status == 204, "no question is taken before"
        assert len(children(server.process.pid)) == usable_cores() + 1  # one measures
        assert server.said().count("This server may use") == 1
        assert f"This server may use {resources()}" in server.said()


def test_the_very_first_visitor_comes_to_the_page_and_the_experiment_of_her_address(tmp_path: Path) -> None:
    async def visit(url: str) -> None:
        async with Visitor(url) as visitor:
            await visitor.open("code_size=8&train_images=1024", page="denoising")
            assert visitor.texts()[0].startswith("Noisy digits in")
            assert visitor.value("code_size") == ["8"]
            assert "code_size=8" in visitor.query
            assert not visitor.exceptions

    with serving(tmp_path / "log.txt") as server:
        asyncio.run(visit(server.url))
