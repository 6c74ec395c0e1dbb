"""The Train page as a visitor uses it."""

import base64
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from ae_core.data.datasets import Dataset
from ae_core.runs.run import State
from ae_core.spec import Spec
from ae_core.training.loop import train
from ae_core.ui.components.bundle import component_files
from ae_core.ui.components.packing import pack
from ae_core.ui.components.training_player import delta, scene
from ae_core.ui.components.training_player.view import Reference
from tests.browser.conftest import COMPONENTS, NewPage

PLAYER = component_files(COMPONENTS / "training_player")
FINISHED = re.compile("finished")
SMALL = Spec(code_size=2, width=16, train_images=64)
ANSWER = {"question": {"run": "a run"}, "live": False, "more": False, "pause": 1.0}  # as it comes with the page
BLACK = np.zeros((10, 784), np.uint8)


def player(page: Page) -> Locator:
    return page.locator(".training-player")


def output(page: Page) -> Locator:
    return page.get_by_role("img", name=re.compile("^Output after"))


def pixels(picture: Locator) -> str:
    """What a canvas shows, as text."""
    shown = picture.evaluate("canvas => canvas.toDataURL()")
    assert isinstance(shown, str)
    return shown


def open_finished(page: Page, address: str = "/") -> None:
    page.goto(address)
    expect(player(page)).to_have_attribute("data-status", FINISHED, timeout=60_000)


def press_train(page: Page) -> None:
    page.get_by_test_id("stSidebar").get_by_role("button", name="Train", exact=True).click()


def test_a_first_visit_shows_a_network_that_learns(page: Page) -> None:
    page.goto("/?seed=11")
    expect(player(page)).to_have_attribute("data-frame", re.compile(r"^[1-9]"))
    expect(page.get_by_role("heading", name="The target is the input")).to_be_visible()
    expect(player(page)).to_have_attribute("data-status", FINISHED, timeout=60_000)
    expect(page.get_by_text(re.compile(r"test BCE 0\.0\d+"))).to_be_visible()
    expect(player(page).get_by_role("status")).to_have_text("Training is finished")


def test_moving_code_size_and_pressing_train_changes_the_digits_and_the_curve(page: Page) -> None:
    open_finished(page)
    page.get_by_role("button", name="Last snapshot").click()
    before = pixels(output(page))
    finding = page.get_by_text(re.compile(r"BCE 0\.\d+: "))
    title = finding.inner_text()
    slider = page.get_by_role("slider", name="Code size")
    slider.focus()
    slider.press("Home")
    expect(page.get_by_text("press Train for the new settings")).to_be_visible()
    expect(page).to_have_url(re.compile("code_size=1"))
    press_train(page)
    expect(page.get_by_role("img", name=re.compile("^Code of a 7: 1 number"))).to_be_visible()
    expect(player(page)).to_have_attribute("data-status", FINISHED, timeout=60_000)
    page.get_by_role("button", name="Last snapshot").click()
    expect(finding).not_to_have_text(title)
    assert pixels(output(page)) != before


def test_a_dot_breathes_while_a_network_learns_without_an_animation_that_never_ends(page: Page) -> None:
    page.goto("/?epochs=30&seed=13")
    dot = player(page).locator(".live i")
    expect(dot).to_have_attribute("style", re.compile("opacity"))
    style = dot.get_attribute("style")
    expect(dot).not_to_have_attribute("style", style or "")
    # Streamlit's own grey fields pulse until the page stands, so this waits; but only as long as the network learns.
    page.wait_for_function(
        """player => player.dataset.status === "running"
            && [...document.getAnimations(), ...player.getRootNode().getAnimations()]
                .every((animation) => animation.effect.getComputedTiming().activeDuration !== Infinity)""",
        arg=player(page).element_handle(),
    )
    page.get_by_test_id("stSidebar").get_by_role("button", name="Stop").click()


