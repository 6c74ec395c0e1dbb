"""The Latent space page as a visitor touches it, and the decoder in the browser against PyTorch's."""

import base64
import json
import re
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Locator, Page, expect

from ae_core.autoencoder.model import Autoencoder
from ae_core.data.datasets import mnist
from ae_core.evaluation.latent_space import decode_codes
from ae_core.formatting import signed
from ae_core.spec import Spec
from ae_core.training.loop import Snapshot
from ae_core.ui.components.bundle import bundle, component_files
from ae_core.ui.components.latent_map import encoded, latent_view
from ae_core.ui.components.latent_map.view import EncodedImages
from ae_core.ui.components.packing import pack
from tests.browser.conftest import COMPONENTS

MAP = component_files(COMPONENTS / "latent_map")
ANSWER = {"mark": "finished 1", "more": False, "pause": 1.0}
LINK = "/?code_size=2&depth=2&width=64&activation=silu"  # a second of training: enough for digits to differ


def latent(page: Page) -> Locator:
    return page.locator(".latent")


def board(page: Page) -> Locator:
    return page.get_by_role("application", name="Map of codes")


def decoded(page: Page) -> Locator:
    return page.get_by_role("img", name="The decoded digit")


def grey(picture: Locator) -> list[int]:
    """The 784 grey levels that a canvas shows."""
    levels: list[int] = picture.evaluate(
        "canvas => [...canvas.getContext('2d').getImageData(0, 0, 28, 28).data].filter((_, i) => i % 4 === 0)"
    )
    return levels


def open_map(page: Page, link: str = LINK) -> None:
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expand = page.get_by_role("button", name="Expand sidebar")
    if expand.is_visible():
        expand.click()
    page.get_by_role("link", name="Latent space").click()
    expect(latent(page)).to_have_attribute("data-decodes", "true", timeout=60_000)
    expect(latent(page)).to_have_attribute("data-decoding", "true")
    collapse = page.get_by_test_id("stSidebarCollapseButton").get_by_role("button")
    if page.viewport_size and page.viewport_size["width"] < 500 and collapse.is_visible():
        collapse.click()
        expect(page.get_by_test_id("stSidebar")).not_to_be_in_viewport()  # a finger would meet it on its way out


def place(page: Page, across: float, down: float) -> tuple[float, float]:
    """A place on the screen, as shares of the map."""
    board(page).scroll_into_view_if_needed()
    box = board(page).bounding_box()
    assert box
    return box["x"] + across * box["width"], box["y"] + down * box["height"]


def mounted(page: Page, spec: Spec, model: Autoencoder, encoded: EncodedImages, images: np.ndarray[Any, Any]) -> None:
    """Put the component alone on an empty page, with the decoder of this model."""
    answer = latent_view(
        spec, [_snapshot(encoded)], status="finished", encoded=encoded,
        labels=(np.arange(len(images)) % 10).astype(np.uint8), cloud_labels=np.zeros(8, np.uint8),
        model=model, images=images,
    )
    scene = {"run": "a", "loss_name": "BCE", "epochs": 1, "live": False, "question": {"run": "a"}}
    message = pack({**scene, **answer, **ANSWER})
    page.set_content(f"<div id=host>{MAP.html}</div>")
    page.add_style_tag(content=".map { position: relative; width: 600px; height: 400px } "
                               ".map canvas { position: absolute; inset: 0; width: 100%; height: 100% }")
    page.evaluate(
        """async ([script, text]) => {
            const module = await import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
            const data = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
            module.default({ data, parentElement: document.getElementById("host"), setTriggerValue: () => {} });
            window.component = module;
        }""",
        [MAP.js, base64.b64encode(message).decode()],
    )
    expect(latent(page)).to_have_attribute("data-decoding", "true")


def show(page: Page, message: bytes) -> None:
    """Give the component that is mounted another message."""
    page.evaluate(
        """async (text) => {
            const data = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
            const parentElement = document.getElementById("host");
            window.component.default({ data, parentElement, setTriggerValue: () => {} });
        }""",
        base64.b64encode(message).decode(),
    )


def _snapshot(encoded: EncodedImages) -> Snapshot:
    """One moment of a run, with the codes of the first digits."""
    return Snapshot(
        step=1, images=1, epoch=1.0, seconds=1.0, train={"bce": 1.0, "mse": 1.0}, test={"bce": 1.0, "mse": 1.0},
        test_images=8, row=np.zeros((10, 784), np.uint8), row_codes=np.zeros((10, 1), np.float32),
        cloud=encoded.codes[:8, :32].astype(np.float16),
    )


