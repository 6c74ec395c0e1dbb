"""The data sets: all that is to be said of each before its images are loaded. A new one is one more entry here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # at run time this table comes without NumPy
    from ae_core.data.datasets import Dataset


@dataclass(frozen=True, kw_only=True)
class DataSet:
    """A data set as pages, the command line and the Spec know it.

    load : reads its images
    train, test : how many images it has for training and for testing
    title : its name as a heading
    contents : what it holds, as the sidebar explains it
    topic : what a network knows that was trained on it
    noun, nouns : one of its images and several, of this data set only
    thing : what one of its images is called where any data set may stand
    split : where its images come from, behind their number
    mean_image : what the mean training image errs on the test images as the only answer: squared error, mean over
        pixels
    classes : what its labels stand for; none where they are no classes
    named_by_class : whether an image is called by its class alone: "a 7"
    photographs : whether its images are cut from the photographs in the folder of its name
    """

    load: Callable[[], "Dataset"]
    train: int
    test: int
    title: str
    contents: str
    topic: str
    noun: str
    nouns: str
    thing: str = "image"
    split: str
    mean_image: float
    classes: tuple[str, ...] = ()
    named_by_class: bool = False
    photographs: bool = False


def _datasets() -> Any:
    from ae_core.data import datasets

    return datasets


DATA_SETS: dict[str, DataSet] = {
    "mnist": DataSet(
        load=lambda: _datasets().mnist(), train=60_000, test=10_000,
        title="Handwritten digits", contents="handwritten digits", topic="digits", noun="digit", nouns="digits",
        thing="digit", split="of MNIST, tested on 10,000 others",
        mean_image=0.0675, classes=tuple("0123456789"), named_by_class=True,
    ),
    "fashion": DataSet(
        load=lambda: _datasets().fashion(), train=8_000, test=2_000, title="Fashion-MNIST", contents="clothes",
        topic="clothes", noun="garment", nouns="clothes", split="images of Fashion-MNIST, tested on 2,000 others",
        mean_image=0.0871, classes=(
            "T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot",
        ),
    ),
    "landscapes": DataSet(
        load=lambda: _datasets().landscapes(), train=24_000, test=2_000,
        title="Landscapes", contents="patches of photographs", topic="landscapes", noun="patch", nouns="patches",
        split="patches of 24 photographs, tested on 2,000 of 8 others", mean_image=0.0506, photographs=True,
    ),
}
