"""The page part Your own picture: how it is prepared, run without a browser and without a network."""

from pathlib import Path

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from ae_core.ui.out_of_domain import own_picture

ROOT = Path(__file__).parents[2]
WHICH = "There are 2 digits: from the left, take number"


def page(file: str) -> None:
    from pathlib import Path

    import streamlit as st

    from ae_core.pictures import open_picture
    from ae_core.ui.out_of_domain.own_picture import prepared, show_steps

    picture = open_picture(Path(file).read_bytes())
    for treated, preparation in prepared(picture).items():
        st.text(treated)
        st.text(int(preparation.image.sum()))
        show_steps(picture, preparation, treated)


def shown(file: Path) -> AppTest:
    at = AppTest.from_function(page, args=(str(file),), default_timeout=60).run()
    assert not at.exception
    return at


def treatments(at: AppTest) -> list[str]:
    return [text.value for text in at.text if not text.value.isdigit()]


@pytest.mark.parametrize(("file", "kind"), [
    ("tests/data/pictures/squared_7_blue_pen.jpg", "drawing"),
    ("ae_core/data/files/objects/coffee_cup.jpg", "photograph"),
])
def test_a_picture_is_prepared_as_what_it_looks_like(file: str, kind: str) -> None:
    assert treatments(shown(ROOT / file)) == [kind]


def test_where_the_page_is_unsure_it_says_so_and_shows_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_picture, "suggestion", lambda picture: "unsure")
    at = shown(ROOT / "tests/data/pictures/marker_8.jpg")
    assert treatments(at) == ["drawing", "photograph"]
    assert "unsure" in at.caption[0].value
    at.segmented_control[0].set_value("photograph").run()
    assert treatments(at) == ["photograph"]


def test_each_of_several_digits_can_be_chosen(tmp_path: Path) -> None:
    sheet = Image.new("L", (400, 200), 255)
    for left, name in ((40, "small_64px_5.png"), (240, "6_in_a_drawn_box.png")):
        with Image.open(ROOT / "tests/data/pictures" / name) as image:
            digit = image.convert("L")
            crop = (8, 0, 40, 55) if left == 40 else (150, 60, 350, 400)
            sheet.paste(digit.crop(crop).resize((100, 170)), (left, 15))
    sheet.save(tmp_path / "two.png")
    at = shown(tmp_path / "two.png")
    first = at.text[1].value
    control = next(each for each in at.segmented_control if each.label == WHICH)
    control.set_value(2).run()
    assert not at.exception and at.text[1].value != first
