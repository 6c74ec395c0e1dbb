"""Whether one method errs less than another, or only seems to."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.floating[Any]]


def standard_error(values: Values) -> float:
    """Of the mean of values (n,)."""
    return float(values.std() / len(values) ** 0.5)


def clearly_less(ours: Values, theirs: Values) -> bool:
    """Whether the mean of ours is below theirs by more than two standard errors; both (n,), of the same n images."""
    difference = np.asarray(theirs, np.float64) - ours
    if len(difference) < 2:
        return False
    return bool(difference.mean() > 2 * standard_error(difference))
