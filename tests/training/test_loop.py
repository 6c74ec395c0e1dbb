"""Training: the right gradients, the same result every time, snapshots that tell the truth, an end in every case."""

import copy
import dataclasses
import inspect
import math
from collections import deque
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from ae_core.autoencoder.model import Autoencoder, Weights, to_pixels
from ae_core.data.datasets import Dataset, load, mnist
from ae_core.nn.losses import bce
from ae_core.spec import Spec
from ae_core.training import snapshot as snapshots
from ae_core.training.loop import (
    ROW,
    Diverged,
    Snapshot,
    corrupted_test_pixels,
    loss_gradient,
    mean_image,
    sparsity_gradient,
    train,
    with_tied,
    without_tied,
)
from ae_core.training.snapshot import Snapshotter
from ae_core.training.snapshot_schedule import SnapshotSchedule

SMALL = Spec(code_size=4, width=16, train_images=64, batch_size=16, epochs=3)
DIVERGING = SMALL.replace(optimizer="sgd", learning_rate=10.0, loss="mse", output="linear", epochs=1000)


def weights_of(snapshot: Snapshot) -> Weights:
    assert snapshot.weights is not None
    return snapshot.weights


def last(snapshots: Iterator[Snapshot]) -> Snapshot:
    *_, snapshot = snapshots
    return snapshot


def same_weights(one: Snapshot, other: Snapshot) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(weights_of(one), weights_of(other), strict=True))


class Louder(nn.Module):
    """A layer that makes a million of a one."""

    def forward(self, code: Tensor) -> Tensor:
        return code * 1e6


def loss_by_definition(spec: Spec, logits: Tensor, target: Tensor) -> Tensor:
    """The loss, summed over the pixels of an image and averaged over images, as PyTorch writes it."""
    if spec.loss == "bce":
        total = functional.binary_cross_entropy_with_logits(logits, target, reduction="sum")
    else:
        output = logits.sigmoid() if spec.output == "sigmoid" else logits
        total = functional.mse_loss(output, target, reduction="sum")
    return total / len(target)


@pytest.mark.parametrize("spec", [Spec(), Spec(loss="mse"), Spec(loss="mse", output="linear")], ids=Spec.describe)
def test_the_written_down_gradient_is_that_of_autograd(spec: Spec) -> None:
    generator = torch.Generator().manual_seed(0)
    logits = (torch.randn((7, 784), generator=generator) * 3).requires_grad_()
    target = torch.rand((7, 784), generator=generator)
    (expected,) = torch.autograd.grad(loss_by_definition(spec, logits, target), logits)
    assert torch.allclose(loss_gradient(spec, logits.detach(), target), expected, atol=1e-6)


def test_the_price_of_a_code_has_the_gradient_of_its_absolute_values() -> None:
    code = torch.randn((7, 5), generator=torch.Generator().manual_seed(0)).requires_grad_()
    (expected,) = torch.autograd.grad(0.3 * code.abs().sum() / 7, code)
    assert torch.allclose(sparsity_gradient(Spec(sparsity=0.3), code.detach()), expected)


def test_a_tied_network_follows_the_gradient_of_the_weights_that_it_has() -> None:
    spec = SMALL.replace(decoder="tied", depth=2)
    model = Autoencoder.from_spec(spec)
    pixels = torch.rand((6, 784), generator=torch.Generator().manual_seed(1))
    apart = torch.autograd.grad(model(pixels).square().sum(), list(model.parameters()))
    own = [parameter.detach().clone().requires_grad_() for parameter in without_tied(list(model.parameters()))]
    names = [name for name, p in model.named_parameters() if name.startswith("encoder") or p.ndim == 1]
    tied = dict(zip(names, own, strict=True))
    encoding = [f"encoder.{place}.weight" for place in (4, 2, 0)]
    for place, name in zip((0, 2, 4), encoding, strict=True):
        tied[f"decoder.{place}.weight"] = tied[name].T
    output = torch.func.functional_call(model, tied, (pixels,))
    for ours, theirs in zip(with_tied(apart), torch.autograd.grad(output.square().sum(), own), strict=True):
        assert torch.allclose(ours, theirs, atol=1e-4)


@pytest.mark.parametrize("depth", [0, 1, 3])
def test_a_tied_network_stays_tied(depth: int, blobs: Dataset) -> None:
    weights = weights_of(last(train(SMALL.replace(decoder="tied", depth=depth), blobs)))
    half = len(weights) // 2
    for place in range(0, half, 2):
        assert np.array_equal(weights[place], weights[-2 - place].T)


