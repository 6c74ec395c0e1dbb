"""What is closed at first: it is drawn when it is opened, and not before."""

import pytest

from tests.pages.conftest import Open, trained, unfolded

FAST = {"train_images": "64", "width": "16", "code_size": "2"}


@pytest.mark.parametrize("page", ["train", "latent_space", "denoising", "compression", "too_powerful"])
def test_the_page_explains_itself_in_formulae_and_code_when_asked(open_app: Open, page: str) -> None:
    app = open_app(f"pages/{page}.py", **FAST)
    trained(app)
    assert not app.code and not app.latex
    unfolded(app, "how_it_works", "code")
    assert not app.exception
    assert app.latex and any("def " in code.value for code in app.code)
