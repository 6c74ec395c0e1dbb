"""The status line of a run that trains: it follows the run through the channel, and the page starts anew at its end."""

from pathlib import Path

from ae_core.ui.components.inline import inline_component

status_component = inline_component(Path(__file__).parent)
