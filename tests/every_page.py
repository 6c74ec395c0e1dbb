"""Opens all pages, those with tables at one of them, and prints what the server's process has loaded in the end."""

import sys
from unittest.mock import patch

from streamlit.testing.v1 import AppTest

from tests.measured import all_measured
from tests.pages.conftest import APP, NavigatedPages, trained
from tests.tables import tables

SMALL = {"code_size": "2", "width": "16", "train_images": "1024"}
WITH_TABLES = {  # page -> the part of it that has one
    "latent_space": {},
    "denoising": {},
    "out_of_domain": {"domain_tab": "Measured"},
    "compression": {"cost_part": "The ledger"},
}


def settled(app: AppTest) -> AppTest:
    """The page when it has drawn all that it measures."""
    for _ in range(60):
        trained(app)
        all_measured()
        app.run()
        assert not app.exception
        said = [each.value for each in app.caption] + [each.text for each in app.get("progress")]
        if not any("Measuring" in words for words in said):
            return app
    raise AssertionError("The page never comes to rest.")


@patch("streamlit.testing.v1.app_test.PagesManager", NavigatedPages)
def open_all() -> None:
    """One visitor goes through all pages."""
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.query_params.update(SMALL)
    app.run()
    for page in sorted((APP.parent / "pages").glob("*.py")):
        for name, value in WITH_TABLES.get(page.stem, {}).items():
            app.session_state[name] = value
        settled(app.switch_page(f"pages/{page.name}").run())
        if any(button.key == "skip" for button in app.button):  # a guess comes first
            app.button(key="skip").click().run()
            settled(app)
        assert bool(tables(app)) == (page.stem in WITH_TABLES)


if __name__ == "__main__":
    open_all()
    print(*sys.modules)
