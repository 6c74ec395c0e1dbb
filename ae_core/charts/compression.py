"""Charts of the page: rows of the ledger in, Plotly figures and their findings out."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from ae_core.charts.colours import BASELINE, FAILURE, GRID, INPUT, OUTPUT
from ae_core.codecs.image_codecs import EXACT
from ae_core.codecs.learned import NETWORK, PCA
from ae_core.codecs.ledger import Cost, break_even, front, has_smaller_error, no_larger
from ae_core.codecs.spectrum import COARSE, FINE, NYQUIST, Spectrum, share
from ae_core.formatting import counted

NOTHING_LOST = 2e-6  # where an error of 0 is drawn: the axis is logarithmic
LOOKS = {  # family -> dash and marker
    PCA: ("solid", "diamond"),
    "JPEG, all together": ("dash", "square"),
    "JPEG, alone": ("dot", "square-open"),
    "WebP, all together": ("dash", "triangle-up"),
    "WebP, alone": ("dot", "triangle-up-open"),
}
NAMED = {"raw": "raw", "gzip": "gzip", "xz, all together": "xz"}
SIDES = {"raw": "top right", "gzip": "bottom center", "xz, all together": "top left"}  # apart on a phone too
COUNTS = tuple(np.geomspace(1, 1e7, 71))  # images, on the axis


def rate_distortion(
    network: Mapping[int, Cost], bits: int, others: Sequence[Cost], earlier: Mapping[str, Cost], images: int,
    count_decoder: bool,
) -> go.Figure:
    """Bytes an image against error, both logarithmic; what is exact lies on a line of its own at the bottom.

    network : bits a unit -> row; bits : which of them is the highlighted one
    earlier : earlier runs of the visit, by their description
    images : how many share the decoder
    """
    def place(row: Cost) -> float:
        return row.with_decoder(images) if count_decoder else row.bytes_each

    others = [row for row in others if row.holds_for(images) or not count_decoder]
    figure = go.Figure()
    for family, (dash, symbol) in LOOKS.items():
        rows = front((row for row in others if row.family == family), place)
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
            x=[place(chosen)], y=[chosen.mse], mode="markers+text", name=f"{counted(bits, 'bit')} per number",
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


def price(row: Cost, images: int, count_decoder: bool = True) -> str:
    """What each of so many of the network's images takes, in words."""
    if count_decoder:
        return f"For {counted(images, 'image')}, {_bytes(row.with_decoder(images))} each"
    return f"{_bytes(row.bytes_each)} an image, without the decoder"


def rate_finding(row: Cost, others: Sequence[Cost], images: int, count_decoder: bool = True) -> str:
    """Whether anything no larger than the network's images has a smaller error, beyond chance, or as small a one."""
    start = price(row, images, count_decoder)
    rivals = no_larger(row, others, images, count_decoder)
    better = next((rival for rival in rivals if has_smaller_error(rival, row)), None)
    equal = next((rival for rival in rivals if not has_smaller_error(row, rival)), None)
    rival = better or equal
    if rival is None:
        return f"{start}: of all measured here, nothing as small has as small an error"
    takes = f"{rival.name} takes {_bytes(rival.with_decoder(images) if count_decoder else rival.bytes_each)}"
    if better is None:
        return f"{start}: {takes}, and no difference in error is to be seen"
    return f"{start}: {takes} and {'loses nothing' if rival.mse == 0 else 'has a smaller error'}"


def cost_over_images(row: Cost, others: Mapping[str, Cost], images: int) -> go.Figure:
    """Bytes an image over the number of images that share the decoder, with the break-even points.

    others : name -> row; the number at the last break-even is written beside it
    """
    figure = go.Figure()
    looks = {"raw": "dot", "gzip": "solid"}
    for name, other in {**others, row.name: row}.items():
        colour, dash = (INPUT, looks.get(name, "dash")) if other.family in EXACT else (BASELINE, "solid")
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
        text=[f" {rounded(count):,} " if count == max(crossings.values()) else "" for count in crossings.values()],
        # the line falls to the right: its words stand above it, as long as there is room
        textposition=["top right" if count < COUNTS[-1] / 100 else "top left" for count in crossings.values()],
        showlegend=False,
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


def even_finding(row: Cost, exact: Cost) -> str:
    """From how many images on the network is smaller than an exact coder."""
    count, name = break_even(row, exact), short(exact)
    if math.isinf(count):
        return f"From {counted(exact.fewest, 'image')} on, {name} is always smaller, and exact"
    if count < exact.fewest:  # of fewer images its file was not measured: they take more each, not less
        return f"From at most {counted(rounded(count), 'image')} on, the network is smaller than {name}"
    return f"Below about {counted(rounded(count), 'image')} {name} is smaller, and exact: the decoder is not free"


def size_claim(row: Cost | None, exact: Cost | None) -> str:
    """What the page claims, from what is measured: of the size, decoder included, and of what comes back exact.

    exact : the smallest exact coder; None, as the row, before it is measured
    """
    if row is None or exact is None:
        return "A code costs bytes, and so does its decoder."
    count, tested, same = break_even(row, exact), len(row.errors), round(row.exact * len(row.errors))
    size = "No smaller than lossless files" if math.isinf(count) else (
        f"Smaller than lossless files from about {counted(rounded(count), 'image')} on"
    )
    if same == tested:
        return f"{size}, and exact: all {tested:,} came back the same."
    return f"{size}; {f'{same:,}' if same else 'none'} of {tested:,} came back exact."


def rounding_finding(rows: Mapping[int, Cost]) -> str:
    """What fewer bits per number do to the squared error of a network."""
    changes = [f"{added_error(rows[bits], rows[32])} at {counted(bits, 'bit')}" for bits in (8, 4, 2)]
    return f"For this network rounding changes the squared error by {', '.join(changes)}."


def added_error(row: Cost, best: Cost) -> str:
    """How much larger the squared error of a row is than that of another one: "+1.2%", or as it is where that is 0."""
    if row.mse == best.mse:
        return "+0.0%"
    return f"{row.mse / best.mse - 1:+z,.1%}" if best.mse else f"+{row.mse:.2g}"


def short(row: Cost) -> str:
    """The name of a coder without what it was given: "xz"."""
    return row.name.split(",")[0]


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
    """How large the error is beside large shapes and beside fine detail, and where it outweighs what was there."""
    coarse, fine = share(error, input, *COARSE), share(error, input, *FINE)
    first = f"The error has {coarse:.1%} of the power of large shapes, {fine:.1%} of that of fine detail"
    if fine <= coarse:
        return f"{first}: no blur"
    silent = 1e-9 * float(input.sum())  # where nothing was, nothing is lost
    heard = [cycles for cycles in range(1, NYQUIST + 1) if input[cycles] > silent]
    kept = [cycles for cycles in heard if error[cycles] <= 0.5 * input[cycles]]
    lost = [cycles for cycles in heard if cycles > max(kept, default=0)]
    return first + (f"; from {counted(lost[0], 'cycle')} on it is more than half" if lost else "")


def _curve(
    figure: go.Figure, rows: Sequence[Cost], places: Sequence[float], name: str, colour: str, dash: str, symbol: str,
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
