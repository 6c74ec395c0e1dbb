"""Images for a page: read in the background the first time that anybody on the server asks for them."""

import streamlit as st

from ae_core.datasets import DataError, Dataset, load
from ae_core.ui.later import later
from ae_core.ui.polled import polled


def loaded(name: str) -> Dataset:
    """The data set of a name. The page ends here while it is read, which takes seconds where patches are cut from
    photographs, and starts anew when it is there; where it cannot be read the page says why.
    """
    try:
        data = later(load, name)
    except DataError as error:
        st.warning(str(error))
        st.stop()
    if data is None:
        st.caption(":material/hourglass_top: The images are being read.")
        polled(_wait, waiting=True)(name)
        st.stop()
    return data


def _wait(name: str) -> None:
    try:
        there = later(load, name) is not None
    except DataError:
        there = True
    if there:
        st.rerun()
