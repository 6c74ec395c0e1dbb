"""Images for a page: read in the background the first time that anybody on the server asks for them."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from ae_core.data.datasets import Dataset, load
from ae_core.ui.background.measurement_queue import in_thread
from ae_core.ui.live.polling_fragment import wait_for
from ae_core.ui.script_run.end_page import end_page

T = TypeVar("T")


def loaded_images(name: str) -> Dataset:
    """The data set of a name. The page ends here while it is read, which takes seconds where patches are cut from
    photographs, and starts anew when it is there; where it cannot be read the page says why.
    """
    return read_images(load, name)


def read_images(reader: Callable[[str], T], name: str) -> T:
    """What a function reads of the data set of a name; the page waits for it as for `loaded_images`."""
    data = in_thread(reader, name)
    if data is None:
        st.caption(":material/hourglass_top: The images are being read.")
        wait_for(lambda: in_thread(reader, name) is None)
        end_page()
    return data
