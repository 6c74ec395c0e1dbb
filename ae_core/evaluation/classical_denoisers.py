"""Classical denoisers: what a network that learned to remove noise has to beat. A new one is one more entry here.

All of them take images (n, 28, 28) of pixels in [0, 1] and know nothing of digits. Each has one number or
two to be tuned, and a tone curve behind it; `tuned` finds the best of both on examples, so that none is beaten for
being set badly, nor for the mean of clipped noise, which no average takes away.
"""

import importlib.util
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ae_core.evaluation.tone_curve import UNCHANGED, ToneCurve, best_tone

Images = NDArray[np.floating[Any]]
Parameters = Mapping[str, Any]


@dataclass(frozen=True)
class Denoiser:
    """A denoiser and the settings it is tried with.

    clean : images (n, 28, 28) and one of the candidates -> images of the same shape, which may leave [0, 1]
    candidates : settings to choose from, the gentlest first
    seconds : of one core: to be tuned, and to clean 1,000 images
    batch : images that it cleans in one or two seconds
    package : the optional package that it needs; empty for those of scikit-image
    """

    clean: Callable[..., Images]
    candidates: tuple[Parameters, ...]
    seconds: tuple[float, float]
    batch: int = 1000
    package: str = ""


def median(images: Images, side: int) -> Images:
    """The median of a square of side x side pixels around each pixel."""
    from skimage.filters import median

    result: Images = median(images, footprint=np.ones((1, side, side)))
    return result


def gaussian(images: Images, sigma: float) -> Images:
    """A weighted mean of the pixels around each pixel; sigma is the width of the bell, in pixels."""
    from skimage.filters import gaussian

    result: Images = gaussian(images, sigma=(0, sigma, sigma))
    return result


def total_variation(images: Images, weight: float) -> Images:
    """Flat areas with sharp edges: A. Chambolle, "An algorithm for total variation minimization", 2004."""
    from skimage.restoration import denoise_tv_chambolle

    return np.stack([denoise_tv_chambolle(image, weight=weight) for image in images])


def non_local_means(images: Images, h: float) -> Images:
    """The mean of pixels whose surroundings look alike: A. Buades et al., "A non-local algorithm", 2005."""
    from skimage.restoration import denoise_nl_means

    return np.stack([denoise_nl_means(image, patch_size=3, patch_distance=5, h=h) for image in images])


def wavelet(images: Images, sigma: float, wavelet: str) -> Images:
    """Small wavelet coefficients are shrunk: S. Chang et al., "Adaptive wavelet thresholding" (BayesShrink), 2000."""
    from skimage.restoration import denoise_wavelet

    return np.stack([denoise_wavelet(image, sigma=sigma, wavelet=wavelet, rescale_sigma=False) for image in images])


def bm3d(images: Images, sigma: float) -> Images:
    """Similar blocks are filtered together: K. Dabov et al., 2007. Needs the optional package `bm3d`.

    The noise is white, so the spectrum of correlated noise is not computed (`nf`): with it an image takes a second,
    and errs as much.
    """
    import bm3d

    profile = bm3d.BM3DProfile()
    profile.nf, profile.num_threads = 0, 1
    return np.stack([bm3d.bm3d(image, sigma_psd=sigma, profile=profile) for image in images])


def _each(name: str, values: Sequence[float]) -> tuple[Parameters, ...]:
    return tuple({name: value} for value in values)


DENOISERS: dict[str, Denoiser] = {
    "median": Denoiser(median, _each("side", (1, 3, 5, 7)), seconds=(0.2, 0.2)),
    "Gaussian": Denoiser(
        gaussian, _each("sigma", (0.1, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.5, 2.0)), seconds=(0.1, 0.15),
    ),
    "total variation": Denoiser(
        total_variation, _each("weight", (0.01, 0.05, 0.1, 0.15, 0.2, 0.3, 0.45, 0.7)), seconds=(0.7, 0.8),
    ),
    "non-local means": Denoiser(
        non_local_means, _each("h", (0.01, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.6)), seconds=(0.7, 0.9),
    ),
    "wavelet": Denoiser(
        wavelet,
        tuple(
            {"sigma": sigma, "wavelet": name}
            for sigma in (0.01, 0.1, 0.2, 0.25, 0.3, 0.4, 0.6, 0.9) for name in ("db2", "sym4")
        ),
        seconds=(0.3, 0.3),
    ),
    "BM3D": Denoiser(
        bm3d, _each("sigma", (0.01, 0.1, 0.2, 0.3, 0.4, 0.5)), seconds=(0.9, 7.5), batch=200, package="bm3d",
    ),
}


def available() -> tuple[str, ...]:
    """The names of the denoisers that are installed."""
    return tuple(name for name, each in DENOISERS.items() if not each.package or importlib.util.find_spec(each.package))


def denoise(name: str, images: Images, parameters: Parameters, tone: ToneCurve = UNCHANGED) -> Images:
    """Images (n, 784) of pixels in [0, 1], cleaned by the named denoiser, then through a tone curve into [0, 1]."""
    return tone(DENOISERS[name].clean(images.reshape(-1, 28, 28), **parameters)).reshape(len(images), -1)


@dataclass(frozen=True)
class Tuned:
    """How a denoiser is set best.

    error : its mean squared error on the examples
    """

    parameters: Parameters
    tone: ToneCurve
    error: float


def tuned(name: str, noisy: Images, clean: Images) -> Tuned:
    """The candidate with the lowest mean squared error on examples (n, 784), each with its best tone curve.

    noisy, clean : training images with noise and without, never the images that the denoiser is judged on
    """
    method, targets = DENOISERS[name], clean.reshape(-1, 28, 28)

    def at_best(parameters: Parameters) -> Tuned:
        return Tuned(parameters, *best_tone(method.clean(noisy.reshape(-1, 28, 28), **parameters), targets))

    return min(map(at_best, method.candidates), key=lambda found: found.error)
