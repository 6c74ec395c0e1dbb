"""Streamlit keeps all files that a session uploads, also those of a field that is no longer on the page.

Each has a bound, their number has none.
"""

from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

NEWEST = 4  # files of a session: a page shows one, and a field may take the next before it gives the last one up

_add = MemoryUploadedFileManager.add_file


def keep_newest_files() -> None:
    """Of what a session uploads its newest files are kept, so that no visitor can fill the server's memory."""
    MemoryUploadedFileManager.add_file = _add_and_drop  # type: ignore[method-assign, assignment]


def _add_and_drop(files: MemoryUploadedFileManager, session_id: str, file: UploadedFileRec) -> None:
    _add(files, session_id, file)
    for old in list(files.file_storage.get(session_id, ()))[:-NEWEST]:
        files.remove_file(session_id, old)
