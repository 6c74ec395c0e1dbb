"""Your own picture: a file, the camera or a drawing, prepared step by step, and a verdict."""

import hashlib

import numpy as np
import streamlit as st

from ae_core.charts.tiles import image_png
from ae_core.data.datasets import Images, load
from ae_core.data.registry import DATA_SETS
from ae_core.evaluation.out_of_distribution.nearest_neighbour import nearest
from ae_core.evaluation.out_of_distribution.scores import percentiles
from ae_core.evaluation.out_of_distribution.study import OodStudy
from ae_core.pictures import (
    Picture,
    PictureError,
    Preparation,
    digit_count,
    open_picture,
    picture_from,
    prepare_drawing,
    prepare_photograph,
    suggestion,
)
from ae_core.ui.background.trained_network import Subject
from ae_core.ui.components.drawing_pad import drawing_pad
from ae_core.ui.components.failed_upload import tell_failed_upload
from ae_core.ui.live.polling_fragment import show_when_measured
from ae_core.ui.out_of_domain.cards import Card, show_cards, stranger_than
from ae_core.ui.out_of_domain.measurements import answer, whole_study

WAYS = {"draw": "Draw", "file": "File", "camera": "Camera"}
STEP_SIDE = 100  # pixels of a shown step


def own_picture(subject: Subject) -> None:
    """Choose where a picture comes from; see it prepared and judged."""
    show_when_measured(lambda study: _show(subject, study), whole_study, subject)


def _show(subject: Subject, study: OodStudy) -> None:
    way = st.segmented_control(
        "Your picture", list(WAYS), default="draw", format_func=WAYS.__getitem__, key="own_way", required=True
    )
    try:
        picture = _from_pad() if way == "draw" else _from_file(way)
    except PictureError as error:
        st.warning(str(error), icon=":material/broken_image:")
        return
    if picture is None:
        st.caption("Nothing is kept: the picture is gone when you leave.")
        return
    for notice in picture.notices:
        st.caption(notice)
    preparations = prepared(picture)
    for column, (treated, preparation) in zip(st.columns(len(preparations)), preparations.items(), strict=True):
        with column:
            if len(preparations) > 1:
                st.subheader(f"As a {treated}", anchor=False)
            for notice in preparation.notices:
                st.caption(notice)
            show_steps(picture, preparation, treated)
            judge(subject, study, preparation.image.reshape(784))


def _from_pad() -> Picture | None:
    drawing = drawing_pad("own_pad", hint="Draw a digit, or anything else")
    return picture_from(drawing) if drawing is not None else None


def _from_file(way: str) -> Picture | None:
    if way == "camera":
        file = st.camera_input("A photo", key="own_camera")
    else:
        # No list of endings: the content decides what a file is, never its name.
        file = st.file_uploader("A PNG, JPEG, WebP, GIF, BMP or TIFF file of at most 5 MB", key="own_file")
    tell_failed_upload("own_file")
    if file is None:
        return None
    if way == "file":
        st.text(file.name)
    return open_picture(file.getvalue())


def prepared(picture: Picture) -> dict[str, Preparation]:
    """The picture as 28 x 28 pixels: as a drawing, a photograph or both, as suits it or as the visitor chooses."""
    suits = suggestion(picture)
    content = hashlib.sha256(picture.grey.tobytes()).hexdigest()[:12]
    treated = st.segmented_control(
        "Prepare it as a", ["drawing", "photograph", "both"], default="both" if suits == "unsure" else suits,
        key=f"own_as_{content}", required=True,
        help="A drawing is prepared as MNIST's authors did: light ink on black, cropped, shrunk into 20 x 20 pixels, "
        "centred by mass in 28 x 28. A photograph is only squeezed: its middle square, grey.",
    )
    if suits == "unsure":
        st.caption("The page is unsure whether this is a drawing or a photograph: it shows both verdicts.")
    preparations = {}
    if treated != "photograph":
        preparations["drawing"] = prepare_drawing(picture, _which(picture, content))
    if treated != "drawing":
        preparations["photograph"] = prepare_photograph(picture)
    return preparations


def _which(picture: Picture, content: str) -> int:
    """The digit that the visitor chooses where there are several, counted from 0."""
    count = digit_count(picture)
    if count < 2:
        return 0
    chosen = st.segmented_control(
        f"There are {count} digits: from the left, take number", list(range(1, count + 1)), default=1,
        key=f"own_digit_{content}", required=True,
    )
    return int(chosen or 1) - 1


def show_steps(picture: Picture, preparation: Preparation, treated: str) -> None:
    """The picture and every step of its preparation, beside each other."""
    steps = [("Your picture", picture.rgb), *preparation.steps]
    with st.container(horizontal=True, gap="small", key=f"steps_{treated}"):
        for title, pixels in steps:
            with st.container(width=STEP_SIDE + 8):
                st.image(image_png(_enlarged(pixels)), caption=title, width=STEP_SIDE, alt=title)


def judge(subject: Subject, study: OodStudy, image: Images) -> None:
    """The verdict with its number, and the card."""
    found = answer(subject.model, image[None])
    error = float(found.errors[0])
    percentile = float(percentiles(found.errors, study.home.errors)[0])
    nouns = DATA_SETS[subject.spec.data].nouns
    st.subheader(verdict(error, study.limit, percentile, nouns, len(study.home.errors)), anchor=False)
    show_cards(
        [Card("Your picture", found.images[0], found.codes[0], found.outputs[0], error, percentile,
              nearest=nearest_to(subject, image))],
        study.limit,
    )


def verdict(error: float, limit: float, percentile: float, noun: str, count: int) -> str:
    """Whether the picture passes, and how strange it is."""
    passes = "Out of domain" if error > limit else "It passes as one of them"
    of = f"of all {count:,} test {noun}" if percentile >= 100 else f"test {noun}"
    return f"{passes}: {stranger_than(percentile)} {of}.".replace("every of all", "all")


def nearest_to(subject: Subject, image: Images) -> Images:
    """The nearest of some thousand training images: few enough for the page's own thread."""
    training = load(subject.spec.data).train[: min(subject.spec.images, 10_000)]
    found: Images = training[nearest(image[None], training)[0]]
    return found


def _enlarged(pixels: Images) -> Images:
    """Small images with larger pixels, so that the browser does not blur them; of a narrow one a line is left."""
    longest = max(pixels.shape[:2])
    factor = max(1, 2 * STEP_SIDE // longest)
    down, across = (max(factor, -(-2 * longest * factor // (STEP_SIDE * side))) for side in pixels.shape[:2])
    return np.repeat(np.repeat(pixels, down, axis=0), across, axis=1)
