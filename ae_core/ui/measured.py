"""What pages measure on a run, cached by the run: each function takes hashable names and loads the rest."""

import functools

from ae_core.baselines import PrincipalComponents, Reference, principal_components, references
from ae_core.datasets import mnist
from ae_core.model import to_pixels
from ae_core.spec import Spec
from ae_core.train import corrupted_test_pixels


@functools.lru_cache(maxsize=4)
def pca(train_images: int) -> PrincipalComponents:
    """PCA of the first MNIST training images."""
    return principal_components(mnist().train[:train_images])


def reference_losses(spec: Spec) -> tuple[Reference, ...]:
    """What a run of this Spec has to be held against, over all test digits."""
    clean = to_pixels(mnist().test)
    return references(
        spec.loss, pca(spec.train_images), corrupted_test_pixels(spec, clean), clean, spec.code_size
    )
