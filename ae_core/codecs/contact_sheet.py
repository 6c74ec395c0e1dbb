"""Contact sheets: many images in one picture, as codecs for photographs like it."""

import math

import numpy as np

from ae_core.data.datasets import Images

SIDE = 28


def contact_sheet(images: Images) -> Images:
    """One grey picture (rows * 28, columns * 28) of images (n, 784), nearly square; what is left over is black."""
    columns = math.ceil(math.sqrt(len(images)))
    rows = -(-len(images) // columns)
    tiles = np.zeros((rows * columns, SIDE, SIDE), np.uint8)
    tiles[: len(images)] = images.reshape(-1, SIDE, SIDE)
    return tiles.reshape(rows, columns, SIDE, SIDE).swapaxes(1, 2).reshape(rows * SIDE, columns * SIDE)


def images_of_sheet(picture: Images, count: int) -> Images:
    """The images (count, 784) that a contact sheet was made of."""
    rows, columns = (length // SIDE for length in picture.shape)
    tiles = picture.reshape(rows, SIDE, columns, SIDE).swapaxes(1, 2)
    return tiles.reshape(-1, SIDE * SIDE)[:count]
