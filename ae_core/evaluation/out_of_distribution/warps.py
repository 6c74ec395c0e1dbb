"""Ways to lead an image out of its domain, step by step.

As torchvision's `affine`, `elastic` and `gaussian_blur` do it; loading them takes 130 MB and some seconds.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from ae_core.data.datasets import Images

SEED = 28  # of the field that elastic warping follows
HALF = 14  # pixels from the middle of an image to its border
REACH = 12  # pixels from the middle of a blur to its end


@dataclass(frozen=True)
class Axis:
    """One way: its label and unit, its range, the step of a slider, and where an image is unchanged."""

    label: str
    unit: str
    low: float
    high: float
    step: float
    home: float

    def values(self, count: int = 41) -> list[float]:
        """Evenly spaced places on the way, home among them."""
        return sorted({*np.linspace(self.low, self.high, count).round(4).tolist(), self.home})


AXES = {
    "rotation": Axis("Rotation", "degrees", -180, 180, 5, 0),
    "shift": Axis("Shift", "pixels to the right", -14, 14, 1, 0),
    "scale": Axis("Scale", "times", 0.3, 2.5, 0.05, 1),
    "inversion": Axis("Inversion", "share", 0, 1, 0.05, 0),
    "blur": Axis("Blur", "pixels", 0, 4, 0.1, 0),
    "elastic": Axis("Elastic warp", "pixels", 0, 8, 0.25, 0),
}
UNWARPED = {name: axis.home for name, axis in AXES.items()}


def warped(image: Images, amounts: Mapping[str, float]) -> Images:
    """An image (784,) turned, moved, scaled, warped, blurred and inverted, in this order: uint8 (784,).

    amounts : how much, for some or all of the AXES
    """
    much = {**UNWARPED, **amounts}
    pixels = torch.tensor(image, dtype=torch.float32).reshape(1, 1, 28, 28) / 255
    if any(much[name] != UNWARPED[name] for name in ("rotation", "shift", "scale")):
        pixels = seen_at(pixels, places(much["rotation"], much["shift"], much["scale"]))
    if much["elastic"]:
        pixels = seen_at(pixels, places() + much["elastic"] / HALF * elastic_field())
    if much["blur"]:
        pixels = blurred(pixels, much["blur"])
    pixels = pixels + much["inversion"] * (1 - 2 * pixels)
    changed: Images = pixels.clamp(0, 1).mul(255).round().to(torch.uint8).reshape(784).numpy()
    return changed


def along(image: Images, axis: str, amounts: Mapping[str, float]) -> Images:
    """The image (784,) at all `AXES[axis].values()`, everything else as it is: uint8 (n, 784)."""
    return np.stack([warped(image, {**amounts, axis: value}) for value in AXES[axis].values()])


def places(rotation: float = 0, shift: float = 0, scale: float = 1) -> Tensor:
    """Where each pixel of a turned (degrees), moved (pixels) and scaled image comes from: (1, 28, 28, 2), as x and y.

    The middle of the image is 0, its borders are -1 and 1.
    """
    turn = math.radians(rotation)
    cosine, sine = math.cos(turn) / scale, math.sin(turn) / scale
    back = torch.tensor([[[cosine, sine, -cosine * shift / HALF], [-sine, cosine, sine * shift / HALF]]])
    return functional.affine_grid(back, [1, 1, 28, 28], align_corners=False)


def seen_at(pixels: Tensor, places: Tensor) -> Tensor:
    """Pixels (1, 1, 28, 28) at the places (1, 28, 28, 2), interpolated between the four next to each; 0 outside."""
    return functional.grid_sample(pixels, places, mode="bilinear", padding_mode="zeros", align_corners=False)


def blurred(pixels: Tensor, sigma: float) -> Tensor:
    """Pixels (n, 1, 28, 28) behind a Gaussian of this width; at the borders the image is mirrored."""
    distances = torch.arange(-REACH, REACH + 1.0)
    weights = torch.exp(-0.5 * (distances / sigma) ** 2)
    weights /= weights.sum()
    padded = functional.pad(pixels, [REACH] * 4, mode="reflect")
    return functional.conv2d(functional.conv2d(padded, weights.view(1, 1, 1, -1)), weights.view(1, 1, -1, 1))


def elastic_field() -> Tensor:
    """A smooth random displacement (1, 28, 28, 2) whose largest length is 1, always the same one.

    Source: P. Simard, D. Steinkraus, J. Platt, "Best practices for convolutional neural networks", ICDAR 2003.
    """
    field = torch.rand(2, 28, 28, generator=torch.Generator().manual_seed(SEED)) * 2 - 1
    smooth = blurred(field[:, None], 4)[:, 0]
    smooth = smooth / smooth.square().sum(dim=0).sqrt().max()
    return smooth.permute(1, 2, 0).unsqueeze(0)
