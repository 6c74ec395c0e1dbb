"""What a visitor reads where a page, a part of it or a click raises what nobody expected: a sentence with a number.

The log has the same number beside the traceback. Streamlit's own words would show as much of that as the host allows.
"""

import secrets

import streamlit as st

from ae_core.ui.streamlit_internals import leave_out_errors, logger

APOLOGY = "Something went wrong here, and it is our mistake, not yours."
LOGGED = "Uncaught app execution"  # what Streamlit logs, with the traceback and without the number

_log = logger(__name__)


def show_failure(error: Exception) -> bool:
    """Say in the place of what raised that it failed, and log why; Streamlit then shows nothing beside it."""
    number = secrets.token_hex(2)
    _log.error("%s, number %s", LOGGED, number, exc_info=error)
    st.error(
        f"{APOLOGY} Your settings stay in the address of this page, and training goes on. Try again. If it happens "
        f"again, tell the number {number} to whoever runs this app.",
        icon=":material/error:",
    )
    st.button("Try again", key=f"try again {number}", icon=":material/refresh:")
    return True


def log_once() -> None:
    """Streamlit logs an error without a number just before it calls `show_failure`: that entry is left out."""
    leave_out_errors(LOGGED)
