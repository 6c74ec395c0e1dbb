"""What pages measure on a run, cached by the run: each function takes hashable names and loads the rest."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ae_core.autoencoder.model import Autoencoder, Weights, to_pixels, to_uint8
from ae_core.data.datasets import Images, load
from ae_core.evaluation.baselines import PrincipalComponents, Reference, principal_components, references
from ae_core.nn.losses import LOSSES
from ae_core.runs.run import Run
from ae_core.spec import Spec
from ae_core.training.loop import corrupted_test_pixels, parts_of_test
from ae_core.ui.background.measurement_queue import in_process, process_measurements
from ae_core.ui.script_run.end_page import MeasurementError

P = ParamSpec("P")
T = TypeVar("T")
Values = NDArray[np.floating[Any]]

MOST_IMAGES = 10_000  # training images that are measured


def on_network(
    run: Run, function: Callable[Concatenate[Autoencoder, P], T], *args: P.args, **kwargs: P.kwargs
) -> T | None:
    """What a function gives of a run's network, as it is now, and of hashable arguments; None while it is measured.

    Raises `MeasurementError` for a run that ended before it had a network.
    """
    live, newest = run.live, run.newest
    if newest is None or newest.weights is None:
        if not live:
            why = run.message or "This network was never trained: its run ended before its first picture."
            raise MeasurementError(why)
        return None
    name = function.__module__, function.__qualname__, run.id, newest.step, args, tuple(sorted(kwargs.items()))
    return process_measurements().ask(name, _of_network, run.spec, newest.weights, function, *args, **kwargs)


def _of_network(spec: Spec, weights: Weights, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    return function(Autoencoder.from_weights(spec, weights).requires_grad_(False), *args, **kwargs)


@functools.lru_cache(maxsize=4)
def pca(train_images: int, data: str) -> PrincipalComponents:
    """PCA of the first training images of a data set."""
    return principal_components(load(data).train[:train_images])


def pca_size(spec: Spec) -> int:
    """How many numbers a run's PCA has: as many as its narrowest layer, as far as its images have components."""
    return min(spec.narrowest, spec.images)


def reference_losses_of(run: Run) -> tuple[Reference, ...] | None:
    """What a run has to be held against, over all test digits, or None while it is measured.

    It is the same for all runs with this data, noise, loss and bottleneck.
    """
    spec = run.spec
    return in_process(
        reference_losses,
        Spec(
            data=spec.data, train_images=spec.train_images, noise=spec.noise, noise_kind=spec.noise_kind,
            loss=spec.loss, output=spec.output, code_size=spec.narrowest, depth=0,
        ),
    )


def reference_losses(spec: Spec) -> tuple[Reference, ...]:
    """What a run of this Spec has to be held against, over all test digits."""
    parts = parts_of_test(spec, load(spec.data).test)
    return references(LOSSES[spec.loss], pca(spec.images, spec.data), parts, spec.narrowest, spec.output)


@dataclass(frozen=True)
class ImageErrors:
    """The loss of every single image, in the loss that the run is trained with.

    test : (n,), of all test images; train : of the first 10,000 training images, or of all where there are fewer
    epoch : when in the training this was measured
    copies : how many test images came back exact, in all 784 grey values
    """

    test: Values
    train: Values
    epoch: float
    copies: int


@dataclass(frozen=True)
class ReconstructionErrors:
    """All that is known so far of a run's errors and of what they are held against; None is still to come.

    ours, train, epoch, copies : see `ImageErrors`
    final : whether they are of the network at the end of its training
    pca : (n,), the loss of each test image through PCA
    copy : (n,), all losses, by name, of each test image against itself
    """

    ours: Values | None
    train: Values | None
    epoch: float
    copies: int | None
    final: bool
    pca: Values | None
    copy: Mapping[str, Values] | None

    @property
    def complete(self) -> bool:
        """Whether nothing is still to come."""
        return self.ours is not None and self.pca is not None and self.copy is not None


