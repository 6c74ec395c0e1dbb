"""Drawings: which picture is one, and where its digit is, on any paper and in any light."""

import csv
import functools
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw
from torch import nn

from ae_core.data.datasets import mnist
from ae_core.pictures import (
    Picture,
    digit_count,
    looks_like_drawing,
    open_picture,
    picture_from,
    prepare_drawing,
    suggestion,
)
from ae_core.pictures.search import find_digits

HERE = Path(__file__).parents[1]
CASES = HERE / "data" / "pictures"
BUNDLED = HERE.parent / "ae_core" / "data" / "files"
with (CASES / "MANIFEST.csv").open(encoding="utf-8", newline="") as manifest:
    DIGITS = {row["file"]: int(row["digit"]) for row in csv.DictReader(manifest)}
DRAWINGS = {"handwritten_formula.jpg", "horse_silhouette.jpg"}  # ink on paper, though no digits
PHOTOGRAPHS = [path for kind in ("landscapes", "objects") for path in sorted((BUNDLED / kind).glob("*.jpg"))
               if path.name not in DRAWINGS]

Classify = Callable[[np.ndarray], np.ndarray]


@pytest.fixture(scope="module")
def classify() -> Classify:
    """A small classifier, trained in seconds: uint8 (n, 28, 28) -> classes (n,)."""
    data = mnist()
    generator = torch.Generator().manual_seed(0)
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10))
    images, labels = torch.tensor(data.train), torch.tensor(data.train_labels.astype(np.int64))
    epochs, batch = 4, 512
    steps = len(images) // batch
    optimizer = torch.optim.Adam(network.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 5e-3, total_steps=epochs * steps)
    for _ in range(epochs):
        for places in torch.randperm(len(images), generator=generator)[: steps * batch].split(batch):
            loss = nn.functional.cross_entropy(network(images[places] / 255), labels[places])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()

    @torch.no_grad()
    def classes(pixels: np.ndarray) -> np.ndarray:
        return network(torch.tensor(pixels.reshape(-1, 784)) / 255).argmax(dim=1).numpy()

    assert (classes(data.test) == data.test_labels).mean() > 0.975
    return classes


def case(name: str) -> Picture:
    return open_picture((CASES / name).read_bytes())


def jpeg(pixels: np.ndarray) -> Picture:
    """The picture of a photo: stored as JPEG, with its noise."""
    noise = np.random.default_rng(0).normal(0, 2, (*pixels.shape[:2], 1))
    file = io.BytesIO()
    Image.fromarray(np.clip(pixels + noise, 0, 255).astype(np.uint8)).save(file, "JPEG", quality=85)
    return open_picture(file.getvalue())


def sheet(*digits: int, ink: tuple[int, ...] = (25, 30, 110), paper: tuple[int, ...] = (240, 238, 230)) -> np.ndarray:
    """Test digits by their place, beside each other on a sheet of 600 x 800: float (600, 800, 3)."""
    cover = np.zeros((600, 800))
    for place, digit in enumerate(digits):
        image = Image.fromarray(mnist().test[digit].reshape(28, 28)).resize((252, 252), Image.Resampling.BICUBIC)
        left = round(800 * (place + 0.5) / len(digits)) - 126
        cover[170:422, left : left + 252] = np.asarray(image) / 255
    return paper * (1 - cover[..., None]) + np.array(ink) * cover[..., None]


def drawn(pixels: np.ndarray, draw: Callable[[ImageDraw.ImageDraw], None]) -> np.ndarray:
    image = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    draw(ImageDraw.Draw(image))
    return np.asarray(image).astype(float)


def ruled(pixels: np.ndarray, squared: bool) -> np.ndarray:
    """Lines as on paper: what is darker stays."""
    lines = np.full_like(pixels, 255)
    lines[20::40] = lines[21::40] = (150, 180, 220)
    if squared:
        lines[:, 20::40] = lines[:, 21::40] = (150, 180, 220)
    return np.minimum(pixels, lines)


def shaded(pixels: np.ndarray) -> np.ndarray:
    """The hard edge of a shadow right through the digit."""
    down, across = np.mgrid[:600, :800]
    return pixels * np.where(across + 0.4 * down > 520, 0.55, 1)[..., None]


def on_desk(pixels: np.ndarray) -> np.ndarray:
    desk = Image.new("RGB", (1300, 1100), (92, 64, 44))
    small = Image.fromarray(pixels.astype(np.uint8)).convert("RGBA").rotate(12, expand=True)
    desk.paste(small, (180, 150), small)
    return np.asarray(desk).astype(float)


def framed(pixels: np.ndarray) -> np.ndarray:
    return drawn(pixels, lambda pen: pen.rectangle((0, 0, 799, 599), outline="red", width=40))


def boxed(pixels: np.ndarray) -> np.ndarray:
    return drawn(pixels, lambda pen: pen.rectangle((200, 130, 600, 470), outline="navy", width=6))


def with_toolbar(pixels: np.ndarray) -> np.ndarray:
    def tools(pen: ImageDraw.ImageDraw) -> None:
        pen.rectangle((0, 0, 799, 60), fill=(70, 74, 80))
        for left in range(12, 420, 50):
            pen.rectangle((left, 14, left + 32, 46), fill=(90, 160, left % 255))

    return drawn(pixels, tools)


def with_thumb(pixels: np.ndarray) -> np.ndarray:
    return drawn(pixels, lambda pen: pen.ellipse((-90, 420, 110, 720), fill=(205, 150, 120)))


