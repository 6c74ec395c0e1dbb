"""What ends a page, or a part of it, before its last line: what cannot be read or measured, or nothing more to show.

`st.stop` would end the whole script, and with it the sidebar, which is drawn after the page.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import streamlit as st

from ae_core.datasets import DataError


class Unmeasured(RuntimeError):
    """What makes measurements was lost each time. Its words are for visitors."""


class _Over(Exception):
    """Nothing of this page follows."""


def over() -> NoReturn:
    """End the page here, or the part of it that is drawn again by itself."""
    raise _Over


@contextmanager
def told() -> Iterator[None]:
    """Draw the page, or a part of it, as far as it goes. `DataError` and `Unmeasured` are said as their one sentence.

    Streamlit shows an error of a fragment itself, and in its own general words, before the page could catch it.
    """
    try:
        yield
    except DataError as error:
        st.warning(str(error), icon=":material/broken_image:")
    except Unmeasured as error:
        st.warning(str(error), icon=":material/hourglass_disabled:")
    except _Over:
        pass
