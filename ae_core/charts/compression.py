"""Charts of the page: rows of the ledger in, Plotly figures and their findings out."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from ae_core.charts.colours import BASELINE, FAILURE, GRID, INPUT, OUTPUT
from ae_core.codecs.image_codecs import EXACT
from ae_core.codecs.learned import NETWORK, PCA
from ae_core.codecs.ledger import Row, beaten_by, break_even
from ae_core.codecs.spectrum import NYQUIST, Spectrum, share
from ae_core.words import counted

GZIP_LEAST = 160  # bytes; a digit takes 194 in the mean, other data more: what is smaller needs no measuring
NOTHING_LOST = 2e-6  # where an error of 0 is drawn: the axis is logarithmic
LOOKS = {  # family -> dash and marker
    PCA: ("solid", "diamond"),
    "JPEG, contact sheet": ("dash", "square"),
    "JPEG, alone": ("dot", "square-open"),
    "WebP, contact sheet": ("dash", "triangle-up"),
    "WebP, alone": ("dot", "triangle-up-open"),
}
NAMED = {"raw": "raw", "gzip": "gzip", "xz, all together": "xz"}
SIDES = {"raw": "top right", "gzip": "bottom center", "xz, all together": "top left"}  # apart on a phone too
COUNTS = tuple(np.geomspace(1, 1e7, 71))  # images, on the axis


def rate_distortion(
    network: Mapping[int, Row], bits: int, others: Sequence[Row], earlier: Mapping[str, Row], images: int,
    count_decoder: bool,
) -> go.Figure:
    """Bytes an image against error, both logarithmic; what is exact lies on a line of its own at the bottom.

    network : bits a unit -> row; bits : which of them is the highlighted one
    earlier : earlier runs of the visit, by their description
    images : how many share the decoder
    """
    def place(row: Row) -> float:
        return row.with_decoder(images) if count_decoder else row.bytes_each

    others = [row for row in others if row.holds_for(images) or not count_decoder]
    figure = go.Figure()
    for family, (dash, symbol) in LOOKS.items():
        rows = [row for row in others if row.family == family]
        _curve(figure, rows, [place(row) for row in rows], family, BASELINE, dash, symbol, 1.5, 7)
    exact = [row for row in others if row.family in EXACT]
    figure.add_scatter(
        x=[place(row) for row in exact], y=[NOTHING_LOST] * len(exact), mode="markers+text", name="exact",
        text=[NAMED.get(row.name, "") for row in exact],
        textposition=[SIDES.get(row.name, "top center") for row in exact],
        marker={"color": INPUT, "size": 7, "symbol": "line-ns", "line": {"width": 2.5, "color": INPUT}},
        customdata=[row.name for row in exact], hovertemplate="%{x:,.4r} bytes, exact<extra>%{customdata}</extra>",
    )
    if earlier:
        figure.add_scatter(
            x=[place(row) for row in earlier.values()], y=[row.mse for row in earlier.values()], mode="markers",
            name="earlier runs", marker={"color": OUTPUT, "size": 9, "symbol": "circle-open", "line": {"width": 2}},
            customdata=list(earlier), hovertemplate="%{x:,.4r} bytes, MSE %{y:.3r}<extra>%{customdata}</extra>",
        )
    rows = list(network.values())
    _curve(figure, rows, [place(row) for row in rows], NETWORK, OUTPUT, "solid", "circle", 3, 8)
    every = [place(row) for row in (*others, *rows, *earlier.values())]
    right = max(1500.0, 2.5 * max(every, default=1))
    if network:
        chosen = network[bits]
        side = _side(place(chosen), right)
        figure.add_scatter(
            x=[place(chosen)], y=[chosen.mse], mode="markers+text", name=f"{bits} bits a unit",
            text=[counted(bits, "bit")], textposition=side, showlegend=False, cliponaxis=False,
            marker={"color": OUTPUT, "size": 18, "symbol": "star", "line": {"width": 1, "color": "white"}},
            hovertemplate="%{x:,.4r} bytes, MSE %{y:.3r}<extra>" + chosen.name + "</extra>",
        )
    figure.update_xaxes(
        type="log", title="bytes an image" + (", decoder included" if count_decoder else ""),
        range=[-0.1, math.log10(right)], gridcolor=GRID, zeroline=False, dtick=1, minor={"showgrid": False},
    )
    powers = range(-5, 0)
    errors = [row.mse for row in (*others, *rows, *earlier.values()) if row.mse > 0]
    top = max(-0.9, math.log10(max(errors, default=0.1)) + 0.5)  # room for the words above the star
    figure.update_yaxes(
        type="log", title="squared error per pixel", range=[math.log10(NOTHING_LOST) - 0.5, top], gridcolor=GRID,
        zeroline=False, tickvals=[NOTHING_LOST, *(10.0**power for power in powers)],
        ticktext=["exact", *(f"{10.0**power:.{-power}f}" for power in powers)],
    )
    return _quiet(figure, 430)


def price(row: Row, images: int, count_decoder: bool = True) -> str:
    """What each of so many of the network's images takes, in words."""
    if count_decoder:
        return f"For {counted(images, 'image')}, {_bytes(row.with_decoder(images))} each"
    return f"{_bytes(row.bytes_each)} an image, without the decoder"


