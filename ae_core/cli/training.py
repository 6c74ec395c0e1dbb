"""`python -m ae_core train`: train one network, or load it, and measure it on all test digits."""

import argparse
import dataclasses
import math
import sys
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from tqdm import tqdm

from ae_core.autoencoder.checkpoint import WeightsError, load, save
from ae_core.autoencoder.model import Autoencoder
from ae_core.cli.arguments import given, spec_of
from ae_core.cli.threads import threads
from ae_core.data.datasets import Dataset
from ae_core.data.datasets import load as images_of
from ae_core.io.files import refuse_target
from ae_core.nn.losses import LOSSES
from ae_core.spec import PIXELS, RULES, Spec
from ae_core.training.loop import Snapshot, train
from ae_core.training.snapshot import test_losses

Result = dict[str, Any]


def report(arguments: argparse.Namespace) -> tuple[Result, str]:
    """The figures of one network and the same as text. Raises `FileError`, `DataError`, `Diverged`."""
    with threads(1):  # several threads in products this small wait for each other
        if arguments.load:
            result = load_and_measure(arguments.load, given(arguments))
        else:
            spec = spec_of(arguments)
            result = train_and_measure(spec, arguments.save, images_of(spec.data))
    return result, in_words(result)


def train_and_measure(spec: Spec, target: Path | None, data: Dataset) -> Result:
    """Train with a progress bar, save the weights if there is a target, and report."""
    if target is not None:
        refuse_target(target)
    last = last_snapshot(spec, data)
    if target is not None:
        assert last.weights is not None
        save(target, spec, Autoencoder.from_weights(spec, last.weights))
    return figures(spec, last.test, last.seconds)


def load_and_measure(path: Path, asked: dict[str, Any]) -> Result:
    """Measure the network of a file; settings that were asked for have to be those of the file."""
    spec, model = load(path)
    for name, value in asked.items():
        there = getattr(spec, name)
        if value != there:
            raise WeightsError(f"{path} is of another experiment: {RULES[name].label} is {there} there, not {value}.")
    return figures(spec, test_losses(spec, model, images_of(spec.data)), seconds=None)


def last_snapshot(spec: Spec, data: Dataset) -> Snapshot:
    """Train to the end; a progress bar on standard error if that is a terminal."""
    total = spec.epochs * spec.images
    with tqdm(total=total, unit=" images", unit_scale=True, leave=False, disable=not sys.stderr.isatty()) as bar:
        for snapshot in train(spec, data):
            bar.set_postfix_str(f"test {spec.loss} {snapshot.test[spec.loss]:.4f}", refresh=False)
            bar.update(snapshot.images - bar.n)
    return snapshot


def figures(spec: Spec, test: Mapping[str, float], seconds: float | None) -> Result:
    """What is known of a network in the end. Without training there is no speed: None.

    test : all losses on the test images, by name; NaN, here None, for one that does not go with the output
    test_squared_error : summed over the pixels of an image, mean over images
    gflops : 10^9 floating point operations a second, see `flops`
    """
    images = spec.epochs * spec.images
    return {
        **{f"test_{name}": None if math.isnan(loss) else loss for name, loss in test.items()},
        "test_squared_error": PIXELS * test["mse"],
        "seconds": seconds,
        "images_per_second": images / seconds if seconds else None,
        "parameters": spec.parameters,
        "gflops": flops(spec, images) / seconds / 1e9 if seconds else None,
        "spec": dataclasses.asdict(spec),
    }


def flops(spec: Spec, images: int) -> int:
    """Operations to learn from images: for each weight and image 6, in the first layer 4.

    That is a multiplication and an addition for the output, for the gradient of the weights and for the gradient of the
    layer's input, which the first layer does not need. What the optimiser computes comes on top and is not counted.
    """
    first, *others = [a * b for a, b in pairwise(spec.layer_sizes)]
    return images * (4 * first + 6 * sum(others))


def in_words(result: Result) -> str:
    """The figures for a human reader."""
    spec = Spec(**result["spec"])
    measured = {loss.label: result[f"test_{name}"] for name, loss in LOSSES.items()}
    losses = ", ".join(f"{label} {value:.4f}" for label, value in measured.items() if value is not None)
    lines = [
        f"{spec.describe()}",
        f"{'-'.join(map(str, spec.layer_sizes))}, {spec.parameters:,} parameters, {spec.compression:.4g} : 1",
        f"test {losses}, squared error {result['test_squared_error']:.2f} an image",
    ]
    if result["seconds"] is not None:
        lines.append(
            f"trained in {result['seconds']:.2f} s, {result['images_per_second']:,.0f} images a second, "
            f"{result['gflops']:.0f} GFLOP/s"
        )
    return "\n".join(lines)
