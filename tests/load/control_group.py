"""A control group of Linux: the limits that a container has, around one process and all that it starts. Needs root."""

import contextlib
import os
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ae_core.system.resources import control_groups

PERIOD = 100_000  # microseconds, as Docker and Kubernetes have it
NAME = "bottleneck-test"


class NoControlGroup(RuntimeError):
    """None can be made here: the message says why."""


@dataclass(frozen=True)
class ControlGroup:
    """The group's folders: one in version 2, in version 1 one for each controller."""

    folders: tuple[Path, ...] = ()

    def command(self, command: Sequence[str]) -> list[str]:
        """The command, run inside the group from its first moment on."""
        enter = "".join(f"echo $$ > '{folder}/cgroup.procs' && " for folder in self.folders)
        return ["sh", "-c", f'{enter}exec "$@"', "sh", *command]

    def figures(self) -> dict[str, float]:
        """What the kernel has counted: periods in which the quota was used up, and seconds that all stood still then;
        MiB held at most, files in memory included; how often the limit was met, and processes killed for it."""
        counted: dict[str, float] = {}
        for folder in self.folders:
            for name in ("cpu.stat", "memory.oom_control", "memory.events"):
                with contextlib.suppress(OSError):
                    words = re.findall(r"^(\w+) (\d+)$", (folder / name).read_text(), re.MULTILINE)
                    counted |= {word: int(value) for word, value in words}
            for name in ("memory.max_usage_in_bytes", "memory.peak", "memory.failcnt"):
                with contextlib.suppress(OSError):
                    counted[name] = int((folder / name).read_text())
        stood_still = counted.get("throttled_time", 0) / 1e9 + counted.get("throttled_usec", 0) / 1e6
        most = max(counted.get("memory.max_usage_in_bytes", 0), counted.get("memory.peak", 0))
        return {
            "periods": counted.get("nr_periods", 0),
            "periods_with_the_quota_used_up": counted.get("nr_throttled", 0),
            "seconds_stood_still_in_them": round(stood_still, 2),
            "mib_most_with_files": round(most / 2**20, 1),
            "limit_met": counted.get("memory.failcnt", counted.get("max", 0)),
            "killed": counted.get("oom_kill", 0),
        }


NO_LIMITS = ControlGroup()


@contextlib.contextmanager
def control_group(cores: float | None = None, mib: int | None = None) -> Iterator[ControlGroup]:
    """A group with these limits, each None for no limit; it is taken away with all processes that are left in it.

    Raises `NoControlGroup` where none can be made.
    """
    with contextlib.ExitStack() as stack:
        folders: dict[str, Path] = {}
        for controller, limit in (("cpu", cores), ("memory", mib)):
            if limit is not None:
                folders[controller] = stack.enter_context(_folder(controller, frozenset(folders.values())))
        try:
            if cores is not None:
                _limit_cores(folders["cpu"], cores)
            if mib is not None:
                _limit_memory(folders["memory"], mib)
        except OSError as error:
            raise NoControlGroup(f"The limit cannot be set: {error}.") from None
        yield ControlGroup(tuple(dict.fromkeys(folders.values())))


@contextlib.contextmanager
def _folder(controller: str, there: frozenset[Path]) -> Iterator[Path]:
    """A new group below the topmost one; that of version 2 has all controllers and is made once."""
    tops = [group for group in control_groups(controller) if (group / "cgroup.procs").exists()]
    known = [top for top in tops if _has(top, controller)]
    if not known:
        raise NoControlGroup(f"There is no control group here whose {controller} can be limited.")
    folder = known[-1] / f"{NAME}-{os.getpid()}"
    if folder in there:
        yield folder
        return
    try:
        folder.mkdir()
    except OSError as error:
        raise NoControlGroup(f"Only root can make a control group, where it may write to {folder}: {error}.") from None
    try:
        yield folder
    finally:
        _remove(folder)


def _has(top: Path, controller: str) -> bool:
    """Whether groups below this one can have limits of this kind."""
    subtree = top / "cgroup.subtree_control"
    return controller in subtree.read_text().split() if subtree.exists() else True


def _limit_cores(folder: Path, cores: float) -> None:
    microseconds = round(cores * PERIOD)
    if (folder / "cpu.max").exists():
        (folder / "cpu.max").write_text(f"{microseconds} {PERIOD}")
    else:
        (folder / "cpu.cfs_period_us").write_text(str(PERIOD))
        (folder / "cpu.cfs_quota_us").write_text(str(microseconds))


def _limit_memory(folder: Path, mib: int) -> None:
    name = "memory.max" if (folder / "memory.max").exists() else "memory.limit_in_bytes"
    (folder / name).write_text(str(mib * 2**20))


def _remove(folder: Path) -> None:
    for _ in range(100):
        for process in map(int, (folder / "cgroup.procs").read_text().split()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, 9)
        with contextlib.suppress(OSError):
            folder.rmdir()
            return
        time.sleep(0.05)  # a killed process leaves its group some moments later
