"""Options that the app needs are not the host's to change."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
READ_TWICE = """
from streamlit import config
from ae_core.ui.server.startup import middleware
from ae_core.ui.server.options import NEEDED
def options():
    return {name: config.get_option(name) for name in NEEDED}
assert not any(value == NEEDED[name] for name, value in options().items()), "the host's"
middleware()
assert options() == NEEDED
config.get_config_options(force_reparse=True)  # as when a file of options has changed
assert options() == NEEDED
"""


def test_what_the_app_needs_comes_before_what_a_host_sets_and_outlasts_a_change_of_a_file() -> None:
    host = {"STREAMLIT_RUNNER_FAST_RERUNS": "true", "STREAMLIT_CLIENT_SHOW_ERROR_DETAILS": "full"}
    subprocess.run([sys.executable, "-c", READ_TWICE], cwd=ROOT, env={**os.environ, **host}, check=True, timeout=60)
