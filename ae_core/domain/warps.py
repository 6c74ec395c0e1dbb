"""Ways to lead an image out of its domain, step by step: torchvision's transforms."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ae_core.datasets import Images

SEED = 28  # of the field that elastic warping follows


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
HOME = {name: axis.home for name, axis in AXES.items()}


def warped(image: Images, amounts: Mapping[str, float]) -> Images:
    """An image (784,) turned, moved, scaled, warped, blurred and inverted, in this order: uint8 (784,).

    amounts : how much, for some or all of the AXES
    """
    from torchvision.transforms.v2 import InterpolationMode, functional

    much = {**HOME, **amounts}
    pixels = torch.tensor(image, dtype=torch.float32).reshape(1, 28, 28) / 255
    if any(much[name] != HOME[name] for name in ("rotation", "shift", "scale")):
        pixels = functional.affine(
            pixels, angle=much["rotation"], translate=[much["shift"], 0], scale=much["scale"], shear=[0.0, 0.0],
            interpolation=InterpolationMode.BILINEAR,
        )
    if much["elastic"]:
        pixels = functional.elastic(pixels, much["elastic"] / 14 * elastic_field())  # 14 pixels are 1 in its units
    if much["blur"]:
        pixels = functional.gaussian_blur(pixels, kernel_size=[25, 25], sigma=[much["blur"]] * 2)
    pixels = pixels + much["inversion"] * (1 - 2 * pixels)
    changed: Images = pixels.clamp(0, 1).mul(255).round().to(torch.uint8).reshape(784).numpy()
    return changed


def along(image: Images, axis: str, amounts: Mapping[str, float]) -> Images:
    """The image (784,) at all `AXES[axis].values()`, everything else as it is: uint8 (n, 784)."""
    return np.stack([warped(image, {**amounts, axis: value}) for value in AXES[axis].values()])


def elastic_field() -> Tensor:
    """A smooth random displacement (1, 28, 28, 2) whose largest length is 1, always the same one.

    Source: P. Simard, D. Steinkraus, J. Platt, "Best practices for convolutional neural networks", ICDAR 2003.
    """
    from torchvision.transforms.v2 import functional

    field = torch.rand(2, 28, 28, generator=torch.Generator().manual_seed(SEED)) * 2 - 1
    smooth: Tensor = functional.gaussian_blur(field, kernel_size=[25, 25], sigma=[4.0, 4.0])
    smooth = smooth / smooth.square().sum(dim=0).sqrt().max()
    return smooth.permute(1, 2, 0).unsqueeze(0)
