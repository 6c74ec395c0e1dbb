"""What the page Out of domain says of hard networks, held against the numbers that it speaks of."""

import functools
import re
from dataclasses import replace

import numpy as np
import pytest

from ae_core.data.registry import DATA_SETS
from ae_core.evaluation.baselines import PrincipalComponents, principal_components
from ae_core.evaluation.capacity.identity import identity_score
from ae_core.evaluation.capacity.study import shares_of, window_of
from ae_core.evaluation.out_of_distribution.image_sets import ImageSet, image_sets
from ae_core.evaluation.out_of_distribution.scores import auroc_doubt
from ae_core.evaluation.out_of_distribution.study import SCORES, OodStudy, Scorer, inside, ood_study
from ae_core.ui.out_of_domain.gallery import SIGHTS, sight
from ae_core.ui.out_of_domain.predict_first import reach
from ae_core.ui.out_of_domain.threshold import verdict
from tests.claims.networks import HARD, TESTED, few, trained

EACH = 100  # images of a kind of strangers


@functools.cache
def fitted(data: str, images: int) -> PrincipalComponents:
    return principal_components(few(data, images).train)


@functools.cache
def sets(data: str) -> tuple[ImageSet, ...]:
    return tuple(replace(each, images=each.images[: TESTED if each.name == "home" else EACH])
                 for each in image_sets(data))


@functools.cache
def measured(name: str) -> OodStudy:
    network = trained(name)
    spec = network.spec
    pca = fitted(spec.data, spec.images)
    scorer = Scorer.of(network.model, pca, pca.size(spec.narrowest), network.data.train)
    return ood_study(scorer, sets(spec.data))


@pytest.mark.parametrize("name", HARD)
def test_what_is_beyond_the_domain_and_who_copies_is_as_measured(name: str) -> None:
    study, network = measured(name), trained(name)
    shares, blind = shares_of(network.model, network.spec.data), int((~window_of(network.spec.data).inked).sum())
    said = reach(study, identity_score(shares), blind)
    within = [inside(each.title) for each in study.strangers if (each.errors <= study.limit).mean() >= 0.5]
    assert all((title in said) == (title in within) for title in (inside(each.title) for each in study.strangers))
    assert said.startswith(f"**{len(study.strangers) - len(within) or 'None'} of " if within else "**All ")
    assert ("The network copies" in said) == ((shares["noise"] + shares["shuffled"]) / 2 >= 0.5)


@pytest.mark.parametrize("name", HARD)
def test_a_simpler_score_is_called_better_beyond_its_doubt_only(name: str) -> None:
    study, said = measured(name), verdict(measured(name))
    named = dict(re.findall(r"(?:, |for )([^,()]+) \(([^,]+), \d", said))
    for found in study.strangers:
        gains = {
            inside(SCORES[score]): found.auroc[score] - found.auroc["error"]
            for score in ("pca", "mean image", "brightness")
        }
        label = named.get(inside(found.title))
        if label is not None:
            score = next(score for score, title in SCORES.items() if inside(title) == label)
            doubt = auroc_doubt(*((study.home.scores[each], found.scores[each]) for each in (score, "error")))
            assert gains[label] == max(gains.values()) > max(doubt, 0.005)
    assert bool(named) == ("Something simpler" in said)
    if "What matters" in said:
        assert study.of("printed digits").auroc["error"] < 0.7 and study.of("inverted").auroc["error"] > 0.9


@pytest.mark.parametrize("name", HARD)
def test_what_is_said_to_be_seen_of_a_set_needs_bad_answers_and_a_bottleneck(name: str) -> None:
    study = measured(name)
    for images in sets(trained(name).spec.data):
        said = sight(study, images)
        assert "e+" not in said or study.home.errors.mean() > 1
        if "what goes in comes out" in said:
            assert study.home.errors.mean() <= 0.2 * study.home.scores["mean image"].mean()
        if images.name != "home" and said.startswith(SIGHTS.get(images.name, "nothing")):
            found = study.of(images.name)
            assert trained(name).spec.data == "mnist" and study.home.scores["pca"].mean() > 0
            if images.name != "printed digits":
                assert found.auroc["error"] > 0.9
                assert found.errors.mean() > 0.2 * found.scores["mean image"].mean()


def test_all_data_sets_are_among_the_hard_networks() -> None:
    assert {trained(name).spec.data for name in HARD} == set(DATA_SETS)
    assert np.isfinite(measured("default").limit)
