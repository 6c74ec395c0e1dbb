"""The autoencoder: its shape follows the Spec, its weights survive a round trip."""

import numpy as np
import pytest
import torch
from torch import nn

from ae_core.autoencoder.model import Autoencoder, to_pixels, to_uint8
from ae_core.nn.activations import ACTIVATIONS
from ae_core.spec import Spec

SHAPES = [
    Spec(),
    Spec(depth=0),
    Spec(code_size=2, depth=3, width=256, activation="silu"),
    Spec(code_size=784, depth=4, width=16, activation="tanh"),
]
PIXELS = torch.rand((5, 784), generator=torch.Generator().manual_seed(0))


def linears(layers: nn.Sequential) -> list[nn.Linear]:
    return [layer for layer in layers if isinstance(layer, nn.Linear)]


@pytest.mark.parametrize("spec", SHAPES, ids=Spec.describe)
def test_the_decoder_mirrors_the_encoder(spec: Spec) -> None:
    model = Autoencoder.from_spec(spec)
    down = [(layer.in_features, layer.out_features) for layer in linears(model.encoder)]
    up = [(layer.out_features, layer.in_features) for layer in linears(model.decoder)]
    assert down == up[::-1]
    assert (784, *(size for _, size in down)) == spec.layer_sizes[: spec.depth + 2]


@pytest.mark.parametrize("spec", SHAPES, ids=Spec.describe)
def test_the_spec_counts_the_parameters_right(spec: Spec) -> None:
    assert sum(parameter.numel() for parameter in Autoencoder.from_spec(spec).parameters()) == spec.parameters


@pytest.mark.parametrize("spec", SHAPES, ids=Spec.describe)
def test_a_tied_decoder_is_the_encoder_transposed_and_counted_once(spec: Spec) -> None:
    spec = spec.replace(decoder="tied")
    model = Autoencoder.from_spec(spec)
    for there, back in zip(linears(model.encoder), reversed(linears(model.decoder)), strict=True):
        assert torch.equal(there.weight, back.weight.T)
    memory = {parameter.data_ptr(): parameter.numel() for parameter in model.parameters()}
    assert sum(memory.values()) == spec.parameters


@pytest.mark.parametrize("spec", SHAPES, ids=Spec.describe)
def test_code_and_output_layer_have_no_nonlinearity_and_all_others_do(spec: Spec) -> None:
    model = Autoencoder.from_spec(spec)
    for half in (model.encoder, model.decoder):
        kinds = [type(layer) for layer in half]
        assert kinds == [nn.Linear, *[getattr(nn, ACTIVATIONS[spec.activation]), nn.Linear] * spec.depth]


def test_forward_is_decode_of_encode_and_decode_is_the_sigmoid_of_the_logits() -> None:
    model = Autoencoder.from_spec(Spec())
    code = model.encode(PIXELS)
    assert code.shape == (5, 32)
    assert torch.equal(model.decode(code), model.decode_logits(code).sigmoid())
    assert torch.equal(model(PIXELS), model.decode(code))


def test_a_linear_output_of_depth_0_is_a_linear_map() -> None:
    model = Autoencoder.from_spec(Spec(depth=0, loss="mse", output="linear"))
    left, right = model(PIXELS[:1]), model(PIXELS[1:2])
    assert torch.allclose(model((PIXELS[:1] + PIXELS[1:2]) / 2), (left + right) / 2, atol=1e-5)
    assert model(PIXELS * 100).max() > 1


def test_the_first_weights_follow_from_the_seed() -> None:
    first, again, other = (Autoencoder.from_spec(Spec(seed=seed)).weights()[0] for seed in (5, 5, 6))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_making_a_network_leaves_the_global_random_numbers_alone() -> None:
    before = torch.random.get_rng_state()
    Autoencoder.from_spec(Spec())
    assert torch.equal(torch.random.get_rng_state(), before)


@pytest.mark.parametrize("output", ["sigmoid", "linear"])
def test_started_at_the_mean_the_untrained_network_is_nearest_to_it(output: str) -> None:
    model = Autoencoder.from_spec(Spec(loss="mse", output=output))
    mean = PIXELS.mean(dim=0)
    model.start_at(mean)
    with torch.no_grad():
        assert torch.allclose(model.decode(torch.zeros(1, 32))[0], mean, atol=1e-5)


@pytest.mark.parametrize("spec", SHAPES, ids=Spec.describe)
def test_weights_survive_a_round_trip(spec: Spec) -> None:
    model = Autoencoder.from_spec(spec)
    again = Autoencoder.from_weights(spec.replace(seed=9), model.weights())
    assert torch.equal(again(PIXELS), model(PIXELS))


def test_weights_are_a_copy() -> None:
    model = Autoencoder.from_spec(Spec())
    taken = model.weights()
    before = taken[0].copy()
    model.start_at(PIXELS[0])
    with torch.no_grad():
        next(model.parameters()).zero_()
    assert np.array_equal(taken[0], before)


@pytest.mark.parametrize("other", [Spec(code_size=31), Spec(depth=0), Spec(depth=2), Spec(width=64)])
def test_weights_of_another_shape_are_refused(other: Spec) -> None:
    with pytest.raises(ValueError, match="another shape"):
        Autoencoder.from_weights(Spec(), Autoencoder.from_spec(other).weights())


def test_every_grey_value_survives_the_way_to_pixels_and_back() -> None:
    greys = np.arange(256, dtype=np.uint8).reshape(1, 256)
    pixels = to_pixels(greys)
    assert (float(pixels.min()), float(pixels.max())) == (0.0, 1.0)
    assert np.array_equal(to_uint8(pixels), greys)


def test_pixels_outside_of_their_range_are_clipped() -> None:
    assert to_uint8(torch.tensor([[-3.0, 0.5, 3.0]])).tolist() == [[0, 128, 255]]
