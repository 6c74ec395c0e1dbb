"""The loop that every tutorial teaches, as the engine's yardstick: DataLoader, nn.Sequential, Adam.

Nothing here is made slow on purpose, and nothing is shared with the engine but the shape of the net.
"""

import time
from collections.abc import Iterator
from itertools import pairwise

import torch
from torch import Tensor, nn

from ae_core.data.datasets import Images
from ae_core.spec import Spec


class Pictures(torch.utils.data.Dataset[Tensor]):
    """Images as pictures, each made a tensor by a transform when its turn comes, as torchvision's data sets do."""

    def __init__(self, images: Images) -> None:
        from PIL import Image
        from torchvision.transforms import ToTensor

        self.images, self.picture, self.transform = images.reshape(-1, 28, 28), Image.fromarray, ToTensor()

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> Tensor:
        pixels: Tensor = self.transform(self.picture(self.images[index]))
        return pixels


def plain_network(spec: Spec) -> nn.Sequential:
    """The Spec's layers, ReLU between them, none after the code; PyTorch's own first weights."""
    torch.manual_seed(spec.seed)
    sizes = spec.layer_sizes
    layers: list[nn.Module] = []
    for number, (size, next_size) in enumerate(pairwise(sizes), start=1):
        layers.append(nn.Linear(size, next_size))
        if number not in (len(sizes) // 2, len(sizes) - 1):
            layers.append(nn.ReLU())
    return nn.Sequential(*layers)


def plain_epochs(net: nn.Module, images: Images, epochs: int) -> Iterator[float]:
    """Train a network the plain way on uint8 images (n, 784); the seconds of each epoch."""
    loader = torch.utils.data.DataLoader(Pictures(images), batch_size=256, shuffle=True)
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    for _ in range(epochs):
        start = time.perf_counter()
        for batch in loader:
            pixels = batch.flatten(1)
            loss = nn.functional.binary_cross_entropy_with_logits(net(pixels), pixels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        yield time.perf_counter() - start
