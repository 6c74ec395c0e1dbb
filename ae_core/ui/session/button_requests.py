"""What a visitor asked for with a button. A request belongs to the settings that it was made for, to all of them."""

from collections.abc import Hashable, Iterable

from ae_core.spec import Spec
from ae_core.ui.session.page_runs import leave
from ae_core.ui.session.state import state


def request(name: str, settings: Hashable) -> None:
    """Note what the visitor asks for: a new request takes the place of the former one of this name."""
    state.requests[name] = settings


def requested(name: str, settings: Hashable) -> bool:
    """Whether the visitor asked for this with these very settings."""
    return state.requests[name] == settings


def withdraw(name: str) -> None:
    """Forget the request of this name; what trains in a role of this name for it ends."""
    state.requests[name] = None
    leave(name)


def withdraw_others(name: str, settings: Hashable) -> None:
    """Forget the request of this name if it was made for other settings: it does not begin again by itself."""
    if state.requests[name] not in (None, settings):
        withdraw(name)


def keys_of(specs: Iterable[Spec]) -> tuple[str, ...]:
    """All networks of a request, as its settings."""
    return tuple(spec.key for spec in specs)
