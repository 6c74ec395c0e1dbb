"""A Ray cluster of one machine, for replicas that share their runs."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from tests.serving import ROOT

# Set before Ray is imported. No usage reports; the address of this machine is 127.0.0.1; workers find the app's modules.
ENVIRONMENT = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    "PYTHONPATH": str(ROOT),
}
os.environ |= ENVIRONMENT

from ray.cluster_utils import Cluster


@contextmanager
def cluster(cores: int = 2) -> Iterator[str]:
    """Its address as BOTTLENECK_RAY_ADDRESS holds it, until the block ends."""
    head = {
        "num_cpus": cores, "object_store_memory": 80 * 2**20, "node_ip_address": "127.0.0.1", "include_dashboard": False,
    }
    started = Cluster(initialize_head=True, head_node_args=head)
    try:
        yield started.address
    finally:
        started.shutdown()
