"""What ends a page, or a part of it, before its last line: what cannot be read or measured, or nothing more to show.

`st.stop` would end the whole script, and with it the sidebar, which is drawn after the page.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import streamlit as st

from ae_core.data.datasets import DataError


class MeasurementError(RuntimeError):
    """What makes measurements was lost each time. Its words are for visitors."""


class _Over(Exception):
    """Nothing of this page follows."""


def end_page() -> NoReturn:
    """End the page here, or the part of it that is drawn again by itself."""
    raise _Over


@contextmanager
def errors_in_sentences() -> Iterator[None]:
    """Draw the page, or a part of it, as far as it goes. `DataError` and `MeasurementError` become their one sentence.

    Streamlit shows an error of a fragment itself, and in its own general words, before the page could catch it.
    """
    try:
        yield
    except DataError as error:
        st.warning(str(error), icon=":material/broken_image:")
    except MeasurementError as error:
        st.warning(str(error), icon=":material/hourglass_disabled:")
    except _Over:
        pass
