"""What the images are called."""

from ae_core.spec import Spec


def noun(spec: Spec) -> str:
    """What a run learned from: digits, or images of another kind."""
    return "digits" if spec.data == "mnist" else "images"
