"""Asks for the next run of the fragment that draws it, when no script runs."""

import time
from pathlib import Path

from ae_core.ui.components.inline import inline_component
from ae_core.ui.components.packing import pack

_COMPONENT = inline_component(Path(__file__).parent)


def poll(seconds: float, key: str) -> None:
    """Let the fragment around it run again after so many seconds, or as soon as possible from then on."""
    turn = time.monotonic()  # each message has to differ from the last one, or the browser is not called
    data = pack({"pause": seconds, "turn": turn})  # a dict would load pandas
    _COMPONENT(data=data, key=key, on_turn_change=lambda: None)
