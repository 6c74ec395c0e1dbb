"""Files that somebody names: read only where they are regular files, and written completely or not at all."""

import contextlib
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


class FileError(ValueError):
    """A file cannot be read or written; the message is one sentence that says which one and why."""


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A regular file, open for reading: a pipe may keep its reader waiting for ever, and a device may have no end.

    Raises `FileError` over what the system says, also while the file is read.
    """
    with _told(path, "read"):
        _status(path, "read")
        with path.open("rb") as file:
            yield file


def refuse_target(path: Path) -> None:
    """Raise `FileError` where `replace` would: to be asked before the work whose result is to be written there."""
    target, _ = _target(path)
    with _told(path, "written"), _partial(target):
        pass


def replace(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Give a file new content. It keeps its permissions, and a link still leads to it. Raises `FileError`.

    write : writes the content into the file that it is given; what it raises leaves the old content
    """
    target, old = _target(path)
    with _told(path, "written"), _partial(target) as file:
        if old is not None:
            with contextlib.suppress(OSError):  # only root can give a file to its owner
                os.fchown(file.fileno(), old.st_uid, old.st_gid)
            os.fchmod(file.fileno(), stat.S_IMODE(old.st_mode))
        write(file)
        file.flush()
        os.fsync(file.fileno())
        os.replace(file.name, target)


def _target(path: Path) -> tuple[Path, os.stat_result | None]:
    """The file that a path leads to, over all links, and its status; None where there is none yet."""
    with _told(path, "written"):
        target = Path(os.path.realpath(path))
        try:
            status = _status(path, "written")
        except (FileNotFoundError, NotADirectoryError):
            status = None
        for folder in (path.parent, target.parent):
            if not folder.is_dir():
                raise FileError(f"{path} cannot be written: there is no folder {folder}.")
        if status is not None and not os.access(target, os.W_OK):
            raise FileError(f"{path} cannot be written: it is read-only.")
    return target, status


@contextmanager
def _partial(target: Path) -> Iterator[BinaryIO]:
    """A new file beside another one, for its content; it is gone in the end unless it was renamed."""
    path = target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with path.open("xb") as file:
            yield file
    finally:
        path.unlink(missing_ok=True)


def _status(path: Path, purpose: str) -> os.stat_result:
    """The status of a regular file. Raises `FileError` over anything else that a name can mean."""
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise FileError(f"{path} cannot be {purpose}: it is a folder.")
    if not stat.S_ISREG(status.st_mode):
        raise FileError(f"{path} cannot be {purpose}: it is no regular file.")
    return status


@contextmanager
def _told(path: Path, purpose: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FileError(f"{path} cannot be {purpose}: {error.strerror or 'it is damaged'}.") from error
