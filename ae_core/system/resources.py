"""The cores and the memory that this process may really use. In a container both are less than the machine has."""

import contextlib
import functools
import logging
import math
import os
import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

CORES = "BOTTLENECK_CORES"  # the environment variable that overrules what is found
MIB = 2**20
ROOT = Path("/")

# Measured with PyTorch's CUDA build, which takes 270 MiB of it by itself.
SERVER = 600 * MIB  # the server with ten visitors, beside all that is counted here
PROCESS = 200 * MIB  # what one that trains or measures adds
AMPLE = 2 * 2**30  # for all of these:
MAX_RUNS, MAX_RUN_BYTES, MAX_RESULT_BYTES = 64, 400 * MIB, 64 * MIB
FEWEST_RUNS, FEWEST_RUN_BYTES, FEWEST_RESULT_BYTES = 4, 16 * MIB, 8 * MIB

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Resources:
    """What the process may use.

    cores : processes that can compute at the same moment, at least 1
    memory : bytes, of all its processes together
    cores_from, memory_from : what set each number, in words
    """

    cores: int
    memory: float
    cores_from: str
    memory_from: str

    def __str__(self) -> str:
        memory = "of unknown size" if math.isinf(self.memory) else f"{self.memory / MIB:.0f} MiB"
        cores = "1 core" if self.cores == 1 else f"{self.cores} cores"
        return f"{cores} ({self.cores_from}), memory {memory} ({self.memory_from})"


@dataclass(frozen=True)
class Limits:
    """How much of everything there may be, so that the memory holds it.

    processes : that train
    runs : that train at once, and that are kept with those that have ended
    run_bytes : of those that have ended
    result_bytes : of results of measurements that are kept
    """

    processes: int
    runs: int
    run_bytes: int
    result_bytes: int


@functools.cache
def resources() -> Resources:
    """What this process may use, looked up once."""
    return found()


def usable_cores() -> int:
    """How many cores this process may use, at least 1."""
    return resources().cores


def limits() -> Limits:
    """The limits for what this process may use."""
    return limits_of(resources())


def limits_of(there: Resources) -> Limits:
    """The limits for these resources: all of it from 2 GiB on, a share of it in less."""
    free = max(0, there.memory - SERVER)
    share = min(1.0, free / (AMPLE - SERVER))
    return Limits(
        processes=max(1, int(min(there.cores, (free - PROCESS) / PROCESS))),  # one more measures
        runs=max(FEWEST_RUNS, int(share * MAX_RUNS)),
        run_bytes=int(max(FEWEST_RUN_BYTES, share * MAX_RUN_BYTES)),
        result_bytes=int(max(FEWEST_RESULT_BYTES, share * MAX_RESULT_BYTES)),
    )


def memory_left(root: Path = ROOT) -> float:
    """Bytes that processes may still take before the kernel ends one: on the machine, or in the fullest control group.

    What the kernel keeps of files counts as free: it gives that up by itself.
    """
    machine = _mem_info("MemAvailable:", root)
    groups = (_limit(group) - _held(group) for group in control_groups("memory", root))
    return min(machine, *groups, math.inf)


def obey_quota(root: Path = ROOT) -> None:
    """Where there is a quota, keep this process and all that it starts on as many cores as it uses.

    A quota counts for all cores together: sixteen of them use it up in a sixteenth of the time, and then the kernel
    stops everything, answers to visitors too. On as many cores as it pays for it lasts, and whoever is in a hurry goes
    first there. Libraries that start a thread for each core count right as well. Only Linux has quotas.
    """
    there = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_setaffinity") else []
    if usable_cores() < len(there) and quota(root) < len(there):
        chosen = random.sample(there, usable_cores())  # not the same ones for every container of a machine
        for thread in os.listdir("/proc/self/task"):
            with contextlib.suppress(ProcessLookupError):  # it has just ended
                os.sched_setaffinity(int(thread), chosen)


def found(root: Path = ROOT, environment: Mapping[str, str] = os.environ) -> Resources:
    """What a process may use that sees these files and variables.

    A value of BOTTLENECK_CORES that is no whole number from 1 on is told in the log and has no effect.

    root : the folder that holds `proc` and `sys`
    """
    cores, cores_from = _chosen_cores(environment) or _cores(root)
    memory, memory_from = _memory(root)
    return Resources(cores, memory, cores_from, memory_from)


