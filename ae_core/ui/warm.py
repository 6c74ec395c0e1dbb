"""What the first visitor needs is made while her browser still loads Streamlit's own page."""

import contextlib
import threading
from collections.abc import AsyncIterator

import streamlit as st

from ae_core.ui.session import pool


@contextlib.asynccontextmanager
async def warm(app: st.App) -> AsyncIterator[None]:
    """From the server's start on: read the digits and start the processes that train, beside all else."""
    threading.Thread(target=pool, name="warming", daemon=True).start()
    yield
