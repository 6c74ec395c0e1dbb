"""A new visitor costs no search for files to watch, unless a developer asks that they be watched."""

import sys
from collections.abc import Iterator

import pytest
from streamlit import config
from streamlit.runtime.pages_manager import PagesManager
from streamlit.watcher import LocalSourcesWatcher, local_sources_watcher

from ae_core.ui.server.file_watcher import watch_files_only_if_asked


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """The modules whose files Streamlit looks up; afterwards all is as before."""
    modules: list[object] = []
    monkeypatch.setattr(LocalSourcesWatcher, "update_watched_modules", LocalSourcesWatcher.update_watched_modules)

    def look_up(module: object) -> set[str]:
        modules.append(module)
        return set()

    monkeypatch.setattr(local_sources_watcher, "get_module_paths", look_up)
    kind = config.get_option("server.fileWatcherType")
    yield modules
    config.set_option("server.fileWatcherType", kind)


def a_script_has_run(kind: str) -> None:
    """What Streamlit does when the first script of a new visitor has ended."""
    config.set_option("server.fileWatcherType", kind)
    watch_files_only_if_asked()
    watcher = LocalSourcesWatcher(PagesManager("app.py"))
    watcher.update_watched_modules()
    watcher.close()


def test_no_module_is_looked_up_where_no_file_is_watched(looked_up: list[object]) -> None:
    a_script_has_run("none")
    assert not looked_up


def test_files_are_watched_for_who_asks(looked_up: list[object]) -> None:
    a_script_has_run("poll")
    assert sys.modules["ae_core.ui.server.file_watcher"] in looked_up


def test_nobody_asks_by_himself() -> None:
    assert config.get_option("server.fileWatcherType") == "none"
