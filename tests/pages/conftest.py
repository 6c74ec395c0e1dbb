"""What the tests of pages share: the app as a visitor opens it, and the end of a training run."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from ae_core.runs.run import Run
from ae_core.ui.session.visitor import pool
from tests.ui.components.test_training_player import unpack

APP = Path(__file__).parents[2] / "app.py"
PATIENCE = 120.0

Open = Callable[..., AppTest]


class NavigatedPages(PagesManager):
    """Pages as `st.navigation` has them. AppTest would take the folder `pages` for the older kind of multipage app
    on every run but the first, and run a page's script alone, without the sidebar.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        PagesManager.uses_pages_directory = False


@pytest.fixture(autouse=True)
def _navigation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streamlit.testing.v1.app_test.PagesManager", NavigatedPages)


@pytest.fixture
def open_app() -> Open:
    """Open the app at a page, with a query string: `open_app("pages/train.py", code_size="2")`."""

    def open_page(page: str = "pages/train.py", **query: str) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=PATIENCE)
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        return app if page == "pages/train.py" else app.switch_page(page).run()

    return open_page


def trained(app: AppTest) -> Run:
    """Wait for the end of the run that the app shows, and let the page see it."""
    run = pool().get(app.session_state["run"], "a test")
    assert run is not None
    assert run.done.wait(PATIENCE)
    app.run()
    return run


def unfolded(app: AppTest, *names: str) -> AppTest:
    """Open folded parts of a page, each by the name of the function that draws it."""
    for name in names:
        app.session_state[f"folded {name}"] = True
    return app.run()


def components(app: AppTest) -> dict[str, dict[str, Any]]:
    """What the page sends to its own components, by their names."""
    return {part.proto.component_name: unpack(part.proto.bytes) for part in app.get("bidi_component")}


def texts(app: AppTest) -> str:
    """All that the page says in plain text and Markdown, and in its status line."""
    parts = [str(part.value) for part in (*app.title, *app.markdown, *app.caption, *app.text, *app.warning)]
    status = components(app).get("status_line", {"words": ""})
    return "\n".join([*parts, status["words"]])