@pytest.mark.parametrize(("size", "activation", "output"), [
    (1, "tanh", "sigmoid"), (2, "silu", "sigmoid"), (3, "sigmoid", "linear"), (40, "relu", "sigmoid"),
])
def test_the_browser_decodes_as_pytorch_does(page: Page, size: int, activation: str, output: str) -> None:
    loss = "mse" if output == "linear" else "bce"
    spec = Spec(code_size=size, depth=2, width=128, activation=activation, output=output, loss=loss)
    generator = torch.Generator().manual_seed(1)
    model = Autoencoder.from_spec(spec).requires_grad_(False)
    for parameter in model.decoder.parameters():  # not so even as at the start of training
        parameter.add_(torch.randn(parameter.shape, generator=generator), alpha=0.1)
    values = np.random.default_rng(2).normal(size=(200, size)).astype(np.float32) * 3
    digits = encoded(values)
    mounted(page, spec, model, digits, mnist().test[:200])
    found = page.evaluate(
        """async () => {
            const root = document.querySelector(".latent");
            const map = root.querySelector(".map");
            const canvas = root.querySelector(".decoded");
            const area = map.getBoundingClientRect();
            const nextFrame = () => new Promise(requestAnimationFrame);
            const found = [];
            for (let i = 0; i < 100; i++) {
                const clientX = area.left + area.width * (0.15 + 0.08 * (i % 10));
                const clientY = area.top + area.height * (0.1 + 0.08 * Math.floor(i / 10));
                map.dispatchEvent(new PointerEvent("pointermove", { clientX, clientY }));
                await nextFrame();
                await nextFrame();
                const data = canvas.getContext("2d").getImageData(0, 0, 28, 28).data;
                const pixels = [...data].filter((_, at) => at % 4 === 0);
                found.push({ x: Number(root.dataset.x), y: Number(root.dataset.y), pixels });
            }
            return JSON.stringify(found);
        }"""
    )
    points = json.loads(found)
    positions = np.array([[point["x"], point["y"]] for point in points], np.float32)
    assert len(np.unique(positions, axis=0)) == 100
    expected = decode_codes(model, digits.plane.codes(positions)).astype(int)
    shown = np.array([point["pixels"] for point in points])
    assert len(np.unique(shown, axis=0)) > 5
    assert np.abs(shown - expected).max() <= 1


def test_the_pointer_decodes_what_is_under_it(page: Page) -> None:
    open_map(page)
    page.mouse.move(*place(page, 0.3, 0.4))
    expect(latent(page)).not_to_have_attribute("data-nearest", "-1")
    before, x = grey(decoded(page)), latent(page).get_attribute("data-x")
    page.mouse.move(*place(page, 0.8, 0.7))
    expect(latent(page)).not_to_have_attribute("data-x", x or "")
    assert grey(decoded(page)) != before
    expect(page.get_by_role("complementary", name="At this point")).to_contain_text(re.compile(r"a \d"))


def test_the_map_shows_five_thousand_digits(page: Page) -> None:
    open_map(page)
    expect(latent(page)).to_have_attribute("data-points", "5000")
    expect(latent(page).get_by_role("status").filter(has_text="Training is finished")).to_have_count(1)


@pytest.mark.parametrize("size", [1, 2])
def test_pictures_of_the_decoder_can_stand_behind_the_points(page: Page, size: int) -> None:
    page.emulate_media(reduced_motion="reduce")  # or the points would still be on their way
    open_map(page, f"/?code_size={size}&depth=2&width=64&train_images=1024")
    field = latent(page).locator("canvas.field")
    for act in (page.get_by_label("Pictures behind").check, page.get_by_label("Pictures behind").uncheck):
        before = field.evaluate("canvas => canvas.toDataURL()")
        act()
        page.wait_for_function(
            "([canvas, before]) => canvas.toDataURL() !== before", arg=[field.element_handle(), before]
        )


