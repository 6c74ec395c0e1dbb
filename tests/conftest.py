"""What all tests share: repeatable examples, and the quick tests before those in a browser."""

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

BROWSER = Path(__file__).parent / "browser"
FAILED = pytest.StashKey[bool]()  # on a test item: whether its body failed

# No deadline: how long an example takes says nothing about whether it is right.
settings.register_profile("anywhere", deadline=None)
settings.register_profile("ci", settings.get_profile("anywhere"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "anywhere")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the browser tests last: they are slow, and Playwright keeps an event loop running in this thread."""
    items.sort(key=lambda item: BROWSER in item.path.parents)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note on the item whether its body failed, so that fixtures know it when they end."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report
