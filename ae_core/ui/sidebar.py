"""The sidebar: every setting of an experiment, and Train and Stop."""

from typing import Any

import streamlit as st

from ae_core.spec import DEFAULTS, RULES, Spec
from ae_core.ui.session import keep_settings, options, settings, stop_training, train_settings


def sidebar() -> None:
    """Draw all settings, each bound to the query string under its own name, and the two buttons."""
    keep_settings()
    with st.sidebar:
        _choice("code_size")
        columns = st.columns(2)
        with columns[0]:
            st.slider(**_named("depth"), min_value=0, max_value=4, value=DEFAULTS["depth"])
        with columns[1]:
            _choice("width")
        columns = st.columns(2)
        with columns[0]:
            st.segmented_control(
                **_named("loss"), options=RULES["loss"].choices, default="bce", required=True
            )
        with columns[1]:
            _choice("epochs")
        columns = st.columns(2)
        with columns[0]:
            st.slider(**_named("noise"), min_value=0.0, max_value=1.0, value=0.0, step=0.05)
        with columns[1]:
            _menu("noise_kind")
        with st.expander("More"):
            _menu("activation")
            _menu("output")
            _menu("optimizer")
            st.number_input(**_named("learning_rate"), min_value=0.0, max_value=10.0, value=0.0, step=0.01, format="%g")
            _choice("batch_size")
            st.number_input(**_named("weight_decay"), min_value=0.0, max_value=10.0, value=0.0, step=0.1, format="%g")
            st.number_input(**_named("sparsity"), min_value=0.0, max_value=10.0, value=0.0, step=0.1, format="%g")
            _menu("decoder")
            _menu("data")
            _choice("train_images")
            # float, since Streamlit's integer field raises on ?seed=inf
            highest = float(RULES["seed"].high)
            st.number_input(**_named("seed"), min_value=0.0, max_value=highest, value=0.0, step=1.0, format="%.0f")
        spec, mended = settings()
        _network(spec)
        columns = st.columns(2)
        columns[0].button("Train", key="train", type="primary", on_click=train_settings, width="stretch")
        columns[1].button("Stop", key="stop", on_click=stop_training, width="stretch")
        for notice in mended:
            if notice not in st.session_state["notices"]:  # else the page says it
                st.text(notice)


def _network(spec: Spec) -> None:
    """The shape of the network in numbers."""
    half = len(spec.layer_sizes) // 2
    sizes = [f"{size}" for size in spec.layer_sizes]
    sizes[half] = f"**{sizes[half]}**"
    st.markdown(" → ".join(sizes))
    pixels = f"{spec.compression:.3g}"
    st.caption(f"{spec.parameters:,} weights · {pixels} pixel{'' if pixels == '1' else 's'} to a number")
    if spec.narrowest < spec.code_size:
        st.caption(f"The real bottleneck is a hidden layer of {spec.narrowest}, narrower than the code.")


def _named(name: str) -> dict[str, Any]:
    """What every setting has in common: its name is its key and its query parameter."""
    return {"label": RULES[name].label, "help": RULES[name].help, "key": name, "bind": "query-params"}


def _choice(name: str) -> None:
    st.select_slider(**_named(name), options=options(name), value=DEFAULTS[name])


def _menu(name: str) -> None:
    choices = RULES[name].choices
    st.selectbox(**_named(name), options=choices, index=choices.index(DEFAULTS[name]))
