"""Of the app's files only the pages are watched, and these only where somebody asks for it (`server.fileWatcherType`).

When a module changes that is watched, Streamlit forgets all of them, and the next script loads them again: beside the
pool of runs, the channel and the processes that visitors use there would be new ones that know of nobody. So a changed
module waits for the next start of the server.

To know what to watch, Streamlit looks up the file of every module that is loaded, PyTorch's thousand included, for each
new visitor, on the thread that serves all of them: 0.1 to 0.2 s in which nobody's page moves. It does so even where it
watches no files.
"""

from streamlit.watcher import LocalSourcesWatcher


def watch_no_modules() -> None:
    """Leave out the search for modules that would have to be watched."""
    LocalSourcesWatcher.update_watched_modules = _nothing  # type: ignore[method-assign, assignment]


def _nothing(watcher: LocalSourcesWatcher) -> None:
    pass
