"""Whether a training has diverged: its network errs so much that nothing of what pages conclude holds for it."""

from ae_core.data.registry import DATA_SETS
from ae_core.formatting import loss_text

WIDE = 1.5  # times the error of the mean image; a black image has 1.7 times, for digits


def has_diverged(train: float, test: float, data: str) -> bool:
    """Whether a network errs far more than the mean image: on test images, and on training images as well.

    Who has learned few images by heart errs much on others only: that is no divergence.

    train, test : MSE on training and on test images of the named data; what is not finite has diverged
    """
    return not min(train, test) <= WIDE * DATA_SETS[data].mean_image


def divergence(test: float, data: str) -> str:
    """What is said of a network that has diverged, in place of all findings."""
    return (
        f"This network has diverged: its error is {loss_text(test)}, that of the mean image "
        f"{DATA_SETS[data].mean_image:.4f}. A smaller learning rate helps."
    )
