"""What the components read off Streamlit's own page is there: an upgrade may take it away without a word."""

from playwright.sync_api import Page, expect

from ae_core.ui.components.bundle import bundle
from tests.browser.conftest import COMPONENTS

READ = """async (script) => {
    const page = await import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
    window.states = new Set();
    window.changes = 0;
    page.whenConnectionChanges(() => changes++);
    const look = () => {
        states.add(`${page.isConnected()} ${page.isScriptRunning()}`);
        requestAnimationFrame(look);
    };
    look();
    window.isPageLink = page.isPageLink;
}"""
LATER = "Object.assign(document.querySelector('[data-testid=stApp]').dataset, { testConnectionState: 'CONNECTING' })"


def test_the_page_says_whether_it_is_connected_and_whether_its_script_runs(page: Page) -> None:
    page.goto("/?train_images=64&width=16&batch_size=32")
    train = page.get_by_role("button", name="Train", exact=True)
    expect(train.first).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-connection-state", "CONNECTED")
    page.evaluate(READ, bundle(COMPONENTS / "_shared" / "streamlit_page.js"))
    page.wait_for_function("states.has('true false')")
    train.first.click()
    page.wait_for_function("states.has('true true')")
    assert page.get_by_role("link", name="Denoising").first.evaluate("isPageLink")
    assert not train.first.evaluate("isPageLink")
    page.evaluate(LATER)
    page.wait_for_function("changes > 0 && [...states].some((state) => state.startsWith('false'))")
