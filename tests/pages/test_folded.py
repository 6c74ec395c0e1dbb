"""What is closed at first: it is drawn when it is opened, and not before."""

import pytest

from tests.pages.conftest import Open, texts, trained, unfolded

FAST = {"train_images": "64", "width": "16", "code_size": "2"}
EXPLAINED = {
    "train": "how_it_works", "latent_space": "how_it_works",
    "denoising": "how_it_works", "compression": "how_it_works", "too_powerful": "how_it_works",
}


@pytest.mark.parametrize("page", EXPLAINED)
def test_the_page_explains_itself_in_formulae_and_code_when_asked(open_app: Open, page: str) -> None:
    app = open_app(f"pages/{page}.py", **FAST)
    trained(app)
    assert not app.code and "Images `(n, 784)`" not in texts(app)
    unfolded(app, EXPLAINED[page], "code")
    assert not app.exception
    assert app.latex and any("def " in code.value for code in app.code)
