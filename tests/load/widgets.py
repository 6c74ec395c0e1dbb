"""Widgets as Streamlit's frontend keeps them: which element carries which value, and how it goes to the server.

The message of a widget says what it shows first (`default`), or what the server sets it to now (`set_value`). The
browser keeps the value and sends it with every request; a button's press is sent once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from streamlit.proto.Slider_pb2 import Slider
from streamlit.proto.WidgetStates_pb2 import WidgetState

Value = bool | float | int | str | list[float] | list[str] | None

BUTTONS = {"button", "download_button"}


@dataclass(frozen=True)
class Widget:
    """One widget on the page.

    `path` is its place, `fragment` the id of the fragment that it reruns ("" for the whole script), `field` the
    field of `WidgetState` that holds its value, `query_key` the parameter of the address that it is bound to or "".
    """

    id: str
    label: str
    kind: str
    field: str
    fragment: str
    query_key: str
    default: Value
    given: Value  # what the server sets it to now, or None

    @property
    def key(self) -> str:
        """The key that the app gave it, "None" where it gave none."""
        return key_of(self.id)

    def text(self, value: Value) -> str | None:
        """The value as it stands in the address, None for the default."""
        if value == self.default:
            return None
        first = value[0] if isinstance(value, list) and value else value
        return f"{first:g}" if isinstance(first, float) else f"{first}"


def key_of(id: str) -> str:
    """The app's own key in an element's id, "" where the id holds none."""
    parts = id.split("-", 2)  # $$ID-hash-key; the key may hold dashes
    return parts[2] if len(parts) == 3 else ""


def widget(kind: str, element: Any, fragment: str) -> Widget | None:
    """The widget in an element of this kind, None for a picture, a text or any other thing without a value.

    kind : the set field of `Element`, or "tab_container" for that block
    """
    if not (kind in BUTTONS or kind in _READERS) or not element.id:
        return None
    field, default, given = _READERS.get(kind, _button)(element)
    query_key = getattr(element, "query_param_key", "")
    return Widget(element.id, getattr(element, "label", ""), kind, field, fragment, query_key, default, given)


def state(id: str, field: str, value: Value) -> WidgetState:
    """The message that tells the server a widget's value."""
    message = WidgetState(id=id)
    if isinstance(value, list):
        getattr(message, field).data.extend(value)
        getattr(message, field).SetInParent()  # an empty choice is a choice too
    elif value is not None:
        setattr(message, field, value)
    return message


Reading = tuple[str, Value, Value]


def _button(element: Any) -> Reading:
    return "trigger_value", None, None


def _slider(element: Any) -> Reading:
    if element.type == Slider.SELECT_SLIDER:
        chosen = [element.options[int(index)] for index in element.default]
        return "string_array_value", chosen, list(element.raw_value) if element.set_value else None
    return "double_array_value", list(element.default), list(element.value) if element.set_value else None


def _selectbox(element: Any) -> Reading:
    default = element.options[element.default] if element.HasField("default") and element.options else None
    return "string_value", default, element.raw_value if element.set_value else None


def _button_group(element: Any) -> Reading:
    chosen = [element.options[index].content for index in element.default]
    return "string_array_value", chosen, list(element.raw_values) if element.set_value else None


def _number_input(element: Any) -> Reading:
    return "double_value", element.default if element.HasField("default") else None, _set(element)


def _text(element: Any) -> Reading:
    return "string_value", element.default, _set(element)


def _checkbox(element: Any) -> Reading:
    return "bool_value", element.default, _set(element)


def _tabs(element: Any) -> Reading:
    return "string_value", element.default_tab_label, None


def _set(element: Any) -> Value:
    value: Value = element.value if element.set_value else None
    return value


_READERS: dict[str, Callable[[Any], Reading]] = {
    "slider": _slider,
    "selectbox": _selectbox,
    "button_group": _button_group,
    "number_input": _number_input,
    "text_input": _text,
    "text_area": _text,
    "checkbox": _checkbox,
    "tab_container": _tabs,
}
