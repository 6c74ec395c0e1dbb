"""`python -m ae_core layouts`: compute the maps of UMAP and t-SNE anew."""

import argparse
from importlib.metadata import PackageNotFoundError, version

from ae_core.cli.arguments import UsageError
from ae_core.evaluation.umap_tsne import DIGITS, NAMES, store_layouts
from ae_core.io.files import refuse_target

MADE_WITH = ("umap-learn", "scikit-learn", "numpy")


def report(arguments: argparse.Namespace) -> tuple[dict[str, object], str]:
    """Store the layouts; what was made and by which versions. `FileError`, and `UsageError` without umap-learn."""
    try:
        versions = {name: version(name) for name in MADE_WITH}
    except PackageNotFoundError as error:
        raise UsageError(f"{error.name} is not installed: pip install .[layouts]") from error
    refuse_target(arguments.out)
    store_layouts(arguments.out)
    made_with = ", ".join(f"{name} {number}" for name, number in versions.items())
    return {"file": str(arguments.out), "made_with": versions}, (
        f"{arguments.out}: {' and '.join(NAMES)} of {DIGITS:,} digits, made with {made_with}."
    )
