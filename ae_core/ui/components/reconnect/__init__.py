"""A page that was connected to the server anew runs again.

The server may not be the same one, or may have forgotten the session: then it knows none of the page's fragments, and
does nothing when one of them is asked for. Streamlit's own page runs again only where a script or a fragment ran last.
"""

import time
from pathlib import Path

from ae_core.ui.components.inline import inline_component
from ae_core.ui.components.packing import pack

_COMPONENT = inline_component(Path(__file__).parent)


def run_again_after_reconnect() -> None:
    """Let the page run again when the browser's connection was lost and is there again. To be drawn in no fragment."""
    turn = time.monotonic()  # each message has to differ from the last one, or the browser is not told that it came
    _COMPONENT(data=pack({"turn": turn}), key="reconnect", on_reconnected_change=lambda: None)
