"""The gallery: pictures, what the network answers to them, and their errors on a ruler."""

import streamlit as st

from ae_core.charts.out_of_distribution import Mark, ruler
from ae_core.data.datasets import Images
from ae_core.evaluation.out_of_distribution.image_sets import ImageSet, farthest, image_sets
from ae_core.evaluation.out_of_distribution.scores import percentiles
from ae_core.evaluation.out_of_distribution.study import Measured, OodStudy, inside
from ae_core.formatting import loss_text
from ae_core.ui.background.trained_network import Subject
from ae_core.ui.live.polling_fragment import show_when_measured
from ae_core.ui.out_of_domain.cards import Card, show_cards
from ae_core.ui.out_of_domain.measurements import SHOWN, answer, set_of, study_with_nearest

FIRST = 8  # cards shown at once
STRANGE = 0.9  # AUROC from which the error tells a set from home
PASSES = 0.7  # AUROC up to which a set passes
BAD = 0.2  # of the error of the mean image: the error of answers whose faults one sees
LOST = 0.1  # of the error of the mean image: where PCA with as many numbers leaves less, the code is no bottleneck


def gallery(subject: Subject) -> None:
    """Choose a set; see its pictures, the answers and the ruler."""
    show_when_measured(lambda found: _show(subject, *found), study_with_nearest, subject)


def _show(subject: Subject, study: OodStudy, near: dict[str, Images]) -> None:
    names = {images.name: images.title for images in image_sets(subject.spec.data)}
    name = st.pills(
        "Pictures", list(names), default=farthest(subject.spec.data).name, format_func=names.__getitem__,
        key="gallery_set", persist_state="session", required=True,
    )
    chosen = set_of(subject.spec.data, name)
    most = min(SHOWN, len(chosen.images))
    everything = most > FIRST and st.toggle(f"Show {most}", key=f"gallery_all_{name}")
    cards = cards_of(subject, study, chosen, near[name][: most if everything else FIRST])
    st.plotly_chart(
        ruler(study.home.errors, study.limit, [Mark(card.title, card.error) for card in cards], study.home.title),
        key="ruler", alt=ruler_alt(study, cards), config={"displayModeBar": False},
    )
    st.markdown(f"**Look at** the answers. {sight(study, chosen)}")
    show_cards(cards, study.limit)


def cards_of(subject: Subject, study: OodStudy, chosen: ImageSet, near: Images) -> list[Card]:
    """The first cards of a set, as many as there are nearest training images."""
    count = len(near)
    found = answer(subject.model, chosen.images[:count])
    strange = percentiles(found.errors, study.home.errors)
    return [
        Card(
            title=chosen.photographs[i].title if chosen.photographs else f"{chosen.title}, no. {i + 1}",
            image=found.images[i], code=found.codes[i], output=found.outputs[i],
            error=float(found.errors[i]), percentile=float(strange[i]),
            nearest=near[i],
            photograph=chosen.photographs[i].pixels if chosen.photographs else None,
            credit=chosen.photographs[i].credit if chosen.photographs else "",
        )
        for i in range(count)
    ]


def sight(study: OodStudy, chosen: ImageSet) -> str:
    """What one sees of a set, in one or two sentences with their numbers."""
    if chosen.name == "home":
        error, mean_image = study.home.errors.mean(), study.home.scores["mean image"].mean()
        if error > BAD * mean_image:
            return (
                f"Even at home much is lost: the mean error is {loss_text(error)}, and the mean image as the only "
                f"answer has {mean_image:.4f}."
            )
        return f"This is home: the mean error is {error:.4f}, and what goes in comes out."
    found = study.of(chosen.name)
    size = f"The mean error is {study.beside_home(found)}."
    return f"{SIGHTS[chosen.name]} {size}" if seen(study, found) else size


def seen(study: OodStudy, found: Measured) -> bool:
    """Whether what SIGHTS says of a set is to be seen in the answers of this network."""
    if study.home.title != "Test digits" or found.name not in SIGHTS or not (study.has_home and squeezed(study)):
        return False
    if found.name == "printed digits":
        return found.auroc["error"] < PASSES
    bad = found.errors.mean() > BAD * found.scores["mean image"].mean()
    return bool(bad) and found.auroc["error"] > STRANGE


def squeezed(study: OodStudy) -> bool:
    """Whether the code is a bottleneck: PCA with as many numbers has to leave something out of home itself."""
    left = study.home.scores["pca"].mean() / study.home.scores["mean image"].mean()
    return bool(left > LOST)


# Without a bottleneck answers to strangers are bad in another way: not made of strokes, but the stranger itself where
# digits have ink, and chance where they have none.
SIGHTS = {
    "landscapes": "It answers a mountain with a smear of strokes: it has nothing else to answer with.",
    "objects": "Whatever a thing is, the answer is made of the same strokes.",
    "clothes": "A shirt becomes a bright blot; collar and sleeves melt together.",
    "letters": "They come out as letters, but smudged: some strokes are those of digits, others are not.",
    "printed digits": "Nobody wrote these by hand, and yet their errors are hardly larger than those of digits.",
    "inverted": "The same digits with black and white exchanged, and it cannot even answer with a white ground: what "
    "matters is how the pixels are distributed, not what they show.",
    "noise": "Almost every noise gets the same blot: the code has no words for it.",
    "empty": "It cannot even say nothing: a ghost of a digit appears where there is no ink.",
    "shifted": "The very same digits, moved by four pixels, come out torn: it knows a stroke by its place only.",
    "rotated": "Turned by a quarter: a 0 survives, most others come out worn.",
    "enlarged": "Seen from nearer: strokes reach the edge, where it has never seen any ink.",
}


def ruler_alt(study: OodStudy, cards: list[Card]) -> str:
    """The ruler in words."""
    above = sum(card.error > study.limit for card in cards)
    return (
        f"Errors of {len(study.home.errors):,} {inside(study.home.title)} as a hill on a logarithmic scale; "
        f"the limit of 95% is {study.limit:.4f}. {above} of {len(cards)} pictures shown lie above."
    )
