"""The pool as a Ray actor: the very rules of `RunPool`, with training in tasks all over the cluster."""

import copy
import itertools
import math
import os
import time
import uuid
import weakref
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Any

import ray
import torch
from ray.exceptions import RayError, RayTaskError

from ae_core.data.datasets import Dataset
from ae_core.runs.pool import RunPool
from ae_core.runs.run import ProcessLost, Run, State
from ae_core.spec import Spec
from ae_core.system.resources import limits
from ae_core.training.loop import Snapshot, train

TURN = 0.5  # seconds; how soon a run that has no worker yet can end
HUNG = 300.0  # seconds after which a task that has begun and brings no more has hung: a core may be shared by sixteen
RUNS_PER_CORE = 16  # at most; the operating system shares the core among them
AWAKE = 4  # worker processes for each core: to start one takes some seconds of the core
WARM_UP_SECONDS = 15.0  # seconds
MEMORY = 500 * 2**20  # bytes of a worker process that trains, PyTorch included: a node takes no more than fit
LOST = (
    "The machine that trained this was lost. The same experiment started again from its seed, "
    "and goes on from here when it has caught up."
)


def training(load: Callable[[str], Dataset], spec: Spec) -> Iterator[Snapshot]:
    """One run, as a thread of `RunPool` would train it."""
    torch.set_num_threads(1)
    os.setpriority(os.PRIO_PROCESS, 0, 19)  # a worker trains run after run: `os.nice` would add up
    yield from train(spec, load(spec.data))


training_task = ray.remote(
    num_returns="streaming",
    num_cpus=1 / RUNS_PER_CORE,
    memory=MEMORY,
    max_retries=0,  # Ray would go on where the first start broke off by the count of snapshots, not by their steps
    scheduling_strategy="SPREAD",
    _generator_backpressure_num_objects=2,  # never far ahead of those who watch
)(training)


def warm_up(load: Callable[[str], Dataset]) -> None:
    """A worker process that has all it needs, for the first runs; it waits so that the next one takes another."""
    os.setpriority(os.PRIO_PROCESS, 0, 19)
    load("mnist")
    time.sleep(WARM_UP_SECONDS)


warm_up_task = ray.remote(num_cpus=1 / RUNS_PER_CORE, memory=MEMORY, scheduling_strategy="SPREAD")(warm_up)


class TaskPool(RunPool):
    """A `RunPool` whose threads do not train but wait, each for the next snapshot of one task.

    Never more runs than cores at the same moment, as on one machine, is not to be had: a task cannot hand its core to
    another one between two snapshots. So the runs train side by side, and a core is shared by up to `RUNS_PER_CORE`.
    """

    def look(self, id: str) -> Run | None:
        """The run with this id if it is still kept; looking at it makes nobody its visitor."""
        with self._lock:
            return self._runs.get(id)

    def _snapshots(self, run: Run) -> Generator[Snapshot | None]:
        stream = training_task.remote(self.load, run.spec)
        patience = math.inf  # until it has a worker, which may take as long as other runs last
        try:
            while True:
                for turn in itertools.count():
                    if ray.wait([stream], timeout=TURN)[0]:
                        break
                    if turn * TURN > patience:
                        ray.cancel(stream, force=True)
                        raise ProcessLost(LOST)
                    yield None  # it may have lost its last visitor before it had a worker
                yield copied(ray.get(next(stream), timeout=HUNG))
                patience = HUNG
        except StopIteration:
            return
        except RayTaskError as error:
            raise error.cause from error
        except RayError as error:
            raise ProcessLost(LOST) from error
        except GeneratorExit:  # a task that failed must not be cancelled as well: this whole process can fall over it
            ray.cancel(stream)
            raise


def copied(snapshot: Snapshot) -> Snapshot:
    """The snapshot in this process's own memory: one array left in Ray's store keeps all that came with it there."""
    return copy.deepcopy(snapshot)


@dataclass(frozen=True)
class RunDelta:
    """What a replica does not know yet of a run.

    mark : tells this training of the Spec from any earlier or later one, which have the same id
    first : the place of the first of `snapshots` among all snapshots of the run
    """

    id: str
    mark: str
    spec: Spec
    state: State
    message: str | None
    first: int
    snapshots: tuple[Snapshot, ...]


def pool_bounds(cores: int) -> dict[str, int]:
    """The bounds of a cluster's pool: as many runs as its cores take at once, and never fewer than one machine's."""
    here = limits()
    runs = max(here.runs, RUNS_PER_CORE * cores)
    return {"max_runs": runs, "max_bytes": here.run_bytes * runs // here.runs}


Known = tuple[str, int] | None  # the mark of a run that a replica has, and the number of its snapshots there


class PoolActor:
    """The actor: answers the replicas' questions about one `TaskPool`. What they ask are its own methods.

    awake : worker processes for each core that are to be there before the first run comes
    bounds : of the pool
    """

    def __init__(self, load: Callable[[str], Dataset], *, awake: int = AWAKE, **bounds: Any) -> None:
        cores = int(ray.cluster_resources().get("CPU", 1))
        self._pool = TaskPool(load, **pool_bounds(cores) | bounds)
        self._waking = [warm_up_task.remote(load) for _ in range(awake * cores)]
        self._pool.cores = self._pool.max_runs  # a thread for each run
        self._marks: weakref.WeakKeyDictionary[Run, str] = weakref.WeakKeyDictionary()

    def tell(self, method: str, *args: Any) -> Any:
        """The answer of a method that gives no run."""
        return getattr(self._pool, method)(*args)

    def run(self, known: Known, method: str, *args: Any) -> RunDelta | None:
        """What is new about the run that a method gives."""
        run: Run | None = getattr(self._pool, method)(*args)
        if run is None:
            return None
        mark = self._marks.setdefault(run, uuid.uuid4().hex)
        first = max(0, known[1] - 1) if known and known[0] == mark else 0  # the newest there may have a successor here
        state, message = run.state, run.message  # before the snapshots: an ended run has them all
        return RunDelta(run.id, mark, run.spec, state, message, first, run.snapshots[first:])
