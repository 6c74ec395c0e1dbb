"""The training player: a network drawn in place while it learns, and its replay afterwards.

Python only packs a scene and its delta into bytes; all that moves is the plain JavaScript beside this file. A delta
holds the frames that the browser does not know yet. It comes as the answer to its question.
"""

from pathlib import Path

from ae_core.ui.components.inline import inline_component
from ae_core.ui.components.training_player.view import Delta, Scene, delta, scene

__all__ = ["Delta", "Scene", "delta", "scene", "training_player"]

# The machine, the curve, the row of digits and the transport line of a run: `live_component` draws it. Its data are a
# `Scene`, and its `Delta` or the question that brings it. Deltas may overlap: frames that are known are ignored.
training_player = inline_component(Path(__file__).parent)