def test_the_dots_are_the_discs_that_the_canvas_would_draw(page: Page) -> None:
    differences, ink, outside = page.evaluate(
        """async (script) => {
            const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
            const { Dots, wordOf } = await import(address);
            const [width, height, radius, count] = [160, 120, 2.1, 400];
            const colours = [[67, 40, 139], [41, 157, 217], [141, 153, 14]];
            const labels = Uint8Array.from({ length: count }, (_, i) => i % 3);
            let random = 1;
            const next = () => (random = (random * 48271) % 2147483647) / 2147483647; // Park and Miller
            const places = Array.from({ length: 2 * count }, (_, i) => next() * (i % 2 ? height + 8 : width + 8) - 4);
            const dots = new Dots();
            dots.begin(width, height);
            dots.put(places, labels, [...colours.slice(0, 2).map(wordOf), null], radius);
            const canvas = new OffscreenCanvas(width, height).getContext("2d");
            for (let i = 0; i < count; i++) {
                if (labels[i] === 2) continue;
                canvas.fillStyle = `rgb(${colours[labels[i]]})`;
                canvas.beginPath();
                canvas.arc(places[2 * i], places[2 * i + 1], radius, 0, 2 * Math.PI);
                canvas.fill();
            }
            const onWhite = (picture) => {
                const context = new OffscreenCanvas(width, height).getContext("2d");
                context.fillStyle = "white";
                context.fillRect(0, 0, width, height);
                context.drawImage(picture, 0, 0);
                return context.getImageData(0, 0, width, height).data;
            };
            const [mine, canvases] = [onWhite(dots.end()), onWhite(canvas.canvas)];
            const differences = [...mine].map((value, i) => Math.abs(value - canvases[i]));
            dots.begin(width, height);
            dots.put([-50, 3, 3, 900, NaN, 3, 3, Infinity], [0, 0, 0, 0], [0], radius);
            const mean = (values) => [...values].reduce((sum, value) => sum + value, 0) / values.length;
            return [mean(differences), 255 - mean(canvases), mean(onWhite(dots.end()))];
        }""",
        bundle(COMPONENTS / "latent_map" / "dots.js"),
    )
    assert ink > 10
    assert differences < 0.1 * ink  # 0.08 as places are rounded to a quarter of a pixel; half a pixel aside, 0.28
    assert outside == 255


def test_two_pins_give_an_interpolation_beside_the_mixture(page: Page) -> None:
    open_map(page)
    steps = page.get_by_role("img", name="Eleven steps through the code")
    mixtures = page.get_by_role("img", name="Eleven mixtures of the two pictures")
    expect(steps).to_be_hidden()
    page.mouse.click(*place(page, 0.3, 0.3))
    page.mouse.click(*place(page, 0.8, 0.8))
    expect(steps.locator("canvas")).to_have_count(11)
    walk = [grey(steps.locator("canvas").nth(i)) for i in (0, 5, 10)]
    fade = [grey(mixtures.locator("canvas").nth(i)) for i in (0, 5, 10)]
    assert [walk[0], walk[2]] == [fade[0], fade[2]]
    half = (np.array(fade[0]) + np.array(fade[2])) / 2
    np.testing.assert_allclose(fade[1], half, atol=1)
    assert np.abs(np.array(walk[1]) - half).max() > 10
    page.get_by_role("button", name="Remove pins").press("Enter")
    expect(steps).to_be_hidden()
    expect(board(page)).to_be_focused()  # the button has taken itself away


def test_through_a_linear_decoder_the_walk_is_called_the_mixture_that_it_is(page: Page) -> None:
    spec = Spec(code_size=2, depth=0, output="linear", loss="mse")
    model = Autoencoder.from_spec(spec).requires_grad_(False)
    *_, weight, bias = model.decoder.parameters()
    weight.mul_(0.05)
    bias.fill_(0.5)  # no pixel is clipped
    digits = encoded(np.random.default_rng(2).normal(size=(200, 2)).astype(np.float32))
    mounted(page, spec, model, digits, mnist().test[:200])
    for across, down in ((0.3, 0.3), (0.8, 0.8)):
        page.mouse.click(*place(page, across, down))
    expect(page.get_by_text("this decoder is linear, so the code passes through the mixtures")).to_be_visible()
    walk, fade = (
        [grey(page.get_by_role("img", name=name).locator("canvas").nth(i)) for i in range(11)]
        for name in ("Eleven steps through the code", "Eleven mixtures of the two pictures")
    )
    assert len(np.unique(walk, axis=0)) > 5
    np.testing.assert_allclose(walk, fade, atol=1)


