"""The address of the page: the link to the experiment that the sidebar describes, and an entry of the history."""

from pathlib import Path
from urllib.parse import urlencode

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state import get_session_state

from ae_core.spec import RULES, Spec
from ae_core.ui.components.inline import inline_component
from ae_core.ui.components.packing import pack

_COMPONENT = inline_component(Path(__file__).parent)


def write_address(spec: Spec) -> None:
    """Make the address that of an experiment, at once; parameters that are no settings stay.

    Streamlit itself would tell the browser of one setting after the other, and takes what stood there when the script
    began for the value of a control that it draws for the first time.
    """
    with get_session_state().query_params() as address:
        others = {name: address.get_all(name) for name in address if name not in RULES}
        wanted = others | {name: [value] for name, value in spec.to_query().items()}
        if wanted == {name: address.get_all(name) for name in address}:
            return
        address.clear_with_no_forward_msg(preserve_embed=True)
        for name, values in wanted.items():
            address.set_with_no_forward_msg(name, values if len(values) > 1 else values[0])
        address.set_initial_query_params_from_current()
        address.update()  # tells the browser


def keep_history(spec: Spec, trained: bool) -> None:
    """Let the browser's history have one entry for each experiment that was trained.

    spec : the settings of the sidebar
    trained : whether the page shows the run of these settings
    """
    context = get_script_run_ctx()
    page = context.page_script_hash if context else ""  # the browser is called when anything of this changes
    data = {"settings": urlencode(spec.to_query()), "trained": trained, "known": list(RULES), "page": page}
    _COMPONENT(data=pack(data), key="address")  # a dict would load pandas
