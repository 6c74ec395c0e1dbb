"""Train: a network learns before your eyes."""

import streamlit as st

from ae_core.model import Autoencoder
from ae_core.train import loss_gradient, train
from ae_core.ui.parts import claim, show_the_code, try_this
from ae_core.ui.session import current_run
from ae_core.ui.stage import stage

run = current_run()
claim(f"Its target is its own input: 784 numbers squeezed through {run.spec.narrowest}.")
stage(run)
