"""The contact sheet: a page of small images, one of which is chosen by pointer or by keyboard."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from ae_core.data.datasets import Images
from ae_core.ui.components.inline import inline_component
from ae_core.ui.components.packing import pack

_COMPONENT = inline_component(Path(__file__).parent)


def contact_sheet(
    images: Images, thing: str, names: Sequence[str], numbers: Sequence[int], chosen: int, first: int, total: int,
    *, key: str, on_chosen: Callable[[], None], on_turned: Callable[[], None],
) -> None:
    """Show uint8 images (n, 784), those from place `first` on out of `total`.

    thing : what an image is called, as its data set has it
    names : what each image is, for those who hear the page
    numbers : what each image is called here; the one called `chosen` is marked
    on_chosen : called when `st.session_state[key].chosen` holds the number of a chosen image
    on_turned : called when `.turned` holds -1 or +1: the sheet before or after this one is wanted.
        Both come from the browser: check them.
    """
    message = {
        "images": np.ascontiguousarray(images, np.uint8).tobytes(),
        "thing": thing, "names": list(names), "numbers": list(numbers), "chosen": chosen,
        "first": first, "total": total,
    }
    _COMPONENT(data=pack(message), key=key, on_chosen_change=on_chosen, on_turned_change=on_turned)
