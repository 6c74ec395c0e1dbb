"""Codes as files: what a network and PCA cost and lose when their numbers are kept in fewer bits."""

import itertools
from collections.abc import Callable, Iterable

import torch
from torch import nn

from ae_core.autoencoder.model import Autoencoder, to_pixels, to_uint8
from ae_core.codecs.huffman import huffman_encode
from ae_core.codecs.ledger import Cost, measured
from ae_core.codecs.quantise import BITS, Codes, Ranges, pack, quantise, restore
from ae_core.data.datasets import Images
from ae_core.evaluation.baselines import PrincipalComponents
from ae_core.evaluation.latent_space import batches, decode_codes, encode_images
from ae_core.formatting import counted

Decode = Callable[[Codes], Images]

NETWORK, PCA = "this network", "PCA"  # families of the ledger


def decoder_bytes(decoder: nn.Module) -> int:
    """What a reader needs to have of a network: its decoder's weights and biases in float32."""
    return sum(4 * parameter.numel() for parameter in decoder.parameters())


def network_rows(model: Autoencoder, images: Images, ranges: Ranges) -> dict[int, Cost]:
    """A network with its code in 32, 16, 8, 4, 2 and 1 bits a unit; the reader needs the decoder and the ranges."""
    codes, size = encode_images(model, images), decoder_bytes(model.decoder) + ranges.nbytes

    def decode(restored: Codes) -> Images:
        return decode_codes(model, restored)

    return {
        bits: quantised_row(network_name(bits), NETWORK, codes, ranges, bits, images, decode, size) for bits in BITS
    }


def network_name(bits: int) -> str:
    """What the row of a network with so many bits a unit is called."""
    return f"this network, {counted(bits, 'bit')}"


def pca_rows(fitted: PrincipalComponents, training: Images, images: Images, sizes: Iterable[int]) -> list[Cost]:
    """PCA with so many numbers, in all the bits that a network has; the reader needs mean, components and ranges."""
    possible = sorted({fitted.size(size) for size in sizes})
    ranges = Ranges.over(fitted.encode(to_pixels(part), possible[-1]).numpy() for part in batches(training))
    codes = fitted.encode(to_pixels(images), possible[-1]).numpy()

    def decode(restored: Codes) -> Images:
        return to_uint8(fitted.decode(torch.from_numpy(restored)))

    rows = []
    for size, bits in itertools.product(possible, BITS):
        cut = Ranges(ranges.low[:size], ranges.high[:size])
        name, decoder = f"PCA, {counted(size, 'number')}, {counted(bits, 'bit')}", 4 * 784 * (size + 1) + cut.nbytes
        rows.append(quantised_row(name, PCA, codes[:, :size], cut, bits, images, decode, decoder))
    return rows


def quantised_row(
    name: str, family: str, codes: Codes, ranges: Ranges, bits: int, images: Images, decode: Decode, decoder: int
) -> Cost:
    """The row of images (n, 784) whose codes (n, units) are kept in so many bits a unit, then entropy-coded."""
    levels = quantise(codes, ranges, bits)
    packed = pack(levels, bits)
    decoded = decode(restore(levels, ranges, bits))
    return measured(name, family, len(huffman_encode(packed)), images, decoded, decoder, len(packed))
