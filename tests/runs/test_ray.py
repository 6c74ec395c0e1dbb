"""Runs on a Ray cluster: the contract of every pool, several replicas, and machines that are lost."""

import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import ray
from ray.cluster_utils import Cluster
from streamlit.testing.v1 import AppTest

from ae_core.data.datasets import Dataset
from ae_core.runs.pool import GRACE
from ae_core.runs.ray import RayPool, Unreachable
from ae_core.runs.ray.actor import LOST, TaskPool, pool_bounds
from ae_core.runs.ray.client import NAME
from ae_core.runs.ray.connection import Connection
from ae_core.runs.run import Run
from ae_core.spec import Spec
from ae_core.system.resources import MAX_RUN_BYTES, MAX_RUNS
from ae_core.training.loop import train
from ae_core.ui.session.visitor import pool as pool_of_pages
from tests.runs.pool_contract import PATIENCE, PoolContract, more_snapshots, until, wait_for
from tests.small import ENDLESS, SMALL, small_data

ROOT = Path(__file__).parents[2]
LONG = SMALL.replace(width=32, epochs=400)  # to be waited for, and long enough to be interrupted

# A machine that is silent for a second and a half counts as lost, instead of a quarter of a minute, and keeps the
# worker processes that it has started.
QUICK = {
    "num_workers_soft_limit": 4,
    "health_check_initial_delay_ms": 500,
    "health_check_period_ms": 500,
    "health_check_timeout_ms": 1000,
    "health_check_failure_threshold": 3,
}
NODE = {"num_cpus": 1, "object_store_memory": 80 * 2**20, "node_ip_address": "127.0.0.1"}

MakePool = Callable[..., RayPool]
numbers = itertools.count(1)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """Two machines of one core each: the head, and one that may be lost."""
    head = {**NODE, "include_dashboard": False, "_system_config": QUICK}
    cluster = Cluster(initialize_head=True, head_node_args=head)
    cluster.add_node(**NODE)
    yield cluster
    ray.shutdown()
    cluster.shutdown()


@pytest.fixture
def make_pool(cluster: Cluster) -> Iterator[MakePool]:
    """Pools with ordinary bounds share one actor, as replicas do; a worker may start for longer than visitors look."""
    pools = []

    def make(load: Callable[[str], Dataset] = small_data, **bounds: Any) -> RayPool:
        own = bounds or load is not small_data
        name = f"pool {next(numbers)}" if own else NAME
        pools.append(RayPool(cluster.address, load, name=name, awake=0, **{"absent": GRACE, **bounds}))
        return pools[-1]

    yield make
    for pool in pools:
        pool.close()
        if pool.name != NAME:
            ray.kill(ray.get_actor(pool.name))


@pytest.fixture
def pool(make_pool: MakePool) -> RayPool:
    return make_pool()


class TestRayPool(PoolContract):
    """Training in tasks on two machines."""


def same_as_here(run: Run) -> bool:
    """Whether a run ended with the weights that this process trains."""
    *_, last = train(run.spec, small_data())
    assert run.newest is not None and run.newest.weights is not None and last.weights is not None
    return all(map(np.array_equal, run.newest.weights, last.weights))


def machine_of(node: Any) -> int:
    """The id of the process that stands for a node: the parent of its workers."""
    return int(node.all_processes["raylet"][0].process.pid)


