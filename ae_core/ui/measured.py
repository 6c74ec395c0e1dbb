"""What pages measure on a run, cached by the run: each function takes hashable names and loads the rest."""

import functools

from ae_core.baselines import PrincipalComponents, Reference, principal_components, references
from ae_core.datasets import load
from ae_core.model import to_pixels
from ae_core.spec import Spec
from ae_core.train import corrupted_test_pixels


@functools.lru_cache(maxsize=4)
def pca(train_images: int, data: str = "mnist") -> PrincipalComponents:
    """PCA of the first training images of a data set."""
    return principal_components(load(data).train[:train_images])


def reference_losses(spec: Spec) -> tuple[Reference, ...]:
    """What a run of this Spec has to be held against, over all test digits."""
    clean = to_pixels(load(spec.data).test)
    return references(
        spec.loss, pca(spec.images, spec.data), corrupted_test_pixels(spec, clean), clean, spec.code_size
    )
