"""Two replicas of the app on one Ray cluster, and nginx in front of them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
import ray
from playwright.sync_api import Browser, Page

from ae_core.data.datasets import load
from ae_core.runs.ray import RayPool
from tests.deploy.cluster import cluster
from tests.deploy.proxy import Proxy, proxied
from tests.serving import serving

NewVisitor = Callable[..., Page]


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Of a cluster of one core: for each one it starts processes before the first visitor comes."""
    with cluster(cores=1) as address:
        yield address


@pytest.fixture(scope="session")
def proxy(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """The whole of it, for all tests of this folder. What a replica says in its log must not be a failure."""
    folder = tmp_path_factory.mktemp("proxy")
    environment = {"BOTTLENECK_RAY_ADDRESS": address}
    with ExitStack() as stack:
        replicas = [stack.enter_context(serving(folder / f"{n}.log", environment=environment)) for n in "ab"]
        proxy = stack.enter_context(proxied(folder, replicas))
        yield proxy
    for replica in replicas:
        assert not replica.failures(), replica.said()


@pytest.fixture
def pool(address: str) -> Iterator[RayPool]:
    """The cluster's pool of runs, as a third replica would see it; nothing trains before the test and after it."""
    pool = RayPool(address, load)
    pool.close()
    yield pool
    pool.close()
    ray.shutdown()


@pytest.fixture
def new_visitor(browser: Browser, proxy: Proxy) -> Iterator[NewVisitor]:
    """Open the proxy's address as a further visitor: `new_visitor(replica="a", complaints=[])`.

    replica : where she is sent, or "" for wherever her turn is
    complaints : gets what the browser's console calls an error
    """
    pages: list[Page] = []

    def open_page(replica: str = "", complaints: list[str] | None = None) -> Page:
        context = browser.new_context(base_url=proxy.url, viewport={"width": 1280, "height": 800})
        if replica:
            context.add_cookies([{"name": "replica", "value": replica, "url": proxy.url}])
        page = context.new_page()
        if complaints is not None:
            page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.context.close()
