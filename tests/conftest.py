"""What all tests share: repeatable examples, and the quick tests before those in a browser."""

import functools
import os
from collections.abc import Generator, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from ae_core.data.datasets import Dataset
from tests.browser import chromium

pytest.register_assert_rewrite("tests.runs.pool_contract")

IN_BROWSERS = {Path(__file__).parent / folder for folder in ("browser", "deploy")}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Before anybody imports Ray: no usage reports, and a cluster on the loopback address; the second name means that.
os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
FAILED = pytest.StashKey[bool]()  # on a test item: whether its body failed

# No deadline: how long an example takes says nothing about whether it is right.
settings.register_profile("anywhere", deadline=None)
settings.register_profile("ci", settings.get_profile("anywhere"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "anywhere")


@pytest.fixture(scope="session", autouse=True)
def _pages_that_look_away() -> None:
    """AppTest looks at a run only when a test runs the page: it must not rest in between, nor what it waits for go."""
    from ae_core.ui.background import measurement_queue as later
    from ae_core.ui.session import visitor as session

    later.WANTED = 600.0

    for kind in ("ProcessPool", "RunPool"):
        setattr(session, kind, functools.partial(getattr(session, kind), absent=600.0))


@pytest.fixture(scope="session", autouse=True)
def _measured_in_the_end() -> Iterator[None]:
    """PyTorch aborts a process that ends while one of its threads still computes."""
    yield
    from ae_core.ui.background.measurement_queue import thread_measurements

    thread_measurements().wait()


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    """Compute as a run's thread does: the same sums in the same order, however busy the machine is."""
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def blobs() -> Dataset:
    """64 + 64 soft round spots at random places and of random sizes: quick to learn from."""
    numbers = np.random.default_rng(0)
    rows, columns = np.mgrid[:28, :28]
    y, x = numbers.uniform(6, 22, (2, 128, 1, 1))
    size = numbers.uniform(2, 5, (128, 1, 1))
    spots = 255 * np.exp(-((rows - y) ** 2 + (columns - x) ** 2) / (2 * size**2))
    images = spots.round().astype(np.uint8).reshape(128, 784)
    labels = np.zeros(64, np.uint8)
    return Dataset(train=images[:64], train_labels=labels, test=images[64:], test_labels=labels)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all browser tests; each page gets a profile of its own."""
    executable = chromium.find()
    assert executable, "No Chromium found: `make test` installs one."
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield started
        started.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the browser tests last: they are slow, and Playwright keeps an event loop running in this thread."""
    items.sort(key=lambda item: not IN_BROWSERS.isdisjoint(item.path.parents))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note on the item whether its body failed, so that fixtures know it when they end."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report
