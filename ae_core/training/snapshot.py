"""What a visitor sees of a training run: a snapshot, taken on a few test digits."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ae_core.autoencoder.model import Autoencoder, Weights, to_pixels, to_uint8
from ae_core.data.datasets import Dataset
from ae_core.nn.losses import LOSSES
from ae_core.nn.noise import corrupt
from ae_core.spec import Spec

ROW = 10  # test digits whose reconstructions every snapshot carries
CHUNK = 250  # test digits in one pass: more do not fit into the cache, and take twice as long
CODED_DIGITS = 400  # test digits whose codes every snapshot carries
MEASURED_DIGITS = 200  # test digits, taken evenly from all, that give the test loss during training
CLOUD_UNITS = 32  # units of each code in the cloud
HALF_MAX = torch.finfo(torch.float16).max
TEST_NOISE_SEED = 2006  # every run is tested on the same corrupted digits


class Diverged(ArithmeticError):
    """Training left the finite numbers at this step; the newest snapshot holds the last good state."""

    def __init__(self, step: int) -> None:
        super().__init__(step)  # as it is: so the error can travel from process to process

    def __str__(self) -> str:
        return (
            f"Training diverged at step {self.args[0]:,}: the loss is no longer a finite number. "
            "A smaller learning rate helps."
        )


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """What is known at one moment of a training run. Immutable.

    step, images, epoch : steps done, training images seen, passes over them (a float) so far
    seconds : wall time since training began
    train : all losses, by name, on (at most 200) images of one training batch
    test : the same on `test_images` test images: some hundred while training goes on, all of them in the last
        snapshot. Inputs are corrupted as in training, targets are clean. Means over pixels; NaN for a loss
        that does not go with the output.
    row : uint8 (10, 784), reconstructions of the first test digits
    row_codes : float32 (10, code size), their codes
    cloud : float16 (n, at most 32), the first units of the codes of n test digits
    weights : all weights at this moment; a run keeps them for its newest snapshot only
    """

    step: int
    images: int
    epoch: float
    seconds: float
    train: Mapping[str, float]
    test: Mapping[str, float]
    test_images: int
    row: NDArray[np.uint8]
    row_codes: NDArray[np.float32]
    cloud: NDArray[np.float16]
    weights: Weights | None = None


class Snapshotter:
    """The test digits on which snapshots look at the network."""

    def __init__(self, spec: Spec, data: Dataset) -> None:
        self.spec, self.data = spec, data
        spread = data.test[:: max(1, len(data.test) // CODED_DIGITS)][:CODED_DIGITS]
        self.images = np.concatenate([data.test[:ROW], spread])
        self.decoded = [*range(ROW), *range(ROW, len(self.images), max(1, len(spread) // MEASURED_DIGITS))]
        self.noisy = corrupted_test_pixels(spec, to_pixels(self.images)) if spec.noise else None

    @torch.no_grad()
    def snapshot(
        self, step: int, seconds: float, model: Autoencoder, worker: Autoencoder, logits: Tensor, target: Tensor
    ) -> Snapshot:
        """The network as it is before a step, beside the loss of the step's batch."""
        clean = to_pixels(self.images)
        codes = worker.encode((clean if self.noisy is None else self.noisy).to(worker.dtype))
        outputs = worker.decode_logits(codes[self.decoded]).float()
        train = losses(self.spec, logits[:MEASURED_DIGITS].float(), target[:MEASURED_DIGITS].float())
        test = losses(self.spec, outputs[ROW:], clean[self.decoded][ROW:])
        shown = [name for name, loss in LOSSES.items() if self.spec.output in loss.gradients]
        if not all(math.isfinite(found[name]) for found in (train, test) for name in shown):
            raise Diverged(step)
        images = step * self.spec.batch_size - step // self.spec.steps_per_epoch * (
            self.spec.steps_per_epoch * self.spec.batch_size - self.spec.images
        )
        row = outputs[:ROW].sigmoid() if self.spec.output == "sigmoid" else outputs[:ROW]
        return Snapshot(
            step=step,
            images=images,
            epoch=images / self.spec.images,
            seconds=seconds,
            train=train,
            test=test,
            test_images=len(outputs) - ROW,
            row=to_uint8(row),
            row_codes=codes[:ROW].float().numpy(),
            cloud=codes[ROW:, :CLOUD_UNITS].clamp(-HALF_MAX, HALF_MAX).half().numpy(),
            weights=model.weights(),
        )

    @torch.no_grad()
    def last_snapshot(self, seconds: float, model: Autoencoder, logits: Tensor, target: Tensor) -> Snapshot:
        """The trained network, its test loss measured on all test digits, in float32."""
        snapshot = self.snapshot(self.spec.steps, seconds, model, model, logits, target)
        test = test_losses(self.spec, model, self.data)
        return replace(snapshot, test=test, test_images=len(self.data.test))


def losses(spec: Spec, logits: Tensor, target: Tensor) -> dict[str, float]:
    """All losses, by name, of outputs before the sigmoid against clean pixels; NaN where the output has none."""
    return {name: float(loss.of_layer(logits, target, spec.output).mean()) for name, loss in LOSSES.items()}


@torch.no_grad()
def test_losses(spec: Spec, model: Autoencoder, data: Dataset) -> dict[str, float]:
    """All losses, by name, over all test images, corrupted as in training."""
    sums = dict.fromkeys(LOSSES, 0.0)
    for x, target in parts_of_test(spec, data.test):
        for name, loss in losses(spec, model.decode_logits(model.encode(x)), target).items():
            sums[name] += loss * len(target) / len(data.test)
    return sums


def parts_of_test(spec: Spec, images: NDArray[np.uint8]) -> Iterator[tuple[Tensor, Tensor]]:
    """Corrupted and clean pixels (250, 784) of all test images, a part at a time: whole they would take 60 MB.

    The noise is that of `corrupted_test_pixels`: one stream of random numbers, drawn in order.
    """
    generator = torch.Generator().manual_seed(TEST_NOISE_SEED)
    for start in range(0, len(images), CHUNK):
        clean = to_pixels(images[start : start + CHUNK])
        yield corrupt(clean, spec.noise_kind, spec.noise, generator), clean


def corrupted_test_pixels(spec: Spec, clean: Tensor) -> Tensor:
    """Test pixels with the Spec's noise, the same for every run."""
    generator = torch.Generator().manual_seed(TEST_NOISE_SEED)
    return corrupt(clean, spec.noise_kind, spec.noise, generator)
