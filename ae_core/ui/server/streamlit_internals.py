"""What Streamlit does for any browser that asks, and here for none.

It empties all caches of the server, for everybody, when one browser sends a message of two bytes; the menu's entry is
hidden, but a message can be forged. In these caches are the runs of all visitors, and the processes that train.

And it keeps all files that a session uploads, also those of a field that is no longer on the page: each has a bound,
their number has none.
"""

from streamlit.runtime.app_session import AppSession
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

NEWEST = 4  # files of a session: a page shows one, and a field may take the next before it gives the last one up

_add = MemoryUploadedFileManager.add_file


def keep_caches() -> None:
    """No visitor can empty the server's caches."""
    AppSession._handle_clear_cache_request = _nothing  # type: ignore[method-assign, assignment]


def keep_newest_files() -> None:
    """Of what a session uploads its newest files are kept, so that no visitor can fill the server's memory."""
    MemoryUploadedFileManager.add_file = _add_and_drop  # type: ignore[method-assign, assignment]


def _nothing(session: AppSession) -> None:
    pass


def _add_and_drop(files: MemoryUploadedFileManager, session_id: str, file: UploadedFileRec) -> None:
    _add(files, session_id, file)
    for old in list(files.file_storage.get(session_id, ()))[:-NEWEST]:
        files.remove_file(session_id, old)