def test_stop_freezes_the_view_and_a_return_to_it_shows_its_end(page: Page) -> None:
    page.goto("/?epochs=30&seed=12")
    expect(player(page)).to_have_attribute("data-status", "running")
    expect(player(page)).to_have_attribute("data-frame", re.compile(r"^([2-9]|\d\d)"))
    player(page).evaluate(
        """player => {
            window.shown = [Number(player.dataset.frame)];
            const note = () => window.shown.push(Number(player.dataset.frame));
            new MutationObserver(note).observe(player, { attributeFilter: ["data-frame"] });
        }"""
    )
    page.get_by_test_id("stSidebar").get_by_role("button", name="Stop").click()
    expect(player(page)).to_have_attribute("data-status", "stopped")
    expect(page.get_by_text(re.compile("epoch .* of 30.*stopped"))).to_be_visible()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()  # and plays nothing
    shown = page.evaluate("window.shown")
    last = int(player(page).get_attribute("data-frames") or 0) - 1
    assert shown[-1] == last
    assert all(later >= earlier or later == last for earlier, later in pairwise(shown))
    turn_to(page, "Reconstructions", re.compile("came back"))
    turn_to(page, "Train", re.compile("^The target is the input"))
    expect(player(page)).to_have_attribute("data-status", "stopped")
    assert player(page).get_attribute("data-frame") == f"{last}"  # at once: a replay would come there as well


def turn_to(page: Page, name: str, claim: str | re.Pattern[str]) -> None:
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(claim)


def test_a_link_shows_the_same_experiment_to_a_second_visitor(page: Page, new_page: NewPage) -> None:
    open_finished(page)
    slider = page.get_by_role("slider", name="Depth")
    slider.focus()
    slider.press("ArrowRight")
    expect(page).to_have_url(re.compile("depth=2"))
    press_train(page)
    line = page.get_by_text(re.compile(r"code 32 · depth 2 .* test BCE"))
    expect(line).to_be_visible()
    expect(player(page)).to_have_attribute("data-status", FINISHED, timeout=60_000)
    second = new_page()
    open_finished(second, page.url)
    expect(second.get_by_role("slider", name="Depth")).to_have_value("2")
    expect(second.get_by_text(re.compile(r"code 32 · depth 2 .* test BCE"))).to_have_text(line.inner_text())


def test_a_visitor_who_turns_the_page_before_the_settings_stand_keeps_them_in_her_address(page: Page) -> None:
    page.goto("/?code_size=2&width=16&noise=0.3&noise_kind=masking&seed=14")
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Denoising", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Noisy digits in"))
    expect(page.get_by_role("slider", name="Code size")).to_have_attribute("aria-valuetext", "2")
    for setting in ("code_size=2", "width=16", "noise=0.3", "noise_kind=masking", "seed=14"):
        expect(page).to_have_url(re.compile(rf"/denoising\?.*\b{setting}\b"))


def test_going_back_brings_the_settings_of_that_address(page: Page) -> None:
    open_finished(page, "/?width=16&train_images=1024&noise=0.3")
    slider = page.get_by_role("slider", name="Code size")
    expect(slider).to_be_visible()  # who turns the page before has what was missing in her address added to it there
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Denoising", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Noisy digits in"))
    slider.press("ArrowLeft")
    expect(page).to_have_url(re.compile(r"/denoising\?.*code_size=24"))
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^The target is the clean image"))
    expect(slider).to_have_attribute("aria-valuetext", "32")
    expect(page).to_have_url(re.compile(r"/\?(?!.*code_size).*noise=0.3"))


