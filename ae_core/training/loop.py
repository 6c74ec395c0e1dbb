"""Training: one generator that yields all that a visitor sees of it."""

import copy
import math
from collections.abc import Generator, Iterator, Sequence

import torch
from torch import Tensor

from ae_core.autoencoder.model import Autoencoder
from ae_core.data.datasets import Dataset
from ae_core.nn.losses import LOSSES
from ae_core.nn.noise import corrupt
from ae_core.spec import Spec
from ae_core.training.optimizer import optimizer_for, schedule
from ae_core.training.precision import fastest_type
from ae_core.training.snapshot import ROW, Diverged, Snapshot, Snapshotter, corrupted_test_pixels, parts_of_test
from ae_core.training.snapshot_schedule import SnapshotSchedule

__all__ = ["ROW", "Diverged", "Snapshot", "backward", "corrupted_test_pixels", "fastest_type", "loss_gradient",
           "mean_image", "parts_of_test", "train"]


def train(spec: Spec, data: Dataset, pace: SnapshotSchedule | None = None) -> Generator[Snapshot]:
    """Train the autoencoder of a Spec on a data set and yield snapshots of it, the untrained one first.

    Deterministic: the weights follow from the Spec and the data, not from time or from the number
    of snapshots. Computes on as many threads as torch gives the calling one. Raises `Diverged`.

    pace : when a snapshot is due, by the clock if nothing is said
    """
    images = torch.from_numpy(data.train[: spec.images])
    model = Autoencoder.from_spec(spec)
    model.start_at(mean_image(images))
    worker = copy.deepcopy(model).to(fastest_type())  # computes; the model itself learns, in float32
    parameters, computing = list(model.parameters()), list(worker.parameters())
    learning = without_tied(parameters) if spec.decoder == "tied" else parameters
    optimizer = optimizer_for(spec.optimizer, learning, spec.rate, spec.weight_decay)
    noise = torch.Generator().manual_seed(spec.seed + 2)
    probe, pace = Snapshotter(spec, data), pace or SnapshotSchedule(spec.steps)

    for step, batch in enumerate(batches(images, spec)):
        logits, target, gradients = backward(spec, worker, batch, noise)
        if not has_finite_loss(spec, logits):  # looked at in snapshots only it would be another step each time
            raise Diverged(step)
        taken = []
        if pace.due(step):
            taken.append(probe.snapshot(step, pace.seconds, model, worker, logits, target))
            pace.taken(step)
        if spec.decoder == "tied":
            gradients = with_tied(gradients)
        optimizer.step(gradients, schedule(step, spec.steps))
        copy_into(computing, parameters)
        if taken:
            del logits, target, gradients  # thirty runs that wait for their turn would keep 100 MB of them
            with pace.waiting():
                yield taken.pop()  # nor is its copy of the weights kept here
    yield probe.last_snapshot(pace.seconds, model, *backward(spec, worker, batch, noise)[:2])


def backward(
    spec: Spec, network: Autoencoder, batch: Tensor, noise: torch.Generator
) -> tuple[Tensor, Tensor, tuple[Tensor, ...]]:
    """A batch, uint8 (n, 784), forth and back: logits and clean target (n, 784), and the gradient of each weight."""
    target = batch.to(network.dtype).div_(255)
    code = network.encode(corrupt(target, spec.noise_kind, spec.noise, noise))
    logits = network.decode_logits(code)
    # A sum that has the loss's gradients: handed to autograd as they are they would make it import sympy, 50 MB.
    slope = torch.sum(logits * loss_gradient(spec, logits.detach(), target))
    if spec.sparsity:
        slope = slope + torch.sum(code * sparsity_gradient(spec, code.detach()))
    return logits.detach(), target, torch.autograd.grad(slope, list(network.parameters()))


def has_finite_loss(spec: Spec, logits: Tensor) -> bool:
    """Whether the loss of these outputs is a finite number, without working it out.

    Cross-entropy grows as the logits do, the squared error of a linear output as their squares.
    """
    return math.isfinite(float(torch.linalg.vector_norm(logits) if spec.output == "linear" else logits.sum()))


def batches(images: Tensor, spec: Spec) -> Iterator[Tensor]:
    """Batches of training images, uint8 (batch size, 784), in a new order for every epoch."""
    generator = torch.Generator().manual_seed(spec.seed + 1)
    for _ in range(spec.epochs):
        order = torch.randperm(len(images), generator=generator, dtype=torch.int32)  # int64: twice the room
        for chosen in order.split(spec.batch_size):
            yield images.index_select(0, chosen)


def loss_gradient(spec: Spec, logits: Tensor, target: Tensor) -> Tensor:
    """Gradient of the loss at the output layer, written down: the loss itself is not needed to learn.

    The loss is summed over the pixels of an image and averaged over images.
    """
    return LOSSES[spec.loss].gradients[spec.output](logits, target).div_(len(target))


def sparsity_gradient(spec: Spec, code: Tensor) -> Tensor:
    """Gradient of the code's price, sparsity times the sum of its absolute values, averaged over images."""
    return code.sign().mul_(spec.sparsity / len(code))


def without_tied(parameters: Sequence[Tensor]) -> list[Tensor]:
    """The parameters of a tied network that learn: all but the decoder's matrices, which follow the encoder's."""
    half = len(parameters) // 2
    return [p for place, p in enumerate(parameters) if place < half or p.ndim == 1]


def with_tied(gradients: Sequence[Tensor]) -> tuple[Tensor, ...]:
    """The gradients of what `without_tied` leaves: to each encoder matrix comes the one of its mirror image."""
    half = len(gradients) // 2
    encoder = [
        gradient + gradients[-2 - place].T if gradient.ndim == 2 else gradient
        for place, gradient in enumerate(gradients[:half])
    ]
    return *encoder, *(gradient for gradient in gradients[half:] if gradient.ndim == 1)


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
