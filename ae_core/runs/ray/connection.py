"""The way to the cluster's actor: made in a thread, mended when it breaks, and waited for with patience only once."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from ae_core.runs.run import PoolFull

FIRST_TIMEOUT = 60.0  # seconds for the first attempt, in which the actor's process starts; once in a cluster's life
LATER_TIMEOUT = 2.0  # seconds that a page waits for a later attempt: one has failed, and the next may fail as well
PAUSE = 5.0  # seconds after a failure until the next attempt
SILENT = "The training cluster does not answer. Please try again in a minute."

_log = logging.getLogger(__name__)


class Unreachable(PoolFull):
    """The cluster does not answer; for a page no other case than a full pool: one sentence, and nothing is lost."""


class Connection:
    """The actor, as soon as and as long as it can be reached.

    An attempt begins when somebody asks, goes on in a thread of its own, and is shared by all who ask meanwhile. They
    wait until `FIRST_TIMEOUT` seconds after the first one began, or `LATER_TIMEOUT` seconds after any other; who asks
    later, while it still goes on, is told at once.

    connect : gives an actor that has answered; raises where there is none, after a limited time
    """

    def __init__(self, connect: Callable[[], Any]) -> None:
        self._connect = connect
        self._lock = threading.Lock()
        self._attempt: Future[Any] | None = None  # the latest one
        self._patience = FIRST_TIMEOUT
        self._waited_for_until = self._next_at = 0.0  # by `time.monotonic`

    def begin(self) -> "Future[Any]":
        """The attempt whose result counts now. A new one begins where none has, or the last failed a while ago."""
        with self._lock:
            attempt, now = self._attempt, time.monotonic()
            if attempt is None or (_has_failed(attempt) and now >= self._next_at):
                attempt = self._attempt = Future()
                self._waited_for_until, self._patience = now + self._patience, LATER_TIMEOUT
                threading.Thread(target=self._try, args=(attempt,), name="connecting", daemon=True).start()
            return attempt

    def actor(self) -> Any:
        """The actor. Raises `Unreachable`."""
        attempt = self.begin()
        try:
            return attempt.result(max(0.0, self._waited_for_until - time.monotonic()))
        except Exception as error:  # the attempt's own, or that it takes too long
            raise Unreachable(SILENT) from error

    def broke(self, actor: Any) -> None:
        """Take note that an actor does not answer any more."""
        with self._lock:
            attempt = self._attempt
            if attempt is not None and attempt.done() and not attempt.exception() and attempt.result() is actor:
                self._attempt = Future()
                self._fail(self._attempt, Unreachable(SILENT))

    def _try(self, attempt: "Future[Any]") -> None:
        try:
            actor = self._connect()
        except BaseException as error:  # whoever waits has to know
            _log.warning("The training cluster cannot be reached: %s", error)
            self._fail(attempt, error)
        else:
            attempt.set_result(actor)

    def _fail(self, attempt: "Future[Any]", error: BaseException) -> None:
        self._next_at = time.monotonic() + PAUSE
        attempt.set_exception(error)


def _has_failed(attempt: "Future[Any]") -> bool:
    return attempt.done() and attempt.exception() is not None
