"""What a change of the settings does, told from what another seed does."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Effect:
    """How a change of the settings alters a value, as shares of the value without it: -0.1 is a tenth less.

    change : mean over the seeds; doubt : two standard errors of this mean, infinite for a single seed
    """

    change: float
    doubt: float

    @property
    def seen(self) -> bool:
        """Whether it is more than what seeds do."""
        return abs(self.change) > self.doubt

    @property
    def words(self) -> str:
        """The change with its doubt in per cent: "-12 % ± 3"."""
        return f"{self.change:+.1%} ± {100 * self.doubt:.1f}".replace("-", "−")


def effect_of(changed: Sequence[float], unchanged: Sequence[float]) -> Effect:
    """The effect, of values with and without the change, each pair (one or more) of the same seed."""
    shares = np.array(changed) / np.array(unchanged) - 1
    doubt = 2 * float(shares.std(ddof=1)) / len(shares) ** 0.5 if len(shares) > 1 else np.inf
    return Effect(float(shares.mean()), doubt)
