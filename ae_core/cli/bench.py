"""`python -m ae_core bench`: the engine against a plain PyTorch loop and against the machine's own limit."""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import nn
from tqdm import tqdm

from ae_core.autoencoder.model import Autoencoder, Weights, to_pixels
from ae_core.cli.threads import threads
from ae_core.cli.training import flops
from ae_core.cli.tutorial_loop import plain_epochs, plain_network
from ae_core.data.datasets import Dataset, mnist
from ae_core.formatting import counted
from ae_core.nn.losses import bce_of_logits
from ae_core.spec import Spec
from ae_core.system.resources import usable_cores
from ae_core.training.loop import fastest_type, train
from ae_core.training.snapshot import test_losses

PLAIN_EPOCHS = 3
TRIAL = 4096  # images of a short run, before those that count

Figures = dict[str, float | None]
Result = dict[str, Any]


def report(arguments: argparse.Namespace) -> tuple[Result, str]:
    """The comparison for the default experiment, and the same as text."""
    result = compare(Spec(), mnist(), arguments.rounds)
    return result, in_words(result)


def compare(spec: Spec, data: Dataset, rounds: int) -> Result:
    """Train the same network both ways in turn; for each figure its median, and its range over the rounds.

    speedup_epoch : seconds an epoch, plain over ours
    speedup_to_loss : seconds of the plain loop's three epochs over our seconds to its test loss
    share_of_limit : our operations a second over those of the best large matrix product, same
        number type, same number of threads
    """
    bar = tqdm(total=rounds * PLAIN_EPOCHS, unit=" epochs", leave=False, disable=not sys.stderr.isatty())
    with bar:
        warm_up(spec, data)
        figures = [one_round(spec, data, bar) for _ in range(rounds)]
    names = list(figures[0])
    return {
        **{name: median(figure[name] for figure in figures) for name in names},
        "spread": {name: spread(figure[name] for figure in figures) for name in names},
        "rounds": rounds,
        "number_type": str(fastest_type()).removeprefix("torch."),
    }


def one_round(spec: Spec, data: Dataset, bar: "tqdm[Any]") -> Figures:
    """All figures, measured within the same minute: the machine may have other work in the next one."""
    our_threads = best_threads(lambda: our_run(trial(spec), data))
    with threads(our_threads):
        limit = product_gflops(fastest_type())
        moments = our_run(spec, data)
    plain_threads = best_threads(lambda: plain_trial(spec, data))
    plain = plain_network(spec)
    plain_seconds = 0.0
    with threads(plain_threads):
        for epoch_seconds in plain_epochs(plain, data.train[: spec.train_images], PLAIN_EPOCHS):
            plain_seconds += epoch_seconds
            bar.update()
    with threads(1):
        plain_bce = plain_test_bce(plain, data)
        seconds_to_loss, our_bce = first_at(plain_bce, spec, data, moments)
    seconds, _ = moments[-1]
    gflops = flops(spec, spec.epochs * spec.train_images) / seconds / 1e9
    plain_epoch, epoch = plain_seconds / PLAIN_EPOCHS, seconds / spec.epochs
    return {
        "speedup_epoch": plain_epoch / epoch,
        "speedup_to_loss": plain_seconds / seconds_to_loss if seconds_to_loss else None,
        "share_of_limit": gflops / limit,
        "seconds_an_epoch": epoch,
        "plain_seconds_an_epoch": plain_epoch,
        "seconds_to_loss": seconds_to_loss,
        "plain_seconds_to_loss": plain_seconds,
        "test_bce": our_bce,
        "plain_test_bce": plain_bce,
        "gflops": gflops,
        "limit_gflops": limit,
        "threads": our_threads,
        "plain_threads": plain_threads,
    }


def warm_up(spec: Spec, data: Dataset) -> None:
    """Train both ways for a moment: what loads or compiles at its first use is no slowness."""
    our_run(trial(spec), data)
    plain_trial(spec, data)


