"""Every package behind the packages has one version, in constraints.txt: a new release of one breaks no host."""

import re
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LISTS = {"requirements.txt": "-c constraints.txt", "tests/requirements.txt": "-c ../constraints.txt"}


def requirements(path: Path) -> list[Requirement]:
    """What a file asks for here: its lines without comments and options, and without those for other systems."""
    lines = (line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    asked = [Requirement(line) for line in lines if line and not line.startswith("-")]
    return [each for each in asked if each.marker is None or each.marker.evaluate()]


def needed() -> set[str]:
    """The names of all packages that the app and its tests need here, those behind the packages included."""
    waiting = [each for path in LISTS for each in requirements(ROOT / path)]
    seen: set[tuple[str, str]] = set()
    while waiting:
        asked = waiting.pop()
        for extra in ("", *asked.extras):
            key = canonicalize_name(asked.name), extra
            if key in seen:
                continue
            seen.add(key)
            behind = [Requirement(line) for line in distribution(asked.name).requires or []]
            waiting += [each for each in behind if each.marker is None or each.marker.evaluate({"extra": extra})]
    return {name for name, _ in seen}


def test_what_is_installed_is_what_the_constraints_say() -> None:
    said: dict[str, SpecifierSet] = {
        canonicalize_name(each.name): each.specifier for each in requirements(ROOT / "constraints.txt")
    }
    assert needed() <= set(said), "run `make constraints`"
    for name in needed():
        assert re.fullmatch(r"==[\w.]+", str(said[name])), f"{name}: one exact version"
        assert said[name].contains(distribution(name).version, prereleases=True), f"{name}: run `make app`"


@pytest.mark.parametrize(("path", "line"), LISTS.items())
def test_whoever_installs_a_list_reads_the_constraints(path: str, line: str) -> None:
    assert (ROOT / path).read_text(encoding="utf-8").splitlines()[0] == line


def test_the_constraints_lead_to_no_place() -> None:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert not re.search(r"://|@|--|/|\\", text), "no registry's address, no option, no file"


def test_the_oldest_python_is_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    first, *_ = [line.rpartition(" ")[2] for line in project["project"]["classifiers"]]
    assert project["project"]["requires-python"] == f">={first}"
    assert project["tool"]["mypy"]["python_version"] == first
    assert project["tool"]["ruff"]["target-version"] == f"py{first.replace('.', '')}"
