"""Out of domain: what the network does to pictures of a kind that it has never seen."""

import streamlit as st

from ae_core.domain.scores import Gaussian, auroc, errors
from ae_core.domain.strangers import NOUNS, image_sets
from ae_core.ui.domain.far import far_from_home
from ae_core.ui.domain.gallery import gallery
from ae_core.ui.domain.measure import subject_of
from ae_core.ui.domain.more_data import more_data
from ae_core.ui.domain.other_way import other_way_round
from ae_core.ui.domain.own import own_picture
from ae_core.ui.domain.predict import guessing, score
from ae_core.ui.domain.threshold import measured
from ae_core.ui.findings import divergence_of
from ae_core.ui.loaded import read
from ae_core.ui.parts import claim, show_the_code, status_line
from ae_core.ui.session import current_run
from ae_core.ui.told import over

SECTIONS = {
    "Gallery": gallery,
    "Measured": measured,
    "How far from home": far_from_home,
    "Your own picture": own_picture,
    "The other way round": other_way_round,
    "More data": more_data,
}

run = current_run()
diverged = divergence_of(run)
claim(diverged or f"It knows {NOUNS[run.spec.data]} and nothing else.")
status_line(run)
if diverged:
    st.markdown("It has no domain: all images are strange to it alike. Train another network to see where one ends.")
    over()
read(image_sets, run.spec.data)

if guessing(run.spec.data):
    over()

subject = subject_of(run)
if subject is None:
    st.caption(":material/hourglass_top: It is still learning: the evidence follows when training ends.")
    over()

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
