"""The parts of the page Latent space below its map."""

import io

import numpy as np
import streamlit as st

from ae_core.charts.images import png_of
from ae_core.charts.latent_space import class_heat_map, code_scatter
from ae_core.charts.style import titled
from ae_core.evaluation.latent_space import Images, class_means, dead_units, manifold, tiled
from ae_core.runs.run import Run
from ae_core.ui.components.latent_map import EncodedImages
from ae_core.ui.latent_space.live_map import map_digits
from ae_core.ui.latent_space.scores_table import score_rows, score_table, verdict
from ae_core.ui.layout.findings import unless_diverged
from ae_core.ui.layout.parts import folded
from ae_core.ui.live.polling_fragment import MEASURING, polling_fragment

SCALE = 2  # of the manifold's picture: 1,120 pixels wide

MEASURED = (
    "All rows place the same 5,000 test digits, without noise.\n\n"
    "- **10-NN accuracy**: every fourth digit is held out, and its 10 nearest neighbours among the others "
    "vote on its label. Chance is 0.1.\n"
    "- **Trustworthiness** falls when neighbours on the map are no neighbours as pixels; **continuity** falls "
    "when neighbours as pixels lie apart on the map. 12 neighbours, on the 1,250 held-out digits; best is 1.\n"
    "- **Silhouette**, from −1 to 1: how far the ten digits' groups stand apart.\n"
    "- **Squared error** of the way back to the picture, summed over its 784 pixels, mean of 5,000 digits. A random "
    "projection gets the best linear way back, fitted on training digits."
)
LAYOUTS = (
    "\n\nUMAP and t-SNE were computed once, with umap-learn's and scikit-learn's usual settings; they place the "
    "held-out digits along with the others, which helps them."
)


def how_good(run: Run) -> None:
    """The table of scores; it fills while they are measured."""
    polling_fragment(lambda: _table(run))

    def _what_is_measured() -> None:
        st.markdown(MEASURED + (LAYOUTS if run.spec.code_size == 2 else ""))

    folded("What is measured", _what_is_measured)


def _table(run: Run) -> bool:
    rows = score_rows(run)
    known = [row for row in rows if row]
    score_table(known)
    if len(known) < len(rows):
        st.caption(MEASURING)
        return True
    st.markdown(unless_diverged(verdict(known, run.spec), run))
    return False


def manifold_picture(run: Run, encoded: EncodedImages) -> None:
    """What the decoder draws over the region where the digits lie."""
    picture = _manifold(run, encoded)
    kind = "principal components" if encoded.has_components else "code"
    st.image(
        picture, width="stretch" if picture.shape[0] < picture.shape[1] else 840,
        alt=f"Decoded digits over the plane of the {kind}, turning into one another from place to place.",
    )
    st.caption(
        "Each picture is the decoder's answer to one point of an even grid. It covers the middle 96% of the test "
        f"digits along {'the line' if len(encoded.plane.origin) == 1 else 'each axis'} of the {kind}."
    )


def _manifold(run: Run, encoded: EncodedImages) -> Images:
    model = run.model()
    assert model is not None
    grid = manifold(model, encoded.plane, encoded.plane.positions(encoded.codes))
    return tiled(grid.pictures).repeat(SCALE, axis=0).repeat(SCALE, axis=1)


def unit_answers(encoded: EncodedImages) -> None:
    """Which digit moves which unit."""
    codes, units = encoded.codes[:, encoded.units], encoded.units
    spread = codes.std(axis=0)
    means = (class_means(codes, map_digits()[1]) - codes.mean(axis=0)) / np.where(spread > 0, spread, 1)
    dead = dead_units(encoded.codes)[units]
    names = [f"unit {unit + 1}" for unit in units]
    strongest = np.nanargmax(np.abs(np.where(dead, 0, means)))
    digit, unit = np.unravel_index(strongest, means.shape)
    figure = class_heat_map(means, spread, [name.removeprefix("unit ") for name in names], dead.tolist())
    answer = f"{means[digit, unit]:+.1f} standard deviations".replace("-", "−")
    finding = f"The strongest answer: {names[unit]} to the digit {digit}, {answer}"
    st.plotly_chart(
        titled(figure, finding, height=400), key="unit_answers", config={"displayModeBar": False},
        alt=f"Heat map, the mean answer of each unit to each digit. {finding}.",
    )
    gone = [name for name, is_dead in zip(names, dead, strict=True) if is_dead]
    size = encoded.codes.shape[1]
    shown = f"The {len(units)} units that vary most, of {size}. " if len(units) < size else ""
    st.caption(shown + (f"Dead, so they hardly vary: {', '.join(gone)}." if gone else "All units shown vary."))


def downloads(run: Run, encoded: EncodedImages) -> None:
    """The codes and the figures as files, made when asked for."""
    with st.container(horizontal=True):
        st.download_button("Codes as CSV", lambda: codes_csv(encoded), "codes.csv", "text/csv", on_click="ignore")
        st.download_button(
            "Map as HTML", lambda: map_html(run, encoded), "latent-map.html", "text/html", on_click="ignore"
        )
        st.download_button(
            "Manifold as PNG", lambda: png_of(_manifold(run, encoded)), "manifold.png", "image/png", on_click="ignore"
        )
    st.caption(
        "The CSV has a line for each of the 5,000 test digits: its label and its code. The HTML file works without a "
        "network. The map's own button saves it as PNG, just as it is shown."
    )


def codes_csv(encoded: EncodedImages) -> bytes:
    """Label and code of every encoded digit."""
    size = encoded.codes.shape[1]
    header = ",".join(["label", *(f"unit_{unit + 1}" for unit in range(size))])
    lines = io.StringIO()
    labels = map_digits()[1]
    table, formats = np.column_stack([labels, encoded.codes]), ["%d", *["%.6g"] * size]
    np.savetxt(lines, table, formats, ",", header=header, comments="")
    return lines.getvalue().encode()


def map_html(run: Run, encoded: EncodedImages) -> bytes:
    """The map as a page of its own that needs no network."""
    labels = map_digits()[1]
    names = ("component 1", "component 2") if encoded.has_components else ("unit 1", "unit 2")
    title = f"Codes of {len(labels):,} test digits ({run.spec.describe()})"
    figure = code_scatter(encoded.plane.positions(encoded.codes), labels, names, title)
    colours = st.get_option("theme.light.chartCategoricalColors")
    figure.update_layout(colorway=list(colours) if colours else None, template="plotly_white")
    html: str = figure.to_html(include_plotlyjs=True)
    return html.encode()
