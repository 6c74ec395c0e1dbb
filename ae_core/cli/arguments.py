"""What can be written on the command line: a flag for every field of the Spec, from the Spec's own table."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from ae_core.cli import streams
from ae_core.evaluation.umap_tsne import FILE
from ae_core.spec import DEFAULTS, RULES, Spec, SpecError, checked


class UsageError(ValueError):
    """The arguments make no sense; the message is one line that says why."""


class Parser(argparse.ArgumentParser):
    """A parser that raises `UsageError` where argparse would print its usage and exit, and prints help as a result."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(message)

    def print_help(self, file: object = None) -> NoReturn:
        sys.exit(streams.result(self.format_help().rstrip()))


def parser() -> Parser:
    """The parser of all commands."""
    what = "Train autoencoders on images of 28 x 28 pixels."
    top = Parser(prog="python -m ae_core", description=what, allow_abbrev=False)
    commands = top.add_subparsers(dest="command", required=True, metavar="train | bench | layouts")

    train = commands.add_parser("train", help="train one network and measure it on all test images", allow_abbrev=False)
    for name, rule in RULES.items():
        train.add_argument(
            flag(name),
            dest=name,
            type=reader(name),
            metavar="NAME" if rule.choices else "NUMBER",
            help=f"{rule.help} {rule.bounds().capitalize()}; default {DEFAULTS[name]}.".replace("%", "%%"),
        )
    files = train.add_mutually_exclusive_group()
    files.add_argument("--save", type=Path, metavar="FILE", help="write the trained weights and the settings (.npz)")
    files.add_argument("--load", type=Path, metavar="FILE", help="measure the network of a file instead of training")

    bench = commands.add_parser("bench", help="compare the engine with a plain PyTorch loop", allow_abbrev=False)
    bench.add_argument("--rounds", type=rounds, default=3, metavar="NUMBER", help="how often to compare (default 3)")
    layouts = commands.add_parser("layouts", help="compute the maps of UMAP and t-SNE anew", allow_abbrev=False)
    layouts.add_argument("--out", type=Path, default=FILE, metavar="FILE", help="where to store them (%(default)s)")
    for command in (train, bench, layouts):
        command.add_argument("--json", action="store_true", help="print the result as one JSON object on the last line")
    return top


def flag(name: str) -> str:
    """The flag of a Spec's field: `--code-size` for `code_size`."""
    return "--" + name.replace("_", "-")


def reader(name: str) -> Callable[[str], Any]:
    """A function from text to the value of a Spec's field; argparse puts the flag before its message."""

    def read(text: str) -> Any:
        try:
            return checked(name, text)
        except SpecError as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    return read


def given(arguments: argparse.Namespace) -> dict[str, Any]:
    """The fields of the Spec that stand on the command line."""
    return {name: value for name in RULES if (value := getattr(arguments, name)) is not None}


def spec_of(arguments: argparse.Namespace) -> Spec:
    """The Spec that the arguments ask for, or a `UsageError`."""
    try:
        return Spec(**given(arguments))
    except SpecError as error:
        raise UsageError(str(error)) from error


def rounds(text: str) -> int:
    """A number of rounds from 1 to 100."""
    if not text.isdecimal() or not 1 <= int(text[:9]) <= 100:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is impossible: choose from 1 to 100.")
    return int(text)
