"""What the server has once PyTorch is imported: the live channel, the end of a closed tab, and what trains."""

from starlette.types import ASGIApp

from ae_core.system.memory_and_priority import let_go_early
from ae_core.ui.background.measurement_queue import process_measurements
from ae_core.ui.latent_space.live_map import MAP_VIEW
from ae_core.ui.layout.parts import STATUS_VIEW
from ae_core.ui.live.channel import LiveChannel
from ae_core.ui.server.tab_closed import ClosedTabs
from ae_core.ui.session.visitor import pool
from ae_core.ui.train.live_player import PLAYER_VIEW


def start_processes() -> None:
    """Start the processes that train, and the one that measures."""
    let_go_early()
    pool()
    process_measurements()


def with_live_channel(app: ASGIApp) -> ASGIApp:
    """Streamlit's app, and what this one adds to it."""
    return ClosedTabs(LiveChannel(app, {"words": STATUS_VIEW, "player": PLAYER_VIEW, "map": MAP_VIEW}))
