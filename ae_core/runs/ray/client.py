"""What a replica of the app has instead of a `RunPool`: the same interface to the pool of the cluster."""

import logging
import os
import socket
import threading
import weakref
from collections.abc import Callable
from typing import Any

import ray
from ray.exceptions import RayTaskError

from ae_core.data.datasets import Dataset
from ae_core.runs.ray.actor import Known, PoolActor, RunDelta, copied
from ae_core.runs.ray.connection import FIRST_TIMEOUT, SILENT, Connection, Unreachable
from ae_core.runs.run import Run
from ae_core.spec import Spec
from ae_core.system.resources import limits

NAME = "bottleneck-pool"  # of the actor, in a namespace of the same name
ANSWER_TIMEOUT = 10.0  # seconds that a page waits for an answer
HEAD = {"node:__internal_head__": 0.001}  # the node without which there is no cluster

_log = logging.getLogger(__name__)


class RayPool:
    """The pool of a cluster, with the methods of `RunPool`.

    Its runs are copies that `join`, `get` and `ended` bring up to date, one call to the cluster each; only new
    snapshots travel, with the weights of the newest. Where the cluster does not answer, `join` raises `Unreachable`,
    and the others go on with the copies.

    Parameters
    ----------
    address : "host:port" of the cluster's head (GCS), as in `ray.init`; nothing is connected before the first call,
        of `connect` or of any other
    load : gives the data set of a name, called in the tasks; a function that can be imported on every node
    name, bounds : of the actor, and what its `RunPool` is made with if it is not there yet
    """

    def __init__(self, address: str, load: Callable[[str], Dataset], *, name: str = NAME, **bounds: Any) -> None:
        self.address, self.load, self.name, self.bounds = address, load, name, bounds
        self._lock = threading.Lock()
        self._runs: dict[str, Run] = {}  # in the order of their last use
        self._marks: weakref.WeakKeyDictionary[Run, str] = weakref.WeakKeyDictionary()
        self._connection = Connection(self._connect)

    def connect(self) -> None:
        """Begin to connect, so that the cluster's worker processes are there when the first visitor comes."""
        self._connection.begin()

    def join(self, spec: Spec, visitor: str) -> Run:
        """As `RunPool.join`. Raises `PoolFull`, also as `Unreachable`."""
        run = self._refresh(spec.key, "join", spec, visitor)
        assert run is not None
        return run

    def get(self, id: str, visitor: str) -> Run | None:
        """As `RunPool.get`; while the cluster is silent, the run as it was last seen, with a message that says so."""
        try:
            return self._refresh(id, "get", id, visitor)
        except Unreachable as error:
            run = self._runs.get(id)
            if run is not None and run.live:
                run.message = str(error)
            return run

    def ended(self, id: str) -> Run | None:
        """As `RunPool.ended`; a copy of a run that trains is brought up to date."""
        try:
            run = self._refresh(id, "look", id)
        except Unreachable:
            run = self._runs.get(id)
        return None if run is None or run.live else run

    def stop(self, id: str, visitor: str) -> Run | None:
        """As `RunPool.stop`; None while the cluster is silent."""
        try:
            return self._refresh(None, "stop", id, visitor)
        except Unreachable:
            return None

    def leave(self, visitor: str) -> None:
        """As `RunPool.leave`; while the cluster is silent the visitor leaves by being silent, too."""
        try:
            self._ask("tell", "leave", visitor)
        except Unreachable:
            return

    def ahead(self, run: Run) -> int:
        """0: on a cluster runs train side by side and take no turns."""
        return 0

    def sharing(self) -> int:
        """How many runs share the cluster now; 0 while it is silent."""
        try:
            return int(self._ask("tell", "sharing"))
        except Unreachable:
            return 0

    def forget(self) -> None:
        """Keep no copy of a run that has ended; the cluster keeps its own."""
        with self._lock:
            self._runs = {id: run for id, run in self._runs.items() if run.live}

    def renew(self) -> None:
        """Nothing: the processes are the cluster's."""

    def close(self) -> None:
        """End all training, that of other replicas too. The actor stays. Raises `Unreachable`."""
        self._ask("tell", "close")

    def _refresh(self, id: str | None, method: str, *args: Any) -> Run | None:
        """The run that a method of the pool gives, brought up to date. Raises `PoolFull`.

        id : of the copy that it updates, None where it gives a new run
        """
        with self._lock:
            run = None if id is None else self._runs.get(id)
            known: Known = (self._marks[run], len(run.snapshots)) if run else None
        delta: RunDelta | None = self._ask("run", known, method, *args)
        with self._lock:
            if delta is None:
                if id is not None:
                    self._drop(id)
                return None
            return self._updated(run, delta)

    # -- these two: the lock is held --

    def _drop(self, id: str) -> None:
        run = self._runs.pop(id, None)
        if run is not None and run.live:
            run._end("stopped")

    def _updated(self, asked: Run | None, delta: RunDelta) -> Run:
        """The copy that was asked about, or else a new one, with the delta; several threads may bring the same one."""
        run = next(
            (run for run in (asked, self._runs.get(delta.id)) if run and self._marks[run] == delta.mark), None
        )
        if run is None:
            self._drop(delta.id)
            run = Run(delta.spec, id=delta.id)
            self._marks[run] = delta.mark
        run._go_on(delta.first, tuple(map(copied, delta.snapshots)))
        if run.live:  # what comes late from before the end changes nothing any more
            run.message, run.state = delta.message, delta.state
            if not run.live:
                run.done.set()
        self._runs.pop(run.id, None)
        self._runs[run.id] = run
        most = limits()
        while len(self._runs) > most.runs or (len(self._runs) > 1 and self._size() > most.run_bytes):
            del self._runs[next(iter(self._runs))]  # it comes anew when somebody asks for it
        return run

    def _size(self) -> int:
        return sum(run.bytes for run in self._runs.values())

    # -- the cluster --

    def _ask(self, method: str, *args: Any) -> Any:
        """The actor's answer. Raises `PoolFull`, and `Unreachable`: without waiting if it was silent just before."""
        actor = self._connection.actor()
        try:
            return ray.get(getattr(actor, method).remote(*args), timeout=ANSWER_TIMEOUT)
        except RayTaskError as error:
            raise error.cause from error
        except Exception as error:  # Ray has many of its own, and some of Python's
            _log.warning("The cluster at %s does not answer: %s", self.address, error)
            self._connection.broke(actor)
            raise Unreachable(SILENT) from error

    def _connect(self) -> Any:
        """The actor, made where there is none; it has answered. Raises what tells that there is none to be had."""
        host, _, port = self.address.rpartition(":")
        try:
            socket.create_connection((host, int(port)), ANSWER_TIMEOUT).close()  # ray.init would try for minutes
        except OSError:
            ray.shutdown()  # a process that still belongs to a lost cluster is ended by Ray after a minute
            raise
        if not ray.is_initialized():
            os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
            ray.init(address=self.address, namespace=NAME, log_to_driver=False, logging_level=logging.ERROR)
        actor = ray.remote(PoolActor).options(
            name=self.name,
            namespace=NAME,
            lifetime="detached",
            get_if_exists=True,
            num_cpus=0,
            resources=HEAD,
            max_restarts=-1,
        ).remote(self.load, **self.bounds)
        ray.get(actor.tell.remote("sharing"), timeout=FIRST_TIMEOUT)  # where no node takes it, Ray would wait for good
        return actor
