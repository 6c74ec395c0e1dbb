"""The other way round: the same network trained on each of the other data sets, and tested on everything."""

from collections.abc import Mapping

import streamlit as st

from ae_core.data.registry import DATA_SETS
from ae_core.evaluation.divergence import divergence, has_diverged
from ae_core.evaluation.out_of_distribution.trained_on_tested_on import Cell
from ae_core.formatting import counted, listed, spelled
from ae_core.runs.run import PoolFull, Run
from ae_core.spec import RULES, Spec
from ae_core.ui.background.run_measurements import pca_size
from ae_core.ui.background.trained_network import Subject, subject_of
from ae_core.ui.layout.parts import progress, try_this
from ae_core.ui.layout.progress import pace, say_duration, show_progress, training_work
from ae_core.ui.layout.tables import table
from ae_core.ui.live.polling_fragment import show_when_measured, wait_for
from ae_core.ui.out_of_domain.measurements import codecs, same_effort, whole_table
from ae_core.ui.script_run.end_page import end_page
from ae_core.ui.session.button_requests import keys_of, request, requested, withdraw_others
from ae_core.ui.session.visitor import pool, visitor

ROLE = "other way"  # of these networks in the pool
TOPICS = {name: data.topic for name, data in DATA_SETS.items()}
NETWORKS = f"{spelled(len(DATA_SETS))} networks"


def trained_on_other_data(subject: Subject) -> None:
    """Train the other networks when asked; then the table of all pairs, with codecs beside it."""
    st.markdown(
        f"The same network can learn anything else as well, and then {TOPICS[subject.spec.data]} are strange to it. "
        f"{NETWORKS.capitalize()} of your settings, without noise, each on its own data, each seeing about as many "
        "training images in all (whole epochs)."
    )
    with st.container(horizontal=True):
        for name in DATA_SETS:
            if name != subject.spec.data:
                try_this(f"Look at a network trained on {TOPICS[name]}", keep=tuple(RULES), data=name)
    specs = tuple(same_effort(subject.spec, name) for name in DATA_SETS)
    settings = keys_of(specs)
    withdraw_others(ROLE, settings)
    st.button(
        "Train them all and compare", key="train_others", type="primary", on_click=request, args=(ROLE, settings)
    )
    if requested(ROLE, settings):
        _train(specs)
    else:
        say_duration(training_work(specs, [None] * len(specs)), pace())


def _train(specs: tuple[Spec, ...]) -> None:
    """Follow the runs until they have ended, then show the table."""
    runs = _runs(specs)
    training = any(run.live for run in runs)  # first: a run that ends now has its network below
    subjects = [subject for subject in map(subject_of, runs) if subject is not None]
    if len(subjects) == len(specs):
        show_when_measured(_show, _table_and_codecs, tuple(subjects))
    elif training:
        wait_for(lambda: _training(specs))
    else:  # one has failed
        _training(specs)


def _training(specs: tuple[Spec, ...]) -> bool:
    runs = _runs(specs)
    training = [run.live for run in runs]  # read once: one may end while it is drawn
    show_progress(ROLE, training_work(specs, runs), f"Training {NETWORKS}", pace(sum(training)))
    for run, live in zip(runs, training, strict=True):
        st.caption(f"{effort(run.spec)}: {progress(run) if live else 'done'}")
    return any(training)


def effort(spec: Spec) -> str:
    """What a network is trained on, and for how long."""
    return f"Trained on {TOPICS[spec.data]}: {counted(spec.epochs, 'epoch')} of {counted(spec.images, 'image')}"


def _runs(specs: tuple[Spec, ...]) -> list[Run]:
    """The runs of the Specs, each joined under a name of its own. Where there is none, the page says why."""
    runs = []
    for spec in specs:
        name = f"{visitor()} {ROLE} {spec.data}"
        run = pool().get(spec.key, name)
        if run is None or run.state == "stopped":
            try:
                run = pool().join(spec, name)
            except PoolFull as error:
                st.warning(str(error))
                end_page()
        if run.state == "failed":
            st.warning(run.message or "Training failed.")
            end_page()
        runs.append(run)
    return runs


def _table_and_codecs(
    subjects: tuple[Subject, ...],
) -> tuple[Mapping[tuple[str, str], Cell], dict[str, dict[str, float]], tuple[Spec, ...]]:
    return whole_table(subjects), codecs(), tuple(subject.spec for subject in subjects)


def _show(found: tuple[Mapping[tuple[str, str], Cell], dict[str, dict[str, float]], tuple[Spec, ...]]) -> None:
    cells, bytes_of, specs = found
    spec = specs[0]
    st.subheader(finding(cells), anchor=False)
    table(
        [
            {"Trained on": TOPICS[trained],
             **{f"tested on {TOPICS[tested]}": cells[trained, tested].ratio for tested in DATA_SETS}}
            for trained in DATA_SETS
        ],
        label=f"Errors of {NETWORKS} on as many data sets",
        formats={f"tested on {title}": "{:.2f}" for title in TOPICS.values()},
    )
    st.caption(
        f"Squared error; 1 is what PCA with {counted(pca_size(spec), 'number')} leaves of the same test images, fitted "
        "on training images of their kind. Read down a column: who handles these images best?"
    )
    table(
        [
            {"Codec": codec, **{title: sizes[name] for name, title in TOPICS.items()}}
            for codec, sizes in bytes_of.items()
        ],
        label="Bytes of an image in gzip and PNG",
        formats=dict.fromkeys(TOPICS.values(), "{:.0f} bytes"),
    )
    st.caption(
        "gzip and PNG do not care where the pixels come from: no training, and every image comes back exactly, with an "
        "error of 0. Detail costs them bytes, of the 784 that a raw image has; the code is always "
        f"{counted(spec.code_size, 'number')}, whatever there is to say."
    )
    st.markdown(home_against_pca(cells))
    images = {spec.data: spec.images for spec in specs}
    st.caption(" ".join(
        f"{data.topic.capitalize()}: {images[name]:,} {data.split}." for name, data in reversed(DATA_SETS.items())
    ))


def finding(cells: Mapping[tuple[str, str], Cell]) -> str:
    """Whether every network is the best one at home, or that one of them has diverged."""
    for name in DATA_SETS:
        error = cells[name, name].error
        if has_diverged(error, error, name):
            return f"Trained on {TOPICS[name]}: {divergence(error, name)}"
    at_home = sum(
        min(DATA_SETS, key=lambda trained: cells[trained, tested].ratio) == tested for tested in DATA_SETS
    )
    if at_home == len(DATA_SETS):
        return "Each network is the best one for its own data: an autoencoder is data-specific"
    return f"{at_home} of {len(DATA_SETS)} networks are the best ones for their own data"


def home_against_pca(cells: Mapping[tuple[str, str], Cell]) -> str:
    """Where PCA is as good as the network on its own ground."""
    beaten = [TOPICS[name] for name in DATA_SETS if cells[name, name].ratio > 1]
    if not beaten:
        return "On its own data each of them has a smaller error than PCA."
    return f"**PCA is better on {listed(beaten)}**, even where the network was trained on them (above 1 in the table)."
