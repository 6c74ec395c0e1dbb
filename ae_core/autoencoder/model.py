"""The autoencoder: an encoder, a code, a decoder."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ae_core.nn.activations import ACTIVATIONS
from ae_core.spec import Spec

Weights = tuple[NDArray[np.float32], ...]


class Autoencoder(nn.Module):
    """A feed-forward network whose target is its own input.

    The encoder squeezes 784 pixels through hidden layers into a code; the decoder is its mirror
    image. The code layer is linear. The decoder ends in logits: `decode` makes pixels of them.

    Parameters
    ----------
    encoder, decoder : Linear layers with activations between them
    output : "sigmoid" for pixels in [0, 1], "linear" for any numbers
    """

    def __init__(self, encoder: nn.Sequential, decoder: nn.Sequential, output: str = "sigmoid") -> None:
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder
        self.output = output

    @classmethod
    def from_spec(cls, spec: Spec) -> "Autoencoder":
        """An untrained network of the Spec's shape, its weights drawn from the Spec's seed."""
        generator = torch.Generator().manual_seed(spec.seed)
        model = cls._of_shape(spec)
        for layer in model.modules():
            if isinstance(layer, nn.Linear):
                nn.init.orthogonal_(layer.weight, generator=generator)
                nn.init.zeros_(layer.bias)
        if spec.decoder == "tied":
            model.tie()
        return model

    @classmethod
    def from_weights(cls, spec: Spec, weights: Weights) -> "Autoencoder":
        """The network of a Spec with the given weights; `ValueError` when they do not fit its shape."""
        model = cls._of_shape(spec)
        if spec.decoder == "tied":
            model.tie()
        model.load_weights(weights)
        return model

    @classmethod
    def _of_shape(cls, spec: Spec) -> "Autoencoder":
        """A network of the Spec's shape whose weights are whatever the memory held."""
        half = len(spec.layer_sizes) // 2
        activation = getattr(nn, ACTIVATIONS[spec.activation])
        return cls(
            encoder=_layers(spec.layer_sizes[: half + 1], activation),
            decoder=_layers(spec.layer_sizes[half:], activation),
            output=spec.output,
        )

    def encode(self, pixels: Tensor) -> Tensor:
        """Codes (n, code size) of pixels (n, 784) in [0, 1]."""
        return self.encoder(pixels)  # type: ignore[no-any-return]

    def decode_logits(self, code: Tensor) -> Tensor:
        """The output layer (n, 784) of codes (n, code size), before the sigmoid."""
        return self.decoder(code)  # type: ignore[no-any-return]

    def decode(self, code: Tensor) -> Tensor:
        """Reconstructions (n, 784) of codes (n, code size): in [0, 1] unless the output is linear."""
        logits = self.decode_logits(code)
        return logits.sigmoid() if self.output == "sigmoid" else logits

    def forward(self, pixels: Tensor) -> Tensor:
        """Reconstructions (n, 784) of pixels (n, 784): encode, then decode."""
        return self.decode(self.encode(pixels))

    @property
    def dtype(self) -> torch.dtype:
        """The number type of the weights: pixels have to come in the same one."""
        return next(self.parameters()).dtype

    def weights(self) -> Weights:
        """A copy of all weights and biases, in the order of the layers."""
        return tuple(p.detach().float().numpy().copy() for p in self.parameters())

    @torch.no_grad()
    def load_weights(self, weights: Sequence[NDArray[np.float32]]) -> None:
        """Take over weights of the same shapes, or raise `ValueError`."""
        own = list(self.parameters())
        if [tuple(p.shape) for p in own] != [w.shape for w in weights]:
            raise ValueError("The weights belong to a network of another shape.")
        for parameter, weight in zip(own, weights, strict=True):
            parameter.copy_(torch.tensor(weight))

    def tie(self) -> None:
        """Let the decoder's weights be the encoder's, transposed: the same memory, whoever changes it."""
        encoding = [layer for layer in self.encoder if isinstance(layer, nn.Linear)]
        decoding = [layer for layer in self.decoder if isinstance(layer, nn.Linear)]
        for there, back in zip(encoding, reversed(decoding), strict=True):
            back.weight = nn.Parameter(there.weight.detach().T)

    @torch.no_grad()
    def start_at(self, mean: Tensor) -> None:
        """Let the untrained output layer begin at the mean image: the decoder learns only what differs from it.

        Only the bias is set. What the random weights make of a code comes on top, and with a linear output that may
        be more than the mean image itself.

        mean : pixels (784,) in [0, 1]
        """
        bias = mean.clamp(1e-3, 1 - 1e-3).logit() if self.output == "sigmoid" else mean
        last = self.decoder[-1]
        assert isinstance(last, nn.Linear)
        last.bias.copy_(bias)


def _layers(sizes: Sequence[int], activation: type[nn.Module]) -> nn.Sequential:
    """Linear layers of the given sizes with activations between them, none after the last."""
    layers: list[nn.Module] = []
    for size, next_size in pairwise(sizes):
        if layers:
            layers.append(activation())
        linear = nn.Linear(size, next_size, device="meta")  # draws nothing; nn.utils.skip_init imports sympy, 50 MB
        linear.weight = nn.Parameter(torch.empty(next_size, size))
        linear.bias = nn.Parameter(torch.empty(next_size))
        layers.append(linear)
    return nn.Sequential(*layers)


def to_pixels(images: NDArray[np.uint8]) -> Tensor:
    """float32 pixels in [0, 1] of uint8 images (n, 784)."""
    return torch.tensor(images, dtype=torch.float32).div_(255)


def to_uint8(pixels: Tensor) -> NDArray[np.uint8]:
    """uint8 images of pixels, rounded; what lies outside of [0, 1] is clipped."""
    return pixels.float().clamp(0, 1).mul(255).round().to(torch.uint8).numpy()
