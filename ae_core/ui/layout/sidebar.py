"""The sidebar: every setting of an experiment, and Train and Stop."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from ae_core.formatting import counted
from ae_core.spec import DEFAULTS, PIXELS, RULES, Spec, hindrance
from ae_core.ui.components.address_bar import keep_history
from ae_core.ui.components.reconnect import run_again_after_reconnect
from ae_core.ui.session.state import state
from ae_core.ui.session.visitor import (
    keep_settings,
    key_of,
    options,
    reset_settings,
    stop_training,
    train_settings,
)


def sidebar(page: str) -> None:
    """Draw, beside the page of this name, the buttons and all settings, each bound to the query string."""
    now = keep_settings()
    with st.sidebar:
        _choice("code_size", now)
        columns = st.columns(2)
        with columns[0]:
            st.slider(**_named("depth"), min_value=0, max_value=4, value=DEFAULTS["depth"])
        with columns[1]:
            _choice("width", now)
        columns = st.columns(2)
        with columns[0]:
            _loss(now)
        with columns[1]:
            _choice("epochs", now)
        left, right = st.columns([3, 5])  # the longest kind of noise is "salt and pepper"
        with left:
            st.slider(**_named("noise"), min_value=0.0, max_value=1.0, value=0.0, step=0.05, format="%.3g")
        with right:
            _menu("noise_kind", now)
        with st.expander("More"):
            _menu("activation", now)
            _menu("output", now)
            _menu("optimizer", now)
            st.number_input(**_named("learning_rate"), min_value=0.0, max_value=10.0, value=0.0, step=0.01, format="%g")
            if not now.learning_rate:
                st.caption(f"0 is automatic: {now.rate:.3g} for {now.optimizer}.")
            _choice("batch_size", now)
            st.number_input(**_named("weight_decay"), min_value=0.0, max_value=10.0, value=0.0, step=0.1, format="%g")
            st.number_input(**_named("sparsity"), min_value=0.0, max_value=10.0, value=0.0, step=0.1, format="%g")
            _menu("decoder", now)
            _menu("data", now)
            _choice("train_images", now)
            # float, since Streamlit's integer field raises on ?seed=inf
            highest = float(RULES["seed"].high)
            st.number_input(**_named("seed"), min_value=0.0, max_value=highest, value=0.0, step=1.0, format="%.0f")
        _network(now)
        with st.container(key="sidebar_foot", horizontal=True, gap="small"):
            st.button("Train", key="train", type="primary", on_click=train_settings)
            st.button("Stop", key="stop", on_click=stop_training)
            st.button("Reset to defaults", key="reset", type="tertiary", on_click=reset_settings)
        keep_history(now, page, trained=key_of(state.run or "") == now.key)
        run_again_after_reconnect()


def _network(spec: Spec) -> None:
    """The shape of the network in numbers."""
    half = len(spec.layer_sizes) // 2
    sizes = [f"{size}" for size in spec.layer_sizes]
    sizes[half] = f"**{sizes[half]}**"
    st.markdown(" → ".join(sizes))
    numbers = counted(spec.narrowest, "number")
    st.caption(f"{PIXELS} pixels → {numbers}, {spec.compression:.3g} : 1  \n{spec.parameters:,} weights and biases")
    if spec.narrowest < spec.code_size:
        st.caption(f"The real bottleneck is a hidden layer of {spec.narrowest}, narrower than the code.")


def _named(name: str) -> dict[str, Any]:
    """What every setting has in common: its name is its key and its query parameter."""
    return {"label": RULES[name].label, "help": RULES[name].help, "key": name, "bind": "query-params"}


def _choice(name: str, now: Spec) -> None:
    """A slider over some numbers. Who chooses one that does not go with the other settings sees these give way."""
    numbers = options(name, now)
    st.select_slider(**_named(name), options=numbers, value=DEFAULTS[name])
    _say(_hindrances(name, numbers, now))


def _menu(name: str, now: Spec) -> None:
    choices = RULES[name].choices
    hindrances = _hindrances(name, choices, now)
    st.selectbox(
        **_named(name), options=choices, index=choices.index(DEFAULTS[name]),
        disabled=len(hindrances) == len(choices) - 1,
    )
    _say(hindrances)


def _loss(now: Spec) -> None:
    choices = RULES["loss"].choices
    hindrances = _hindrances("loss", choices, now)
    st.segmented_control(
        **_named("loss"), options=choices, default=DEFAULTS["loss"], required=True,
        disabled=len(hindrances) == len(choices) - 1,
    )
    _say(hindrances)


def _hindrances(name: str, values: Sequence[Any], now: Spec) -> list[str]:
    """Why some of these values do not go with the other settings."""
    return [reason for value in values if (reason := hindrance(name, value, vars(now)))]


def _say(hindrances: list[str]) -> None:
    if hindrances:
        st.caption(hindrances[0])
