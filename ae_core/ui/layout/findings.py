"""What pages conclude from a network, and what they say instead where it has diverged."""

from ae_core.evaluation.divergence import divergence, has_diverged
from ae_core.runs.run import Run


def divergence_of(*runs: Run | None) -> str | None:
    """What is to be said of the first of the runs that has ended and has diverged, None where none has."""
    for run in runs:
        newest = None if run is None or run.live else run.newest
        if run is None or newest is None:
            continue
        train, test = newest.train["mse"], newest.test["mse"]
        if has_diverged(train, test, run.spec.data):
            return divergence(test, run.spec.data)
    return None


def unless_diverged(finding: str, *runs: Run | None) -> str:
    """The finding about the networks of these runs, or that one of them has diverged."""
    return divergence_of(*runs) or finding
