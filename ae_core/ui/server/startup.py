"""The start of the server: it answers browsers at once, while PyTorch is still being imported, which takes seconds.

A browser needs some time of its own for Streamlit's page, and by then what the page shows is ready. Nothing here may
import PyTorch before it is started.
"""

import asyncio
import contextlib
import importlib
import logging
import os
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future

import streamlit as st
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from ae_core.system.resources import obey_quota, resources
from ae_core.ui.script_run.failure import log_once
from ae_core.ui.server.clicks import keep_clicks
from ae_core.ui.server.health_probes import HealthProbes
from ae_core.ui.server.options import keep_needed_options
from ae_core.ui.server.redirects import Redirects
from ae_core.ui.server.static_cache import StaticCache
from ae_core.ui.streamlit_internals import (
    adjust,
    check,
    ignore_pages_folder,
    is_anybody_connected,
    keep_newest_files,
    logger,
    watch_no_modules,
)

Wrap = Callable[[ASGIApp], ASGIApp]

# What uvloop says of a connection that is gone. Of several requests that came on one connection before the first was
# answered, uvicorn marks only the last as gone with it, and writes the answer to another into the closed connection.
CLOSED = "the handler is closed"

NEWEST_FILES = 4  # of a session: a page shows one, and a field may take the next before it gives the last one up

_log = logging.getLogger(__name__)

_imported: "Future[Wrap]" = Future()  # there is one server in a process
_getting_ready = threading.Lock()


class AnswersBeforeImports:
    """Answers what needs nothing but Streamlit at once; the rest waits until PyTorch is imported.

    imported : gives what makes the app that answers out of Streamlit's
    """

    def __init__(self, app: ASGIApp, imported: "Future[Wrap]") -> None:
        self.app = StaticCache(HealthProbes(Redirects(app)))
        self._imported = imported
        self._whole: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._answer(scope, receive, send)
        except RuntimeError as error:
            if CLOSED not in str(error):
                raise

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket" and "/live/" not in scope.get("path", ""):
            await self.app(scope, receive, send)
            return
        if self._whole is None:
            wrap = await _result(self._imported)
            self._whole = self._whole or wrap(self.app)
        await self._whole(scope, receive, send)


def middleware() -> Middleware:
    """What makes Streamlit's server answer before the rest is loaded."""
    _adjust_streamlit()
    return Middleware(AnswersBeforeImports, imported=_imported)


def _adjust_streamlit() -> None:
    check()
    adjust(keep_needed_options, watch_no_modules, keep_clicks, log_once, _bound_uploads, ignore_pages_folder)


def _bound_uploads() -> None:
    keep_newest_files(NEWEST_FILES)


@contextlib.asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """From the server's start on: load the rest and get ready to train. As long as it runs: tidy up when all left."""
    _obey_limits()
    threading.Thread(target=_prepare, name="warming", daemon=True).start()
    tidying = asyncio.create_task(_tidy_up())
    yield
    tidying.cancel()


def get_ready() -> None:
    """In a script: do what is left to do of `middleware` and `lifespan`, since some hosts run the script without them.

    There nobody answers over HTTP, and a tab that is closed is known by its silence.
    """
    with _getting_ready:
        if _imported.done() or not is_anybody_connected():
            return
        _adjust_streamlit()
        _obey_limits()
        _prepare()
    threading.Thread(target=lambda: asyncio.run(_tidy_up()), name="tidying", daemon=True).start()


def _obey_limits() -> None:
    logger(__name__).info("This server may use %s", resources())
    obey_quota()  # before the libraries count the cores


def _prepare() -> None:
    """Import all, and fork the processes before any script runs.

    A lock that another thread holds during a fork stays locked in the new process for ever: the lock of an import, say.
    If this fails, the server ends, and its host can start it again. Else it would look healthy and answer nobody.
    """
    try:
        after_imports = importlib.import_module("ae_core.ui.server.after_imports")
        after_imports.start_processes()
        _imported.set_result(after_imports.with_live_channel)
    except BaseException:
        _log.exception("The server cannot get ready, and ends")
        os._exit(1)  # in a thread nothing else ends the server with a code that tells of a failure


async def _result(future: "Future[Wrap]") -> Wrap:
    """What a future gives; who no longer waits for it does not cancel it for all others."""
    return await asyncio.shield(asyncio.wrap_future(future))


async def _tidy_up() -> None:
    await _result(_imported)
    await importlib.import_module("ae_core.ui.server.idle_cleanup").tidy_up()
