"""A visitor's own drawing, made noisy and cleaned."""

import streamlit as st
import torch

from ae_core.autoencoder.model import to_pixels
from ae_core.nn.noise import corrupt
from ae_core.pictures import picture_from, prepare_drawing
from ae_core.ui.components.drawing_pad import drawing_pad
from ae_core.ui.denoising.main_picture import classical_of, classical_row
from ae_core.ui.denoising.measurements import TEST_SEED, Noise, cleaned
from ae_core.ui.denoising.networks import networks
from ae_core.ui.layout.image_rows import ImageRow, show_rows
from ae_core.ui.live.polling_fragment import polling_fragment


def own_drawing(noise: Noise) -> None:
    """The pad, and beside it the drawing as a digit, noisy and cleaned by all."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        drawing = drawing_pad("denoise_pad")
    with right:
        if drawing is None:
            st.markdown("Draw a digit: the page makes it noisy and lets all of them clean it.")
            return
        prepared = prepare_drawing(picture_from(drawing))
        clean = to_pixels(prepared.image.reshape(1, 784))
        noisy = corrupt(clean, noise.kind, noise.level, torch.Generator().manual_seed(TEST_SEED))

        def part() -> bool:
            together, classical = networks(), classical_of(noisy, noise)
            live = together.live  # read once: it may end while it is drawn
            rows = [
                ImageRow("Your digit", "input", clean, None, "as MNIST has them"),
                ImageRow("Noisy", "input", noisy, clean),
            ]
            for name, run in together.runs.items():
                model = run.model()
                tone = "output" if name == "denoiser" else "control"
                rows.append(ImageRow(name.capitalize(), tone, cleaned(model, noisy) if model else None, clean))
            rows.append(classical_row(classical, clean))
            show_rows(rows, 1)
            for notice in prepared.notices:
                st.text(notice)
            return live or classical is None

        polling_fragment(part)
