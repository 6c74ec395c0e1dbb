"""What Streamlit does for any browser that asks, and here for none.

It empties all caches of the server, for everybody, when one browser sends a message of two bytes; the menu's entry is
hidden, but a message can be forged. In these caches are the runs of all visitors, and the processes that train.
"""

from streamlit.runtime.app_session import AppSession


def keep_caches() -> None:
    """No visitor can empty the server's caches."""
    AppSession._handle_clear_cache_request = _nothing  # type: ignore[method-assign, assignment]


def _nothing(session: AppSession) -> None:
    pass
