"""The page's one big picture: clean, noisy, and what everybody makes of it."""

import streamlit as st
import torch
from torch import Tensor

from ae_core.data.registry import DATA_SETS
from ae_core.runs.run import Run
from ae_core.ui.background.measurement_queue import in_process
from ae_core.ui.background.run_measurements import on_network
from ae_core.ui.denoising.findings import look_at
from ae_core.ui.denoising.measurements import (
    TABLE_IMAGES,
    Noise,
    Values,
    cleaned,
    cleaned_classically,
    drawn,
    noisy_images,
)
from ae_core.ui.denoising.networks import SHOWN, Networks, first_image, methods, networks
from ae_core.ui.layout.findings import unless_diverged
from ae_core.ui.layout.image_rows import ImageRow, show_rows
from ae_core.ui.layout.parts import progress
from ae_core.ui.live.polling_fragment import polling_fragment

Cleaned = tuple[str, Values] | None  # name and images of the best classical denoiser, None while it is being found


def main_picture(noise: Noise) -> None:
    """Draw the rows for this test noise and keep them up to date while networks train."""
    first, noun = first_image(), DATA_SETS[noise.data].noun
    noisy, clean = (pixels[first : first + SHOWN] for pixels in noisy_images(noise, TABLE_IMAGES))

    def part() -> bool:
        together, classical = networks(), classical_of(noisy, noise)
        live = together.live  # read once: it may end while it is drawn
        rows = [
            ImageRow("Clean", "input", clean),
            ImageRow("Noisy", "input", noisy, clean, "what they all get"),
            _network_row("Control" if together.denoiser else "Your network", together.control, noisy, clean),
        ]
        if together.denoiser:
            rows.append(_network_row("Denoiser", together.denoiser, noisy, clean))
        rows.append(classical_row(classical, clean))
        show_rows(rows, SHOWN, noun)
        st.caption(
            f"Under each {noun} its mean squared error (MSE) to the clean one; point at it for its PSNR (peak "
            "signal-to-noise ratio), the same error in decibels: 10 log₁₀(1 / MSE), so 10 dB more is a tenth of the "
            "error. *Best classical* has a tone curve behind it: see *All methods*. PCA and the linear map do not "
            "count as classical: they are fitted on training images."
        )
        look = None if live else _look_at(together, noise)
        if look:
            st.markdown(unless_diverged(f"**Look at** {look}", *together.runs.values()))
        return live or classical is None or look is None

    polling_fragment(part)


def _look_at(together: Networks, noise: Noise) -> str | None:
    """What is to be seen, with the numbers of 1,000 test images; None while they are measured."""
    trained = {name: run for name, run in together.runs.items() if run.newest}  # not one that failed at once
    known = {name: each for name, run in trained.items() if (each := on_network(run, drawn, noise, TABLE_IMAGES))}
    denoiser = trained.get("denoiser")
    clean = on_network(denoiser, drawn, noise._replace(level=0.0), TABLE_IMAGES) if denoiser else None
    complete = len(known) == len(trained) and bool(clean) == bool(denoiser)
    return look_at(known, clean, noise) if complete else None


def _network_row(name: str, run: Run | None, noisy: Tensor, clean: Tensor) -> ImageRow:
    """A row of a network as it is at this moment."""
    denoiser = name == "Denoiser"
    model = run.model() if run else None
    remark = "trained on noise" if denoiser else "never saw noise"
    if run is None:
        remark = "waits for the machine"
    elif run.state == "failed":
        remark = "training failed"
    elif run.live:
        remark = f"{progress(run).partition(',')[0]}" if name == "Control" else "training"
    return ImageRow(name, "output" if denoiser else "control", cleaned(model, noisy) if model else None, clean, remark)


def classical_of(noisy: Tensor, noise: Noise) -> Cleaned:
    """The best classical denoiser for this noise, and what it makes of noisy images."""
    return in_process(cleaned_classically, methods(), noise, noisy.numpy().tobytes())


def classical_row(cleaned: Cleaned, clean: Tensor | None) -> ImageRow:
    """A row of the best classical denoiser."""
    if cleaned is None:
        return ImageRow("Best classical", "baseline", None, clean, "is being found")
    best, output = cleaned
    return ImageRow("Best classical", "baseline", torch.from_numpy(output), clean, best)
