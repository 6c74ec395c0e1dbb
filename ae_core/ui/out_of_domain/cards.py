"""Cards: a picture as a person sees it, as the network sees it, the code, the answer. Drawn by the browser at once."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from ae_core.charts.colours import FAILURE, INPUT, OUTPUT
from ae_core.charts.tiles import code_png, image_png, photograph_jpeg
from ae_core.data.datasets import Images
from ae_core.formatting import counted

STYLE = f"""<style>
.cards {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19.5rem), 1fr)); gap: 0.9rem; }}
.card {{ border: 1px solid {INPUT}55; border-radius: 0.4rem; padding: 0.6rem; }}
.card p {{ margin: 0.35rem 0 0; font-size: 0.875rem; line-height: 1.3; }}
.card .credit {{ font-size: 0.75rem; opacity: 0.75; margin-top: 0.1rem; overflow-wrap: anywhere; }}
.card .row {{ display: flex; gap: 0.5rem; }}
.card figure {{ margin: 0; flex: 1 1 0; min-width: 0; }}
.card figcaption {{ font-size: 0.72rem; opacity: 0.8; text-align: center; white-space: nowrap; }}
.card img {{ width: 100%; display: block; aspect-ratio: 1; image-rendering: pixelated; border: 2px solid {INPUT};
            box-sizing: border-box; border-radius: 2px; }}
.card img.answer {{ border-color: {OUTPUT}; }}
.card img.code {{ border-color: transparent; }}
.card img.seen {{ image-rendering: auto; aspect-ratio: 2; object-fit: cover; border: 0; margin-bottom: 0.5rem; }}
.card .far {{ color: {FAILURE}; font-weight: 600; }}
</style>"""


@dataclass(frozen=True, eq=False)
class Card:
    """One picture and what the network makes of it.

    image, nearest : uint8 (784,); output : (784,) in [0, 1]; code : (n,)
    percentile : share of home with a smaller error, in per cent
    """

    title: str
    image: Images
    code: NDArray[np.float32]
    output: NDArray[np.float32]
    error: float
    percentile: float
    nearest: Images | None = None
    nearest_caption: str = "nearest"
    photograph: Images | None = None
    credit: str = ""


def show_cards(cards: Sequence[Card], limit: float) -> None:
    """Lay out cards, as many beside each other as there is room; all their texts are our own, and escaped."""
    st.html(STYLE + f'<div class="cards">{"".join(_card(card, limit) for card in cards)}</div>')


def stranger_than(percentile: float) -> str:
    """A percentile in words; just below 100 it is never rounded up."""
    if percentile >= 100:
        return "stranger than every"
    return f"stranger than {min(np.floor(percentile * 100) / 100, 99.99):g}% of all"


def picture(data: bytes, alt: str, kind: str = "", mime: str = "png") -> str:
    """An image element that carries its own bytes."""
    return f'<img class="{kind}" alt="{escape(alt)}" src="data:image/{mime};base64,{b64encode(data).decode()}">'


def _card(card: Card, limit: float) -> str:
    title = card.title
    figures = [
        _figure(picture(image_png(card.image), f"{title} in 28 by 28 pixels"), "it sees"),
        _figure(picture(code_png(card.code), f"its code of {counted(len(card.code), 'number')}", "code"), "code"),
        _figure(picture(image_png(as_image(card.output)), f"the answer to {title}", "answer"), "answers"),
    ]
    if card.nearest is not None:
        nearest = picture(image_png(card.nearest), f"{card.nearest_caption}: {title}")
        figures.append(_figure(nearest, card.nearest_caption))
    seen = picture(photograph_jpeg(card.photograph), title, "seen", "jpeg") if card.photograph is not None else ""
    credit = f'<p class="credit">{escape(card.credit)}</p>' if card.credit else ""
    test = "test image" if card.percentile >= 100 else "test images"
    return (
        f'<div class="card">{seen}<div class="row">{"".join(figures)}</div><p>{escape(title)}</p>{credit}'
        f'<p class="{"far" if card.error > limit else ""}">'
        f"error {card.error:.4f}, {stranger_than(card.percentile)} {test}</p></div>"
    )


def _figure(image: str, caption: str) -> str:
    return f"<figure>{image}<figcaption>{caption}</figcaption></figure>"


def as_image(pixels: NDArray[np.float32]) -> Images:
    """uint8 (784,) of pixels (784,) in [0, 1]."""
    rounded: Images = np.rint(np.nan_to_num(pixels).clip(0, 1) * 255).astype(np.uint8)
    return rounded
