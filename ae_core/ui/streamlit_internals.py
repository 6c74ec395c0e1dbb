"""All that the app takes from Streamlit beyond what Streamlit promises to keep, since there is no public way.

Any release may change it. So it is used here and nowhere else, imported where it is used, and listed in one table. At
its start the server looks all of it up: where something is missing, its log says what does not work.
"""

import importlib
import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st
from starlette.types import Message, Scope

_SCRIPTS = "streamlit.runtime.scriptrunner:"
_QUERY = "streamlit.runtime.state.query_params:QueryParams."
_FILES = "streamlit.runtime.memory_uploaded_file_manager:MemoryUploadedFileManager."

# What works by it, and what it needs: a module, a colon, and the names in it.
INTERNALS = {
    "visitors are told apart": (_SCRIPTS + "get_script_run_ctx", _SCRIPTS + "ScriptRunContext.session_id"),
    "Back and Forward show the experiment of the address": (_SCRIPTS + "ScriptRunContext.is_history_navigation",),
    "no click is lost": (
        _SCRIPTS + "ScriptRunner._maybe_handle_execution_control_request", _SCRIPTS + "RerunException",
        _SCRIPTS + "ScriptRunContext.has_script_started",
    ),
    "the address is that of the settings": (
        "streamlit.runtime.state:get_session_state", _QUERY + "clear_with_no_forward_msg",
        _QUERY + "set_with_no_forward_msg", _QUERY + "set_initial_query_params_from_current", _QUERY + "update",
    ),
    "the first visitor gets a page with its sidebar": (
        "streamlit.runtime.pages_manager:PagesManager.uses_pages_directory",
    ),
    "a new visitor holds up nobody": ("streamlit.watcher:LocalSourcesWatcher.update_watched_modules",),
    "no visitor can fill the memory with files": (_FILES + "add_file", _FILES + "file_storage", _FILES + "remove_file"),
    "options that the app needs are not the host's to change": (
        "streamlit.config:set_option", "streamlit.config:on_config_parsed",
    ),
    "the server knows whether anybody is there": (
        "streamlit.runtime:exists", "streamlit.runtime:get_instance", "streamlit.runtime:Runtime.state",
        "streamlit.runtime:RuntimeState.ONE_OR_MORE_SESSIONS_CONNECTED",
    ),
    "who closes her tab is gone at once": (
        "streamlit.proto.ForwardMsg_pb2:ForwardMsg.NEW_SESSION_FIELD_NUMBER",
        "streamlit.proto.NewSession_pb2:Initialize.SESSION_ID_FIELD_NUMBER",
    ),
    "the log's lines look alike": ("streamlit.logger:get_logger",),
    "an error stands in the log once": ("streamlit.error_util:_LOGGER",),
}


def check() -> None:
    """Say in the log what this Streamlit lacks, and what does not work for that."""
    for feature, paths in INTERNALS.items():
        if lacks := [path for path in paths if not _is_there(path)]:
            _say(f"has no {', '.join(lacks)}. So this does not hold: {feature}.")


def adjust(*adjustments: Callable[[], None]) -> None:
    """Change Streamlit as the app needs it; what this Streamlit does not allow is left out, and the log says so."""
    for each in adjustments:
        try:
            each()
        except (ImportError, AttributeError) as error:
            _say(f"cannot be adjusted by {each.__name__}: {error}.")


def _say(what: str) -> None:
    logging.getLogger(__name__).warning("Streamlit %s %s", st.__version__, what)


def _is_there(path: str) -> bool:
    module, _, names = path.partition(":")
    try:
        place: Any = importlib.import_module(module)
        *outer, last = names.split(".")
        for name in outer:
            place = getattr(place, name)
    except (ImportError, AttributeError):
        return False
    start = getattr(place, "__init__", None)  # where an object may get what its class has not
    return hasattr(place, last) or last in getattr(getattr(start, "__code__", None), "co_names", ())


# Of the script that asks


def session_id() -> str | None:
    """The id of the session whose script asks: the key to this session, of which no visitor may learn another's."""
    context = _context()
    return None if context is None else str(context.session_id)


def is_history_navigation() -> bool:
    """Whether the script runs since the browser went Back or Forward."""
    return bool(getattr(_context(), "is_history_navigation", False))


def is_before_script() -> bool:
    """Whether a click's callback is at work: the script itself has not begun."""
    return not getattr(_context(), "has_script_started", True)


def makes_way() -> bool:
    """Whether the script already ends for a newer request of its browser."""
    from streamlit.runtime.scriptrunner import RerunException

    return isinstance(sys.exc_info()[1], RerunException)


def _context() -> Any:
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    return get_script_run_ctx(suppress_warning=True)


