"""Presence: which visitors are there, and how often their pages may ask for what is new."""

import math
import threading
import time

from ae_core.system.once import Once

POLL = 0.3  # seconds between an answer to a page and its next question, as long as there are few
SECONDS_EACH = 0.035  # seconds that every visitor adds for all: their answers then take a third of one core
LONGEST = 1.5  # seconds; nothing on a page that trains should stand still for two
LATELY = 3.0  # seconds; above every pause between two questions
REMEMBERED = 150.0  # seconds that a silent visitor is known


class Presence:
    """Who asked lately, by name."""

    def __init__(self) -> None:
        self._seen: dict[str, float] = {}
        self._lock = threading.Lock()

    def see(self, visitor: str) -> None:
        """Note that a visitor is there now."""
        with self._lock:
            self._seen[visitor] = time.monotonic()

    def knows(self, visitor: str) -> bool:
        """Whether a visitor was there in the last minutes."""
        return visitor in self._seen

    def silence(self, visitor: str) -> float:
        """Seconds since a visitor was there; infinite for one that is not known."""
        return time.monotonic() - self._seen.get(visitor, -math.inf)

    def size(self) -> int:
        """How many were there lately."""
        with self._lock:
            now = time.monotonic()
            self._seen = {visitor: seen for visitor, seen in self._seen.items() if now - seen < REMEMBERED}
            return sum(now - seen < LATELY for seen in self._seen.values())


@Once
def presence() -> Presence:
    """All visitors of this server."""
    return Presence()


def polling_interval(visitors: int) -> float:
    """Seconds between an answer to a page and its next question, when so many visitors ask."""
    return min(LONGEST, max(POLL, SECONDS_EACH * visitors))
