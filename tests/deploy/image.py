"""The Dockerfile without Docker: its commands run in a fresh Debian, and the app that they make trains once.

    make image IMAGE="--build-arg NAME=VALUE --share PATH"

It needs Linux, root, `debootstrap` and `unshare`, ten minutes, and 10 GB in the temporary folder, which it gives back.
The base image is the Debian whose own Python has the version that the Dockerfile asks for. The processes see their own
/proc, the machine's /dev and its network: this tries the commands, it does not lock them in.
Variables of pip (PIP_...) and of proxies are handed on; --share lends the new system a file or folder of this one.
"""

import argparse
import asyncio
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.load.visitor import Visitor
from tests.serving import ROOT, free_port

DOCKERFILE = ROOT / "deploy" / "Dockerfile"
RELEASES = {"3.11": "bookworm", "3.13": "trixie"}  # Python -> the Debian that has it
PACKAGES = "python3,python3-venv,ca-certificates"
SECONDS = 120  # in which the app has to train
UNBUILT = {"EXPOSE", "HEALTHCHECK", "CMD"}  # they say something about the container, and do nothing while it is built

Instruction = tuple[str, str]


def instructions(text: str) -> list[Instruction]:
    """What a Dockerfile says, in order: `("RUN", "pip install ...")`, lines that go on joined."""
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in joined.splitlines() if line)]


@dataclass
class Image:
    """A system in a folder, and what the Dockerfile has set so far."""

    root: Path
    arguments: Mapping[str, str] = field(default_factory=dict)
    shared: Sequence[Path] = ()
    folder: str = "/"
    user: str = "root"
    variables: dict[str, str] = field(default_factory=dict)

    def build(self, steps: Sequence[Instruction]) -> None:
        """Do what the instructions say; a ValueError for one that is not known here."""
        for name, rest in steps:
            print(f"{name} {rest}", flush=True)
            if name == "FROM":
                self._begin(rest)
            elif name == "RUN":
                subprocess.run(self.command(["sh", "-c", rest]), check=True)
            elif name == "COPY":
                self._copy(*rest.split())
            elif name == "WORKDIR":
                self.folder = rest
                self._inside(rest).mkdir(parents=True, exist_ok=True)
            elif name == "USER":
                self.user = rest
            elif name == "ENV":
                self.variables |= dict(word.split("=", 1) for word in shlex.split(rest))
            elif name == "ARG":
                key, _, default = rest.partition("=")
                self.variables[key] = self.arguments.get(key, default)
            elif name not in UNBUILT:
                raise ValueError(f"{name}: this Dockerfile has an instruction that cannot be tried without Docker.")

    def command(self, words: Sequence[str], **variables: str) -> list[str]:
        """The command that runs these words inside; its processes and mounts end with it."""
        root = shlex.quote(str(self.root))
        mounts = [f"mount --rbind /dev {root}/dev", f"mount -t proc proc {root}/proc"]
        mounts += [f"mount --rbind {shlex.join(map(str, (path, self._lent(path))))}" for path in self.shared]
        home = "/root" if self.user == "root" else f"/home/{self.user}"
        settings = {**_handed_on(), "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": home,
                    **self.variables, **variables}
        inner = ["chroot", f"--userspec={self.user}", str(self.root), "env", "-i",
                 *(f"{key}={value}" for key, value in settings.items()),
                 "sh", "-c", f"cd {shlex.quote(self.folder)} && exec {shlex.join(words)}"]
        script = " && ".join([*mounts, f"exec {shlex.join(inner)}"])
        return ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", script]

    def _begin(self, base: str) -> None:
        version = re.fullmatch(r"python:(3\.\d+)-slim", base)
        if not version or version[1] not in RELEASES:
            raise ValueError(f"{base}: known are python:VERSION-slim with {' and '.join(RELEASES)}.")
        release = RELEASES[version[1]]
        debian = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", release, str(self.root)]
        subprocess.run(debian, check=True, stdout=subprocess.DEVNULL)
        shutil.copy("/etc/resolv.conf", self.root / "etc" / "resolv.conf")
        # As in the image, pip may install for everybody, and `python` is on the path.
        subprocess.run(self.command(["python3", "-m", "venv", "/usr/local"]), check=True)

    def _copy(self, *words: str) -> None:
        *sources, to = words
        target = self._inside(os.path.join(self.folder, to))
        for source in sources:
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / source, target)

    def _inside(self, path: str) -> Path:
        return self.root / path.lstrip("/")

    def _lent(self, path: Path) -> Path:
        """Where a shared path lies inside, made ready to be mounted on."""
        place = self._inside(str(path))
        place.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            place.mkdir(exist_ok=True)
        else:
            place.touch()
        return place


def _handed_on() -> dict[str, str]:
    handed_on = re.compile(r"PIP_\w+|(https?|no)_proxy", re.IGNORECASE)
    return {key: value for key, value in os.environ.items() if handed_on.fullmatch(key)}


def trained(image: Image, steps: Mapping[str, str]) -> float:
    """Start the image's command; the seconds until a visitor sees digits. Then its own health check has to pass."""
    port = free_port()
    started = time.monotonic()
    with subprocess.Popen(image.command(json.loads(steps["CMD"]), PORT=f"{port}", ADDRESS="127.0.0.1")) as app:
        try:
            asyncio.run(asyncio.wait_for(_visit(f"http://127.0.0.1:{port}"), SECONDS))
            seconds = time.monotonic() - started
            check = re.sub(r"^.*?\bCMD ", "", steps["HEALTHCHECK"]).replace("8501", f"{port}")
            subprocess.run(image.command(["sh", "-c", check]), check=True)
            return seconds
        finally:
            app.kill()  # and with it all that it has started


async def _visit(url: str) -> None:
    seen = asyncio.Event()
    while True:
        visitor = Visitor(url, lambda view: seen.set() if view["columns"]["seconds"] else None)
        try:
            await visitor.connect()
            break
        except OSError:  # not there yet; a TimeoutError is one of them
            await asyncio.sleep(0.2)
    await visitor.open()
    await seen.wait()
    await visitor.leave()
    assert not visitor.exceptions, visitor.exceptions


def main(words: Sequence[str]) -> None:
    """Build, start, visit; the folder is removed in the end."""
    options = argparse.ArgumentParser(prog="python -m tests.deploy.image", description=__doc__.partition("\n")[0])
    options.add_argument("--build-arg", action="append", default=[], metavar="NAME=VALUE")
    options.add_argument("--share", action="append", default=[], type=Path, metavar="PATH")
    chosen = options.parse_args(words)
    missing = [tool for tool in ("debootstrap", "unshare") if not shutil.which(tool)]
    if sys.platform != "linux" or os.geteuid() != 0 or missing:
        sys.exit(f"This needs Linux, root, debootstrap and unshare; missing: {' '.join(missing) or 'root'}.")
    steps = instructions(DOCKERFILE.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(prefix="image-", ignore_cleanup_errors=True) as folder:
        root = Path(folder) / "root"
        root.mkdir(mode=0o755)
        Path(folder).chmod(0o755)  # for the image's own user
        image = Image(root, dict(each.split("=", 1) for each in chosen.build_arg), chosen.share)
        image.build(steps)
        size = subprocess.run(["du", "-s", "-x", "-m", str(root)], capture_output=True, text=True, check=True)
        print(f"{size.stdout.split()[0]} MiB; the first digits after {trained(image, dict(steps)):.1f} s, then healthy")


if __name__ == "__main__":
    main(sys.argv[1:])