def best_threads(run: Callable[[], object]) -> int:
    """The number of threads with which a run is faster at this moment: one, or one for each usable core."""

    def seconds(count: int) -> float:
        with threads(count):
            start = time.perf_counter()
            run()
            return time.perf_counter() - start

    return min((usable_cores(), 1), key=seconds)


def trial(spec: Spec) -> Spec:
    """The same experiment on a few images."""
    return spec.replace(epochs=1, train_images=min(TRIAL, spec.train_images))


def plain_trial(spec: Spec, data: Dataset) -> None:
    """A short run of the plain loop."""
    images = data.train[: trial(spec).train_images]
    list(plain_epochs(plain_network(spec), images, epochs=1))


def our_run(spec: Spec, data: Dataset) -> list[tuple[float, Weights]]:
    """A run of the engine with its snapshots: for each, the seconds until then and the weights.

    What the engine prepares before its own clock starts counts too.
    """
    start = time.perf_counter()
    prepared = 0.0
    moments: list[tuple[float, Weights]] = []
    for snapshot in train(spec, data):
        prepared = prepared or time.perf_counter() - start - snapshot.seconds
        assert snapshot.weights is not None
        moments.append((prepared + snapshot.seconds, snapshot.weights))
    return moments


def first_at(
    loss: float, spec: Spec, data: Dataset, moments: Iterable[tuple[float, Weights]]
) -> tuple[float | None, float]:
    """Seconds until all test digits together had this loss or a smaller one (None: never), and the loss there."""
    test_bce = float("nan")
    for seconds, weights in moments:
        test_bce = test_losses(spec, Autoencoder.from_weights(spec, weights), data)["bce"]
        if test_bce <= loss:
            return seconds, test_bce
    return None, test_bce


@torch.no_grad()
def plain_test_bce(net: nn.Module, data: Dataset) -> float:
    """Test BCE of the plain network, mean over all pixels of all test digits."""
    pixels = to_pixels(data.test)
    return float(bce_of_logits(net(pixels), pixels).mean())


def product_gflops(dtype: torch.dtype) -> float:
    """The machine's limit: 10^9 operations a second in large square matrix products, the best of many."""
    return max(_product_gflops(size, dtype) for size in (512, 1024, 2048))


def _product_gflops(size: int, dtype: torch.dtype) -> float:
    one, other = torch.ones(size, size, dtype=dtype), torch.ones(size, size, dtype=dtype)
    best = float("inf")
    for _ in range(8):
        start = time.perf_counter()
        one @ other
        best = min(best, time.perf_counter() - start)
    return 2 * size**3 / best / 1e9


def median(values: Iterable[float | None]) -> float | None:
    """The median of the values that there are."""
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def spread(values: Iterable[float | None]) -> list[float] | None:
    """The smallest and the largest of the values that there are."""
    known = [value for value in values if value is not None]
    return [min(known), max(known)] if known else None


def in_words(result: Result) -> str:
    """The comparison for a human reader."""

    def line(name: str, text: str, unit: str = "") -> str:
        if result[name] is None:
            return f"{text}: never"
        low, high = result["spread"][name]
        return f"{text}: {result[name]:.3g}{unit} ({low:.3g} to {high:.3g})"

    return "\n".join([
        f"medians of {counted(result['rounds'], 'round')} (smallest to largest), ours in {result['number_type']} on "
        f"{counted(round(result['threads']), 'thread')}",
        line("speedup_epoch", "an epoch, times as fast as a plain PyTorch loop"),
        line("speedup_to_loss", f"to the plain loop's test loss after {PLAIN_EPOCHS} epochs, times as fast"),
        line("seconds_an_epoch", "an epoch", " s"),
        line("plain_seconds_an_epoch", "an epoch of the plain loop", " s"),
        line("share_of_limit", "share of the machine's limit for matrix products"),
    ])
