"""The command line: `python -m ae_core train`, `bench` and `layouts`."""

import argparse
import json
from collections.abc import Sequence

from ae_core.cli import streams
from ae_core.cli.arguments import UsageError, parser, spec_of

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status.

    0: done, 1: training diverged, the data is damaged, or the result cannot be written, 2: a mistake in the
    arguments or in a file that they name, 130: Ctrl-C, 141: nobody reads the result. Every failure but the last
    is told in one line, without a traceback.
    """
    streams.prepare()
    try:
        arguments = parser().parse_args(argv)
        check(arguments)
        return run(arguments)
    except UsageError as error:
        return streams.failure(2, str(error))
    except KeyboardInterrupt:
        return streams.failure(130, "Interrupted.")


def check(arguments: argparse.Namespace) -> None:
    """Refuse an impossible experiment before the engine is loaded: that takes a second."""
    if arguments.command == "train" and not arguments.load:
        spec_of(arguments)


def run(arguments: argparse.Namespace) -> int:
    """Do what the arguments ask for and print the result."""
    from ae_core.cli import bench, layouts, training
    from ae_core.data.datasets import DataError
    from ae_core.io.files import FileError
    from ae_core.training.loop import Diverged

    command = {"train": training.report, "bench": bench.report, "layouts": layouts.report}[arguments.command]
    try:
        result, summary = command(arguments)
    except FileError as error:
        return streams.failure(2, str(error))
    except (DataError, Diverged) as error:
        return streams.failure(1, str(error))
    return streams.result(json.dumps(result, allow_nan=False) if arguments.json else summary)
