"""The number type that this processor computes fastest in."""

import functools
import time

import torch


@functools.cache
def fastest_type() -> torch.dtype:
    """bfloat16 where this processor multiplies matrices of our size clearly faster in it, else float32."""
    seconds = {dtype: _product_seconds(dtype) for dtype in (torch.float32, torch.bfloat16)}
    return torch.bfloat16 if seconds[torch.float32] > 1.3 * seconds[torch.bfloat16] else torch.float32


def _product_seconds(dtype: torch.dtype) -> float:
    """Seconds that one layer's matrix product takes: the best of many, since others may be at work too."""
    pixels, weights = torch.ones(512, 784, dtype=dtype), torch.ones(128, 784, dtype=dtype)

    def once() -> float:
        start = time.perf_counter()
        torch.nn.functional.linear(pixels, weights)
        return time.perf_counter() - start

    return min(once() for _ in range(15))