def test_each_press_that_trains_is_one_step_back_to_the_run_before_it(page: Page) -> None:
    open_finished(page, "/?width=16&train_images=1024&code_size=8")
    slider, kept = page.get_by_role("slider", name="Code size"), page.get_by_role("slider", name="Width")
    expect(slider).to_have_attribute("aria-valuetext", "8")
    before = page.evaluate("history.length")
    page.get_by_role("button", name="Deeper, for longer").click()  # which changes six settings
    expect(page.get_by_text(re.compile("^code 32 · depth 2 · width 256"))).to_be_visible()
    trained = page.wait_for_function("history.state?.trained")
    assert trained and page.evaluate("history.length") == before + 1
    slider.press("ArrowLeft")
    expect(page).to_have_url(re.compile("code_size=24"))
    slider.press("ArrowLeft")
    expect(page).to_have_url(re.compile("code_size=16"))
    press_train(page)
    expect(page.get_by_text(re.compile("^code 16 · depth 2"))).to_be_visible()
    page.wait_for_function("history.state?.trained")
    assert page.evaluate("history.length") == before + 2
    new_settings = page.get_by_text("press Train for the new settings")
    page.go_back()
    expect(page.get_by_text(re.compile("^code 32 · depth 2 · width 256"))).to_be_visible()
    expect(slider).to_have_attribute("aria-valuetext", "32")
    page.go_back()
    expect(page).to_have_url(re.compile("code_size=8(&|$)"))
    expect(page.get_by_text(re.compile("^code 8 · depth 1 · width 16 .* training images 1,024"))).to_be_visible()
    expect(slider).to_have_attribute("aria-valuetext", "8")
    expect(kept).to_have_attribute("aria-valuetext", "16")
    expect(new_settings).to_be_hidden()
    page.go_forward()
    expect(page.get_by_text(re.compile("^code 32 · depth 2 · width 256"))).to_be_visible()
    expect(new_settings).to_be_hidden()


def test_train_stop_and_reset_stay_in_sight(page: Page, phone: Page) -> None:
    link = "/?width=1024&depth=2&code_size=784&train_images=64&noise=0.3&noise_kind=salt+and+pepper"
    for page_, sizes in (page, [(1280, 800), (1280, 720), (1366, 768)]), (phone, [(390, 844)]):
        page_.goto(link)
        sidebar = page_.get_by_test_id("stSidebar")
        if page_ is phone:
            page_.get_by_test_id("stExpandSidebarButton").click()
        names = ("Train", "Stop", "Reset to defaults")
        buttons = [sidebar.get_by_role("button", name=name, exact=True) for name in names]
        for more in (False, True):
            if more:
                sidebar.get_by_text("More", exact=True).click()
                expect(sidebar.get_by_role("combobox", name="Activation")).to_be_visible()
            for width, height in sizes:
                page_.set_viewport_size({"width": width, "height": height})
                for button in buttons:
                    button.click(trial=True)  # nothing lies above it
                    expect(button).to_be_in_viewport(ratio=1)
    kind = page.get_by_test_id("stSidebar").get_by_role("combobox", name="Noise kind")
    expect(kind).to_have_value("salt and pepper")
    assert kind.evaluate("input => input.scrollWidth <= input.clientWidth")


def test_the_line_of_pca_says_what_pca_is(page: Page) -> None:
    open_finished(page, "/?width=16&train_images=1024")
    meaning = "the linear code with the least squared error on the training images"
    label = player(page).locator(".plot .words text", has_text="PCA, 16 numbers")
    expect(label.locator("title")).to_have_text(re.compile(rf"^PCA, 16 numbers 0\.\d+: {meaning}$"))
    label.hover()  # nothing lies above it: the pointer reads its title
    curve = page.get_by_role("img", name=f"({meaning})")
    expect(curve).to_have_count(1)


def test_a_zoom_into_the_curve_is_taken_back_and_the_focus_stays_beside_it(page: Page) -> None:
    open_finished(page)
    reset = page.get_by_role("button", name="Reset zoom")
    expect(reset).to_be_hidden()
    curve = page.get_by_role("img", name="Loss against images seen")
    curve.scroll_into_view_if_needed()
    box = curve.bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 0.4 * box["width"], middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.7 * box["width"], middle, steps=4)
    page.mouse.up()
    reset.press("Enter")
    expect(reset).to_be_hidden()
    expect(page.get_by_role("button", name="Log scale")).to_be_focused()


def test_replay_goes_back_to_the_first_snapshot_and_plays(page: Page) -> None:
    open_finished(page)
    page.get_by_role("button", name="Last snapshot").click()
    last = pixels(output(page))
    page.get_by_role("slider", name="Replay").press("Home")
    expect(player(page)).to_have_attribute("data-frame", "0")
    assert pixels(output(page)) != last
    page.get_by_role("button", name="Play", exact=True).click()
    expect(player(page)).not_to_have_attribute("data-frame", "0")


