"""Rows of digits under each other, with the error under every one."""

import base64
import html
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from torch import Tensor

from ae_core.autoencoder.model import to_uint8
from ae_core.charts.colours import BASELINE, INPUT, OUTPUT
from ae_core.charts.images import png_of
from ae_core.evaluation.metrics import psnr

STYLE = """<style>
.digit-rows { display: grid; gap: 2px 6px; container-type: inline-size; font-variant-numeric: tabular-nums }
.digit-row { display: grid; grid-template-columns: 9.5rem repeat(var(--digits), minmax(0, 5.2rem)); gap: 2px 6px }
.digit-row .name { align-self: center; line-height: 1.2; border-left: 3px var(--edge) var(--tone); padding-left: .5rem }
.digit-row .name small { display: block; opacity: .75 }
.digit-row figure { margin: 0; text-align: center; font-size: .72rem; line-height: 1.5 }
.digit-row img, .digit-row .empty { display: block; width: 100%; aspect-ratio: 1; image-rendering: pixelated;
  border-radius: 2px; background: #000 }
.digit-row .empty { background: var(--faint) }
@container (max-width: 640px) {
  .digit-row { grid-template-columns: repeat(var(--digits), minmax(0, 5.2rem)); gap: 1px 3px; margin-bottom: 5px }
  .digit-row .name { grid-column: 1 / -1; width: max-content; max-width: 100cqi }
  .digit-row .name small { display: inline; margin-left: .4rem }
  .digit-row figure { font-size: .6rem }
}
</style>"""
TONES = {"input": INPUT, "output": OUTPUT, "control": OUTPUT, "baseline": BASELINE}


@dataclass(frozen=True)
class ImageRow:
    """One row of digits.

    tone : what they are: "input", "output", "control" or "baseline"
    pixels : (n, 784) in [0, 1], or None while they are made
    clean : (n, 784), what they should be, or None where an error has no meaning
    """

    name: str
    tone: str
    pixels: Tensor | None
    clean: Tensor | None = None
    remark: str = ""


def show_rows(rows: Sequence[ImageRow], count: int, thing: str = "digit") -> None:
    """Draw rows of `count` digits or other things each; the pointer reads the PSNR of each."""
    body = "".join(_row(row, count, thing) for row in rows)
    st.html(f'{STYLE}<div class="digit-rows" style="--digits: {count}">{body}</div>')


def _row(row: ImageRow, count: int, thing: str) -> str:
    remark = f"<small>{html.escape(row.remark)}</small>" if row.remark else ""
    edge = "dotted" if row.tone == "control" else "solid"  # as its line in the charts
    name = f'<div class="name" style="--tone: {TONES[row.tone]}; --edge: {edge}">{html.escape(row.name)}{remark}</div>'
    if row.pixels is None:
        return f'<div class="digit-row">{name}{"<figure><div class=empty></div>&nbsp;</figure>" * count}</div>'
    errors: list[tuple[str, str]] = [("", "")] * count
    if row.clean is not None:
        mses = (row.pixels - row.clean).square().mean(dim=1).tolist()
        decibels = psnr(row.pixels.numpy(), row.clean.numpy())
        errors = [_error(mse, decibel) for mse, decibel in zip(mses, decibels, strict=True)]
    figures = "".join(
        _figure(image, f"{row.name}, {thing} {place}", *error)
        for place, (image, error) in enumerate(zip(to_uint8(row.pixels), errors, strict=True), 1)
    )
    return f'<div class="digit-row">{name}{figures}</div>'


def _error(mse: float, decibel: float) -> tuple[str, str]:
    return (f"{mse:.4f}", f"PSNR {decibel:.1f} dB") if mse else ("exact", "an exact copy")


def _figure(image: np.ndarray, name: str, error: str, decibel: str) -> str:
    source = "data:image/png;base64," + base64.b64encode(png_of(image.reshape(28, 28))).decode()
    words = name + (f": {decibel}" if decibel else "")
    return (
        f'<figure><img src="{source}" alt="{html.escape(words)}" title="{html.escape(decibel or words)}">'
        f"{error or '&nbsp;'}</figure>"
    )
