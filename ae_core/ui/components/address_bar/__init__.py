"""The address of the page: the link to the experiment that the sidebar describes, and an entry of the history."""

from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from ae_core.spec import RULES, Spec
from ae_core.ui.components.inline import inline_component
from ae_core.ui.components.packing import pack
from ae_core.ui.streamlit_internals import write_query

_COMPONENT = inline_component(Path(__file__).parent)


def write_address(spec: Spec) -> None:
    """Make the address that of an experiment; parameters that are no settings stay."""
    here = {name: st.query_params.get_all(name) for name in st.query_params}
    others = {name: values for name, values in here.items() if name not in RULES}
    wanted = others | {name: [value] for name, value in spec.to_query().items()}
    if wanted != here:
        write_query(wanted)


def keep_history(spec: Spec, page: str, trained: bool) -> None:
    """Let the browser's history have one entry for each experiment that was trained.

    spec : the settings of the sidebar
    page : the name of the page; the browser is called when anything of this changes
    trained : whether the page shows the run of these settings
    """
    data = {"settings": urlencode(spec.to_query()), "trained": trained, "known": list(RULES), "page": page}
    _COMPONENT(data=pack(data), key="address")  # a dict would load pandas