def trainers(cluster: Cluster) -> dict[int, int]:
    """The processes of this cluster that train, and the machine of each."""
    machines, found = {machine_of(node) for node in cluster.list_all_nodes()}, {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if (path / "cmdline").read_bytes().startswith(b"ray::training"):
                found[int(path.name)] = int((path / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:  # it has ended meanwhile
            continue
    return {process: machine for process, machine in found.items() if machine in machines}


def test_a_run_on_the_cluster_ends_as_the_same_run_here(pool: RayPool) -> None:
    run = pool.join(SMALL.replace(seed=11), "ann")
    wait_for(pool, run)
    assert same_as_here(run)
    assert run.newest is not None and run.newest.weights is not None
    arrays: list[np.ndarray] = [run.newest.row, run.newest.cloud, *run.newest.weights]
    assert all(array.flags.writeable for array in arrays), "none is a view into the cluster's store and keeps it full"


def test_nothing_trains_any_more_when_the_last_visitor_has_left(cluster: Cluster, pool: RayPool) -> None:
    more_snapshots(pool, pool.join(ENDLESS, "ann"))
    assert trainers(cluster)
    pool.leave("ann")
    until(lambda: not trainers(cluster) and not pool.sharing())


def test_the_pool_has_room_for_as_many_runs_as_the_clusters_cores_take() -> None:
    assert pool_bounds(2) == {"max_runs": MAX_RUNS, "max_bytes": MAX_RUN_BYTES}
    assert pool_bounds(64) == {"max_runs": 1024, "max_bytes": 16 * MAX_RUN_BYTES}


def test_a_page_trains_on_the_cluster(cluster: Cluster, pool: RayPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOTTLENECK_RAY_ADDRESS", cluster.address)
    monkeypatch.setattr(pool_of_pages, "_made", [])
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE).run()
    until(lambda: pool.ended(app.session_state["run"]))
    app.run()
    assert not app.exception and not app.warning
    assert any("test BCE" in caption.value for caption in app.caption)


def test_two_replicas_share_one_run(cluster: Cluster, pool: RayPool) -> None:
    run = pool.join(ENDLESS.replace(seed=21), "ann")
    other = """
import sys
from ae_core.ui.session.visitor import pool
run = pool().get(sys.argv[1], "bob")
print(run.id == sys.argv[1], pool().sharing())
pool().leave("ann")
pool().leave("bob")
"""
    done = subprocess.run(
        [sys.executable, "-c", other, run.id], cwd=ROOT, capture_output=True, text=True, timeout=2 * PATIENCE,
        env={**os.environ, "BOTTLENECK_RAY_ADDRESS": cluster.address},
    )
    assert done.stdout.split() == ["True", "1"], done.stderr
    wait_for(pool, run)  # her leaving there ended it here
    assert run.state == "stopped"


def test_a_run_whose_worker_dies_starts_again_from_its_seed_and_says_so(cluster: Cluster, pool: RayPool) -> None:
    until(lambda: not trainers(cluster))  # those of other tests end, too
    run = pool.join(LONG.replace(seed=31), "ann")
    more_snapshots(pool, run)
    (process,) = trainers(cluster)
    os.kill(process, 9)
    until(lambda: pool.get(run.id, "ann") and run.message == LOST)
    wait_for(pool, run)
    assert run.state == "finished" and run.message == LOST
    steps = [snapshot.step for snapshot in run.snapshots]
    assert steps == sorted(set(steps)), "visitors see each moment once"
    assert same_as_here(run)


def test_a_run_whose_worker_hangs_starts_again_from_its_seed_and_says_so(
    cluster: Cluster, pool: RayPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool.sharing()  # connects this process
    monkeypatch.setattr("ae_core.runs.ray.actor.HUNG", 2.0)
    until(lambda: not trainers(cluster))
    tasks = TaskPool(small_data, absent=GRACE)  # as in the actor
    run = tasks.join(ENDLESS.replace(seed=41), "ann")
    more_snapshots(tasks, run)
    (process,) = trainers(cluster)
    os.kill(process, signal.SIGSTOP)
    try:
        until(lambda: run.message == LOST)
        more_snapshots(tasks, run, run.count)
    finally:
        os.kill(process, signal.SIGKILL)
        tasks.close()
    until(lambda: not trainers(cluster))


def test_a_lost_machine_costs_its_runs_a_new_start_and_others_nothing(cluster: Cluster, pool: RayPool) -> None:
    head, node = cluster.list_all_nodes()
    machines = {machine_of(head), machine_of(node)}

    def on_both_machines(spec: Spec) -> list[Run]:
        """Runs of a Spec with one seed after the other, until both machines train."""
        runs: list[Run] = []
        while not machines <= set(trainers(cluster).values()):
            runs.append(pool.join(spec.replace(seed=100 + len(runs)), f"visitor {len(runs)}"))
            more_snapshots(pool, runs[-1])
        return runs

    for place, _ in enumerate(on_both_machines(ENDLESS)):  # from here on both have a worker that is ready
        pool.leave(f"visitor {place}")
    until(lambda: not trainers(cluster))
    runs = on_both_machines(LONG)
    cluster.remove_node(node, allow_graceful=False)
    for run in runs:
        wait_for(pool, run)
    assert {run.message for run in runs} == {None, LOST}
    assert all(run.state == "finished" and same_as_here(run) for run in runs)


def test_a_lost_pool_begins_again_and_nobody_sees_a_traceback(pool: RayPool) -> None:
    run = pool.join(ENDLESS.replace(seed=51), "ann")
    more_snapshots(pool, run)
    ray.kill(ray.get_actor(NAME), no_restart=False)
    until(lambda: pool.get(run.id, "ann") is None)
    assert run.state == "stopped"
    again = pool.join(run.spec, "ann")
    more_snapshots(pool, again)
    assert again is not run


def test_a_pool_that_no_machine_takes_is_waited_for_once(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ae_core.runs.ray.client.HEAD", {"a machine that never comes": 1})
    monkeypatch.setattr("ae_core.runs.ray.connection.FIRST_TIMEOUT", 2.0)
    pool = RayPool(cluster.address, small_data, name="nowhere", awake=0)
    with pytest.raises(Unreachable):
        pool.join(SMALL, "ann")
    begun = time.monotonic()
    for _ in range(5):
        with pytest.raises(Unreachable):
            pool.join(SMALL, "ann")
    assert time.monotonic() - begun < 1.0
    ray.kill(ray.get_actor("nowhere"))


def test_an_actor_that_takes_long_is_waited_for_by_nobody_until_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ae_core.runs.ray.connection.FIRST_TIMEOUT", 0.1)
    gate = threading.Event()
    connection = Connection(lambda: gate.wait(PATIENCE))
    begun = time.monotonic()
    for _ in range(20):
        with pytest.raises(Unreachable):
            connection.actor()
    assert time.monotonic() - begun < 1.0
    gate.set()
    until(lambda: reached(connection))


def test_a_way_that_failed_is_tried_again_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ae_core.runs.ray.connection.PAUSE", 0.5)
    attempts: list[int] = []

    def connect() -> str:
        attempts.append(0)
        if len(attempts) < 3:
            raise OSError("nobody is there")
        return "the actor"

    connection = Connection(connect)
    for _ in range(3):
        assert not reached(connection)
    assert len(attempts) == 1, "not at each question"
    until(lambda: reached(connection))
    assert len(attempts) == 3


def test_an_actor_that_broke_is_looked_for_anew_and_only_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ae_core.runs.ray.connection.PAUSE", 0.0)
    connection = Connection(object)
    first = connection.actor()
    connection.broke(first)
    second = connection.actor()
    connection.broke(first)  # as another page does, which asked at the same time
    assert connection.actor() is second is not first


def reached(connection: Connection) -> bool:
    try:
        return bool(connection.actor())
    except Unreachable:
        return False


def test_an_address_where_nothing_answers_gives_one_clear_sentence() -> None:
    pool = RayPool("127.0.0.1:1", small_data)
    with pytest.raises(Unreachable, match=r"^The training cluster does not answer\. Please try again in a minute\.$"):
        pool.join(Spec(), "ann")
    assert pool.get("any", "ann") is None and pool.ended("any") is None and pool.stop("any", "ann") is None
    assert pool.sharing() == 0
    pool.leave("ann")


def test_a_page_without_its_cluster_shows_one_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOTTLENECK_RAY_ADDRESS", "127.0.0.1:1")
    monkeypatch.setattr(pool_of_pages, "_made", [])
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE).run()
    assert [warning.value for warning in app.warning] == [
        "The training cluster does not answer. Please try again in a minute."
    ]
    assert not app.exception
