"""One sentence for a file that did not arrive: Streamlit's own is a library's, and shows only under the pointer."""

from pathlib import Path

from ae_core.ui.components.inline import inline_component
from ae_core.ui.components.packing import pack

_COMPONENT = inline_component(Path(__file__).parent)


def tell_failed_upload(key: str) -> None:
    """Below a field for files: say why the newest file did not reach the server, if it did not."""
    _COMPONENT(data=pack({}), key=f"{key} failed")
