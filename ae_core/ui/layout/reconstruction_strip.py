"""The big picture: a digit, its code, the rebuilt digit, the error; and the same through PCA beside it."""

import base64
import math
from dataclasses import dataclass
from html import escape
from pathlib import Path

import streamlit as st
import torch

from ae_core.autoencoder.model import to_pixels
from ae_core.charts.colours import Values, code_colours
from ae_core.charts.images import digit_png, error_png
from ae_core.data.datasets import load
from ae_core.data.registry import DATA_SETS
from ae_core.evaluation.baselines import PrincipalComponents
from ae_core.formatting import counted, signed, with_article
from ae_core.runs.run import Run
from ae_core.ui.background.run_measurements import corrupted_images, losses_of

_CSS = (Path(__file__).parent / "reconstruction_strip.css").read_text(encoding="utf-8")
_WAITING = '<div class="waiting">…</div>'


@dataclass(frozen=True)
class Reconstruction:
    """One test image on its way through a network. Pixels (784,) are in [0, 1], of a linear output near it.

    seen, clean : what went in, perhaps corrupted, and what should come out
    """

    seen: Values
    clean: Values
    code: Values
    output: Values
    loss: float


@torch.no_grad()
def reconstruction_of(run: Run, index: int) -> Reconstruction | None:
    """Send a test image through the newest state of a run; None before its first snapshot."""
    model, spec = run.model(), run.spec
    if model is None:
        return None
    chosen = slice(index, index + 1)
    seen = to_pixels(corrupted_images(spec.data, spec.noise_kind, spec.noise)[chosen])
    clean = to_pixels(load(spec.data).test[chosen])
    code = model.encode(seen)
    return Reconstruction(
        seen=seen[0].numpy(), clean=clean[0].numpy(), code=code[0].numpy(), output=model.decode(code)[0].numpy(),
        loss=float(losses_of(spec, model.decode_logits(code), clean)),
    )


def reconstruction_strip(
    data: str, index: int, reconstruction: Reconstruction | None, pca: PrincipalComponents | None, size: int, kind: str
) -> None:
    """Draw the way of a test image of a data set; what is not known yet keeps its place.

    size, kind : how many numbers PCA has, and the kind of the network's output
    """
    what = named(data, index)
    if reconstruction is None:
        clean = to_pixels(load(data).test[index : index + 1])[0].numpy()
        tiles = [_tile("input", "input", _digit(clean, f"Input: {what}"), what)]
        tiles += [_tile(name, "", _WAITING, "") for name in ("code", "rebuilt", "error", "PCA", "its error")]
    else:
        numbers = counted(len(reconstruction.code), "number")
        noisy = "noisy input" if (reconstruction.seen != reconstruction.clean).any() else "input"
        tiles = [
            _tile(noisy, "input", _digit(reconstruction.seen, f"{noisy.capitalize()}: {what}"), f"{what}: 784 pixels"),
            _tile("code", "code", _code(reconstruction.code, what), numbers, leads="→"),
            _tile("rebuilt", "output", _digit(reconstruction.output, f"{what.capitalize()}, rebuilt from {numbers}"),
                  "784 again", leads="→"),
            _tile("error", "error",
                  *_error(reconstruction.output - reconstruction.clean, "Signed error of the rebuilt image")),
            *_pca_tiles(reconstruction, pca, size, kind),
        ]
    st.html(f"<style>{_CSS}</style><div class='reconstruction-strip'>{''.join(tiles)}</div>")


def _pca_tiles(
    reconstruction: Reconstruction, pca: PrincipalComponents | None, size: int, kind: str
) -> list[str]:
    if pca is None:
        return [_tile("PCA", "pca", _WAITING, "is being fitted"), _tile("its error", "error pca", _WAITING, "")]
    output = pca.rival(torch.from_numpy(reconstruction.seen)[None], size, kind)[0].numpy()
    numbers = counted(size, "number")
    words = f"The same image through PCA with {numbers}"
    caption = f"also {numbers}" if size == len(reconstruction.code) else f"only {numbers}"
    return [
        _tile("PCA", "pca", _digit(output, words), caption),
        _tile("its error", "error", *_error(output - reconstruction.clean, "Signed error of PCA")),
    ]


def named(data: str, index: int) -> str:
    """What a test image shows, with its article: its class where images are named by it, "an image" elsewhere."""
    known = DATA_SETS[data]
    return with_article(known.classes[load(data).test_labels[index]] if known.named_by_class else known.thing)


def _tile(name: str, kind: str, picture: str, caption: str, leads: str = "") -> str:
    arrow = f'<i aria-hidden="true">{leads}</i>' if leads else ""
    words = f"<figcaption>{escape(caption)}</figcaption>"
    return f'<figure class="{kind}">{arrow}<b>{escape(name)}</b>{picture}{words}</figure>'


def _code(code: Values, what: str) -> str:
    """A code as coloured cells in a square; the pointer reads a value, and up to nine of them stand in their cells."""
    columns = math.ceil(math.sqrt(len(code)))
    low, high = signed(code.min()), signed(code.max())
    cells = "".join(
        f'<u style="background:{colour}"><s>{signed(value) if len(code) <= 9 else ""}</s>'
        f"<em>unit {unit}: {signed(value)}</em></u>"
        for unit, (value, colour) in enumerate(zip(code, code_colours(code), strict=True), 1)
    )
    alt = f"Code of {what}: {counted(len(code), 'number')}, from {low} to {high}"
    return f'<div class="cells" role="img" aria-label="{alt}" style="--columns:{columns}">{cells}</div>'


def _digit(pixels: Values, alt: str) -> str:
    return _image(digit_png(pixels), alt)


def _error(error: Values, words: str) -> tuple[str, str]:
    """The picture of a signed error, and a caption: how much ink was added and lost."""
    added, lost = error.clip(min=0).sum(), -error.clip(max=0).sum()
    caption = f"+{added:.0f} −{lost:.0f} pixels of ink"
    return _image(error_png(error), f"{words}: {added:.0f} pixels' worth of ink added, {lost:.0f} lost"), caption


def _image(png: bytes, alt: str) -> str:
    return f'<img src="data:image/png;base64,{base64.b64encode(png).decode()}" alt="{escape(alt)}">'
