"""The latent map: where digits lie in the code, and what the decoder draws at any point of it.

Python packs a view into bytes; the decoder's weights go along, so that the browser decodes by itself, without the
server.
"""

from pathlib import Path

from ae_core.ui.components.inline import inline_component
from ae_core.ui.components.latent_map.view import EncodedImages, encoded, latent_view

__all__ = ["EncodedImages", "encoded", "latent_map", "latent_view"]

# `live_component` draws it; its answers are what `latent_view` gives.
latent_map = inline_component(Path(__file__).parent)