def rate_finding(row: Row, others: Sequence[Row], images: int, count_decoder: bool = True) -> str:
    """Whether anything is no larger than the network's images and errs no more."""
    start = price(row, images, count_decoder)
    better = beaten_by(row, others, images, count_decoder)
    if better is None:
        return f"{start}: nothing so small errs less"
    theirs = better.with_decoder(images) if count_decoder else better.bytes_each
    loses = "loses nothing" if better.mse == 0 else "errs less"
    return f"{start}: {better.name} takes {_bytes(theirs)} and {loses}"


def cost_over_images(row: Row, others: Mapping[str, Row], images: int) -> go.Figure:
    """Bytes an image over the number of images that share the decoder, with the break-even points.

    others : name -> row; "gzip" is the one that the break-even is counted from
    """
    figure = go.Figure()
    looks = {"raw": (INPUT, "dot"), "gzip": (INPUT, "solid"), "xz, all together": (INPUT, "dash")}
    for name, other in {**others, row.name: row}.items():
        colour, dash = looks.get(name, (BASELINE, "solid"))
        counts = [count for count in COUNTS if other.holds_for(count)]
        figure.add_scatter(
            x=counts, y=[other.with_decoder(count) for count in counts], mode="lines", name=name,
            line={"color": OUTPUT, "width": 4} if other is row else {"color": colour, "width": 2, "dash": dash},
            hovertemplate="%{x:,.3s} images: %{y:,.4r} bytes each<extra>" + name + "</extra>",
        )
    crossings = {name: break_even(row, other) for name, other in others.items() if other.decoder == 0}
    crossings = {
        name: count for name, count in crossings.items() if 1 <= count <= COUNTS[-1] and others[name].holds_for(count)
    }
    figure.add_scatter(
        x=list(crossings.values()), y=[row.with_decoder(count) for count in crossings.values()], mode="markers+text",
        marker={"color": OUTPUT, "size": 11, "symbol": "diamond", "line": {"width": 1.5, "color": "white"}},
        text=[f" {rounded(count):,} " if name == "gzip" else "" for name, count in crossings.items()],
        textposition=[_side(count, COUNTS[-1]) for count in crossings.values()], showlegend=False,
        customdata=list(crossings),
        hovertemplate="break-even with %{customdata}: %{x:,.0f} images<extra></extra>",
    )
    figure.add_scatter(
        x=[images, images], y=[0.5, 2e6], mode="lines", line={"color": INPUT, "width": 1.5, "dash": "dot"},
        showlegend=False, hoverinfo="skip",
    )
    figure.update_xaxes(
        type="log", title="images that share the decoder", gridcolor=GRID, zeroline=False, range=[0, 7],
        tickvals=[1, 100, 10_000, 1_000_000], ticktext=["1", "100", "10,000", "1 million"],
    )
    low = min(other.bytes_each for other in (row, *others.values()))
    figure.update_yaxes(
        type="log", title="bytes an image, decoder included", gridcolor=GRID, zeroline=False, dtick=1,
        range=[math.log10(low / 2), math.log10(row.with_decoder(1) * 2)], minor={"showgrid": False},
    )
    return _quiet(figure, 430)


