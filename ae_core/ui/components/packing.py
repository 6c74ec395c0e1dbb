"""One message for the browser: names and numbers as JSON, pictures as they are."""

import json
import math
import struct
from collections.abc import Mapping
from typing import Any


def pack(fields: Mapping[str, Any]) -> bytes:
    """Pack a dict into bytes: 4 bytes length (little-endian), JSON, then the raw bytes of all `bytes` fields.

    Streamlit sends raw bytes only when they are the whole of a component's data, never as part of a
    dict; base64 would cost a third more. The JSON holds under `blobs` the length of each bytes field,
    in the order in which they follow. JSON has no NaN and no infinity: they become null.
    """
    blobs = {name: bytes(value) for name, value in fields.items() if isinstance(value, bytes | bytearray | memoryview)}
    header = {name: _plain(value) for name, value in fields.items() if name not in blobs}
    header["blobs"] = {name: len(blob) for name, blob in blobs.items()}
    text = json.dumps(header, allow_nan=False, separators=(",", ":")).encode()
    return b"".join([struct.pack("<I", len(text)), text, *blobs.values()])


def _plain(value: Any) -> Any:
    """The value in what JSON knows; numbers of NumPy become Python's."""
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