def quota(root: Path = ROOT) -> float:
    """The processor time that the control groups allow, in cores; infinite without a limit."""
    return min(map(_quota, control_groups("cpu", root)), default=math.inf)


@functools.cache
def control_groups(controller: str, root: Path = ROOT) -> tuple[Path, ...]:
    """The folders of the groups that this process is in, each followed by its parents: the limits of all of them hold.

    controller : "cpu" or "memory". In version 2 of control groups one folder has all, in version 1 each its own
    """
    found: list[Path] = []
    groups: dict[str, str] = {}  # controller -> the path of this process's group; "" stands for version 2
    for line in _lines(root / "proc/self/cgroup"):
        _, controllers, path = line.split(":", 2)
        groups |= dict.fromkeys(controllers.split(","), path)
    for line in _lines(root / "proc/self/mountinfo"):
        mount, _, file_system = line.partition(" - ")
        _, _, _, mounted, place, *_ = mount.split()
        kind, _, options = file_system.split(" ", 2)
        version_1 = kind == "cgroup" and controller in options.split(",")
        name = controller if version_1 else "" if kind == "cgroup2" else None
        if name in groups:
            top = root / place.lstrip("/")
            group = PurePosixPath(groups[name])
            inside = group.relative_to(mounted) if group.is_relative_to(mounted) else PurePosixPath()
            found += (top / each for each in (inside, *inside.parents))
    return tuple(found)


def _chosen_cores(environment: Mapping[str, str]) -> tuple[int, str] | None:
    chosen = environment.get(CORES, "").strip()
    if not chosen:
        return None
    if chosen.isdecimal() and int(chosen) >= 1:
        return int(chosen), CORES
    _log.warning("%s must be a whole number from 1 on, not %r: it has no effect.", CORES, chosen)
    return None


def _cores(root: Path) -> tuple[int, str]:
    """The cores that the process may run on, or as many whole ones as a quota makes, if that is less."""
    there = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    allowed = quota(root)
    if allowed >= there:
        return there, "that this process may run on"
    return max(1, int(allowed)), f"a quota of {allowed:g} of {there}"


def _memory(root: Path) -> tuple[float, str]:
    machine = _machine_memory(root)
    limit = min(map(_limit, control_groups("memory", root)), default=math.inf)
    return (limit, "a control group's limit") if limit < machine else (machine, "the machine's")


def _quota(group: Path) -> float:
    """The quota of one group in cores; infinite without one."""
    words = _words(group / "cpu.max")  # version 2: quota and period in microseconds; version 1 has a file for each
    words = words or _words(group / "cpu.cfs_quota_us") + _words(group / "cpu.cfs_period_us")
    match words:
        case [part, period] if part.isdecimal() and period.isdecimal() and int(period):  # "max" and -1 mean none
            return int(part) / int(period)
    return math.inf


def _limit(group: Path) -> float:
    """Bytes that one group may hold; infinite without a limit. Above `memory.high` processes all but stand still."""
    said = [_words(group / name) for name in ("memory.max", "memory.high", "memory.limit_in_bytes")]
    return min((int(words[0]) for words in said if words and words[0].isdecimal()), default=math.inf)


def _held(group: Path) -> float:
    """Bytes that a group holds without what is only kept of files."""
    used = _words(group / "memory.current") or _words(group / "memory.usage_in_bytes")
    counted = dict(pair for line in _lines(group / "memory.stat") if len(pair := line.split()) == 2)
    files = [
        counted.get(f"total_{kind}", counted.get(kind, "0"))  # version 1 has sums with the groups inside beside its own
        for kind in ("inactive_file", "active_file")
    ]
    return int(used[0]) - sum(map(int, files)) if used else 0.0


def _machine_memory(root: Path) -> float:
    total = _mem_info("MemTotal:", root)
    if not math.isinf(total):
        return total
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # Windows
        return math.inf


def _mem_info(name: str, root: Path) -> float:
    """A figure of Linux's, in bytes; infinite where there is none."""
    for line in _lines(root / "proc/meminfo"):
        match line.split():
            case [label, kibibytes, "kB"] if label == name:
                return int(kibibytes) * 1024
    return math.inf


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text().splitlines()
    except OSError:
        return []


def _words(file: Path) -> list[str]:
    return " ".join(_lines(file)).split()
