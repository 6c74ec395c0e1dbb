"""What stands behind the server's front: the channel, and an ear for departures. All that a first visit needs."""

from starlette.types import ASGIApp

import ae_core.ui.absence  # not used here, but soon
import ae_core.ui.sidebar  # noqa: F401
from ae_core.system import let_go_early
from ae_core.ui.atlas import MAP
from ae_core.ui.channel import Channel
from ae_core.ui.departure import Departures
from ae_core.ui.later import measurements_apart
from ae_core.ui.parts import WORDS
from ae_core.ui.session import pool
from ae_core.ui.stage import THEATRE


def begin() -> None:
    """Start the processes that train, and the one that measures."""
    let_go_early()
    pool()
    measurements_apart()


def wrap(app: ASGIApp) -> ASGIApp:
    """Streamlit's app, and what this one adds to it."""
    return Departures(Channel(app, {"words": WORDS, "theatre": THEATRE, "map": MAP}))
