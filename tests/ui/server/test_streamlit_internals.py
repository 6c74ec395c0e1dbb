"""What Streamlit allows any browser and the app does not."""

import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from ae_core.ui.server import streamlit_internals as guard

ROOT = Path(__file__).parents[3]
PICTURE = 5 * 2**20  # bytes, the largest that is taken

GUARDED = """
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from ae_core.ui.server import streamlit_internals as guard
from ae_core.ui.server.startup import middleware
middleware()
assert MemoryUploadedFileManager.add_file is guard._add_and_drop
"""


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> MemoryUploadedFileManager:
    """The files of a server that is guarded."""
    monkeypatch.setattr(MemoryUploadedFileManager, "add_file", MemoryUploadedFileManager.add_file)  # and back again
    guard.keep_newest_files()
    return MemoryUploadedFileManager("/_stcore/upload_file")


def upload(files: MemoryUploadedFileManager, session: str, count: int) -> list[str]:
    """What a session holds of so many files, by their numbers."""
    content = bytes(PICTURE)
    for number in range(count):
        files.add_file(session, UploadedFileRec(str(number), "photo.jpg", "image/jpeg", content))
    return [file.file_id for file in files.get_files(session, [str(number) for number in range(count)])]


def test_of_many_uploads_a_session_holds_the_newest_few(files: MemoryUploadedFileManager) -> None:
    assert upload(files, "ann", 2) == ["0", "1"]
    assert upload(files, "mallory", 40) == ["36", "37", "38", "39"]
    assert [file.file_id for file in files.get_files("ann", ["0", "1"])] == ["0", "1"], "hers are left alone"
    (held,) = next(iter(files.get_stats().values()))
    assert held.byte_length == (2 + guard.NEWEST) * PICTURE


def test_a_session_that_has_left_holds_nothing(files: MemoryUploadedFileManager) -> None:
    upload(files, "mallory", 40)
    files.remove_session_files("mallory")
    assert not files.get_stats()


def test_a_server_is_guarded_from_its_start() -> None:
    subprocess.run([sys.executable, "-c", GUARDED], cwd=ROOT, check=True, timeout=60)