def test_the_keyboard_moves_the_point_and_pins_it(page: Page) -> None:
    open_map(page)
    before, x = grey(decoded(page)), float(latent(page).get_attribute("data-x") or 0)
    board(page).focus()
    for _ in range(4):
        board(page).press("Shift+ArrowRight")
    expect(latent(page)).not_to_have_attribute("data-x", str(x))
    assert float(latent(page).get_attribute("data-x") or 0) > x
    assert grey(decoded(page)) != before
    board(page).press("Enter")
    expect(latent(page)).to_have_attribute("data-pins", "1")
    board(page).press("Escape")
    expect(latent(page)).to_have_attribute("data-pins", "0")


def test_a_finger_decodes_and_pins_on_a_phone(phone: Page) -> None:
    open_map(phone)
    phone.touchscreen.tap(*place(phone, 0.3, 0.3))
    expect(latent(phone)).to_have_attribute("data-pins", "1")
    before = grey(decoded(phone))
    phone.touchscreen.tap(*place(phone, 0.8, 0.8))
    expect(latent(phone)).to_have_attribute("data-pins", "2")
    assert grey(decoded(phone)) != before
    width = phone.evaluate("document.documentElement.scrollWidth")
    assert width <= 390


def test_a_slider_of_a_unit_changes_the_decoded_digit(page: Page) -> None:
    open_map(page)
    moved = page.get_by_role("img", name="The digit of the moved code")
    before = grey(moved)
    slider = page.get_by_role("slider", name="unit 2", exact=True)
    slider.focus()
    slider.press("Home")
    there = grey(moved)
    assert there != before
    page.get_by_role("button", name="First snapshot").click()
    page.get_by_role("tab", name="The manifold").click()
    expect(page.get_by_role("img", name=re.compile("^Decoded digits over the plane"))).to_be_visible()
    assert grey(moved) == there, "a tab that is opened leaves the sliders and the replay where they are"
    expect(latent(page)).to_have_attribute("data-frame", "0")
    page.get_by_role("button", name="Put back").click()
    assert grey(moved) == before


def test_of_a_large_code_the_units_that_have_a_slider_are_counted(page: Page) -> None:
    open_map(page, "/?code_size=40&depth=1&width=32&train_images=1024")
    units = page.get_by_role("region", name="32 of 40 units of the code, those that vary most")
    expect(units.get_by_role("heading")).to_have_text("32 of 40 units of the code, those that vary most")
    expect(units.get_by_role("slider")).to_have_count(32)


def test_the_replay_scrubs_the_map_and_decodes_only_at_its_end(page: Page) -> None:
    open_map(page)
    page.get_by_role("button", name="First snapshot").click()
    expect(latent(page)).to_have_attribute("data-frame", "0")
    expect(latent(page)).to_have_attribute("data-decoding", "false")
    page.get_by_role("button", name="Last snapshot").click()
    expect(latent(page)).to_have_attribute("data-decoding", "true")


def test_the_name_of_the_nearest_digit_comes_with_its_picture(page: Page) -> None:
    open_map(page)
    caption = page.get_by_text("nearest test digit", exact=True)
    expect(caption).to_be_visible()
    page.get_by_role("button", name="First snapshot").click()
    expect(caption).to_be_hidden()
    page.get_by_role("button", name="Last snapshot").click()
    expect(caption).to_be_visible()


def test_the_sliders_of_the_units_look_like_the_replay_in_both_themes(page: Page) -> None:
    style = """slider => {
        const { appearance, backgroundColor, accentColor } = getComputedStyle(slider);
        return [appearance, backgroundColor, accentColor];
    }"""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        open_map(page)
        expect(latent(page)).to_have_attribute("data-theme", scheme)
        replay = page.get_by_role("slider", name="Replay").evaluate(style)
        assert page.get_by_role("slider", name="unit 2", exact=True).evaluate(style) == replay


def test_ticks_of_large_codes_fit_beside_the_map(page: Page) -> None:
    texts, beyond = page.evaluate(
        """async (script) => {
            const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
            const { tickText, LEFT } = await import(address);
            const context = new OffscreenCanvas(1, 1).getContext("2d");
            context.font = "12px system-ui, sans-serif";
            const ticks = [0, -0.25, 2500, -250000, 1.5e6, -2.5e12, 3e30];
            const texts = ticks.map(tickText);
            const widths = texts.slice(0, 5).map((text) => context.measureText(text).width);
            return [texts, Math.max(...widths) - (LEFT - 5)];
        }""",
        bundle(COMPONENTS / "latent_map" / "axes.js"),
    )
    assert texts == ["0", "−0.25", "2500", "−250k", "1.5M", "−2.5e12", "3e30"]
    assert beyond <= 0