def reconstruction_errors(run: Run) -> ReconstructionErrors:
    """What is known of a run's errors; the rest is being measured. Ask again.

    A run that trains is measured in each quarter of its way, and at its end; until that is done what was measured
    last is known.
    """
    live, newest, spec = run.live, run.newest, run.spec
    found, final = None, False
    if newest is not None and newest.weights is not None:
        quarter = 4 * newest.step // spec.steps
        moment = f"quarter {quarter}" if live else f"step {newest.step}"
        found = process_measurements().ask(
            ("image errors", run.id, moment), image_errors, spec, newest.weights, newest.epoch
        )
        final = found is not None and not live
        for earlier in range(quarter, -1, -1):
            found = found or process_measurements().known(("image errors", run.id, f"quarter {earlier}"))
    theirs = in_process(
        pca_errors, spec.images, spec.narrowest, spec.output, spec.loss, spec.noise_kind, spec.noise, spec.data
    )
    copy = in_process(copy_losses, spec.data)
    if found is None:
        return ReconstructionErrors(None, None, 0.0, None, final, theirs, copy)
    return ReconstructionErrors(found.test, found.train, found.epoch, found.copies, final, theirs, copy)


def image_errors(spec: Spec, weights: Weights, epoch: float) -> ImageErrors:
    """As `measure_images`, of the network with these weights."""
    return measure_images(spec, Autoencoder.from_weights(spec, weights), epoch)


@torch.no_grad()
def measure_images(spec: Spec, model: Autoencoder, epoch: float) -> ImageErrors:
    """Reconstruct test and training images, corrupted as in training, and compare each with its clean image."""
    data = load(spec.data)
    found: list[list[Tensor]] = []
    copies = 0
    for images in (data.test, data.train[: min(spec.images, MOST_IMAGES)]):
        found.append([])
        for pixels, target in parts_of_test(spec, images):
            logits = model.decode_logits(model.encode(pixels))
            found[-1].append(losses_of(spec, logits, target))
            if images is data.test:
                output = logits.sigmoid() if spec.output == "sigmoid" else logits
                copies += int((to_uint8(output) == to_uint8(target)).all(axis=1).sum())
    test, train = (torch.cat(parts).numpy() for parts in found)
    return ImageErrors(test, train, epoch, copies)


def losses_of(spec: Spec, logits: Tensor, target: Tensor) -> Tensor:
    """The loss of each image (n,), from the output layer before the sigmoid (n, 784) and clean pixels (n, 784)."""
    return LOSSES[spec.loss].of_layer(logits, target, spec.output)


def pca_errors(
    train_images: int, size: int, output: str, loss: str, noise_kind: str, noise: float, data: str
) -> Values:
    """The loss of every test image (n,) through PCA with so many numbers and this kind of output, corrupted first.

    The output of PCA is clipped, if the loss asks for it, where that suits all images together best.
    """
    fitted, found = pca(train_images, data), []
    for pixels, target in parts_of_test(Spec(noise_kind=noise_kind, noise=noise), load(data).test):
        theirs = fitted.rival(pixels, size, output)
        found.append(torch.stack([LOSSES[loss].each(way, target) for way in LOSSES[loss].clipped(theirs)]))
    errors = torch.cat(found, dim=1)
    return errors[int(errors.mean(dim=1).argmin())].numpy()


def copy_losses(data: str) -> dict[str, Values]:
    """All losses, by name, of every test image (n,) against itself: what grey pixels cost even a perfect copy."""
    parts = [part for _, part in parts_of_test(Spec(), load(data).test)]
    return {name: torch.cat([loss.each(part, part) for part in parts]).numpy() for name, loss in LOSSES.items()}


@functools.lru_cache(maxsize=2)
def corrupted_images(data: str, noise_kind: str, noise: float) -> Images:
    """The test images (n, 784) as a run with this noise sees them. Made once, in about 0.1 s."""
    clean = load(data).test
    spec = Spec(noise_kind=noise_kind, noise=noise)
    return to_uint8(corrupted_test_pixels(spec, to_pixels(clean))) if noise else clean


def class_means(errors: Values, labels: Images) -> Values:
    """The mean error (10,) of the digits 0 to 9."""
    return np.bincount(labels, errors, 10) / np.bincount(labels, minlength=10)