def even_finding(row: Row, gzip: Row | None) -> str:
    """From how many images on the network is the smaller one."""
    if gzip is None:
        return "The decoder is shared by all images"
    count = break_even(row, gzip)
    if math.isinf(count):
        return "gzip always wins: it is smaller, and exact"
    return f"Below {rounded(count):,} images gzip wins: the decoder is not free"


def size_claim(packed: float, row: Row | None, gzip: Row | None) -> str:
    """What the page claims: that it is smaller where the code is small for sure, else what is measured.

    packed : bytes of a code before it is squeezed any further
    """
    if packed <= GZIP_LEAST:
        return "Smaller than gzip, never exact; and the decoder is not free."
    if row is None or gzip is None:
        return "Never exact, and the decoder is not free."
    size = "Larger" if math.isinf(break_even(row, gzip)) else "Smaller"
    return f"{size} than gzip, never exact; and the decoder is not free."


def power_over_frequency(input: Spectrum, output: Spectrum, error: Spectrum, pca: Spectrum, noun: str) -> go.Figure:
    """Power of inputs, outputs and what was lost, over the frequency from 1 to 14 cycles across the image."""
    cycles = np.arange(1, NYQUIST + 1)
    figure = go.Figure()
    lines = (
        (f"test {noun}", input, {"color": INPUT, "width": 3}),
        ("PCA", pca, {"color": BASELINE, "width": 2}),
        ("this network", output, {"color": OUTPUT, "width": 4}),
        ("its error", error, {"color": FAILURE, "width": 2, "dash": "dash"}),
    )
    for name, spectrum, line in lines:
        figure.add_scatter(
            x=cycles, y=spectrum[1:], mode="lines+markers", name=name, line=line, marker={"size": 5},
            customdata=(spectrum / np.maximum(input, 1e-300))[1:],
            hovertemplate="%{x} cycles: %{customdata:.0%} of the input's power<extra>" + name + "</extra>",
        )
    figure.update_xaxes(title="cycles across the image", gridcolor=GRID, dtick=2, zeroline=False)
    figure.update_yaxes(title="power", type="log", gridcolor=GRID, zeroline=False, dtick=1, exponentformat="power",
                        minor={"showgrid": False})
    return _quiet(figure, 360)


def spectrum_finding(input: Spectrum, error: Spectrum) -> str:
    """How large the error is beside the coarse and beside the fine, and where it outweighs what was there."""
    coarse, fine = share(error, input, 1, 3), share(error, input, 8, NYQUIST)
    first = f"The error is {coarse:.0%} of the coarse power, {fine:.0%} of the fine"
    silent = 1e-9 * float(input.sum())  # where nothing was, nothing is lost
    over = [cycle for cycle in range(1, NYQUIST + 1) if error[cycle] > max(0.5 * input[cycle], silent)]
    if fine > coarse:
        return first + (f"; from {over[0]} cycles on most is lost" if over else "")
    return first + ": no blur"


def _curve(
    figure: go.Figure, rows: Sequence[Row], places: Sequence[float], name: str, colour: str, dash: str, symbol: str,
    width: float, size: float,
) -> None:
    if rows:
        figure.add_scatter(
            x=list(places), y=[max(row.mse, NOTHING_LOST) for row in rows], mode="lines+markers", name=name,
            line={"color": colour, "width": width, "dash": dash},
            marker={"color": colour, "size": size, "symbol": symbol}, customdata=[row.name for row in rows],
            hovertemplate="%{x:,.4r} bytes, MSE %{y:.3r}<extra>%{customdata}</extra>",
        )


def _side(value: float, right: float) -> str:
    """On which side of a mark there is room for its words, on a logarithmic axis from 1 to `right`."""
    return "top right" if value**2 < right else "top left"


def _bytes(size: float) -> str:
    return f"{size:,.0f} bytes" if size >= 10 else f"{size:.1f} bytes"


def rounded(count: float) -> int:
    """A number of images in three digits: more are not known."""
    return round(float(f"{count:.3g}"))


def _quiet(figure: go.Figure, height: int) -> go.Figure:
    # Titles stand above the charts as text: Plotly does not break lines.
    figure.update_layout(
        height=height, margin={"l": 8, "r": 8, "t": 12, "b": 8}, hovermode="closest",
        legend={"orientation": "h", "y": -0.2, "x": 0, "yanchor": "top"},
    )
    return figure
