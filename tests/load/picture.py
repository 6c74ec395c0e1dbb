"""A load test as one SVG picture of three panels: interaction times, memory, threads and cores."""

import itertools
import math
from collections.abc import Sequence
from html import escape

from tests.load.record import Record, summary

WIDTH, HEIGHT, LEFT, TOP, GAP = 900, 220, 70, 46, 40  # pixels: of a panel, and around it
COLOURS = {
    "open": "#43288b", "setting": "#299dd9", "train": "#b93c0b", "page": "#36895d", "stop": "#8a5a12",
}
Line = tuple[str, str, Sequence[tuple[float, float]]]  # name, colour, (seconds, value)


def picture(record: Record, title: str) -> str:
    """The SVG file's text."""
    times = [when for when, _, _ in record.over_time] + [when for when, _, _ in record.interactions]
    end = max(times, default=1.0)
    figures = summary([seconds for _, _, seconds in record.interactions])
    words = ", ".join(f"{name} {value:.3g} s" for name, value in figures.items() if name.startswith("p"))
    over = record.over_time
    cores = [
        (b[0], (b[2].cpu - a[2].cpu) / (b[0] - a[0])) for a, b in itertools.pairwise(over) if b[0] > a[0]
    ]
    panels = [
        _dots(record, end, f"{title}: interaction to the end of its script run, {words or 'none'}"),
        _lines("Memory of the app, MiB: all its processes (PSS), and its server alone (RSS)", end, [
            ("all", "#43288b", [(when, each.pss) for when, _, each in over]),
            ("server", "#299dd9", [(when, each.rss) for when, _, each in over]),
        ]),
        _lines("Threads of the app, visitors, and cores that the app uses, times 10", end, [
            ("threads", "#43288b", [(when, each.threads) for when, _, each in over]),
            ("visitors", "#36895d", [(when, present) for when, present, _ in over]),
            ("cores x 10", "#b93c0b", [(when, 10 * value) for when, value in cores]),
        ]),
    ]
    step = TOP + HEIGHT + GAP
    inside = "\n".join(f'<g transform="translate({LEFT} {TOP + i * step})">{p}</g>' for i, p in enumerate(panels))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 30} {3 * step}" '
        f'font-family="sans-serif" font-size="12" fill="#1d1e24">\n'
        f'<title>{escape(title)}</title>\n<rect width="100%" height="100%" fill="#fff"/>\n{inside}\n</svg>\n'
    )


def _dots(record: Record, end: float, title: str) -> str:
    """Every interaction: when, and how long on a logarithmic axis from 10 ms."""
    longest = max((seconds for _, _, seconds in record.interactions), default=1.0)
    decades = max(1, math.ceil(math.log10(max(longest, 0.011) / 0.01)))

    def height(seconds: float) -> float:
        return HEIGHT * (1 - math.log10(max(seconds, 0.01) / 0.01) / decades)

    ticks = [(height(0.01 * 10**power), f"{0.01 * 10**power:g} s") for power in range(decades + 1)]
    dots = "".join(
        f'<circle cx="{when / end * WIDTH:.1f}" cy="{height(seconds):.1f}" r="2" fill="{COLOURS[what]}"/>'
        for when, what, seconds in record.interactions
    )
    return _frame(title, end, ticks, list(COLOURS.items())) + dots


def _lines(title: str, end: float, lines: Sequence[Line]) -> str:
    """Lines over a linear axis that starts at 0."""
    top = max((value for _, _, points in lines for _, value in points), default=0.0) or 1.0
    ticks = [(HEIGHT * (1 - share), f"{share * top:.0f}") for share in (0, 0.5, 1)]
    drawn = "".join(
        f'<polyline fill="none" stroke="{colour}" stroke-width="1.5" points="'
        + " ".join(f"{when / end * WIDTH:.1f},{HEIGHT * (1 - value / top):.1f}" for when, value in points)
        + '"/>'
        for _, colour, points in lines
    )
    return _frame(title, end, ticks, [(name, colour) for name, colour, _ in lines]) + drawn


def _frame(title: str, end: float, ticks: Sequence[tuple[float, str]], legend: Sequence[tuple[str, str]]) -> str:
    parts = [f'<text y="-22" font-weight="600">{escape(title)}</text>']
    for number, (name, colour) in enumerate(legend):
        parts.append(f'<text x="{number * 90}" y="-7" fill="{colour}">● {escape(name)}</text>')
    for y, text in ticks:
        parts.append(f'<path d="M0 {y:.1f}H{WIDTH}" stroke="#d9d9d4"/>')
        parts.append(f'<text x="-6" y="{y + 4:.1f}" text-anchor="end">{escape(text)}</text>')
    for share in (0, 0.25, 0.5, 0.75, 1):
        x, text = share * WIDTH, f"{share * end:.0f} s"
        parts.append(f'<text x="{x:.0f}" y="{HEIGHT + 16}" text-anchor="middle">{text}</text>')
    return "".join(parts)
