"""Out of domain: what the network does to pictures of a kind that it has never seen."""

import streamlit as st

from ae_core.data.registry import DATA_SETS
from ae_core.evaluation.out_of_distribution.image_sets import image_sets
from ae_core.evaluation.out_of_distribution.scores import Gaussian, auroc, errors
from ae_core.ui.background.trained_network import subject_of
from ae_core.ui.layout.findings import divergence_of
from ae_core.ui.layout.loaded_images import read_images
from ae_core.ui.layout.parts import claim, show_the_code, status_line
from ae_core.ui.out_of_domain.gallery import gallery
from ae_core.ui.out_of_domain.how_far import how_far
from ae_core.ui.out_of_domain.more_data import more_data
from ae_core.ui.out_of_domain.own_picture import own_picture
from ae_core.ui.out_of_domain.predict_first import predict_first, score
from ae_core.ui.out_of_domain.threshold import threshold
from ae_core.ui.out_of_domain.trained_on_other_data import trained_on_other_data
from ae_core.ui.script_run.end_page import end_page
from ae_core.ui.session.visitor import current_run

SECTIONS = {
    "Gallery": gallery,
    "Measured": threshold,
    "How far from home": how_far,
    "Your own picture": own_picture,
    "The other way round": trained_on_other_data,
    "More data": more_data,
}

run = current_run()
diverged = divergence_of(run)
claim(diverged or f"It has seen nothing but {DATA_SETS[run.spec.data].nouns}: what else can it rebuild?")
status_line(run)
if diverged:
    st.markdown("It has no domain: all images are strange to it alike. Train another network to see where one ends.")
    end_page()
read_images(image_sets, run.spec.data)

if predict_first(run.spec.data):
    end_page()

subject = subject_of(run)
if subject is None:
    st.caption(":material/hourglass_top: It is still learning: the evidence follows when training ends.")
    end_page()

score(subject)
for tab, section in zip(st.tabs(list(SECTIONS), key="domain_tab", on_change="rerun"), SECTIONS.values(), strict=True):
    if tab.open:
        with tab:
            section(subject)

show_the_code(
    errors,
    Gaussian,
    auroc,
    shapes=f"Images `(n, 784)` → codes `(n, {run.spec.code_size})` → one score `(n,)`; higher is stranger.",
)
