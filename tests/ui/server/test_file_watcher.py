"""A new visitor costs no search for files to watch, and no module is forgotten because its file changed."""

import sys

import pytest
from streamlit import config
from streamlit.runtime.pages_manager import PagesManager
from streamlit.watcher import LocalSourcesWatcher, local_sources_watcher

from ae_core.ui.server.file_watcher import watch_no_modules


@pytest.mark.parametrize("kind", ["none", "poll"])
def test_no_module_is_looked_up_whether_files_are_watched_or_not(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up: list[object] = []

    def look_up(module: object) -> set[str]:
        looked_up.append(module)
        return set()

    def a_script_has_run() -> None:
        watcher = LocalSourcesWatcher(PagesManager("app.py"))
        watcher.update_watched_modules()
        watcher.close()

    monkeypatch.setattr(local_sources_watcher, "get_module_paths", look_up)
    monkeypatch.setattr(LocalSourcesWatcher, "update_watched_modules", LocalSourcesWatcher.update_watched_modules)
    before = config.get_option("server.fileWatcherType")
    config.set_option("server.fileWatcherType", kind)
    try:
        a_script_has_run()
        assert sys.modules["ae_core.ui.server.file_watcher"] in looked_up, "Streamlit does so by itself"
        looked_up.clear()
        watch_no_modules()
        a_script_has_run()
        assert not looked_up
    finally:
        config.set_option("server.fileWatcherType", before)


def test_no_file_is_watched_unless_somebody_asks() -> None:
    assert config.get_option("server.fileWatcherType") == "none"
