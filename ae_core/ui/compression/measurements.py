"""What the page measures, in the background."""

import functools
from dataclasses import dataclass
from itertools import chain

import numpy as np

from ae_core.autoencoder.model import to_pixels, to_uint8
from ae_core.codecs.aez import Fingerprint, write
from ae_core.codecs.image_codecs import CODERS, EXACT
from ae_core.codecs.learned import network_rows, pca_rows
from ae_core.codecs.ledger import SAMPLE, Cost, measured
from ae_core.codecs.quantise import Ranges
from ae_core.codecs.spectrum import Spectrum, radial_power
from ae_core.data.datasets import Images, load
from ae_core.evaluation.latent_space import decode_codes, encode_images
from ae_core.spec import RULES, Spec
from ae_core.ui.background.measurement_queue import in_process
from ae_core.ui.background.run_measurements import pca
from ae_core.ui.background.trained_network import Subject

IMAGES = 2_000  # test images behind every row: as many as the smaller data sets have


@dataclass(frozen=True, eq=False)
class Network:
    """A trained network as a way to keep images.

    rows : bits a unit -> its row
    """

    spec: Spec
    fingerprint: Fingerprint
    ranges: Ranges
    rows: dict[int, Cost]


@dataclass(frozen=True, eq=False)
class Spectra:
    """What is lost at which frequency.

    input, output, error, pca : power (15,) of test images, of what a network makes of them, of its error, and of what
        PCA makes of them through as many numbers as the network's narrowest layer
    before, after : uint8 (n, 784), the first test images and what the network makes of them
    """

    input: Spectrum
    output: Spectrum
    error: Spectrum
    pca: Spectrum
    before: Images
    after: Images


@dataclass(frozen=True)
class Ledger:
    """All that is known so far; the rest is being measured.

    others : the rows of all that is not this network
    earlier : other networks of this visit
    missing : how many measurements are still to come
    """

    network: Network | None
    others: tuple[Cost, ...]
    earlier: tuple[Network, ...]
    missing: int

    def of(self, family: str) -> list[Cost]:
        """The rows of one family, in the order in which they were measured."""
        return [row for row in self.others if row.family == family]

    @property
    def smallest_exact(self) -> Cost | None:
        """The smallest of all exact coders, once all are measured."""
        rows = [self.of(family) for family in EXACT]
        return min(chain(*rows), key=lambda row: row.bytes_each) if all(rows) else None

    def named(self, name: str) -> Cost | None:
        """The row of a name, if it is there."""
        return next((row for row in self.others if row.name == name), None)


def ledger(spec: Spec, subject: Subject | None, earlier: tuple[Subject, ...] = ()) -> Ledger:
    """What is known of a network (None while it learns), of all that it is held against, and of other networks.

    Ask again until nothing is missing.
    """
    networks = [in_process(network_of, each) for each in (subject, *earlier) if each is not None]
    asked = [functools.partial(in_process, codec_rows, spec.data, family) for family in CODERS]
    asked += [functools.partial(in_process, principal_rows, spec.data, spec.images)]
    families = []
    for ask in asked:
        families.append(ask())
        if families[-1] is None and subject is None:
            break  # one at a time: as soon as the network has learned, it is measured next
    network = networks.pop(0) if subject is not None else None
    return Ledger(
        network=network,
        others=tuple(row for rows in families if rows is not None for row in rows),
        earlier=tuple(network for network in networks if network is not None),
        missing=len(asked) - len(families) + [*families, *networks].count(None)
        + (subject is not None and network is None),
    )


def test_images(data: str) -> Images:
    """The images (2000, 784) that all is measured on."""
    return load(data).test[:IMAGES]


@functools.lru_cache(maxsize=32)
def codec_rows(data: str, family: str) -> tuple[Cost, ...]:
    """The rows of all coders of a family; what they packed is unpacked and compared."""
    images, rows = test_images(data), []
    for name, coder in CODERS[family].items():
        files = coder.pack(images)
        unpacked = coder.unpack(files, len(images))
        rows.append(measured(name, family, sum(map(len, files)), images, unpacked, files=len(files)))
    return tuple(rows)


@functools.lru_cache(maxsize=32)
def principal_rows(data: str, training_images: int) -> tuple[Cost, ...]:
    """The rows of PCA with each code size and number of bits that a network is offered."""
    training, sizes = load(data).train[:training_images], RULES["code_size"].offered
    return tuple(pca_rows(pca(training_images, data), training, test_images(data), sizes))


@functools.lru_cache(maxsize=16)
def network_of(subject: Subject) -> Network:
    """A trained network with the ranges of its units on its training images."""
    spec, model = subject.spec, subject.model
    ranges = Ranges.of(encode_images(model, load(spec.data).train[: spec.images]))
    return Network(spec, Fingerprint.of(spec, model), ranges, network_rows(model, test_images(spec.data), ranges))


def spectra_of(subject: Subject) -> Spectra:
    """The spectra of test images before and after a network, and after PCA with the same bottleneck."""
    spec, images = subject.spec, test_images(subject.spec.data)
    output = decode_codes(subject.model, encode_images(subject.model, images))
    linear = to_uint8(pca(spec.images, spec.data).reconstruct(to_pixels(images), spec.narrowest))
    error = output.astype(np.float32) - images
    before, after, wrong, through = (radial_power(each / np.float32(255)) for each in (images, output, error, linear))
    return Spectra(before, after, wrong, through, images[:SAMPLE].copy(), output[:SAMPLE].copy())


def file_of(subject: Subject, count: int, bits: int) -> bytes:
    """The file of the first test images' codes. Raises `AezError` where they are too many."""
    network, images = network_of(subject), load(subject.spec.data).test[:count]
    return write(network.fingerprint, encode_images(subject.model, images), network.ranges, bits)
