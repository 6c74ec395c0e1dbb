"""What the app needs of Streamlit's options, whatever its host says: a host's flags and variables come before a file.

Options that a host is free to choose stand in `.streamlit/config.toml`.
"""

from typing import Any

from ae_core.ui.streamlit_internals import set_options

NEEDED: dict[str, Any] = {
    # A click waits for the script before it, some hundredths of a second, instead of racing it in a second thread: on a
    # busy server the older run could come last, and the visitor saw her slider jump back. Of two messages that come at
    # once the first was lost.
    "runner.fastReruns": False,
    # A visitor sees that something went wrong; what and where stands in the server's log. See `failure`, which says
    # more of what a script raises.
    "client.showErrorDetails": "none",
}


def keep_needed_options() -> None:
    """Set what is needed, for as long as the server runs."""
    set_options(NEEDED)
