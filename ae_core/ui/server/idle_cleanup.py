"""When nobody has been here for a while, what was made for visitors goes, and their memory with it."""

import asyncio
import logging
import math
import time

from ae_core.evaluation.measuring_process import clear_caches
from ae_core.ui.background.measurement_queue import process_measurements, thread_measurements
from ae_core.ui.server.tab_closed import ClosedTabs
from ae_core.ui.session.visitor import pool
from ae_core.ui.streamlit_internals import is_anybody_connected

_log = logging.getLogger(__name__)

LOOK = 0.25  # seconds between two looks; a shorter visit is known by its end
ABSENCE = 150.0  # seconds without a visitor: a dropped connection has 120 s to come back


async def tidy_up() -> None:
    """Forget all each time that the last visitor has been away for a while; as long as the server runs."""
    last_seen = tidied = -math.inf
    while True:
        await asyncio.sleep(LOOK)
        last_seen = time.monotonic() if is_anybody_connected() else max(last_seen, ClosedTabs.latest)
        if last_seen > tidied and time.monotonic() - last_seen > ABSENCE:
            tidied = time.monotonic()
            try:
                await asyncio.to_thread(forget)
            except Exception:  # the next time that all have left it is tried again
                _log.exception("Not all could be forgotten")


def forget() -> None:
    """Let go of runs that have ended, of all measurements, and of what functions keep for their next call.

    A visitor who comes back brings her experiment in her link. The digits stay: all processes share them.
    """
    pool().forget()
    thread_measurements().forget()
    process_measurements().forget()
    clear_caches()
    pool().renew()  # only now: what the server still holds would stay in a new process for good
    process_measurements().renew()
