"""Sets of images that a network may or may not know. The first set is its home: test images of what it learned."""

import functools
from dataclasses import dataclass

import numpy as np
from PIL import Image

from ae_core.data.datasets import Images, Photograph, load, photographs, printed_digits, printed_letters
from ae_core.data.registry import DATA_SETS
from ae_core.pictures import picture_from, prepare_photograph

ALTERED = 1_000  # images in each altered set
OTHERS = 2_000  # images of another data set
SHIFT = 4  # pixels: the margin of MNIST's box of 20 x 20; digits that reach beyond it lose some ink
ENLARGED = 1.4


@dataclass(frozen=True, eq=False)
class ImageSet:
    """Images of one kind.

    images : uint8 (n, 784)
    photographs : where the images come from, one each, for those that were photographs
    """

    name: str
    title: str
    images: Images
    photographs: tuple[Photograph, ...] = ()


@functools.cache
def image_sets(data: str) -> tuple[ImageSet, ...]:
    """The home of a network that was trained on the named data, then all strangers to it."""
    nouns = DATA_SETS[data].nouns
    test = load(data).test
    some = test[:ALTERED]
    letters = printed_letters()
    others = {name: other for name, other in DATA_SETS.items() if name != data}
    photographed = {name: other.title for name, other in others.items() if other.photographs} | {"objects": "Objects"}
    return (
        ImageSet("home", f"Test {nouns}", test),
        ImageSet("printed digits", "Printed digits", printed_digits().images),
        ImageSet("letters", "Printed letters", letters.images[~letters.digit_like]),
        *(
            ImageSet(other.nouns, other.title, other.load().test[:OTHERS])
            for other in others.values() if not other.photographs
        ),
        *(_squeezed(*names) for names in photographed.items()),
        ImageSet("inverted", f"Inverted {nouns}", 255 - some),
        ImageSet("shifted", f"Shifted {nouns}", shifted(some, SHIFT)),
        ImageSet("rotated", f"Rotated {nouns}", np.rot90(some.reshape(-1, 28, 28), axes=(1, 2)).reshape(-1, 784)),
        ImageSet("enlarged", f"Enlarged {nouns}", enlarged(some, ENLARGED)),
        ImageSet("noise", "Uniform noise", np.random.default_rng(0).integers(0, 256, (ALTERED, 784), np.uint8)),
        ImageSet("empty", "Empty image", np.zeros((1, 784), np.uint8)),
    )


def farthest(data: str) -> ImageSet:
    """The strangers that stand for all others: landscapes, or objects to a network at home in landscapes."""
    return next(images for images in image_sets(data) if images.photographs)


def shifted(images: Images, pixels: int) -> Images:
    """Images (n, 784) moved to the right and down; what is left behind is black."""
    moved = np.zeros_like(images).reshape(-1, 28, 28)
    moved[:, pixels:, pixels:] = images.reshape(-1, 28, 28)[:, :-pixels, :-pixels]
    return moved.reshape(-1, 784)


def enlarged(images: Images, factor: float) -> Images:
    """Images (n, 784) seen from nearer: their middle, enlarged, in the same 28 x 28 pixels."""
    margin = 14 - 14 / factor
    box = (margin, margin, 28 - margin, 28 - margin)
    grown = [
        np.asarray(Image.fromarray(image).resize((28, 28), Image.Resampling.BILINEAR, box))
        for image in images.reshape(-1, 28, 28)
    ]
    return np.stack(grown).reshape(-1, 784)


def _squeezed(folder: str, title: str) -> ImageSet:
    """Photographs as the network sees them: their middle square, grey, 28 x 28."""
    found = photographs(folder)
    images = np.stack([prepare_photograph(picture_from(p.pixels)).image.reshape(784) for p in found])
    return ImageSet(folder, title, images, found)
