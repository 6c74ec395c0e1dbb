"""How much of an image varies quickly: its power over the spatial frequency."""

import numpy as np
from numpy.typing import NDArray

from ae_core.data.datasets import Images

Spectrum = NDArray[np.float64]

SIDE = 28
NYQUIST = SIDE // 2  # cycles across the image: finer than every second pixel cannot be drawn
COARSE, FINE = (1, 3), (8, NYQUIST)  # cycles of large shapes, and of fine detail


def radial_power(pixels: NDArray[np.floating] | Images) -> Spectrum:
    """Power (15,) at 0, 1, ..., 14 cycles across the image, in all directions, mean over images (n, 784).

    The squared Fourier coefficients of each image, divided by 784 squared, are summed over the ring
    of frequencies nearest to each radius. All rings together (the corners beyond 14 are left out)
    would sum up to the mean square of the pixels, as Parseval says.
    """
    transformed = np.fft.fft2(pixels.reshape(-1, SIDE, SIDE).astype(np.float64)) / SIDE**2
    power = np.square(np.abs(transformed)).mean(axis=0)
    rings: Spectrum = np.bincount(_radius().ravel(), weights=power.ravel()).astype(np.float64)
    return rings[: NYQUIST + 1]


def share(part: Spectrum, whole: Spectrum, low: int, high: int) -> float:
    """The power of one spectrum from `low` to `high` cycles as a share of another one's."""
    band = slice(low, high + 1)
    return float(part[band].sum() / max(whole[band].sum(), 1e-300))


def band(pixels: NDArray[np.floating] | Images, low: int, high: int) -> NDArray[np.float64]:
    """What of images (n, 784) lies from `low` to `high` cycles across the image; values may be negative."""
    transformed = np.fft.fft2(pixels.reshape(-1, SIDE, SIDE).astype(np.float64))
    kept = (_radius() >= low) & (_radius() <= high)
    part: NDArray[np.float64] = np.fft.ifft2(transformed * kept).real.reshape(-1, SIDE * SIDE)
    return part


def _radius() -> NDArray[np.intp]:
    cycles = np.fft.fftfreq(SIDE, 1 / SIDE)
    radius: NDArray[np.intp] = np.rint(np.hypot(cycles[:, None], cycles)).astype(np.intp)
    return radius
