"""Serves the app as a host does that hands the script alone to Streamlit: nothing of the app stands in the server.

Run as a script with the arguments of `streamlit run`.
"""

import sys

from streamlit.web import bootstrap


def main(script: str, *settings: str) -> None:
    """Serve a script with settings as `--server.port=8501`."""
    named = dict(setting.removeprefix("--").split("=") for setting in settings)
    flags = {name.replace(".", "_"): value for name, value in named.items()}
    bootstrap.load_config_options(flags)
    bootstrap.run(script, False, [], flags)


if __name__ == "__main__":
    main(*sys.argv[1:])
