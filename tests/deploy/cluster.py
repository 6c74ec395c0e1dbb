"""A Ray cluster of one machine, for replicas that share their runs."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from ray.cluster_utils import Cluster

from tests.serving import ROOT

WORKERS = {"PYTHONPATH": str(ROOT)}  # where the processes of the cluster find the app's modules
KEPT = {"num_workers_soft_limit": 8}  # worker processes that wait for the next run


@contextmanager
def cluster(cores: int) -> Iterator[str]:
    """Its address as BOTTLENECK_RAY_ADDRESS holds it, until the block ends."""
    head = {"num_cpus": cores, "object_store_memory": 80 * 2**20, "node_ip_address": "127.0.0.1"}
    os.environ |= WORKERS
    started = Cluster(initialize_head=True, head_node_args={**head, "include_dashboard": False, "_system_config": KEPT})
    try:
        yield started.address
    finally:
        started.shutdown()
