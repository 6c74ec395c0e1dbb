"""What the page Too powerful says of hard networks, held against the numbers that it speaks of."""

import math

import pytest

from ae_core.charts import capacity as figures
from ae_core.charts.capacity import Dot
from ae_core.evaluation.capacity.identity import identity_score
from ae_core.evaluation.capacity.study import shares_of
from ae_core.evaluation.differences import standard_error
from ae_core.evaluation.out_of_distribution.scores import errors, pca_errors
from tests.claims.networks import HARD, trained
from tests.claims.test_out_of_domain import fitted


def dot_of(name: str) -> Dot:
    network = trained(name)
    spec, ours = network.spec, errors(network.model, network.data.test)
    theirs = pca_errors(fitted(spec.data, spec.images), network.data.test, spec.narrowest)
    known = spec.narrowest <= spec.images
    return Dot(
        spec.code_size, float(ours.mean()), float(errors(network.model, network.data.train).mean()), spec.parameters,
        doubt=standard_error(ours), pca=(float(theirs.mean()), standard_error(theirs)) if known else None,
    )


@pytest.mark.parametrize("name", HARD)
def test_pca_with_the_numbers_of_the_narrowest_layer_is_called_better_or_worse_beyond_the_noise_only(name: str) -> None:
    dot = dot_of(name)
    said = figures.code_finding([dot])
    if dot.pca is None:
        assert said.endswith("too few images for PCA")
        return
    doubt = 2 * math.hypot(dot.doubt, dot.pca[1])
    assert ("PCA is better" in said) == (dot.test - dot.pca[0] > doubt)
    assert ("PCA is worse" in said) == (dot.pca[0] - dot.test > doubt)
    beaten = int(dot.pca[0] - dot.test > doubt)
    assert figures.shape_finding([(1, dot)]).endswith(f"{beaten} of 1 beat PCA of the same bottleneck")


@pytest.mark.parametrize("name", HARD)
def test_a_network_is_said_to_copy_if_half_of_noise_and_shuffled_pixels_comes_back(name: str) -> None:
    network = trained(name)
    shares = shares_of(network.model, network.spec.data)
    said = figures.identity_finding({"your network": {network.spec.code_size: identity_score(shares)}}, 1)
    assert ("Your network copies at" in said) == ((shares["noise"] + shares["shuffled"]) / 2 >= 0.5)