def dusty(pixels: np.ndarray) -> np.ndarray:
    """Dust, and the dark edge of a scanner."""
    def dust(pen: ImageDraw.ImageDraw) -> None:
        pen.line((0, 0, 0, 599), fill=40, width=5)
        for across in range(30, 800, 50):
            pen.point((across, across * 7 % 600), fill=0)

    return drawn(pixels, dust)


def test_the_digits_of_photos_come_out_right_with_the_right_suggestion(classify: Classify) -> None:
    pictures = {name: case(name) for name in DIGITS}
    classes = classify(np.stack([prepare_drawing(picture).image for picture in pictures.values()]))
    wrong = [name for name, found in zip(pictures, classes, strict=True)
             if found != DIGITS[name] or suggestion(pictures[name]) != "drawing"]
    assert len(wrong) <= 1, wrong


# Each with the mean difference in grey levels that it may make: on_desk the digit lies askew.
@pytest.mark.parametrize(("around", "bound"), [
    (functools.partial(ruled, squared=False), 12), (functools.partial(ruled, squared=True), 12), (shaded, 12),
    (on_desk, 40), (framed, 6), (boxed, 6), (with_toolbar, 6), (with_thumb, 6), (dusty, 6),
])
def test_what_lies_about_does_not_move_the_digit(
    around: Callable[[np.ndarray], np.ndarray], bound: float, classify: Classify
) -> None:
    for place in (0, 3):  # a 7 and a 0
        plain = prepare_drawing(jpeg(sheet(place))).image
        picture = jpeg(around(sheet(place)))
        image = prepare_drawing(picture).image
        assert classify(image) == mnist().test_labels[place] and suggestion(picture) == "drawing"
        assert np.abs(image.astype(float) - plain).mean() < bound


def test_what_is_left_out_is_shown() -> None:
    steps = dict(prepare_drawing(jpeg(boxed(sheet(0)))).steps)
    line, digit = np.s_[130:136, 200:600], np.s_[200:400, 330:470]
    assert (steps["Left out"][line] > 128).mean() > 0.9
    assert steps["Left out"][digit].max() < 32 < 200 < steps["White ink on black"][digit].max()
    assert (steps["White ink on black"][line] > 128).mean() > 0.9
    assert "Left out" not in dict(prepare_drawing(picture_from(mnist().test[0].reshape(28, 28))).steps)


@pytest.mark.parametrize(("ink", "paper"), [((212, 30, 40), (60, 81, 190)), ((60, 130, 40), (200, 62, 80))])
def test_ink_of_the_same_lightness_as_its_paper_is_found_by_its_colour(
    ink: tuple[int, ...], paper: tuple[int, ...], classify: Classify
) -> None:
    picture = jpeg(sheet(0, ink=ink, paper=paper))
    assert np.ptp(picture.grey) < 30
    assert suggestion(picture) == "drawing"
    preparation = prepare_drawing(picture)
    assert classify(preparation.image) == 7
    assert preparation.steps[0][0] in ("Blueness", "Redness")


def test_each_of_several_digits_is_offered_from_left_to_right(classify: Classify) -> None:
    picture = jpeg(sheet(0, 1, 3))
    assert digit_count(picture) == 3 and suggestion(picture) == "drawing"
    preparations = [prepare_drawing(picture, digit) for digit in range(3)]
    assert list(classify(np.stack([preparation.image for preparation in preparations]))) == [7, 2, 0]
    assert preparations[1].notices == ("There are 3 digits: this is number 2 from the left.",)


def test_the_parts_of_a_broken_digit_stay_together() -> None:
    five = sheet(8)  # its bar stands apart
    assert digit_count(jpeg(five)) == 1


def test_enlarged_digits_come_back_whether_inverted_or_not(classify: Classify) -> None:
    places = range(0, 1000, 7)
    digits = mnist().test.reshape(-1, 28, 28)[places]
    large = [np.asarray(Image.fromarray(digit).resize((224, 224), Image.Resampling.BICUBIC)) for digit in digits]
    pictures = [picture_from(255 - pixels if place % 2 else pixels) for place, pixels in enumerate(large)]
    back = np.stack([prepare_drawing(picture).image for picture in pictures])
    assert np.abs(back.astype(float) - digits).mean() < 8  # measured on 1,000: 6.2
    assert (classify(back) == classify(digits)).mean() >= 0.99
    assert all(map(looks_like_drawing, pictures))


@pytest.mark.parametrize("path", PHOTOGRAPHS, ids=lambda path: path.stem)
def test_a_photograph_is_suggested_as_one(path: Path) -> None:
    picture = open_picture(path.read_bytes())
    assert suggestion(picture) == "photograph"


def test_one_stray_pixel_changes_nothing() -> None:
    digit = np.asarray(Image.fromarray(mnist().test[0].reshape(28, 28)).resize((224, 224), Image.Resampling.BICUBIC))
    stray = digit.copy()
    stray[5, 5] = 255
    alone, beside = (prepare_drawing(picture_from(pixels)).image for pixels in (digit, stray))
    np.testing.assert_array_equal(beside, alone)


@pytest.mark.parametrize("size", [(1170, 2532), (1920, 1080), (999, 1001)])
def test_an_opaque_screenshot_has_no_transparent_parts(size: tuple[int, int]) -> None:
    assert not picture_from(Image.new("RGBA", size, (200, 30, 30, 255))).notices[1:]
    nearly = Image.new("RGBA", size, (200, 30, 30, 255))
    nearly.putpixel((3, 3), (200, 30, 30, 254))
    assert "Transparent parts are shown white." in picture_from(nearly).notices


def test_a_search_is_not_repeated_for_the_same_picture() -> None:
    picture = picture_from(mnist().test[0].reshape(28, 28))
    assert find_digits(picture) is find_digits(picture)
