"""A page that was connected to the server anew runs again.

The server may not be the same one, or may have forgotten the session: then it knows none of the page's fragments, and
does nothing when one of them is asked for. Streamlit's own page runs again only where a script or a fragment ran last.
"""

import time
from pathlib import Path

import streamlit as st

from ae_core.ui.components.packing import pack

_SCRIPT = """
export default function ({ data, parentElement, setTriggerValue }) {
  stopAsking(parentElement); // the page has run
  let wasConnected = isConnected();
  const watching = new MutationObserver(() => {
    if (isConnected() && !wasConnected) askWhenIdle(parentElement, () => setTriggerValue("reconnected", true));
    wasConnected = isConnected();
  });
  watching.observe(document.body, { subtree: true, attributeFilter: ["data-test-connection-state"] });
  return () => watching.disconnect();
}
"""
_COMPONENT = st.components.v2.component(
    "reconnect",
    html="<i></i>",
    js=(Path(__file__).parent / "_shared" / "idle.js").read_text(encoding="utf-8") + _SCRIPT,
)


def run_again_after_reconnect() -> None:
    """Let the page run again when the browser's connection was lost and is there again. To be drawn in no fragment."""
    turn = time.monotonic()  # each message has to differ from the last one, or the browser is not told that it came
    _COMPONENT(data=pack({"turn": turn}), key="reconnect", on_reconnected_change=lambda: None)
