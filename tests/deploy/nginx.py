"""The nginx that the tests put in front of the app: find one, or install one.

Run as a script it makes sure that there is one: an nginx on PATH is used as it is, on Debian as root the
distribution's package is installed. No service is started: the tests run an nginx of their own.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser.chromium import is_debian

POLICY = Path("/usr/sbin/policy-rc.d")  # asked by Debian's packages whether they may start their service


def find() -> str | None:
    """The path of an nginx, or None."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def install() -> None:
    """Install Debian's package, its service stopped; raises OSError or CalledProcessError when that fails."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with _no_services():
        for command in ("update", "install --yes --no-install-recommends nginx"):
            subprocess.run(["apt-get", "--quiet", *command.split()], check=True, env=environment)


@contextmanager
def _no_services() -> Iterator[None]:
    if POLICY.exists():  # a container's image brings one that says no
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()


if __name__ == "__main__":
    if not find() and is_debian() and os.geteuid() == 0:
        print("No nginx found: installing one for the tests of the replicas ...", flush=True)
        try:
            install()
        except (OSError, subprocess.CalledProcessError) as error:
            print(error, file=sys.stderr)
    if not find():
        sys.exit("No nginx found. Put one on PATH (apt install nginx, brew install nginx) and try again.")
