"""The sweep while it grows, as a picture: a Plotly chart would be built anew, and blank, at each change."""

import math
from base64 import b64encode
from collections.abc import Mapping, Sequence

from ae_core.figures import BASELINE, GRID, INPUT, OUTPUT
from ae_core.power.figures import Dot

WIDTH, HEIGHT = 640, 340
LEFT, RIGHT, TOP, BOTTOM = 62, 12, 12, 46


def live_svg(dots: Sequence[Dot], pca: Mapping[int, float], sizes: Sequence[int]) -> str:
    """Test errors against the code size, both logarithmic: filled where training has ended, hollow before."""
    values = [*(dot.test for dot in dots), *pca.values(), 0.1]
    low = math.floor(math.log10(max(min(values), 1e-6)))
    high = max(low + 1, math.ceil(math.log10(max(values))))

    def x(size: float) -> float:
        first, last = math.log2(min(sizes)) - 0.4, math.log2(max(sizes)) + 0.4
        return LEFT + (WIDTH - LEFT - RIGHT) * (math.log2(size) - first) / (last - first)

    def y(error: float) -> float:
        share = (math.log10(max(error, 10**low)) - low) / (high - low)
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share

    parts = [
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(10**power):.1f}" y2="{y(10**power):.1f}" stroke="{GRID}"/>'
        f'<text x="{LEFT - 6}" y="{y(10**power) + 4:.1f}" text-anchor="end">{10.0**power:g}</text>'
        for power in range(low, high + 1)
    ]
    parts += [
        f'<text x="{x(size):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{size}</text>' for size in sizes
    ]
    parts.append(f'<text x="{(LEFT + WIDTH) / 2}" y="{HEIGHT - 6}" text-anchor="middle">code size</text>')
    parts.append(f'<text transform="translate(12 {HEIGHT / 2}) rotate(-90)" text-anchor="middle">MSE</text>')
    line = " ".join(f"{x(size):.1f},{y(error):.1f}" for size, error in pca.items())
    parts.append(f'<polyline points="{line}" fill="none" stroke="{BASELINE}" stroke-width="2"/>')
    for dot in dots:
        ended = dot.train is not None
        parts.append(
            f'<circle class="{"ended" if ended else "training"}" cx="{x(dot.at):.1f}" cy="{y(dot.test):.1f}" r="6" '
            f'fill="{OUTPUT if ended else "none"}" stroke="{OUTPUT}" stroke-width="2.5"/>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        f'font-size="13" fill="{INPUT}">{"".join(parts)}</svg>'
    )


def live_image(dots: Sequence[Dot], pca: Mapping[int, float], sizes: Sequence[int]) -> str:
    """The picture as an HTML element that says in words how many points it has."""
    svg = b64encode(live_svg(dots, pca, sizes).encode()).decode()
    ended = sum(dot.train is not None for dot in dots)
    words = f"Test error against the code size so far: {len(dots)} points, {ended} of them measured"
    return f'<img alt="{words}" src="data:image/svg+xml;base64,{svg}" style="width: 100%; max-height: 440px">'
