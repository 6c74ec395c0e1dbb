"""Scores of pictures, each a pure function."""

import numpy as np
from numpy.typing import NDArray


def psnr(outputs: NDArray[np.floating], targets: NDArray[np.floating]) -> NDArray[np.float64]:
    """Peak signal-to-noise ratio of each image (n,), in dB, for pixels (n, 784) in [0, 1]; infinite for an exact copy.

    10 log10(1 / MSE), as scikit-image has it; loading that takes 50 MB and a second.
    """
    return psnr_of(np.square(outputs - targets).mean(axis=1, dtype=np.float64))


def psnr_of(errors: NDArray[np.floating]) -> NDArray[np.float64]:
    """As `psnr`, from the mean squared error of each image (n,)."""
    with np.errstate(divide="ignore"):
        return -10 * np.log10(errors.astype(np.float64))


def ssim(outputs: NDArray[np.floating], targets: NDArray[np.floating]) -> NDArray[np.float64]:
    """Structural similarity of each image (n,), at most 1, for pixels (n, 784) in [0, 1].

    By scikit-image, with its windows of 7 x 7 pixels. Z. Wang et al., "Image quality assessment: from error
    visibility to structural similarity", 2004.
    """
    from skimage.metrics import structural_similarity

    pairs = zip(targets.reshape(-1, 28, 28), outputs.reshape(-1, 28, 28), strict=True)
    return np.array([structural_similarity(target, output, data_range=1.0) for target, output in pairs])
