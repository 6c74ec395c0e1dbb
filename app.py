"""Bottleneck: watch an autoencoder learn. Start it with `streamlit run app.py`."""

import streamlit as st

from ae_core.ui.script_run.concurrency import script_turn
from ae_core.ui.script_run.end_page import errors_in_sentences
from ae_core.ui.script_run.failure import show_failure
from ae_core.ui.server.startup import get_ready, lifespan, middleware


@script_turn()
def script() -> None:
    """What runs for every visitor, at each of her clicks."""
    get_ready()
    # with these comes PyTorch, which the server need not have before
    from ae_core.ui.layout.page_style import page_style
    from ae_core.ui.layout.sidebar import sidebar
    from ae_core.ui.session.first_visit import page_before_sidebar
    from ae_core.ui.session.visitor import read_settings

    st.set_page_config(page_title="Bottleneck", page_icon="ae_core/ui/layout/icon.svg", layout="wide")
    page_style()

    page = st.navigation(
        {
            "Bottleneck": [
                st.Page("pages/train.py", title="Train", icon=":material/play_circle:", default=True),
                st.Page("pages/reconstructions.py", title="Reconstructions", icon=":material/compare:"),
                st.Page("pages/latent_space.py", title="Latent space", icon=":material/scatter_plot:"),
                st.Page("pages/denoising.py", title="Denoising", icon=":material/blur_off:"),
                st.Page("pages/out_of_domain.py", title="Out of domain", icon=":material/landscape:"),
            ],
            "Limits": [
                st.Page("pages/compression.py", title="Lossy by design", icon=":material/compress:"),
                st.Page("pages/too_powerful.py", title="Too powerful", icon=":material/fitness_center:"),
            ],
        }
    )
    newcomer = read_settings()
    try:
        with page_before_sidebar(newcomer), errors_in_sentences():
            page.run()
    finally:  # also where the page begins anew: Streamlit takes off the screen what a script has not drawn
        sidebar(page.url_path)


if __name__ == "__main__":
    script()
else:  # the server reads this file once, before it runs it as a script
    # Streamlit looks for the words before the bracket
    app = st.App(__file__, middleware=[middleware()], lifespan=lifespan, on_script_error=show_failure)
