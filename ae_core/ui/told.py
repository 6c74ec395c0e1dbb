"""What a visitor reads in place of a page, or of a part of it, whose data file is missing or damaged."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from ae_core.datasets import DataError


@contextmanager
def told() -> Iterator[None]:
    """Say a `DataError` as its one sentence. Around the page, and as a decorator of what a fragment runs.

    Streamlit shows an error of a fragment itself, and in its own general words, before the page could catch it.
    """
    try:
        yield
    except DataError as error:
        st.warning(str(error), icon=":material/broken_image:")
