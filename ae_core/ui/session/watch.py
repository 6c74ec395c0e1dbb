"""Since when a visitor watches some work: what its pace is taken from."""

from dataclasses import dataclass, replace

AWAY = 10.0  # seconds without a look at the work, after which its pace is taken anew


@dataclass(frozen=True)
class Watch:
    """Since when the visitor watches the work, when she did last, and how much was left at first."""

    began: float
    seen: float
    left: float

    @classmethod
    def after(cls, before: "Watch | None", now: float, left: float) -> "Watch":
        """The watch after one more look at the work; it begins anew after a pause, and when there is more to do."""
        if before is None or now - before.seen > AWAY or left > before.left:
            return cls(now, now, left)
        return replace(before, seen=now)
