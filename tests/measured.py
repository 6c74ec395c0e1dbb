"""The end of all that pages measure."""

from ae_core.ui.later import measurements, measurements_apart


def all_measured() -> None:
    """Return when all that pages have asked to be measured so far is measured: each thread does it in turn."""
    measurements().wait()
    measurements_apart().wait()
