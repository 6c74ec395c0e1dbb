"""Training: one generator that yields all that a visitor sees of it."""

import copy
import functools
import math
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ae_core.datasets import Dataset
from ae_core.metrics import bce, bce_of_logits, mse
from ae_core.model import Autoencoder, Weights, to_pixels, to_uint8
from ae_core.noise import corrupt
from ae_core.optim import optimizer_for, schedule
from ae_core.spec import Spec

ROW = 10  # test digits whose reconstructions every snapshot carries
CLOUD = 400  # test digits whose codes every snapshot carries
PROBE = 200  # of these, test digits behind the test loss while training goes on
CLOUD_UNITS = 16  # units of each code in the cloud
TEST_NOISE_SEED = 2006  # every run is tested on the same corrupted digits


class Diverged(ArithmeticError):
    """Training left the finite numbers; the newest snapshot holds the last good state."""


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """What is known at one moment of a training run. Immutable.

    step, images, epoch : steps done, training images seen, passes over them (a float) so far
    seconds : wall time since training began
    train_bce, train_mse : losses on (at most 200) images of one training batch
    test_bce, test_mse : losses on `test_images` test digits: some hundred while training goes on,
        all of them in the last snapshot. Inputs are corrupted as in training, targets are clean.
        Means over pixels; BCE is NaN where the output is linear and has none.
    gradient_norm : length of the gradient over all parameters
    row : uint8 (10, 784), reconstructions of the first test digits
    row_codes : float32 (10, code size), their codes
    cloud : float16 (n, at most 16), the first units of the codes of n test digits
    weights : all weights at this moment; a run keeps them for its newest snapshot only
    """

    step: int
    images: int
    epoch: float
    seconds: float
    train_bce: float
    train_mse: float
    test_bce: float
    test_mse: float
    test_images: int
    gradient_norm: float
    row: NDArray[np.uint8]
    row_codes: NDArray[np.float32]
    cloud: NDArray[np.float16]
    weights: Weights | None = None


def train(spec: Spec, data: Dataset) -> Generator[Snapshot]:
    """Train the autoencoder of a Spec on a data set and yield snapshots of it, the untrained one first.

    Deterministic: the weights follow from the Spec and the data, not from time or from the number
    of snapshots. Computes on as many threads as torch gives the calling one. Raises `Diverged`.
    """
    images = torch.from_numpy(data.train[: spec.train_images])
    model = Autoencoder.from_spec(spec)
    model.start_at(mean_image(images))
    worker = copy.deepcopy(model).to(fastest_type())  # computes; the model itself learns, in float32
    parameters, computing = list(model.parameters()), list(worker.parameters())
    optimizer = optimizer_for(spec, parameters)
    noise = torch.Generator().manual_seed(spec.seed + 2)
    probe, pace = Probe(spec, data), Pace(spec.steps)

    for step, batch in enumerate(batches(images, spec)):
        target = batch.to(computing[0].dtype).div_(255)
        logits = worker.decode_logits(worker.encode(corrupt(target, spec.noise_kind, spec.noise, noise)))
        gradients = torch.autograd.grad(logits, computing, loss_gradient(spec, logits.detach(), target))
        if pace.due(step):
            snapshot = probe.snapshot(step, pace.seconds, model, worker, logits.detach(), target, gradients)
            pace.taken()
            yield snapshot
            pace.resumed()
        optimizer.step(gradients, schedule(step, spec.steps))
        copy_into(computing, parameters)
    yield probe.last_snapshot(pace.seconds, model, logits.detach(), target, gradients)


def batches(images: Tensor, spec: Spec) -> Iterator[Tensor]:
    """Batches of training images, uint8 (batch size, 784), in a new order for every epoch."""
    generator = torch.Generator().manual_seed(spec.seed + 1)
    for _ in range(spec.epochs):
        for chosen in torch.randperm(len(images), generator=generator).split(spec.batch_size):
            yield images.index_select(0, chosen)


def loss_gradient(spec: Spec, logits: Tensor, target: Tensor) -> Tensor:
    """Gradient of the loss at the output layer, written down: the loss itself is not needed to learn.

    The loss is summed over the pixels of an image and averaged over images. With s = sigmoid(z),
    binary cross-entropy has the gradient s - x, squared error 2 (s - x) s (1 - s), and squared
    error of a linear output 2 (z - x).
    """
    if spec.output == "linear":
        gradient = logits.sub(target).mul_(2)
    else:
        output = logits.sigmoid()
        gradient = output - target
        if spec.loss == "mse":
            gradient.mul_(output).mul_(output.neg_().add_(1)).mul_(2)
    return gradient.div_(len(target))


def mean_image(images: Tensor) -> Tensor:
    """The mean of uint8 images (n, 784), as pixels (784,) in [0, 1]."""
    total = torch.zeros(images.shape[1])
    for part in images.split(1024):  # whole numbers below 2^24 stay exact in float32, part by part
        total += part.float().sum(dim=0).div_(255)
    return total / len(images)


@torch.no_grad()
def copy_into(targets: Sequence[Tensor], sources: Sequence[Tensor]) -> None:
    """Copy tensors into others of the same shapes, whatever their number types."""
    for target, source in zip(targets, sources, strict=True):
        target.copy_(source)


@functools.cache
def fastest_type() -> torch.dtype:
    """bfloat16 where this processor multiplies matrices of our size clearly faster in it, else float32."""
    seconds = {dtype: _product_seconds(dtype) for dtype in (torch.float32, torch.bfloat16)}
    return torch.bfloat16 if seconds[torch.float32] > 1.3 * seconds[torch.bfloat16] else torch.float32


