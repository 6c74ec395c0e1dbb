"""The end of all that pages measure."""

from ae_core.ui.background.measurement_queue import process_measurements, thread_measurements


def all_measured() -> None:
    """Return when all that pages have asked to be measured so far is measured: each thread does it in turn."""
    thread_measurements().wait()
    process_measurements().wait()