def write_query(parameters: Mapping[str, Sequence[str]]) -> None:
    """Give the address these parameters, in one message; the parameters of an embedded page stay as they are.

    `st.query_params` refuses those that are bound to a widget. And a widget that is drawn for the first time would take
    what stood in the address when the script began.
    """
    from streamlit.runtime.state import get_session_state

    with get_session_state().query_params() as query:
        query.clear_with_no_forward_msg(preserve_embed=True)
        for name, values in parameters.items():
            query.set_with_no_forward_msg(name, list(values) if len(values) > 1 else values[0])
        query.set_initial_query_params_from_current()
        query.update()  # tells the browser


# Of the server


def is_anybody_connected() -> bool:
    """Whether a browser is connected; not so where a test runs the script."""
    from streamlit import runtime

    state = runtime.get_instance().state if runtime.exists() else None
    return state is runtime.RuntimeState.ONE_OR_MORE_SESSIONS_CONNECTED


def session_asked_for(scope: Scope) -> str:
    """The session's id that a browser names when it comes back after a loss: Streamlit's third subprotocol.

    Where nothing was missed no script begins then, and nobody tells the browser its session again.
    """
    return next(iter(scope.get("subprotocols", ())[2:3]), "")


def session_told(message: Message) -> str:
    """The session's id, if Streamlit tells it to the browser in this message; it does so as a script begins."""
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    data = message.get("bytes") if message["type"] == "websocket.send" else None
    return ForwardMsg.FromString(data).new_session.initialize.session_id if data else ""


def logger(name: str) -> logging.Logger:
    """A logger whose lines look as Streamlit's own, those of the level "info" among them."""
    try:
        from streamlit.logger import get_logger
    except ImportError:
        return logging.getLogger(name)
    return get_logger(name)


def leave_out_errors(message: str) -> None:
    """Leave this message out of what Streamlit logs of an error of the app."""
    from streamlit.error_util import _LOGGER

    _LOGGER.addFilter(lambda entry: entry.msg != message)


def set_options(options: Mapping[str, Any]) -> None:
    """Set options now, and each time that Streamlit reads its options again, as it does when a file of them changes.

    `st.set_option` sets few of them, and for so long.
    """
    from streamlit import config

    def set_all() -> None:
        for name, value in options.items():
            config.set_option(name, value)

    set_all()
    config.on_config_parsed(set_all, force_connect=True)


def ignore_pages_folder() -> None:
    """Until app.py has named its pages once, Streamlit would take `pages` for the older kind of multipage app.

    What a server's very first visitor asks for would run alone, without the sidebar.
    """
    from streamlit.runtime.pages_manager import PagesManager

    PagesManager.uses_pages_directory = False


def postpone_requests(waits: Callable[[], bool]) -> None:
    """Let a script look for no newer request of its browser where it `waits`: Streamlit looks at each of its calls."""
    from streamlit.runtime.scriptrunner import ScriptRunner

    look = ScriptRunner._maybe_handle_execution_control_request

    def look_or_wait(runner: ScriptRunner) -> None:
        if not waits():
            look(runner)

    ScriptRunner._maybe_handle_execution_control_request = look_or_wait  # type: ignore[method-assign, assignment]


def watch_no_modules() -> None:
    """Of the app's files only pages are watched, and these only where somebody asks for it (`server.fileWatcherType`).

    When a module changes that is watched, Streamlit forgets all of them, and the next script loads them again: beside
    the pool of runs, the channel and the processes that visitors use there would be new ones that know of nobody. So a
    changed module waits for the next start of the server.

    To know what to watch, Streamlit looks up the file of every module that is loaded, PyTorch's thousand included, for
    each new visitor, on the thread that serves all of them: 0.1 to 0.2 s in which nobody's page moves. It does so even
    where it watches no files.
    """
    from streamlit.watcher import LocalSourcesWatcher

    _ = LocalSourcesWatcher.update_watched_modules  # or it raises here
    LocalSourcesWatcher.update_watched_modules = lambda watcher: None  # type: ignore[method-assign, assignment]


def keep_newest_files(newest: int) -> None:
    """Of what a session uploads its newest files are kept, so that no visitor can fill the server's memory.

    Streamlit keeps all of them, also those of a field that is no longer on the page: each has a bound, their number has
    none.
    """
    from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
    from streamlit.runtime.uploaded_file_manager import UploadedFileRec

    add = MemoryUploadedFileManager.add_file

    def add_and_drop(files: MemoryUploadedFileManager, session_id: str, file: UploadedFileRec) -> None:
        add(files, session_id, file)
        for old in list(files.file_storage.get(session_id, ()))[:-newest]:
            files.remove_file(session_id, old)

    MemoryUploadedFileManager.add_file = add_and_drop  # type: ignore[method-assign, assignment]
