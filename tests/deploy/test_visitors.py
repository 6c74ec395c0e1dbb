"""Visitors with real browsers behind the proxy: all pages, one pool of runs for two replicas, a replica's death."""

import re
from pathlib import Path

from playwright.sync_api import FilePayload, Page, expect

from ae_core.runs.ray import RayPool
from ae_core.spec import Spec
from tests.deploy.conftest import NewVisitor
from tests.deploy.proxy import Proxy

SLOW = 120_000  # ms: a run and its measurements, on a busy machine
PICTURE = Path(__file__).parents[1] / "data" / "nasty" / "UPPER.PNG"
TITLES = ["Train", "Reconstructions", "Latent space", "Denoising", "Out of domain", "Lossy by design", "Too powerful"]
LONG = Spec(code_size=3, depth=2, width=512, epochs=50)  # nobody waits for its end


def test_a_visit_of_all_pages_breaks_no_policy_and_stays_with_one_replica(
    new_visitor: NewVisitor, proxy: Proxy
) -> None:
    complaints: list[str] = []
    page = new_visitor("b", complaints)
    page.goto("/?code_size=2&train_images=1024")
    for title in TITLES:
        page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click()
        expect(page.get_by_test_id("stSidebarNav").locator("[aria-current=page]")).to_have_text(re.compile(title))
        expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=SLOW)
        if title == "Out of domain":
            upload(page)
    assert not complaints
    assert proxy.answered("/_stcore/upload_file/", 1) == ["b"]


def test_a_script_that_slipped_into_a_page_does_not_run(new_visitor: NewVisitor) -> None:
    page = new_visitor()
    page.goto("/")
    page.evaluate("document.head.append(Object.assign(document.createElement('script'), {textContent: 'stolen = 1'}))")
    assert page.evaluate("typeof stolen") == "undefined"
    # what she trains has ended when she leaves: a script that is still at work would train beside the next test
    expect(page.locator(".training-player")).to_have_attribute("data-status", "finished", timeout=SLOW)


def upload(page: Page) -> None:
    """A picture on the page Out of domain, seen there."""
    page.get_by_role("button", name="Skip the guess").click(timeout=SLOW)
    page.get_by_role("tab", name="Your own picture").click(timeout=SLOW)
    page.get_by_text("File", exact=True).click(timeout=SLOW)
    payload = FilePayload(name="digit.png", mimeType="image/png", buffer=PICTURE.read_bytes())
    page.locator("input[type=file]").set_input_files(payload)
    expect(page.get_by_test_id("stText").filter(has_text="digit.png")).to_be_visible(timeout=SLOW)


def watch(page: Page, query: str) -> None:
    """Open the Train page and see a training move."""
    page.goto(f"/?{query}")
    expect(page.locator(".training-player")).to_have_attribute("data-status", "running", timeout=SLOW)


def replica_of(page: Page) -> str:
    """The name in the visitor's cookie."""
    return next((cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "replica"), "")


def test_visitors_of_two_replicas_watch_one_training_also_when_one_replica_dies(
    new_visitor: NewVisitor, proxy: Proxy, pool: RayPool
) -> None:
    pages = [new_visitor(name) for name in "ab"]
    for page in pages:
        watch(page, LONG.key)
        assert pool.sharing() == 1  # both replicas let the cluster train, and it trains once
    training = pool.get(LONG.key, "observer")
    assert training
    page = pages[0]
    player = page.locator(".training-player")
    assert replica_of(page) == "a"

    with page.expect_websocket(timeout=SLOW):
        proxy.replicas[0].kill()
    seen = player.get_attribute("data-frames") or ""
    expect(player).not_to_have_attribute("data-frames", seen, timeout=SLOW)
    assert replica_of(page) == "b"
    expect(page).to_have_url(re.compile(re.escape(LONG.key)))
    assert pool.get(LONG.key, "observer") is training  # had it started anew, it would be another one
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(player).to_have_attribute("data-status", "stopped")