def test_another_digit_flows_through_the_machine(page: Page) -> None:
    open_finished(page)
    expect(page.get_by_role("img", name="Input: a 7", exact=True)).to_be_visible()
    page.get_by_role("button", name="Another digit").click()
    expect(page.get_by_role("img", name="Input: a 2", exact=True)).to_be_visible()


def test_a_try_button_sets_the_sidebar_and_trains_in_one_click(page: Page) -> None:
    open_finished(page)
    page.get_by_role("button", name="With noise").click()
    expect(page.get_by_role("group", name="Noise", exact=True).get_by_role("slider")).to_have_value("0.5")
    expect(page.get_by_text(re.compile("gaussian noise 0.5"))).to_be_visible()


def test_a_phone_sees_the_whole_page_without_scrolling_sideways_and_can_train(phone: Page) -> None:
    open_finished(phone)
    expect(phone.get_by_role("img", name="Input: a 7", exact=True)).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    main = phone.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")
    expect(main.get_by_role("button", name="Train", exact=True)).to_be_visible()


def test_formulae_fit_a_phone(phone: Page) -> None:
    open_finished(phone)
    phone.get_by_text("How it works").click()
    formulae = phone.locator(".katex-display")
    expect(formulae).to_have_count(2)
    for formula in formulae.all():
        beyond = formula.evaluate(
            """formula => Math.max(...[...formula.querySelectorAll('.base')].map(
                (part) => part.getBoundingClientRect().right - formula.getBoundingClientRect().right))"""
        )
        assert beyond <= 1


def test_the_status_line_is_as_wide_as_the_page(page: Page) -> None:
    open_finished(page)
    line = page.get_by_text(re.compile("^code 32 ·")).bounding_box()
    claim = page.get_by_role("heading", level=1).bounding_box()
    assert line and claim and line["width"] == pytest.approx(claim["width"], abs=1)


def test_a_visitor_without_a_mouse_reaches_train(page: Page) -> None:
    open_finished(page)
    slider = page.get_by_role("slider", name="Code size")
    slider.focus()
    slider.press("ArrowLeft")
    expect(page).to_have_url(re.compile("code_size=24"))
    button = page.get_by_test_id("stSidebar").get_by_role("button", name="Train", exact=True)
    button.focus()
    button.press("Enter")
    expect(page.get_by_text(re.compile("^code 24 ·"))).to_be_visible()


def test_a_message_that_a_newer_one_has_overtaken_changes_nothing(page: Page) -> None:
    """Streamlit may call the component's script in another order than the messages came."""
    page.goto("/")
    frames = page.evaluate(
        """async ([script, html, messages]) => {
            const module = await import(URL.createObjectURL(new Blob([script], {type: "text/javascript"})));
            const parentElement = document.createElement("div");
            parentElement.innerHTML = html;
            document.body.append(parentElement);
            for (const text of messages) {
                const data = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
                module.default({data, parentElement});
            }
            const shown = parentElement.querySelector(".training-player").dataset.frames;
            parentElement.remove();
            return shown;
        }""",
        [PLAYER.js, PLAYER.html, [message(3), message(0)]],
    )
    assert frames == "3"


def test_before_the_first_answer_another_digit_can_be_chosen(page: Page) -> None:
    shown = scene(SMALL, run="a run", names=[f"a {k}" for k in range(10)], tests=10_000, inputs=BLACK, targets=BLACK)
    question = pack({**shown, "live": True, "question": {"run": "a run", "visitor": "nobody"}})
    page.goto("/")
    page.evaluate(
        """async ([script, html, text]) => {
            const module = await import(URL.createObjectURL(new Blob([script], {type: "text/javascript"})));
            const parentElement = document.createElement("div");
            parentElement.innerHTML = html;
            document.body.append(parentElement);
            const data = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
            const tidy = module.default({data, parentElement, setTriggerValue() {}});
            parentElement.querySelector(".another").click();  // an error of it fails this test
            tidy();
            parentElement.remove();
        }""",
        [PLAYER.js, PLAYER.html, base64.b64encode(question).decode()],
    )


