"""The pool of runs on a Ray cluster, shared by every replica of the app; needs the extra `ray`.

`actor.py` is the pool itself, one actor on the cluster's head node, and the task that trains one run. `client.py` is
what each replica has instead of a `RunPool`, `connection.py` its way to the actor. No other room imports ray.

What a cluster has to be:

- A private network. Ray runs whatever code reaches its ports, unasked and unencrypted.
- The same `ae_core` and the same libraries on every node, importable by its workers (PYTHONPATH): no code is sent.
- The machine (or container) of each replica is a node, if only one without cores: `ray start --address=… --num-cpus=0`.
- Its head started with `--system-config='{"num_workers_soft_limit": N}'`, N = 4 for each core of a node. Else Ray ends
  idle worker processes beyond one a core after a second, and a run waits some seconds for a new one.
- Started without usage reports and dashboard: RAY_USAGE_STATS_ENABLED=0, `ray start --include-dashboard=false`.
"""

from ae_core.runs.ray.client import RayPool
from ae_core.runs.ray.connection import Unreachable

__all__ = ["RayPool", "Unreachable"]