def test_sparsity_makes_codes_smaller(blobs: Dataset) -> None:
    free, dear = (last(train(SMALL.replace(sparsity=price, epochs=40), blobs)) for price in (0.0, 3.0))
    assert np.abs(dear.row_codes).mean() < 0.7 * np.abs(free.row_codes).mean()


def test_weight_decay_makes_weights_smaller(blobs: Dataset) -> None:
    free, held = (last(train(SMALL.replace(weight_decay=decay, epochs=40), blobs)) for decay in (0.0, 1.0))
    assert np.linalg.norm(weights_of(held)[0]) < 0.9 * np.linalg.norm(weights_of(free)[0])


@pytest.mark.parametrize("spec", [
    SMALL,
    SMALL.replace(loss="mse", activation="silu", optimizer="adam"),
    SMALL.replace(noise=0.4, activation="tanh"),
    SMALL.replace(noise=0.4, noise_kind="masking", depth=2, activation="sigmoid"),
    SMALL.replace(depth=0, loss="mse", output="linear"),
    SMALL.replace(optimizer="sgd"),
    SMALL.replace(code_size=784, depth=4, width=16),
    SMALL.replace(code_size=1),
    SMALL.replace(decoder="tied", depth=2),
    SMALL.replace(decoder="tied", sparsity=0.1, weight_decay=0.1, optimizer="adam"),
], ids=Spec.describe)
def test_64_images_are_enough_to_learn_from(spec: Spec, blobs: Dataset) -> None:
    first, *_, end = train(spec.replace(epochs=40), blobs)
    assert end.test["mse"] < first.test["mse"]
    assert end.step == 40 * 4
    assert math.isnan(end.test["bce"]) == (spec.output == "linear")
    if spec.output == "sigmoid":
        assert end.test["bce"] < first.test["bce"]


def test_the_same_spec_gives_the_same_network_and_another_seed_another(blobs: Dataset) -> None:
    spec = SMALL.replace(noise=0.3)
    one, again, other = (last(train(s, blobs)) for s in (spec, spec, spec.replace(seed=1)))
    assert same_weights(one, again)
    assert (one.test["bce"], one.test["mse"]) == (again.test["bce"], again.test["mse"])
    assert not same_weights(one, other)