def _product_seconds(dtype: torch.dtype) -> float:
    """Seconds that one layer's matrix product takes: the best of many, since others may be at work too."""
    pixels, weights = torch.ones(512, 784, dtype=dtype), torch.ones(128, 784, dtype=dtype)

    def once() -> float:
        start = time.perf_counter()
        torch.nn.functional.linear(pixels, weights)
        return time.perf_counter() - start

    return min(once() for _ in range(15))


class Pace:
    """Decides which steps are worth a snapshot: the first few, then evenly in time.

    Some forty over a run and at least five a second, as long as they take only a small share of
    the running time. Time that the consumer lets the generator wait counts for the rhythm (a
    visitor is waiting too) but not as running time.
    """

    dense = 4  # a snapshot at each of the first steps: most is learned there
    share = 0.08  # of the running time goes into snapshots, at most

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self.start = self.latest = self.asked = time.perf_counter()
        self.waited = self.ran = self.cost = 0.0

    @property
    def seconds(self) -> float:
        """Running time so far."""
        return time.perf_counter() - self.start - self.waited

    def due(self, step: int) -> bool:
        self.asked = time.perf_counter()
        if step < self.dense:
            return True
        interval = min(0.2, self.seconds / step * self.steps / 40)
        return self.asked - self.latest > interval and self.seconds - self.ran > self.cost / self.share

    def taken(self) -> None:
        """A snapshot that was due is ready; now the consumer has it."""
        self.latest = time.perf_counter()
        self.cost, self.ran = self.latest - self.asked, self.seconds

    def resumed(self) -> None:
        """The consumer asks for more."""
        self.waited += time.perf_counter() - self.latest


class Probe:
    """The test digits on which snapshots look at the network."""

    def __init__(self, spec: Spec, data: Dataset) -> None:
        self.spec, self.data = spec, data
        spread = data.test[:: max(1, len(data.test) // CLOUD)][:CLOUD]
        self.clean = to_pixels(np.concatenate([data.test[:ROW], spread]))
        self.input = corrupted_test_pixels(spec, self.clean)

    @torch.no_grad()
    def snapshot(
        self, step: int, seconds: float, model: Autoencoder, worker: Autoencoder,
        logits: Tensor, target: Tensor, gradients: Sequence[Tensor],
    ) -> Snapshot:
        """The network as it is before a step, beside the loss and gradient of the step's batch."""
        codes = worker.encode(self.input.to(worker.decoder[-1].weight.dtype))
        outputs = worker.decode_logits(codes[: ROW + PROBE]).float()
        train_bce, train_mse = losses(self.spec, logits[:PROBE].float(), target[:PROBE].float())
        test_bce, test_mse = losses(self.spec, outputs[ROW:], self.clean[ROW : ROW + PROBE])
        if not math.isfinite(train_mse + test_mse):
            raise Diverged(
                f"Training diverged at step {step:,}: the loss is no longer a finite number. "
                "A smaller learning rate helps."
            )
        images = step * self.spec.batch_size - step // self.spec.steps_per_epoch * (
            self.spec.steps_per_epoch * self.spec.batch_size - self.spec.train_images
        )
        row = outputs[:ROW].sigmoid() if self.spec.output == "sigmoid" else outputs[:ROW]
        return Snapshot(
            step=step,
            images=images,
            epoch=images / self.spec.train_images,
            seconds=seconds,
            train_bce=train_bce,
            train_mse=train_mse,
            test_bce=test_bce,
            test_mse=test_mse,
            test_images=len(outputs) - ROW,
            gradient_norm=math.sqrt(sum(float(gradient.float().square().sum()) for gradient in gradients)),
            row=to_uint8(row),
            row_codes=codes[:ROW].float().numpy(),
            cloud=codes[ROW:, :CLOUD_UNITS].half().numpy(),
            weights=model.weights(),
        )

    @torch.no_grad()
    def last_snapshot(
        self, seconds: float, model: Autoencoder, logits: Tensor, target: Tensor, gradients: Sequence[Tensor]
    ) -> Snapshot:
        """The trained network, its test loss measured on all test digits, in float32."""
        snapshot = self.snapshot(self.spec.steps, seconds, model, model, logits, target, gradients)
        test_bce, test_mse = test_losses(self.spec, model, self.data)
        return replace(snapshot, test_bce=test_bce, test_mse=test_mse, test_images=len(self.data.test))


def losses(spec: Spec, logits: Tensor, target: Tensor) -> tuple[float, float]:
    """BCE and MSE of outputs before the sigmoid against clean pixels; no BCE (NaN) for a linear output."""
    if spec.output == "linear":
        return math.nan, mse(logits, target)
    return bce_of_logits(logits, target), mse(logits.sigmoid(), target)


@torch.no_grad()
def test_losses(spec: Spec, model: Autoencoder, data: Dataset) -> tuple[float, float]:
    """BCE and MSE over all test digits, corrupted as in training."""
    clean = to_pixels(data.test)
    corrupted = corrupted_test_pixels(spec, clean)
    pairs = [
        (*losses(spec, model.decode_logits(model.encode(x)), target), len(target))
        for x, target in zip(corrupted.split(1000), clean.split(1000), strict=True)
    ]
    return tuple(sum(pair[k] * pair[2] for pair in pairs) / len(clean) for k in (0, 1))


def corrupted_test_pixels(spec: Spec, clean: Tensor) -> Tensor:
    """Test pixels with the Spec's noise, the same for every run."""
    generator = torch.Generator().manual_seed(TEST_NOISE_SEED)
    return corrupt(clean, spec.noise_kind, spec.noise, generator)
