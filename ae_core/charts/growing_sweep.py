"""The sweep while it grows, as a picture: a Plotly chart would be built anew, and blank, at each change."""

import math
from base64 import b64encode
from collections.abc import Mapping, Sequence
from itertools import pairwise

from ae_core.charts.capacity import Dot
from ae_core.charts.capacity.axes import code_labels, error_range
from ae_core.charts.colours import BASELINE, GRID, INPUT, OUTPUT
from ae_core.charts.style import log_ticks, plain_number

HEIGHT = 360  # pixels between the axes
LABEL = f"position: absolute; white-space: nowrap; color: {INPUT};"


def growing_sweep_image(dots: Sequence[Dot], pca: Mapping[int, float], sizes: Sequence[int]) -> str:
    """Test errors against the code size, both logarithmic: filled where training has ended, hollow before.

    It is HTML, so that its words have the page's font, with a picture inside that says how many points it has.
    """
    low, high = error_range([*(dot.test for dot in dots), *pca.values()])

    def x(size: float) -> float:
        return _share(size, min(sizes) / 1.4, max(sizes) * 1.4)

    def y(error: float) -> float:
        return 100 - _share(min(max(error, low), high), low, high)

    ticks = log_ticks(low, high)
    parts = [_line((0, y(tick)), (100, y(tick)), GRID, 1) for tick in ticks]
    parts += [_line((x(size), 0), (x(size), 100), GRID, 1) for size in sizes]
    places = [(x(size), y(error)) for size, error in pca.items()]
    parts += [_line(start, end, BASELINE, 2) for start, end in pairwise(places)]
    for dot in dots:
        ended = dot.train is not None
        parts.append(
            f'<circle class="{"ended" if ended else "training"}" cx="{x(dot.at):.2f}%" cy="{y(dot.test):.2f}%" '
            f'r="5" fill="{OUTPUT if ended else "none"}" stroke="{OUTPUT}" stroke-width="2"/>'
        )
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="100%">{"".join(parts)}</svg>'
    ended_dots = sum(dot.train is not None for dot in dots)
    words = f"Test error against the code size so far: {len(dots)} points, {ended_dots} of them measured"
    labels = [
        _label(plain_number(tick), f"right: calc(100% + 6px); top: {y(tick):.2f}%", "translate(0, -50%)")
        for tick in ticks
    ]
    labels += [
        _label(text, f"left: {x(size):.2f}%; top: calc(100% + 4px)", "translate(-50%, 0)")
        for size, text in zip(sizes, code_labels(sizes), strict=True)
    ]
    labels.append(_label("code size", "left: 50%; top: calc(100% + 22px); font-size: 14px", "translate(-50%, 0)"))
    labels.append(_label("MSE", "left: -60px; top: 50%; font-size: 14px", "translate(0, -50%) rotate(-90deg)"))
    return (
        f'<div style="position: relative; height: {HEIGHT}px; margin: 12px 8px 48px 62px; font-size: 12px">'
        f'<img alt="{words}" src="data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}" '
        f'style="position: absolute; width: 100%; height: 100%">{"".join(labels)}</div>'
    )


def _share(value: float, low: float, high: float) -> float:
    """How far a value is from low to high on a logarithmic axis, in per cent."""
    return 100 * math.log(value / low) / math.log(high / low)


def _line(start: tuple[float, float], end: tuple[float, float], colour: str, width: int) -> str:
    places = " ".join(
        f'x{number}="{x:.2f}%" y{number}="{y:.2f}%"' for number, (x, y) in enumerate((start, end), 1)
    )
    return f'<line {places} stroke="{colour}" stroke-width="{width}"/>'


def _label(text: str, place: str, moved: str) -> str:
    return f'<span aria-hidden="true" style="{LABEL} {place}; transform: {moved}">{text}</span>'
