"""Whether one method errs less than another, or only seems to."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.floating[Any]]


def clearly_less(ours: Values, theirs: Values) -> bool:
    """Whether the mean of ours is below theirs by more than two standard errors; both (n,), of the same n images."""
    difference = np.asarray(theirs, np.float64) - ours
    if len(difference) < 2:
        return False
    return bool(difference.mean() > 2 * difference.std(ddof=1) / np.sqrt(len(difference)))