def test_a_run_that_was_stopped_may_end_before_the_newest_frame_that_is_known(page: Page) -> None:
    plot = page.evaluate(
        """async ([script, html, messages]) => {
            const module = await import(URL.createObjectURL(new Blob([script], {type: "text/javascript"})));
            const parentElement = document.createElement("div");
            parentElement.innerHTML = html;
            document.body.append(parentElement);
            for (const text of messages) {
                const data = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
                module.default({data, parentElement});
            }
            const { frames, frame, status } = parentElement.querySelector(".training-player").dataset;
            parentElement.remove();
            return [frames, frame, status];
        }""",
        [PLAYER.js, PLAYER.html, [message(3), message(2, "stopped")]],
    )
    assert plot == ["2", "1", "stopped"]


MEAN, PCA = (Reference(label=label, value=0.0, kind="baseline", meaning="") for label in ("mean image", "PCA"))
COPY = Reference(label="perfect copy", value=0.0, kind="bound", meaning="")


def finished_curve(page: Page, losses: Sequence[tuple[float, float]], references: Sequence[Reference]) -> Locator:
    """The plot of a finished run alone on an empty page; the losses are of training and of the test digits."""
    snapshot = next(iter(train(SMALL, digits(64))))
    snapshots = [
        replace(snapshot, step=i, images=100 * i, train={"bce": training}, test={"bce": test})
        for i, (training, test) in enumerate(losses)
    ]
    shown = scene(SMALL, run="a run", names=[f"a {k}" for k in range(10)], tests=10_000, inputs=BLACK, targets=BLACK)
    last = delta(SMALL, snapshots, status="finished", final_test=losses[-1][1], references=references)
    page.emulate_media(reduced_motion="reduce")
    page.goto("/")
    page.set_content(f"<div id=host style='width: 390px'>{PLAYER.html}</div>")
    page.add_style_tag(content=PLAYER.css)
    page.evaluate(
        """async ([script, text]) => {
            const module = await import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
            const data = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
            module.default({ data, parentElement: document.getElementById("host"), setTriggerValue: () => {} });
        }""",
        [PLAYER.js, base64.b64encode(pack({**shown, **last, **ANSWER, "mark": "finished"})).decode()],
    )
    plot = page.locator(".plot")
    expect(plot.locator(".words text")).to_have_count(1 + len(references))
    return plot


@pytest.mark.parametrize(("losses", "references"), [
    ([(0.25, 0.27), (0.09, 0.18), (0.07, 0.28), (0.06, 0.27)], {"mean image": 0.26, "PCA": 0.15, "perfect copy": 0.06}),
    ([(0.69, 0.693), (0.66, 0.65), (0.63, 0.64), (0.61, 0.63), (0.606, 0.628), (0.606, 0.628), (0.605, 0.6356)],
     {"mean image": 0.692, "PCA": 0.59, "perfect copy": 0.582}),
    ([(0.26, 0.26), (0.25, 0.245), (0.23, 0.235), (0.24, 0.234), (0.23, 0.2326)], {"mean image": 0.26, "PCA": 0.235}),
    ([(0.3, 0.3), (0.3, 5e4), *[(0.26, 0.26)] * 40, (0.26, 5.7e4)], {"mean image": 0.26, "PCA": 0.1}),
])
def test_the_words_in_the_curve_stand_at_their_own_lines_and_on_no_other(
    page: Page, losses: list[tuple[float, float]], references: dict[str, float],
) -> None:
    kinds = {reference["label"]: reference for reference in (MEAN, PCA, COPY)}
    listed = [Reference({**kinds[label], "value": value}) for label, value in references.items()]
    plot = finished_curve(page, losses, listed)
    distances, struck, overlapping = plot.evaluate(
        """plot => {
            const words = [...plot.querySelectorAll(".words text")];
            const box = (text) => {
                const [x, y] = ["x", "y"].map((name) => Number(text.getAttribute(name)));
                const { width } = text.getBBox();
                return { left: x - width, right: x, top: y - 9, bottom: y + 2 };
            };
            const boxes = words.map(box);
            const end = plot.querySelector("path.final").getAttribute("transform").match(/[0-9.]+/g).map(Number);
            const lines = [...plot.querySelectorAll(".reference")].map((line) => Number(line.getAttribute("y1")));
            const own = [end[1], ...lines];
            const holds = ({ left, right, top, bottom }, x, y) => left < x && x < right && top < y && y < bottom;
            const curve = [...plot.querySelectorAll(".future path")].flatMap((path) =>
                Array.from({ length: 2000 }, (_, i) => path.getPointAtLength((path.getTotalLength() * i) / 1999)));
            return [
                boxes.map(({ top, bottom }, i) => Math.max(top - own[i], own[i] - bottom)),
                boxes.filter((box) => curve.some(({ x, y }) => holds(box, x, y))
                    || lines.some((y) => holds(box, box.left + 1, y))).length,
                boxes.filter((a, i) => boxes.slice(i + 1).some((b) => a.left < b.right && b.left < a.right
                    && a.top < b.bottom && b.top < a.bottom)).length,
            ];
        }"""
    )
    assert len(distances) == 1 + len(listed)
    assert max(distances) < 30
    assert (struck, overlapping) == (0, 0)


