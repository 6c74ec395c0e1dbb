"""Standard output and standard error as a shell may leave them: closed, full, or in an encoding with few characters."""

import io
import os
import sys
from typing import TextIO

BROKEN_PIPE = 128 + 13  # the status of a program that SIGPIPE ends, as a shell tells it


def prepare() -> None:
    """Let both streams take every character, and let a closed one swallow what is written."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by the shell, as in `>&-`
            setattr(sys, name, os.fdopen(_nowhere(), "w", encoding="utf-8"))
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def result(text: str) -> int:
    """Write a result on standard output, and return the exit status that comes of it.

    0: done, 1: it cannot be written, which is told, 141: nobody reads it any more, as behind `| head`.
    """
    try:
        print(text, flush=True)
    except BrokenPipeError:
        _abandon(sys.stdout)
        return BROKEN_PIPE
    except OSError as error:
        _abandon(sys.stdout)
        return failure(1, f"The result cannot be written: {error.strerror}.")
    return 0


def failure(status: int, message: str) -> int:
    """Tell a failure in one line on standard error, where anybody reads it, and return the exit status."""
    try:
        print("ae_core:", " ".join(message.split()), file=sys.stderr, flush=True)
    except OSError:
        _abandon(sys.stderr)
    return status


def _abandon(stream: TextIO) -> None:
    """Lead a stream to nowhere: Python flushes once more at its end, and would fail and exit with 120."""
    nowhere = _nowhere()
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _nowhere() -> int:
    return os.open(os.devnull, os.O_WRONLY)
