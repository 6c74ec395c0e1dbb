"""Predict first: which of six pictures can the network rebuild?"""

from dataclasses import dataclass

import streamlit as st

from ae_core.charts.colours import FAILURE, INPUT, OUTPUT
from ae_core.charts.tiles import image_png
from ae_core.data.datasets import Images
from ae_core.data.registry import DATA_SETS
from ae_core.evaluation.capacity.identity import COPIES, copying
from ae_core.evaluation.out_of_distribution.image_sets import farthest
from ae_core.evaluation.out_of_distribution.scores import misses
from ae_core.evaluation.out_of_distribution.study import OodStudy, inside
from ae_core.formatting import listed
from ae_core.ui.background.trained_network import Subject
from ae_core.ui.live.polling_fragment import show_when_measured
from ae_core.ui.out_of_domain.cards import as_image, picture
from ae_core.ui.out_of_domain.measurements import answer, reach_of, set_of
from ae_core.ui.session.state import State, state

PHOTOGRAPH = 26  # of the farthest strangers, the first of the six
OTHERS = (("printed digits", 3), ("inverted", 1), ("home", 4), ("letters", 6), ("shifted", 7))
SIZE = 100  # pixels


@dataclass(frozen=True, eq=False)
class Candidate:
    """A picture to guess about."""

    title: str
    image: Images


def candidates(data: str) -> list[Candidate]:
    """Six pictures, of home and of strangers to the named data."""
    sets = [(farthest(data), PHOTOGRAPH), *((set_of(data, name), number) for name, number in OTHERS)]
    return [Candidate(_singular(images.title), images.images[number % len(images.images)]) for images, number in sets]


def predict_first(data: str) -> bool:
    """Ask for a guess; whether the visitor is still at it."""
    if state.guesses[data] is not None:
        return False
    st.markdown("**Guess first:** which of these six can it rebuild from its code? Tick at least one, then *Reveal*.")
    with st.container(horizontal=True, gap="small"):
        for number, candidate in enumerate(candidates(data)):
            with st.container(width=SIZE + 15):
                st.html(_tile(candidate.image, candidate.title, INPUT))
                st.checkbox(candidate.title, key=State.ticks.key(f"{data} {number}"))
    guessed = any(_ticks(data))
    with st.container(horizontal=True):
        st.button("Reveal", key="reveal", type="primary", on_click=_reveal, args=(data,), disabled=not guessed)
        st.button("Skip the guess", key="skip", on_click=_skip, args=(data,))
    return True


def score(subject: Subject) -> None:
    """Where the network's domain ends; and what the six became, and how many guesses were right."""
    show_when_measured(lambda found: _reach_and_score(subject, *found), reach_of, subject)


def _reach_and_score(subject: Subject, study: OodStudy, identity: float, blind: int) -> None:
    st.markdown(reach(study, identity, blind))
    guesses = state.guesses[subject.spec.data]
    if guesses:
        _show(subject, study, guesses)


def reach(study: OodStudy, identity: float, blind: int) -> str:
    """What is beyond the network's domain, and whether it copies: chosen by the limit and the score.

    blind : pixels that the identity score leaves out
    """
    inner = [inside(found.title) for found in study.strangers if misses(found.errors, study.limit) >= 0.5]
    count = len(study.strangers)
    if not inner:
        first = f"All {count} kinds of strangers are beyond its domain: of each, most are above the limit."
    else:
        beyond = f"{count - len(inner) or 'None'} of {count} kinds of strangers are beyond its domain"
        first = f"{beyond}: of {listed(inner)}, half or more stay within the limit."
    edge = "" if identity < COPIES or not blind else (
        f" That leaves out {blind} pixels, black in nearly all that it has seen: of them it has learned nothing. Ink "
        "there, which the errors on this page do count, may spoil the whole answer."
    )
    return f"**{first}** The network {copying(identity)} (from {COPIES:.0%} on we say that it *copies*).{edge}"


def _show(subject: Subject, study: OodStudy, guesses: tuple[bool, ...]) -> None:
    shown = candidates(subject.spec.data)
    answers = [answer(subject.model, candidate.image[None]) for candidate in shown]
    can = [bool(found.errors[0] <= study.limit) for found in answers]
    right = sum(guess == truth for guess, truth in zip(guesses, can, strict=True))
    st.markdown(f"**You were right about {right} of 6.** Top: what it sees. Below: its answer.")
    with st.container(horizontal=True, gap="small"):
        for candidate, found, truth, guess in zip(shown, answers, can, guesses, strict=True):
            with st.container(width=SIZE + 15):
                st.html(
                    _tile(candidate.image, candidate.title, INPUT)
                    + _tile(as_image(found.outputs[0]), f"answer to {candidate.title}", OUTPUT if truth else FAILURE)
                )
                mark = ":material/check:" if guess == truth else ":material/close:"
                st.caption(f"{mark} {'rebuilt' if truth else 'not rebuilt'}, error {found.errors[0]:.4f}")
    st.caption(f"Rebuilt means: its error is within the limit that 95% of {inside(study.home.title)} keep.")


def _reveal(data: str) -> None:
    if any(_ticks(data)):  # a forged message may press a button that is disabled
        state.guesses[data] = _ticks(data)


def _ticks(data: str) -> tuple[bool, ...]:
    """Which of the pictures the visitor has ticked so far."""
    return tuple(bool(state.ticks[f"{data} {number}"]) for number in range(1 + len(OTHERS)))


def _skip(data: str) -> None:
    state.guesses[data] = ()


def _tile(image: Images, title: str, color: str) -> str:
    style = f"width:{SIZE}px;image-rendering:pixelated;border:2px solid {color};margin-bottom:4px"
    return picture(image_png(image), title).replace("<img ", f'<img style="{style}" ')


def _singular(title: str) -> str:
    words = {data.nouns: data.noun for data in DATA_SETS.values()}
    return " ".join(words.get(word, word.removesuffix("s")) for word in title.split())