def test_a_page_that_is_drawn_again_between_a_runs_end_and_its_own_new_beginning_begins_anew_all_the_same(
    page: Page,
) -> None:
    snapshot = next(iter(train(SMALL, digits(64))))
    shown = scene(SMALL, run="a run", names=[f"a {k}" for k in range(10)], tests=10_000, inputs=BLACK, targets=BLACK)
    ended = delta(SMALL, [snapshot], status="finished", final_test=0.5)
    message = pack({**shown, **ended, **ANSWER, "live": True, "mark": "finished"})
    page.goto("/")
    page.set_content(f"<div id=host>{PLAYER.html}</div>")
    triggers = page.evaluate(
        """async ([script, text]) => {
            const module = await import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
            const data = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
            return new Promise((resolve) => {
                const draw = () => module.default({
                    data, parentElement: document.getElementById("host"), setTriggerValue: (name) => resolve(name),
                });
                draw();
                draw(); // a click elsewhere has drawn the page before it could ask
            });
        }""",
        [PLAYER.js, base64.b64encode(message).decode()],
    )
    assert triggers == "ended"


def test_the_end_of_a_run_that_left_the_chart_stands_at_its_upper_edge_with_an_arrow(page: Page) -> None:
    plot = finished_curve(page, [(0.3, 0.3), (0.26, 0.26), (0.26, 0.26), (0.26, 5.7e4)], [{**MEAN, "value": 0.26}])
    expect(plot.locator(".words .final")).to_have_text(re.compile(r"^\d\d,\d{3} on all 10,000 test digits ↑$"))
    top = plot.evaluate("plot => plot.querySelector('.now line').getAttribute('y1')")
    expect(plot.locator("path.final")).to_have_attribute("transform", re.compile(rf" {top}\)$"))


def test_a_reference_decades_below_the_curve_is_named_and_leaves_it_its_height(page: Page) -> None:
    losses = [(0.3, 0.3), (0.1, 0.1), (0.01, 0.01), (0.001, 0.001)]
    plot = finished_curve(page, losses, [{**MEAN, "value": 0.07}, {**PCA, "value": 1e-14}, COPY])
    expect(plot.locator(".words text").filter(has_text="PCA")).to_have_text("PCA 1e-14 ↓")
    expect(plot.locator(".words text").filter(has_text="perfect copy")).to_have_text("perfect copy 0 ↓")
    expect(plot.locator(".reference")).to_have_count(1)
    curve, chart = (plot.locator(part).bounding_box() for part in (".future path.test", "svg[role=img]"))
    assert curve
    assert chart
    assert curve["height"] > 0.25 * chart["height"]


def message(count: int, status: State = "running") -> str:
    """What the server sends about a run that has this many snapshots, in base64."""
    snapshot = next(iter(train(SMALL, digits(64))))
    shown = scene(SMALL, run="a run", names=[f"a {k}" for k in range(10)], tests=10_000, inputs=BLACK, targets=BLACK)
    message = {**shown, **delta(SMALL, [snapshot] * count, status=status), **ANSWER, "mark": f"{status} {count}"}
    return base64.b64encode(pack(message)).decode()


def digits(count: int) -> Dataset:
    images = np.zeros((count, 784), np.uint8)
    return Dataset(train=images, train_labels=images[:, 0], test=images, test_labels=images[:, 0])
