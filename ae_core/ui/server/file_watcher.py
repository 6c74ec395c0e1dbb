"""Files are not watched unless somebody asks for it, and then nothing is done for it either.

Streamlit looks up the file of every module that is loaded, PyTorch's thousand included, for each new visitor, on the
thread that serves all of them: 0.1 to 0.2 s in which nobody's page moves. It does so even where it watches no files.
"""

from streamlit import config
from streamlit.watcher import LocalSourcesWatcher


def watch_files_only_if_asked() -> None:
    """Without `server.fileWatcherType`, leave out the search for what would have to be watched."""
    if config.get_option("server.fileWatcherType") == "none":
        LocalSourcesWatcher.update_watched_modules = _nothing  # type: ignore[method-assign, assignment]


def _nothing(watcher: LocalSourcesWatcher) -> None:
    pass
