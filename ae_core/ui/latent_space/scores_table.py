"""The table of how good a map is: the autoencoder beside what it has to be held against."""

import math
from dataclasses import dataclass

import numpy as np
import torch

from ae_core.autoencoder.model import Autoencoder, to_pixels
from ae_core.data.datasets import load
from ae_core.evaluation.latent_space import (
    HELD_OUT,
    EmbeddingScores,
    embedding_scores,
    encode_images,
    random_projection,
)
from ae_core.evaluation.umap_tsne import DIGITS, read_layouts
from ae_core.formatting import counted, loss_text
from ae_core.nn.losses import mse
from ae_core.runs.run import Run
from ae_core.spec import PIXELS, Spec
from ae_core.ui.background.measurement_queue import in_process
from ae_core.ui.background.run_measurements import on_network, pca
from ae_core.ui.latent_space.live_map import map_digits
from ae_core.ui.layout.tables import table


@dataclass(frozen=True)
class MapScores:
    """One map of the digits: its scores, and the squared error of its way back, NaN where there is none."""

    name: str
    scores: EmbeddingScores
    error: float

    @property
    def decodes(self) -> bool:
        return not np.isnan(self.error)


RANDOM_FITTED = 10_000  # training digits that the way back from a random projection is fitted on
OURS = "this autoencoder"
RAW = "raw pixels, 784"
APART = "digits apart by their neighbours"


def score_rows(run: Run) -> list[MapScores | None]:
    """The table of a run that does not train, None for each row that is still being measured."""
    newest, spec = run.newest, run.spec
    if newest is None or newest.weights is None:
        return []
    rows = [on_network(run, own_scores)]
    rows.append(in_process(pca_scores, spec.narrowest, spec.output, spec.images, spec.data))
    rows.append(in_process(raw_scores))
    rows.append(in_process(random_scores, spec.narrowest))
    if spec.code_size == 2:
        rows += [in_process(layout_scores, name) for name in read_layouts()]
    return rows


def own_scores(model: Autoencoder) -> MapScores:
    """The codes of the network."""
    images, labels = map_digits()
    pixels = to_pixels(images)
    with torch.no_grad():
        error = PIXELS * float(mse(model(pixels), pixels).mean())
    return MapScores(OURS, embedding_scores(encode_images(model, images), labels, images), error)


def pca_scores(size: int, output: str, train_images: int, data: str) -> MapScores:
    """As many principal components of the training images, or all that they have."""
    images, labels = map_digits()
    fitted, pixels = pca(train_images, data), to_pixels(images)
    error = PIXELS * float(mse(fitted.rival(pixels, size, output), pixels).mean())
    scores = embedding_scores(fitted.encode(pixels, size).numpy(), labels, images)
    return MapScores(f"PCA, {fitted.size(size)}", scores, error)


def raw_scores() -> MapScores:
    """The pixels themselves."""
    images, labels = map_digits()
    return MapScores(RAW, embedding_scores(to_pixels(images).numpy(), labels, images), 0.0)


def random_scores(size: int) -> MapScores:
    """A random linear map."""
    images, labels = map_digits()
    codes, error = random_projection(images, size, load("mnist").train[:RANDOM_FITTED])
    return MapScores(f"random projection, {size}", embedding_scores(codes, labels, images), error)


def layout_scores(name: str) -> MapScores:
    """A stored layout of the same digits, which has no way back."""
    images, labels = map_digits()
    return MapScores(name, embedding_scores(read_layouts()[name], labels, images), float("nan"))


def score_table(rows: list[MapScores]) -> None:
    """Draw the rows that are measured."""
    table(
        [
            {
                "Map": row.name, "10-NN accuracy": row.scores.accuracy, "Trustworthiness": row.scores.trustworthiness,
                "Continuity": row.scores.continuity, "Silhouette": row.scores.silhouette,
                "Squared error": _error(row),
            }
            for row in rows
        ],
        label="How good each map of the digits is",
        formats={
            "10-NN accuracy": "{:.3f}", "Trustworthiness": "{:.3f}", "Continuity": "{:.3f}", "Silhouette": "{:.3f}",
            "Squared error": "{:.2f}",
        },
    )


def _error(row: MapScores) -> float | str:
    if not row.decodes:
        return "no decoder"
    return row.error if row.error < 1e6 else loss_text(row.error)


def verdict(rows: list[MapScores], spec: Spec) -> str:
    """What the table says about the autoencoder: a difference counts beyond twice its standard error."""
    ours = next(row for row in rows if row.name == OURS)
    others = [row for row in rows if row is not ours and row.name != RAW]
    gaps = {row.name: _gap(ours.scores.accuracy, row.scores.accuracy) for row in others}
    beaten = [name for name, gap in gaps.items() if gap > 2]
    better = [name for name, gap in gaps.items() if gap < -2]
    equal = [name for name, gap in gaps.items() if -2 <= gap <= 2]
    parts = []
    if beaten:
        parts.append(f"By its neighbours it tells digits apart better than {_list(beaten)}.")
    for names, how in ((better, "better than"), (equal, "about as well as")):
        if names:
            one, many = ("does that", "do that") if parts else (f"tells {APART}", f"tell {APART}")
            parts.append(f"{_list(names)} {many if len(names) > 1 else one} {how} {OURS}.")
    maps = [row.name for row in others if not row.decodes and row.name in better + equal]
    if maps:
        parts.append(
            f"But {_list(maps)} placed these 5,000 digits and nothing else: the autoencoder has an encoder for digits "
            "that it never saw, and a decoder, so that any point of its map can be drawn."
        )
    raw = next((row for row in rows if row.name == RAW), None)
    if raw is not None:
        parts.append(
            f"Neighbours in all 784 pixels give the right label to {raw.scores.accuracy:.1%} of the held-out digits, "
            f"neighbours in a code of {counted(spec.code_size, 'number')} to {ours.scores.accuracy:.1%}."
        )
    if any(name.startswith("PCA") for name in better + equal):
        parts.append(
            "PCA is the linear map that keeps most of the variance, which suits neighbours; "
            "compare the squared error for what is lost on the way back."
        )
    return " ".join(parts)


def _gap(ours: float, theirs: float) -> float:
    """How far two accuracies on the held-out digits are apart, in standard errors of their difference."""
    error = math.sqrt((ours * (1 - ours) + theirs * (1 - theirs)) / (DIGITS // HELD_OUT))
    return (ours - theirs) / max(error, 1e-12)


def _list(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
