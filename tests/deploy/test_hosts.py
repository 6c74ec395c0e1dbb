"""The app on hosts that differ: below an address, with scripts from elsewhere, without what it adds to Streamlit."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, Response, expect
from streamlit import file_util

from tests.deploy.proxy import put_in, started
from tests.serving import Server, free_port, serving

HERE = Path(__file__).parent
STREAMLIT = Path(file_util.get_static_dir())
PICTURE = HERE.parent / "data" / "nasty" / "UPPER.PNG"
SLOW = 60_000  # ms: a run and its measurements, on a busy machine
LINK = "code_size=2&width=64&epochs=3&train_images=4096"
PACKED = "application/octet-stream"


@dataclass(frozen=True)
class Hosts:
    """nginx and what it stands before: the addresses at which visitors come in, without a slash at the end."""

    below: str  # the app is at two addresses below
    page: str
    strict_page: str
    scripts: str
    bare: str
    app: Server

    @property
    def prefix(self) -> str:
        """Where a proxy cuts off what stands before."""
        return f"{self.below}/school/lab"

    @property
    def room(self) -> str:
        """Where the app itself knows what stands before."""
        return f"{self.below}/room"


@dataclass
class Visit:
    """A browser's page, and what it was answered.

    asked : all addresses of which it asked something over HTTP
    live : status and kind of the answers that the channel gave
    complaints : what the browser's console calls an error
    """

    page: Page
    asked: list[str] = field(default_factory=list)
    live: list[tuple[int, str]] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def over_websocket(self) -> bool:
        """Whether the browser has found that the channel cannot be reached."""
        return bool(self.page.evaluate("sessionStorage.getItem('bottleneck-transport') === 'websocket'"))

    def answered(self, response: Response) -> None:
        """Note an answer."""
        self.asked.append(response.url.partition("?")[0])
        if "/live/" in response.url:
            self.live.append((response.status, response.headers.get("content-type", "")))


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosts]:
    """All of them, in front of one server, and of a second one that knows that it is below an address."""
    folder = tmp_path_factory.mktemp("hosts")
    names = ("BELOW", "SCRIPTS", "PAGE", "STRICT_PAGE", "STRICT", "BARE")
    ports = {name: free_port() for name in names}
    # another site than the server's: the name differs
    pages = {name: f"http://localhost:{ports[name]}" for name in ("PAGE", "STRICT_PAGE")}
    allowed = {"STREAMLIT_SERVER_CORS_ALLOWED_ORIGINS": " ".join(pages.values())}
    with ExitStack() as stack:
        app = stack.enter_context(serving(folder / "app.log", environment=allowed))
        room = stack.enter_context(serving(folder / "room.log", base="/room"))
        places = {name: f"127.0.0.1:{port}" for name, port in ports.items()}
        listen = {f"listen {name};": f"listen {place};" for name, place in places.items()}
        (folder / "nginx.conf").write_text(put_in(HERE / "hosts.conf", listen | {
            "//APP": f"//127.0.0.1:{app.port}", "//ROOM": f"//127.0.0.1:{room.port}",
            "root STREAMLIT": f"root {STREAMLIT}", "root FOLDER": f"root {folder}",
        }))
        scripts = f"http://{places['SCRIPTS']}"
        (folder / "page.html").write_text(page_of_a_host(scripts, app.url))
        (folder / "strict_page.html").write_text(page_of_a_host(scripts, f"http://{places['STRICT']}"))
        stack.enter_context(started(folder, pages["PAGE"]))
        yield Hosts(
            below=f"http://{places['BELOW']}", page=pages["PAGE"], strict_page=pages["STRICT_PAGE"], scripts=scripts,
            bare=f"http://{places['BARE']}", app=app,
        )
    for server in (app, room):
        assert not server.failures(), server.said()


def page_of_a_host(scripts: str, server: str) -> str:
    """Streamlit's page as a host serves it that has its scripts and the app's server at other addresses."""
    page = (STREAMLIT / "index.html").read_text(encoding="utf-8")
    named = f'<head><script>window.__streamlit = {{ BACKEND_BASE_URL: "{server}" }}</script>'
    return page.replace("./static/", f"{scripts}/static/").replace("<head>", named)


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[[], Visit]]:
    """A further visitor."""
    visits: list[Visit] = []

    def open_page() -> Visit:
        visit = Visit(browser.new_context(viewport={"width": 1280, "height": 800}).new_page())
        visit.page.on("response", visit.answered)
        visit.page.on("console", lambda said: visit.complaints.append(said.text) if said.type == "error" else None)
        visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        visits.append(visit)
        return visit

    yield open_page
    for visit in visits:
        visit.page.context.close()


def follow(page: Page, address: str, seed: int) -> None:
    """See the player and the map follow a run each."""
    page.goto(f"{address}/?{LINK}&seed={seed}")
    player = page.locator(".training-player")
    expect(player).to_have_attribute("data-frame", re.compile(r"^[1-9]"), timeout=SLOW)
    expect(player).to_have_attribute("data-status", "finished", timeout=SLOW)
    turn_to(page, "Latent space")
    expect(page.locator(".latent")).to_have_attribute("data-points", "5000", timeout=SLOW)
    expect(page.locator(".latent")).to_have_attribute("data-decodes", "true", timeout=SLOW)


def turn_to(page: Page, title: str) -> None:
    """Choose a page in the sidebar."""
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click()


def upload(page: Page, address: str) -> None:
    """Send a picture on the page Out of domain, of the run that is there."""
    page.goto(f"{address}/out_of_domain?{LINK}&seed=3")
    page.get_by_role("button", name="Skip the guess").click(timeout=SLOW)
    page.get_by_role("tab", name="Your own picture").click(timeout=SLOW)
    page.get_by_text("File", exact=True).click(timeout=SLOW)
    payload = FilePayload(name="digit.png", mimeType="image/png", buffer=PICTURE.read_bytes())
    page.locator("input[type=file]").set_input_files(payload)


@pytest.mark.parametrize("where", ["prefix", "room"])
def test_below_an_address_everything_that_is_asked_for_is_below_it(
    hosts: Hosts, visit: Callable[[], Visit], where: str
) -> None:
    base, visitor = getattr(hosts, where), visit()
    page = visitor.page
    for below in ("reconstructions/x/y", "reconstructions/"):
        page.goto(f"{base}/{below}?{LINK}&seed=1")
        expect(page).to_have_url(re.compile(rf"^{base}/reconstructions\?"))
    expect(page.get_by_role("img", name=re.compile("rebuilt from 2 numbers"))).to_be_visible(timeout=SLOW)
    turn_to(page, "Train")
    expect(page).to_have_url(re.compile(rf"^{base}/\?"))
    expect(page.locator(".training-player")).to_have_attribute("data-status", "finished", timeout=SLOW)
    page.go_back()
    expect(page).to_have_url(re.compile(rf"^{base}/reconstructions\?"))
    expect(page.get_by_role("img", name=re.compile("rebuilt from 2 numbers"))).to_be_visible(timeout=SLOW)
    turn_to(page, "Latent space")
    page.get_by_role("tab", name="Download").click(timeout=SLOW)
    with page.expect_download(timeout=SLOW) as download:
        page.get_by_role("button", name="Codes as CSV").click(timeout=SLOW)
    assert download.value.path().read_bytes().count(b"\n") > 1000
    assert set(visitor.live) == {(200, PACKED)} and not visitor.over_websocket()
    assert not [address for address in visitor.asked if not address.startswith((f"{base}/", "data:", "blob:"))]
    assert not visitor.complaints


def test_a_page_of_another_site_reads_the_answers_where_the_server_allows_it(
    hosts: Hosts, visit: Callable[[], Visit]
) -> None:
    visitor = visit()
    follow(visitor.page, hosts.page, 1)
    assert set(visitor.live) == {(200, PACKED)} and not visitor.over_websocket()
    assert not visitor.complaints
    assert any(address.startswith(f"{hosts.scripts}/static/js/") for address in visitor.asked)
    assert not any(address.startswith(f"{hosts.app.url}/static/") for address in visitor.asked)


def test_a_page_that_may_not_read_the_answers_asks_over_the_websocket_and_remembers_it(
    hosts: Hosts, visit: Callable[[], Visit]
) -> None:
    visitor = visit()
    follow(visitor.page, hosts.strict_page, 2)
    visitor.page.goto("about:blank")
    assert all("/live/" in said or "ERR_FAILED" in said for said in visitor.complaints)
    visitor.complaints.clear()
    visitor.page.goto(f"{hosts.strict_page}/?{LINK}&seed=2")
    expect(visitor.page.locator(".training-player")).to_have_attribute("data-status", "finished", timeout=SLOW)
    assert visitor.over_websocket() and not visitor.complaints, "it does not ask in vain again"


def test_a_run_is_followed_through_a_proxy_that_drops_cookies_compression_and_caching(
    hosts: Hosts, visit: Callable[[], Visit]
) -> None:
    visitor = visit()
    follow(visitor.page, hosts.bare, 3)
    assert set(visitor.live) == {(200, PACKED)} and not visitor.over_websocket()
    assert not visitor.page.context.cookies()
    assert not visitor.complaints


def test_a_file_that_does_not_arrive_is_told_in_a_sentence(hosts: Hosts, visit: Callable[[], Visit]) -> None:
    page = visit().page
    upload(page, hosts.bare)
    told = page.get_by_role("alert").filter(has_text="The file did not arrive: uploads need a cookie")
    expect(told).to_be_visible(timeout=SLOW)


def test_a_host_that_runs_the_script_alone_serves_all_of_it_over_the_websocket(
    tmp_path: Path, visit: Callable[[], Visit]
) -> None:
    with serving(tmp_path / "log.txt", ("-m", "tests.deploy.script_alone")) as server:
        visitor = visit()
        follow(visitor.page, server.url, 4)
        assert not visitor.live
        assert server.said().count("This server may use") == 1, "it got ready once"
        assert not server.failures(), server.said()
