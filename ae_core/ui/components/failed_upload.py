"""One sentence for a file that did not arrive: Streamlit's own is a library's, and shows only under the pointer."""

import json

import streamlit as st

from ae_core.ui.components.packing import pack

WORDS = {
    403: "uploads need a cookie, and this browser or a proxy on the way keeps it back.",
    413: "it is too large for a proxy on the way.",
    429: "too many files were sent at once. Try again in a minute.",
}
OTHERWISE = "try again. If that fails too, a proxy on the way lets no files through."

_SCRIPT = f"""
const WORDS = {json.dumps(WORDS)};
const OTHERWISE = {json.dumps(OTHERWISE)};

export default function ({{ parentElement }}) {{
  const place = parentElement.querySelector("p");
  const uploads = new PerformanceObserver((list) => {{
    for (const {{ name, responseStatus }} of list.getEntries()) {{
      if (!name.includes("/_stcore/upload_file/")) continue;
      // a browser that does not tell the status of requests cannot tell a failure either
      place.hidden = responseStatus === undefined || (responseStatus >= 200 && responseStatus < 300);
      place.textContent = place.hidden ? "" : `The file did not arrive: ${{WORDS[responseStatus] ?? OTHERWISE}}`;
    }}
  }});
  uploads.observe({{ type: "resource" }});
  return () => uploads.disconnect();
}}
"""
_STYLE = "p { margin: 0; color: var(--st-red-color); font-family: var(--st-font); line-height: 1.6 }"
_COMPONENT = st.components.v2.component("failed_upload", html='<p role="alert" hidden></p>', css=_STYLE, js=_SCRIPT)


def tell_failed_upload(key: str) -> None:
    """Below a field for files: say why the newest file did not reach the server, if it did not."""
    _COMPONENT(data=pack({}), key=f"{key} failed")
