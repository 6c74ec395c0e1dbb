"""nginx, two replicas and their Ray cluster under load: `make replicas`, with the options of `python -m tests.load`.

The load driver comes through nginx and reports as usual; its figures of memory and threads are those of nginx. What
the replicas hold at the end is printed after them. All of it shares this machine's cores.
"""

import os
import sys
import time
from contextlib import ExitStack

os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # before Ray is imported, as in tests/conftest.py
os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"

from ae_core.runs.ray.actor import WARM_UP_SECONDS
from ae_core.system.resources import usable_cores
from tests.deploy.cluster import cluster
from tests.deploy.proxy import proxied
from tests.load.__main__ import main as load
from tests.load.server import sample
from tests.serving import ROOT, serving


def main(arguments: list[str]) -> int:
    """Start everything, run the load driver through it, stop everything; the driver's code."""
    folder = ROOT / "test-results" / "replicas"
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        environment = {"BOTTLENECK_RAY_ADDRESS": stack.enter_context(cluster(usable_cores()))}
        replicas = [stack.enter_context(serving(folder / f"{n}.log", environment=environment)) for n in "ab"]
        proxy = stack.enter_context(proxied(folder, replicas))
        print(f"nginx at {proxy.url}, replicas at {' and '.join(server.url for server in replicas)}", flush=True)
        time.sleep(2 * WARM_UP_SECONDS)  # no class comes in the minute in which the cluster starts
        code = load(["--out", str(folder), "--url", proxy.url, *arguments])
        for name, server in zip("ab", replicas, strict=True):
            if held := sample(server.process.pid):
                print(f"replica {name}: {held.pss:.0f} MiB, {held.threads} threads, {held.cpu:.0f} s of CPU")
            print("\n".join(server.failures()), end="")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