def test_values_of_large_codes_are_written_as_on_reconstructions(page: Page) -> None:
    values = [0, 0.5, -3.126, -12.34, 456.7, 99_999, -216_923.86, 3.72e30]
    texts = page.evaluate(
        """async ([script, values]) => {
            const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
            const { signed } = await import(address);
            return values.map(signed);
        }""",
        [bundle(COMPONENTS / "_shared" / "text.js"), values],
    )
    assert texts == [signed(value) for value in values]


def test_two_units_of_a_larger_code_can_be_chosen(page: Page) -> None:
    open_map(page, "/?code_size=6&depth=1&width=32&train_images=1024")
    x = latent(page).get_attribute("data-x")
    page.get_by_label("What the map shows").select_option("two units")
    page.get_by_label("Unit across").select_option("unit 5")
    expect(latent(page)).not_to_have_attribute("data-x", x or "")
    expect(page.get_by_role("complementary", name="At this point")).to_contain_text("unit 5:")


def test_where_digits_are_hidden_none_shown_lies_at_an_empty_place(page: Page) -> None:
    spec = Spec(code_size=2, depth=1, width=16)
    images = mnist().test[:200]
    corners = np.where(np.arange(200)[:, None] % 10 == 0, -1.0, 1.0)  # zeros in one corner, all others in the other
    codes = corners + np.random.default_rng(2).normal(size=(200, 2)) / 50
    mounted(page, spec, Autoencoder.from_spec(spec).requires_grad_(False), encoded(codes.astype(np.float32)), images)
    panel = page.get_by_role("complementary", name="At this point")
    page.mouse.move(*place(page, 0.5, 0.5))
    expect(panel).to_contain_text("No test digit lies here")
    expect(panel).to_contain_text("nearest test digit")
    for digit in range(1, 10):
        page.get_by_role("button", name=f"digit {digit}").click()
    page.mouse.move(*place(page, 0.9, 0.1))
    expect(panel).to_contain_text("a 0")
    expect(panel).to_contain_text("No digit shown lies here")
    expect(panel).to_contain_text("nearest digit shown")


def test_a_run_that_begins_takes_the_map_of_the_former_one_away(page: Page) -> None:
    spec = Spec(code_size=2, depth=0)
    digits = encoded(np.random.default_rng(2).normal(size=(200, 2)).astype(np.float32))
    mounted(page, spec, Autoencoder.from_spec(spec), digits, np.zeros((200, 784), np.uint8))
    nothing = latent_view(spec, [], status="running", encoded=None, labels=np.zeros(0, np.uint8),
                          cloud_labels=np.zeros(0, np.uint8))
    scene = {"run": "b", "loss_name": "BCE", "epochs": 1, "live": True, "question": {"run": "b"}}
    show(page, pack({**scene, **nothing, **ANSWER}))
    expect(page.get_by_text("Waiting for codes")).to_be_visible()
    expect(latent(page)).to_have_attribute("data-points", "0")
    expect(latent(page)).to_have_attribute("data-decodes", "false")
    expect(latent(page).locator(".progress")).to_have_text("no snapshot yet")
    inked = board(page).locator("canvas.field").evaluate(
        "canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean)"
    )
    assert not inked


def test_the_units_that_were_chosen_stay_while_a_large_code_trains(page: Page) -> None:
    page.goto("/latent_space?code_size=64&width=32&train_images=4096&epochs=60&seed=3")
    expect(latent(page)).to_have_attribute("data-points", "5000", timeout=60_000)
    page.get_by_label("What the map shows").select_option("two units")
    across = page.get_by_label("Unit across")
    across.select_option(index=9)
    chosen = across.evaluate("menu => menu.selectedOptions[0].textContent")
    steps = latent(page).locator(".progress").text_content()
    for _ in range(3):  # each of them may bring other units
        expect(latent(page).locator(".progress")).not_to_have_text(steps or "", timeout=60_000)
        steps = latent(page).locator(".progress").text_content()
    assert across.evaluate("menu => menu.selectedOptions[0].textContent") == chosen
    page.get_by_test_id("stSidebar").get_by_role("button", name="Stop").click()


def test_digits_can_be_taken_off_the_map(page: Page) -> None:
    open_map(page)
    for digit in range(1, 10):
        page.get_by_role("button", name=f"digit {digit}").click()
    page.mouse.move(*place(page, 0.7, 0.7))
    expect(page.get_by_role("complementary", name="At this point")).to_contain_text("a 0")