@pytest.mark.parametrize("due", [lambda self, step: True, lambda self, step: step == 0], ids=["every", "none"])
def test_looking_more_or_less_often_changes_nothing(
    due: object, blobs: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = SMALL.replace(noise=0.3)
    usual = last(train(spec, blobs))
    monkeypatch.setattr(SnapshotSchedule, "due", due)
    assert same_weights(last(train(spec, blobs)), usual)


def test_training_leaves_the_global_random_numbers_alone_and_does_not_read_them(blobs: Dataset) -> None:
    spec = SMALL.replace(noise=0.3)
    before = torch.random.get_rng_state()
    usual = last(train(spec, blobs))
    assert torch.equal(torch.random.get_rng_state(), before)
    snapshots = []
    for snapshot in train(spec, blobs):
        torch.rand(3)
        snapshots.append(snapshot)
    assert same_weights(snapshots[-1], usual)


def test_test_digits_and_labels_are_never_trained_on(blobs: Dataset) -> None:
    labels = np.arange(64, dtype=np.uint8)
    other = dataclasses.replace(blobs, test=255 - blobs.test, train_labels=labels, test_labels=labels)
    assert same_weights(last(train(SMALL, blobs)), last(train(SMALL, other)))


def test_only_as_many_training_images_as_asked_for_are_used() -> None:
    data, spec = mnist(), Spec(code_size=4, width=16, train_images=64)
    cut = dataclasses.replace(data, train=data.train[:64])
    assert same_weights(last(train(spec, data)), last(train(spec, cut)))


def test_the_first_snapshot_is_the_untrained_network(blobs: Dataset) -> None:
    snapshot = next(train(SMALL, blobs))
    assert (snapshot.step, snapshot.images, snapshot.epoch) == (0, 0, 0.0)
    untrained = Autoencoder.from_spec(SMALL).weights()
    *same, bias = zip(weights_of(snapshot), untrained, strict=True)
    assert all(np.array_equal(a, b) for a, b in same)
    mean = blobs.train.mean(axis=0) / 255
    assert 1 / (1 + np.exp(-bias[0])) == pytest.approx(mean.clip(1e-3, 1 - 1e-3), abs=1e-4)


@pytest.mark.parametrize("data", ["mnist", "fashion", "landscapes"])
@pytest.mark.parametrize("spec", [
    Spec(), Spec(depth=4), Spec(width=1024, code_size=784), Spec(width=1024, code_size=784, activation="tanh"),
    Spec(width=1024, activation="sigmoid"), Spec(width=1024, code_size=784, decoder="tied"),
], ids=Spec.describe)
def test_with_hidden_layers_and_a_sigmoid_the_untrained_loss_is_close_to_that_of_the_mean_image(
    spec: Spec, data: str
) -> None:
    images = load(data)
    clean, mean = to_pixels(images.test[:500]), to_pixels(images.train[:2000]).mean(dim=0)
    model = Autoencoder.from_spec(spec)
    model.start_at(mean)
    with torch.no_grad():
        started, best = bce(model(clean), clean).mean(), bce(mean.expand_as(clean), clean).mean()
        assert float(started) == pytest.approx(float(best), rel=0.08)


def test_the_first_steps_all_have_a_snapshot(blobs: Dataset) -> None:
    assert [snapshot.step for snapshot in train(SMALL, blobs)][:4] == [0, 1, 2, 3]


def test_the_test_loss_on_the_way_stands_for_all_test_digits() -> None:
    """The first 5,000 are easier: 4 % less BCE for the mean image, which is the output of an untrained network."""
    data, spec = mnist(), Spec(width=16)
    mean = mean_image(torch.from_numpy(data.train))
    whole = float(bce(mean.clamp(0, 1).expand(len(data.test), 784), to_pixels(data.test)).mean())
    first = next(train(spec, data))
    assert first.test_images == 200
    assert first.test["bce"] == pytest.approx(whole, rel=0.015)


@pytest.mark.parametrize("idle", [{"width": 512}, {"activation": "tanh"}, {"noise_kind": "masking"}])
def test_a_setting_without_effect_changes_nothing(blobs: Dataset, idle: dict[str, object]) -> None:
    spec = SMALL.replace(depth=0)
    assert same_weights(last(train(spec, blobs)), last(train(spec.replace(**idle), blobs)))


def test_a_batch_of_all_images_is_the_same_whatever_its_size(blobs: Dataset) -> None:
    spec = SMALL.replace(batch_size=64)
    larger = spec.replace(batch_size=4096)
    assert larger.key == spec.key
    assert same_weights(last(train(spec, blobs)), last(train(larger, blobs)))


def test_every_snapshot_is_well_formed(blobs: Dataset) -> None:
    spec = SMALL.replace(batch_size=21, code_size=40)  # batches of 21, 21, 21 and 1
    snapshots = list(train(spec, blobs))
    for snapshot in snapshots:
        assert snapshot.row.shape == (ROW, 784)
        assert snapshot.row.dtype == np.uint8
        assert snapshot.row_codes.shape == (ROW, 40)
        assert snapshot.row_codes.dtype == np.float32
        assert snapshot.cloud.shape == (64, 32)
        assert snapshot.cloud.dtype == np.float16
        assert snapshot.epoch == snapshot.images / 64
        assert all(map(math.isfinite, (*snapshot.train.values(), *snapshot.test.values())))
        assert snapshot.test_images == 64
    moments = [(snapshot.step, snapshot.images, snapshot.seconds) for snapshot in snapshots]
    assert moments == sorted(moments)
    seen = [0, 21, 42, 63, 64, 85, 106, 127, 128, 149, 170, 191, 192]
    assert all(snapshot.images == seen[snapshot.step] for snapshot in snapshots)
    assert snapshots[-1].step == 12


def test_a_snapshot_shows_its_own_weights(blobs: Dataset) -> None:
    end = last(train(SMALL, blobs))
    model = Autoencoder.from_weights(SMALL, weights_of(end)).requires_grad_(False)
    pixels = to_pixels(blobs.test)
    assert torch.allclose(torch.from_numpy(end.row_codes), model.encode(pixels[:ROW]), atol=1e-4)
    assert np.abs(end.row / 255 - model(pixels[:ROW]).numpy()).max() < 0.01
    logits = model.decode_logits(model.encode(pixels))
    cross_entropy = functional.binary_cross_entropy_with_logits(logits, pixels)
    assert end.test["bce"] == pytest.approx(float(cross_entropy), rel=1e-4)
    assert end.test["mse"] == pytest.approx(float(functional.mse_loss(logits.sigmoid(), pixels)), rel=1e-4)


def test_the_last_snapshot_is_measured_on_all_test_digits_and_the_others_on_some() -> None:
    spec = Spec(code_size=4, width=16, train_images=64, batch_size=16)
    first, *_, end = train(spec, mnist())
    assert first.test_images < 1000
    assert end.test_images == 10_000


def test_weights_of_an_older_snapshot_are_not_overwritten(blobs: Dataset) -> None:
    snapshots = train(SMALL, blobs)
    first = next(snapshots)
    before = weights_of(first)[0].copy()
    last(snapshots)
    assert np.array_equal(weights_of(first)[0], before)


def test_closing_the_generator_in_the_middle_is_quiet(blobs: Dataset) -> None:
    snapshots = train(SMALL, blobs)
    next(snapshots)
    snapshots.close()
    assert inspect.getgeneratorstate(snapshots) == inspect.GEN_CLOSED


def test_a_diverging_run_says_so_and_leaves_a_good_last_snapshot(blobs: Dataset) -> None:
    seen: deque[Snapshot] = deque()
    with pytest.raises(Diverged, match=r"Training diverged at step .* smaller learning rate"):
        seen.extend(train(DIVERGING, blobs))
    assert math.isfinite(seen[-1].test["mse"] + seen[-1].train["mse"])
    assert all(np.isfinite(weight).all() for weight in weights_of(seen[-1]))
    assert all(np.isfinite(snapshot.cloud).all() for snapshot in seen)


@pytest.mark.parametrize("every", [1, 1000])
def test_a_run_diverges_at_the_same_step_however_many_snapshots_are_taken(
    every: int, blobs: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SnapshotSchedule, "due", lambda self, step: step % every == 0)
    with pytest.raises(Diverged) as failed:
        deque(train(DIVERGING.replace(learning_rate=1.0), blobs))
    assert "at step 18:" in f"{failed.value}"
    assert f"{copy.copy(failed.value)}" == f"{failed.value}", "it comes from another process as it was"


def test_a_loss_that_is_no_number_counts_as_diverged_even_if_the_other_loss_is_finite(blobs: Dataset) -> None:
    spec = SMALL.replace(loss="mse")
    model, target = Autoencoder.from_spec(spec), to_pixels(blobs.train[:16])
    model.start_at(torch.full((784,), 0.5))
    with torch.no_grad():
        output = model.decoder[-1]
        assert isinstance(output, nn.Linear)
        output.bias[0] = math.inf  # a pixel of exactly 1: no trouble for MSE
        logits = model.decode_logits(model.encode(target))
    with pytest.raises(Diverged):
        Snapshotter(spec, blobs).snapshot(1, 0.0, model, model, logits, target)


def test_huge_codes_stay_finite_in_the_cloud(blobs: Dataset) -> None:
    model, target = Autoencoder.from_spec(SMALL), to_pixels(blobs.train[:16])
    with torch.no_grad():
        model.encoder.register_module("louder", Louder())
        decoder = model.decoder[0]
        assert isinstance(decoder, nn.Linear)
        decoder.weight.zero_()
        logits = model.decode_logits(model.encode(target))
    snapshot = Snapshotter(SMALL, blobs).snapshot(1, 0.0, model, model, logits, target)
    assert np.isfinite(snapshot.cloud).all()


def test_every_run_is_tested_on_the_same_corrupted_digits() -> None:
    pixels = to_pixels(mnist().test[:1000])
    spec = Spec(noise=0.4)
    one, other = corrupted_test_pixels(spec, pixels), corrupted_test_pixels(spec.replace(seed=7, code_size=2), pixels)
    assert torch.equal(one, other)
    assert not torch.equal(one, pixels)


@pytest.mark.parametrize("kind", ["gaussian", "salt and pepper", "masking", "speckle"])
def test_the_row_has_the_same_corruption_as_the_whole_test_set(kind: str) -> None:
    spec, data = Spec(noise=0.4, noise_kind=kind), mnist()
    whole = corrupted_test_pixels(spec, to_pixels(data.test))
    noisy = Snapshotter(spec, data).noisy
    assert noisy is not None and torch.equal(noisy[:ROW], whole[:ROW])


def test_noise_is_tested_against_clean_targets(blobs: Dataset) -> None:
    spec = SMALL.replace(noise=0.8)
    end = last(train(spec, blobs))
    model = Autoencoder.from_weights(spec, weights_of(end)).requires_grad_(False)
    clean = to_pixels(blobs.test)
    output = model(corrupted_test_pixels(spec, clean))
    assert end.test["mse"] == pytest.approx(float(functional.mse_loss(output, clean)), rel=1e-4)
    assert snapshots.test_losses(spec, model, blobs)["mse"] == pytest.approx(end.test["mse"], rel=1e-6)
