"""What the first visitor needs is made while her browser still loads Streamlit's own page; what the last left goes."""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator

import streamlit as st

from ae_core.ui.absence import tidy_up
from ae_core.ui.session import pool


@contextlib.asynccontextmanager
async def warm(app: st.App) -> AsyncIterator[None]:
    """From the server's start on: read the digits and start the processes that train, beside all else.

    As long as it runs: tidy up when nobody is there.
    """
    threading.Thread(target=pool, name="warming", daemon=True).start()
    tidying = asyncio.create_task(tidy_up())
    yield
    tidying.cancel()
