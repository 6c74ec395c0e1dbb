"""The page's one big picture: clean, noisy, and what everybody makes of it."""

import streamlit as st
import torch
from torch import Tensor

from ae_core.runs.run import Run
from ae_core.ui.background.measurements import in_process
from ae_core.ui.denoising.measurements import (
    TABLE_DIGITS,
    Noise,
    Values,
    cleaned,
    cleaned_classically,
    noisy_digits,
)
from ae_core.ui.denoising.networks import SHOWN, first_digit, methods, networks
from ae_core.ui.layout.image_rows import Row, show_rows
from ae_core.ui.layout.parts import progress
from ae_core.ui.live.polling_fragment import polling_fragment

Cleaned = tuple[str, Values] | None  # name and digits of the best classical denoiser, None while it is being found


def main_picture(noise: Noise) -> None:
    """Draw the rows for this test noise and keep them up to date while networks train."""
    first = first_digit()
    noisy, clean = (pixels[first : first + SHOWN] for pixels in noisy_digits(noise, TABLE_DIGITS))

    def part() -> bool:
        together, classical = networks(), classical_of(noisy, noise)
        live = together.live  # read once: it may end while it is drawn
        rows = [
            Row("Clean", "input", clean),
            Row("Noisy", "input", noisy, clean, "what they all get"),
            _network_row("Control", together.control, noisy, clean, together.denoiser is not None),
        ]
        if together.denoiser:
            rows.append(_network_row("Denoiser", together.denoiser, noisy, clean, False))
        rows.append(classical_row(classical, clean))
        show_rows(rows, SHOWN)
        st.caption(
            "Under each digit its mean squared error (MSE) to the clean one; point at it for its PSNR, "
            "10 log₁₀(1 / MSE), whose mean over many digits stands in *All methods*. PCA does not "
            "count as classical: it is fitted on training images."
        )
        return live or classical is None

    polling_fragment(part)


def _network_row(name: str, run: Run | None, noisy: Tensor, clean: Tensor, beside: bool) -> Row:
    """A row of a network as it is at this moment."""
    control = name == "Control"
    model = run.model() if run else None
    remark = "never saw noise" if control else "trained on noise"
    if run is None:
        remark = "waits for the machine"
    elif run.state == "failed":
        remark = "training failed"
    elif run.live:
        remark = f"{progress(run).partition(',')[0]}" if beside else "training"
    return Row(name, "control" if control else "output", cleaned(model, noisy) if model else None, clean, remark)


def classical_of(noisy: Tensor, noise: Noise) -> Cleaned:
    """The best classical denoiser for this noise, and what it makes of noisy digits."""
    return in_process(cleaned_classically, methods(), noise, noisy.numpy().tobytes())


def classical_row(cleaned: Cleaned, clean: Tensor | None) -> Row:
    """A row of the best classical denoiser."""
    if cleaned is None:
        return Row("Best classical", "baseline", None, clean, "is being found")
    best, output = cleaned
    return Row("Best classical", "baseline", torch.from_numpy(output), clean, best)
