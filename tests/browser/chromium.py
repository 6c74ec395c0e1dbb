"""The Chromium that the browser tests drive: find one, or install one.

Run as a script it makes sure that there is one: a Chromium or Chrome on PATH is used as it is; on Debian as root the
distribution's package is installed; everywhere else Playwright brings its own.
"""

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """The path of a Chromium: the system's, else Playwright's own, else None."""
    on_path = next(filter(None, map(shutil.which, NAMES)), None)
    return on_path or _playwrights_own()


def install() -> None:
    """Install a Chromium in the way that suits this system; raises CalledProcessError when that fails."""
    if is_debian() and os.geteuid() == 0:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in ("update", "install --yes --no-install-recommends chromium"):
            subprocess.run(["apt-get", "--quiet", *command.split()], check=True, env=environment)
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"], check=True)


def _playwrights_own() -> str | None:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def is_debian() -> bool:
    """Whether this system is Debian itself."""
    # Ubuntu's package of this name is only a pointer to a snap, which containers cannot run.
    try:
        return platform.freedesktop_os_release()["ID"] == "debian"
    except OSError:
        return False


if __name__ == "__main__":
    if not find():
        print("No Chromium found: installing one for the browser tests ...", flush=True)
        try:
            install()
        except (OSError, subprocess.CalledProcessError) as error:
            print(error, file=sys.stderr)
    if not find():
        sys.exit("Could not install Chromium. Put a `chromium` or `google-chrome` on PATH and try again.")
