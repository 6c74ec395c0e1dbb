"""The cores and the memory that this process may use: as files of Linux tell them, and as Linux really gives them."""

import logging
import math
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ae_core.system.resources import (
    AMPLE,
    CORES,
    MAX_RESULT_BYTES,
    MAX_RUN_BYTES,
    MAX_RUNS,
    MIB,
    Resources,
    control_groups,
    found,
    limits_of,
    memory_left,
    quota,
)
from tests.load.control_group import NoControlGroup, control_group

ROOT = Path(__file__).parents[2]
HERE = len(os.sched_getaffinity(0))
NONE_V1 = 2**63 - 4096  # how version 1 of control groups writes that there is no limit


def machine(root: Path, groups: str, mounts: str, files: dict[str, str]) -> Path:
    """The files of a machine with 8,000,000 KiB of memory, of which half is free."""
    files |= {
        "proc/self/cgroup": groups,
        "proc/self/mountinfo": f"22 27 0:21 / /proc rw,relatime - proc proc rw\n{mounts}",
        "proc/meminfo": "MemTotal:        8000000 kB\nMemFree:  100 kB\nMemAvailable:    4000000 kB\n",
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def version_2(root: Path, path: str = "/", **files: str) -> Path:
    """A machine with version 2 of control groups, and files of the process's own group there."""
    folder = f"sys/fs/cgroup{path}".rstrip("/")
    mounts = "30 25 0:26 / /sys/fs/cgroup ro,nosuid shared:4 - cgroup2 cgroup rw,nsdelegate\n"
    named = {f"{folder}/{name.replace('_', '.', 1)}": text for name, text in files.items()}
    return machine(root, f"0::{path}\n", mounts, named)


def version_1(root: Path, path: str, mounted: str, files: dict[str, str]) -> Path:
    """A machine with version 1 of control groups, where the processor and the memory have folders of their own."""
    groups = f"5:cpu,cpuacct:{path}\n4:memory:{path}\n1:name=systemd:/\n0::/\n"
    mounts = (
        f"33 31 0:30 {mounted} /sys/fs/cgroup/cpu,cpuacct rw shared:8 - cgroup cgroup rw,cpu,cpuacct\n"
        f"35 31 0:32 {mounted} /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
    )
    return machine(root, groups, mounts, {f"sys/fs/cgroup/{name}": text for name, text in files.items()})


@pytest.mark.parametrize(("written", "cores"), [
    ("50000 100000", 0.5), ("100000 100000\n", 1), ("250000 100000", 2.5), ("max 100000", math.inf), ("", math.inf),
    ("10 0", math.inf), ("nonsense", math.inf),
])
def test_a_quota_of_version_2_is_read(tmp_path: Path, written: str, cores: float) -> None:
    assert quota(version_2(tmp_path, cpu_max=written)) == cores


@pytest.mark.parametrize(("quota_us", "cores"), [("150000", 1.5), ("-1", math.inf)])
def test_a_quota_of_version_1_is_read(tmp_path: Path, quota_us: str, cores: float) -> None:
    files = {"cpu,cpuacct/cpu.cfs_quota_us": quota_us, "cpu,cpuacct/cpu.cfs_period_us": "100000"}
    assert quota(version_1(tmp_path, "/", "/", files)) == cores


def test_the_limits_of_the_groups_around_hold_too(tmp_path: Path) -> None:
    root = version_2(tmp_path, "/slice/app", cpu_max="400000 100000", memory_max="max")
    (root / "sys/fs/cgroup/slice/cpu.max").write_text("100000 100000")
    (root / "sys/fs/cgroup/slice/memory.max").write_text(str(700 * MIB))
    assert quota(root) == 1
    assert found(root, {}).memory == 700 * MIB


def test_a_container_sees_its_own_group_where_the_outermost_one_would_be(tmp_path: Path) -> None:
    files = {"memory/memory.limit_in_bytes": str(700 * MIB)}
    root = version_1(tmp_path, "/docker/0123", "/docker/0123", files)
    assert control_groups("memory", root) == (root / "sys/fs/cgroup/memory",)
    assert found(root, {}).memory == 700 * MIB


def test_a_quota_is_rounded_down_and_never_below_one_core(tmp_path: Path) -> None:
    for number, (written, cores) in enumerate([("20000 100000", 1), ("190000 100000", 1), ("max 100000", HERE)]):
        there = found(version_2(tmp_path / str(number), cpu_max=written), {})
        assert there.cores == min(cores, HERE)
    assert "that this process may run on" in str(there)


def test_what_is_said_of_it_names_the_number_and_the_reason(tmp_path: Path) -> None:
    there = found(version_2(tmp_path, cpu_max="50000 100000", memory_max=str(700 * MIB)), {})
    assert str(there) == f"1 core (a quota of 0.5 of {HERE}), memory 700 MiB (a control group's limit)"


def test_the_variable_overrules_what_is_found(tmp_path: Path) -> None:
    there = found(version_2(tmp_path, cpu_max="50000 100000"), {CORES: " 3 "})
    assert (there.cores, there.cores_from) == (3, CORES)


@pytest.mark.parametrize("value", ["0", "-2", "1.5", "two", "²"])
def test_a_variable_that_is_no_number_of_cores_is_told_and_has_no_effect(
    tmp_path: Path, value: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert found(version_2(tmp_path, cpu_max="100000 100000"), {CORES: value}).cores == 1
    assert [record.getMessage() for record in caplog.records] == [
        f"{CORES} must be a whole number from 1 on, not {value!r}: it has no effect."
    ]


def test_the_memory_is_the_machines_where_no_group_has_less(tmp_path: Path) -> None:
    files = {"memory/memory.limit_in_bytes": str(NONE_V1)}
    there = found(version_1(tmp_path, "/", "/", files), {})
    assert (there.memory, there.memory_from) == (8_000_000 * 1024, "the machine's")


def test_memory_above_which_a_group_is_slowed_down_is_not_counted_on(tmp_path: Path) -> None:
    assert found(version_2(tmp_path, memory_max=str(900 * MIB), memory_high=str(800 * MIB)), {}).memory == 800 * MIB


def test_without_linuxs_files_the_cores_are_those_of_the_system(tmp_path: Path) -> None:
    there = found(tmp_path, {})
    assert there.cores == HERE and there.memory > 0 and memory_left(tmp_path) == math.inf


def test_what_is_left_is_what_the_fullest_group_may_still_take_and_files_count_as_free(tmp_path: Path) -> None:
    counted = f"anon {400 * MIB}\ninactive_file {30 * MIB}\nactive_file {20 * MIB}\n"
    held = {"memory_max": str(700 * MIB), "memory_current": str(500 * MIB), "memory_stat": counted}
    assert memory_left(version_2(tmp_path / "2", **held)) == 250 * MIB
    files = {
        "memory/memory.limit_in_bytes": str(700 * MIB),
        "memory/memory.usage_in_bytes": str(500 * MIB),
        "memory/memory.stat": f"inactive_file 0\ntotal_inactive_file {30 * MIB}\ntotal_active_file {20 * MIB}\n",
    }
    assert memory_left(version_1(tmp_path / "1", "/", "/", files)) == 250 * MIB
    assert memory_left(version_2(tmp_path / "0")) == 4_000_000 * 1024, "of the machine"


def there(memory: float, cores: int = 16) -> Resources:
    return Resources(cores, memory, "", "")


@given(st.integers(1, 64), st.floats(0, 8 * AMPLE), st.floats(0, AMPLE))
def test_more_memory_never_means_less_of_anything(cores: int, memory: float, more: float) -> None:
    less, ample = limits_of(there(memory, cores)), limits_of(there(memory + more, cores))
    for name, value in vars(less).items():
        assert 0 <= value <= getattr(ample, name)
    assert 1 <= less.processes <= cores


def test_the_limits_of_hosts_that_there_are() -> None:
    small, one, two, large = (limits_of(there(memory)) for memory in (700 * MIB, 2**30, 2 * 2**30, math.inf))
    assert (small.processes, one.processes, two.processes, large.processes) == (1, 1, 6, 16)
    assert 4 <= small.runs < one.runs < MAX_RUNS
    assert (two.runs, two.run_bytes, two.result_bytes) == (MAX_RUNS, MAX_RUN_BYTES, MAX_RESULT_BYTES)


ON_ONE_CORE = """
import os, sys, threading
from pathlib import Path
from ae_core.system.resources import obey_quota
begun, done = threading.Event(), threading.Event()
found = []
def older():
    begun.wait()
    found.append(len(os.sched_getaffinity(0)))
thread = threading.Thread(target=older)
thread.start()
obey_quota(Path(sys.argv[1]))
begun.set()
thread.join()
print(len(os.sched_getaffinity(0)), *found)
"""


@pytest.mark.parametrize(("written", "cores"), [("100000 100000", 1), ("max 100000", HERE)])
def test_a_quota_keeps_all_threads_on_as_many_cores_as_it_pays_for(tmp_path: Path, written: str, cores: int) -> None:
    root = version_2(tmp_path, cpu_max=written)
    said = python(ON_ONE_CORE, str(root), environment={CORES: "1"})
    assert said.split() == [str(cores)] * 2


def python(code: str, *arguments: str, environment: Mapping[str, str] = {}) -> str:
    command = [sys.executable, "-c", code, *arguments]
    ended = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    return ended.stdout


def test_a_real_control_group_is_found_and_kills_what_takes_more() -> None:
    """Where root may make one; elsewhere one sentence says why there is none."""
    code = "from ae_core.system.resources import *; print(found(environment={})); held = bytearray(300 * MIB)"
    if os.geteuid() != 0 or not os.access(control_groups("memory")[-1], os.W_OK):
        with pytest.raises(NoControlGroup, match="control group"), control_group(cores=1.5, mib=200):
            return
    with control_group(cores=1.5, mib=200) as group:
        command = group.command([sys.executable, "-uc", code])
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        figures = group.figures()
    reason = "that this process may run on" if HERE == 1 else f"a quota of 1.5 of {HERE}"
    assert ended.stdout == f"1 core ({reason}), memory 200 MiB (a control group's limit)\n", ended.stderr
    assert (ended.returncode, figures["killed"]) == (-9, 1)
    assert not any(folder.exists() for folder in group.folders)
