"""What a load test notes down, and the figures that it makes of its notes."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from tests.load.server import Sample

DRAWN = ("first picture", "page")  # what a browser draws whole: some seconds of the processor that the app is to have


class Span(NamedTuple):
    """From when until when something lasted, on the clock of `time.monotonic`."""

    began: float
    ended: float

    @property
    def seconds(self) -> float:
        return self.ended - self.began

    def meets(self, other: "Span") -> bool:
        """Whether there was a moment at which both lasted."""
        return self.began < other.ended and other.began < self.ended


@dataclass
class Record:
    """The notes of all visitors; times are seconds since the test began."""

    began: float = field(default_factory=time.monotonic)
    interactions: list[tuple[float, str, float]] = field(default_factory=list)  # when, what, seconds to its end
    pictures: list[float] = field(default_factory=list)  # from opening to the first picture
    gaps: list[Span] = field(default_factory=list)  # between two pictures of a training that somebody watches
    seen: list[tuple[str, Span]] = field(default_factory=list)  # browsers: what, from the action until it is seen
    exceptions: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)  # interactions without an end
    strangers: list[str] = field(default_factory=list)  # settings that were not the visitor's own
    status_lines: int = 0  # that were compared with the visitor's own settings
    refused: int = 0  # trainings that the app had no room for
    trainings: set[tuple[str, float]] = field(default_factory=set)
    visits: int = 0
    present: int = 0
    runs: int = 0
    received: int = 0  # bytes
    over_time: list[tuple[float, int, Sample]] = field(default_factory=list)  # when, visitors present, the server

    def now(self) -> float:
        return time.monotonic() - self.began


class Watch:
    """Eyes on the Train page: how long a visitor whose network trains sees no new picture."""

    def __init__(self, gaps: list[Span]) -> None:
        self.gaps = gaps
        self.since: float | None = None
        self.newest = ("", -1)

    def begin(self, now: float) -> None:
        """Something is to move from now on."""
        self.since = now

    def see(self, now: float, recording: str, step: int, live: bool) -> None:
        """The player shows a recording up to this step, -1 without a picture; `live` while more are to come."""
        moved = step >= 0 and (recording, step) != self.newest
        self.newest = recording, step
        if self.since is None:
            self.since = now if live else None
        elif moved or not live:
            self.gaps.append(Span(self.since, now))
            self.since = now if live else None

    def end(self, now: float) -> None:
        """She looks away; what she waited so far counts."""
        if self.since is not None:
            self.gaps.append(Span(self.since, now))
        self.since = None


def summary(seconds: Sequence[float]) -> dict[str, float]:
    """Count, percentiles and the longest of some durations; the count alone where there are none."""
    if not seconds:
        return {"count": 0}
    p50, p95, p99 = np.percentile(seconds, [50, 95, 99])
    figures = {"p50": p50, "p95": p95, "p99": p99, "longest": max(seconds)}
    return {"count": len(seconds)} | {name: round(float(value), 4) for name, value in figures.items()}


def report(record: Record) -> dict[str, Any]:
    """All figures as JSON knows them: durations in seconds, memory in MiB."""
    kinds = sorted({what for _, what, _ in record.interactions})
    drawing = [span for what, span in record.seen if what in DRAWN]
    calm = [gap for gap in record.gaps if not any(map(gap.meets, drawing))]
    return {
        "interaction_to_end_of_its_script_run": {
            "all": summary([seconds for _, _, seconds in record.interactions]),
            **{kind: summary([each for _, what, each in record.interactions if what == kind]) for kind in kinds},
        },
        "opening_to_first_picture": summary(record.pictures),
        "training_without_a_new_picture": summary([gap.seconds for gap in record.gaps]),
        "training_without_a_new_picture_while_no_browser_draws_a_page": summary([gap.seconds for gap in calm]),
        "browsers_action_until_seen": {
            kind: summary([span.seconds for what, span in record.seen if what == kind])
            for kind in sorted({what for what, _ in record.seen})
        },
        "exceptions": dict(record.exceptions),
        "interactions_without_an_end": dict(record.lost),
        "settings_of_another_visitor_seen": record.strangers,
        "status_lines_compared": record.status_lines,
        "trainings": len(record.trainings),
        "trainings_refused": record.refused,
        "visits": record.visits,
        "script_runs": record.runs,
        "received_mib": round(record.received / 2**20, 1),
        "app": _app(record),
        "over_time": {
            "columns": [
                "seconds", "visitors", "pss_mib", "server_rss_mib", "threads", "cpu_seconds", "machine_cpu_seconds",
            ],
            "rows": [
                [round(when, 1), present, round(s.pss, 1), round(s.rss, 1), s.threads, s.cpu, s.busy]
                for when, present, s in record.over_time
            ],
        },
    }


def _app(record: Record) -> dict[str, float] | None:
    if not record.over_time:
        return None
    samples = [each for _, _, each in record.over_time]
    first, last = samples[0], samples[-1]
    seconds = record.over_time[-1][0] - record.over_time[0][0]
    figures = {
        "pss_mib_first": first.pss,
        "pss_mib_most": max(each.pss for each in samples),
        "pss_mib_last": last.pss,
        "server_rss_mib_first": first.rss,
        "server_rss_mib_most": max(each.rss for each in samples),
        "server_rss_mib_last": last.rss,
        "threads_first": first.threads,
        "threads_most": max(each.threads for each in samples),
        "threads_last": last.threads,
        "cpu_seconds": last.cpu - first.cpu,
        "cpu_seconds_of_the_last_five": last.cpu - samples[max(0, len(samples) - 6)].cpu,
        "cores_used_by_the_server": (last.server_cpu - first.server_cpu) / max(seconds, 1e-9),
        "cores_used": (last.cpu - first.cpu) / max(seconds, 1e-9),
        "cores_used_by_the_whole_machine": (last.busy - first.busy) / max(seconds, 1e-9),
        "server_cpu_seconds_a_script_run": (last.server_cpu - first.server_cpu) / max(record.runs, 1),
    }
    return {name: round(value, 4) for name, value in figures.items()}
