"""The command line: `python -m ae_core train`, `bench` and `layouts`."""

import argparse
import json
import sys
from collections.abc import Sequence

from ae_core.cli.arguments import UsageError, parser, spec_of

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status.

    0: done, 1: training diverged or the data is damaged, 2: a mistake in the arguments or in a file
    that they name, 130: Ctrl-C. Every failure is told in one line, without a traceback.
    """
    try:
        arguments = parser().parse_args(argv)
        check(arguments)
        return run(arguments)
    except UsageError as error:
        return _failed(2, str(error))
    except KeyboardInterrupt:
        return _failed(130, "Interrupted.")


def check(arguments: argparse.Namespace) -> None:
    """Refuse an impossible experiment before the engine is loaded: that takes a second."""
    if arguments.command == "train" and not arguments.load:
        spec_of(arguments)


def run(arguments: argparse.Namespace) -> int:
    """Do what the arguments ask for and print the result."""
    from ae_core.cli import bench, layouts, training
    from ae_core.datasets import DataError
    from ae_core.train import Diverged
    from ae_core.weights import WeightsError

    command = {"train": training.report, "bench": bench.report, "layouts": layouts.report}[arguments.command]
    try:
        result, summary = command(arguments)
    except WeightsError as error:
        return _failed(2, str(error))
    except (DataError, Diverged) as error:
        return _failed(1, str(error))
    print(json.dumps(result, allow_nan=False) if arguments.json else summary)
    return 0


def _failed(status: int, message: str) -> int:
    print("ae_core:", " ".join(message.split()), file=sys.stderr)
    return status
