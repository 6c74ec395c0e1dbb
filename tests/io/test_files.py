"""Files that somebody names: a write keeps what it does not mean to change, and what is no file is refused at once."""

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from ae_core.io.files import FileError, opened, refuse_target, replace


def new(file: BinaryIO) -> None:
    file.write(b"new")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "there.bin"
    path.write_bytes(b"old")
    return path


@pytest.mark.parametrize("permissions", [0o600, 0o640, 0o777])
def test_a_file_keeps_its_permissions(path: Path, permissions: int) -> None:
    path.chmod(permissions)
    replace(path, new)
    assert (path.read_bytes(), mode(path)) == (b"new", permissions)


def test_a_new_file_has_the_permissions_of_any_new_file(path: Path) -> None:
    replace(path.with_name("one"), new)
    path.with_name("other").touch()
    assert mode(path.with_name("one")) == mode(path.with_name("other"))


@pytest.mark.parametrize("there", [True, False], ids=["to a file", "to nothing yet"])
def test_a_link_stays_and_what_it_leads_to_is_written(path: Path, there: bool) -> None:
    target = path if there else path.with_name("later.bin")
    for name, leads_to in (("one", target.name), ("other", "one")):
        path.with_name(name).symlink_to(leads_to)
    refuse_target(path.with_name("other"))
    replace(path.with_name("other"), new)
    assert path.with_name("other").is_symlink() and path.with_name("one").is_symlink()
    assert target.read_bytes() == b"new"


@pytest.mark.parametrize("spoil", [OSError(28, "No space left on device"), KeyboardInterrupt(), ValueError()], ids=repr)
def test_what_breaks_off_leaves_the_old_file_and_nothing_else(path: Path, spoil: BaseException) -> None:
    def broken(file: BinaryIO) -> None:
        file.write(b"half")
        raise spoil

    with pytest.raises(FileError if isinstance(spoil, OSError) else type(spoil)):
        replace(path, broken)
    assert path.read_bytes() == b"old"
    assert os.listdir(path.parent) == [path.name]


def link_to_nowhere(path: Path) -> None:
    path.symlink_to("no/such/file")


def link_to_itself(path: Path) -> None:
    path.symlink_to(path.name)


@pytest.mark.parametrize(("make", "reason"), [
    (Path.mkdir, "it is a folder."),
    (os.mkfifo, "it is no regular file."),
    (link_to_nowhere, "there is no folder "),
    (link_to_itself, "Too many levels of symbolic links."),
])
def test_what_is_no_regular_file_is_refused_before_and_while_it_is_written(
    tmp_path: Path, make: Callable[[Path], object], reason: str
) -> None:
    path = tmp_path / "odd"
    make(path)
    before = path.lstat()
    for refused in (refuse_target, lambda path: replace(path, new)):
        with pytest.raises(FileError, match=f"odd cannot be written: {reason}"):
            refused(path)
    assert path.lstat() == before
    assert os.listdir(tmp_path) == ["odd"]


@pytest.mark.parametrize(("name", "reason"), [
    ("/dev/null", "it is no regular file."), ("/dev/null/x", "there is no folder /dev/null."),
    ("x" * 256, "File name too long."), ("no/such/file", "there is no folder no/such."),
    ("/proc/nothing.bin", "No such file or directory."), (".", "it is a folder."),
])
def test_an_impossible_target_is_refused_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, reason: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileError, match=f"cannot be written: {reason}"):
        refuse_target(Path(name))


def test_a_folder_that_takes_no_new_file_is_refused_before_the_work(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*given: object, **named: object) -> None:
        raise PermissionError(13, "Permission denied")  # root may write everywhere

    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(FileError, match=r"there\.bin cannot be written: Permission denied\."):
        refuse_target(path)


def test_a_file_that_may_not_be_written_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(FileError, match=r"there\.bin cannot be written: it is read-only\."):
        refuse_target(path)


def test_a_name_as_long_as_the_system_allows_is_written(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 255)
    refuse_target(path)
    assert os.listdir(tmp_path) == []
    replace(path, new)
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize(("make", "reason"), [
    (Path.mkdir, "it is a folder."), (os.mkfifo, "it is no regular file."), (link_to_itself, "Too many levels"),
    (link_to_nowhere, "No such file or directory."),
])
def test_only_a_regular_file_is_opened(tmp_path: Path, make: Callable[[Path], object], reason: str) -> None:
    make(tmp_path / "odd")
    with pytest.raises(FileError, match=f"odd cannot be read: {reason}"), opened(tmp_path / "odd"):
        pass
