"""What the app takes from Streamlit beyond its promises: all is there and does what it shall, or the log says so."""

import ast
import logging
import subprocess
import sys
import types
from pathlib import Path

import pytest
import streamlit as st
from streamlit import config, error_util
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import RerunData, RerunException, ScriptRunner
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.testing.v1 import AppTest
from streamlit.watcher import LocalSourcesWatcher, local_sources_watcher
from streamlit.web.server.starlette.starlette_websocket import _parse_subprotocols

from ae_core.ui import streamlit_internals as internals
from ae_core.ui.script_run.failure import LOGGED

ROOT = Path(__file__).parents[2]
PICTURE = 5 * 2**20  # bytes, the largest that is taken
NEWEST = 4

ADJUSTED = """
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import ScriptRunner
from streamlit.watcher import LocalSourcesWatcher
from ae_core.ui.server.startup import middleware
def parts():
    return (MemoryUploadedFileManager.add_file, LocalSourcesWatcher.update_watched_modules,
            ScriptRunner._maybe_handle_execution_control_request, PagesManager.uses_pages_directory)
before = parts()
middleware()
assert not set(before) & set(parts())
"""


def test_this_streamlit_has_all_of_it(caplog: pytest.LogCaptureFixture) -> None:
    internals.check()
    assert not caplog.records


def test_what_is_missing_is_named_with_the_version_and_with_what_does_not_hold(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    renamed = {feature: (paths[0], *(path + "_2" for path in paths)) for feature, paths in internals.INTERNALS.items()}
    monkeypatch.setattr(internals, "INTERNALS", {**renamed, "it works": ("streamlit.gone:it",)})
    internals.check()
    assert [each.getMessage() for each in caplog.records] == [
        *(f"Streamlit {st.__version__} has no {', '.join(paths[1:])}. So this does not hold: {feature}."
          for feature, paths in renamed.items()),
        f"Streamlit {st.__version__} has no streamlit.gone:it. So this does not hold: it works.",
    ]


def test_what_cannot_be_adjusted_is_left_out_and_the_rest_is_done(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delattr(LocalSourcesWatcher, "update_watched_modules")
    monkeypatch.setattr(PagesManager, "uses_pages_directory", None)
    internals.adjust(internals.watch_no_modules, internals.ignore_pages_folder)
    assert PagesManager.uses_pages_directory is False
    (entry,) = caplog.records
    assert f"Streamlit {st.__version__} cannot be adjusted by watch_no_modules" in entry.getMessage()
    assert not hasattr(LocalSourcesWatcher, "update_watched_modules"), "nobody would call it"


def test_all_that_is_imported_stands_in_the_table() -> None:
    listed = {path.replace(":", ".") for paths in internals.INTERNALS.values() for path in paths}
    module = ast.parse(Path(internals.__file__).read_text(encoding="utf-8"))
    imported = {
        f"{node.module}.{each.name}"
        for node in ast.walk(module) if isinstance(node, ast.ImportFrom) and str(node.module).startswith("streamlit")
        for each in node.names
    }
    only_types = {"streamlit.runtime.uploaded_file_manager.UploadedFileRec"}
    assert len(imported) > 8
    assert {name for name in imported - only_types if not any(path.startswith(name) for path in listed)} == set()


def test_a_server_has_them_from_its_start() -> None:
    subprocess.run([sys.executable, "-c", ADJUSTED], cwd=ROOT, check=True, timeout=60)


def test_nobody_is_connected_where_no_server_runs() -> None:
    assert not internals.is_anybody_connected()


# Of the script that asks


def test_a_script_knows_its_session_and_that_its_callback_comes_before_it() -> None:
    def script() -> None:
        import streamlit as st

        from ae_core.ui.streamlit_internals import is_before_script, is_history_navigation, session_id

        def press() -> None:
            st.session_state["in callback"] = is_before_script()

        st.button("Press", on_click=press)
        st.session_state["in script"] = is_before_script(), is_history_navigation(), session_id()

    app = AppTest.from_function(script).run()
    app.button[0].click().run()
    assert not app.exception and app.session_state["in callback"] is True
    before, back, session = app.session_state["in script"]
    assert (before, back) == (False, False) and session


def test_outside_a_script_there_is_no_session() -> None:
    assert internals.session_id() is None
    assert not internals.is_history_navigation() and not internals.is_before_script()


def test_a_script_that_ends_for_a_newer_request_makes_way() -> None:
    made_way = []

    def page() -> None:
        try:
            raise RerunException(RerunData())
        finally:
            made_way.append(internals.makes_way())

    with pytest.raises(RerunException):
        page()
    assert made_way == [True] and not internals.makes_way()


def test_streamlit_looks_for_requests_where_it_is_postponed(monkeypatch: pytest.MonkeyPatch) -> None:
    looked, asked, waiting = [], [], False

    def look(runner: ScriptRunner) -> None:
        looked.append(runner)

    def waits() -> bool:
        asked.append(waiting)
        return waiting

    monkeypatch.setattr(ScriptRunner, "_maybe_handle_execution_control_request", look)
    internals.postpone_requests(waits)
    AppTest.from_string("import streamlit as st; st.text('one'); st.text('two')").run()
    assert len(asked) > 1 and len(looked) == len(asked), "at each call"
    waiting = True
    looked.clear()
    AppTest.from_string("import streamlit as st; st.text('one')").run()
    assert not looked


def test_parameters_of_the_address_are_written_also_where_they_are_bound_and_reach_new_widgets() -> None:
    def script() -> None:
        import streamlit as st

        from ae_core.ui.streamlit_internals import write_query

        if "written" not in st.session_state:
            st.session_state["written"] = True
            write_query({"depth": ["3"], "other": ["a", "b"]})
        st.slider("Depth", 0, 4, 1, key="depth", bind="query-params")
        if st.button("Again"):
            write_query({"depth": ["2"]})

    app = AppTest.from_function(script)
    app.query_params["gone"] = "x"
    app.run()
    assert app.slider[0].value == 3 and dict(app.query_params) == {"depth": "3", "other": ["a", "b"]}
    app.button[0].click().run()
    assert not app.exception and dict(app.query_params) == {"depth": "2"}


# Of the server


def test_the_session_is_read_as_streamlit_writes_it() -> None:
    message = ForwardMsg()
    message.new_session.initialize.session_id = "x"
    assert internals.session_told({"type": "websocket.send", "bytes": message.SerializeToString()}) == "x"
    headers = {"sec-websocket-protocol": "streamlit, a-token, a-session"}
    theirs = _parse_subprotocols(types.SimpleNamespace(get=headers.get))  # type: ignore[arg-type]
    asked = internals.session_asked_for({"type": "websocket", "subprotocols": ["streamlit", "a-token", "a-session"]})
    assert asked == theirs[2] == "a-session"


def test_an_error_of_the_app_is_left_out_of_what_streamlit_logs(caplog: pytest.LogCaptureFixture) -> None:
    logger = error_util._LOGGER
    logger.addHandler(caplog.handler)
    before = list(logger.filters)
    try:
        error_util._log_uncaught_app_exception(ValueError("ours"))
        assert [entry.getMessage() for entry in caplog.records] == [LOGGED], "Streamlit does so by itself"
        internals.leave_out_errors(LOGGED)
        error_util._log_uncaught_app_exception(ValueError("ours"))
        assert len(caplog.records) == 1
    finally:
        logger.filters[:] = before
        logger.removeHandler(caplog.handler)


def test_a_logger_has_a_level_at_which_it_tells_what_the_server_may_use() -> None:
    assert internals.logger("a test").isEnabledFor(logging.INFO)


def test_the_folder_of_pages_is_no_older_kind_of_app(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PagesManager, "uses_pages_directory", None)
    PagesManager(str(ROOT / "app.py"))
    assert PagesManager.uses_pages_directory, "Streamlit takes it for one by itself"
    internals.ignore_pages_folder()
    PagesManager(str(ROOT / "app.py"))
    assert not PagesManager.uses_pages_directory


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
        assert internals in looked_up, "Streamlit does so by itself"
        looked_up.clear()
        internals.watch_no_modules()
        a_script_has_run()
        assert not looked_up
    finally:
        config.set_option("server.fileWatcherType", before)


def test_no_file_is_watched_unless_somebody_asks() -> None:
    assert config.get_option("server.fileWatcherType") == "none"


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> MemoryUploadedFileManager:
    """The files of a server that keeps the newest few."""
    monkeypatch.setattr(MemoryUploadedFileManager, "add_file", MemoryUploadedFileManager.add_file)  # and back again
    internals.keep_newest_files(NEWEST)
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
    assert held.byte_length == (2 + NEWEST) * PICTURE


def test_a_session_that_has_left_holds_nothing(files: MemoryUploadedFileManager) -> None:
    upload(files, "mallory", 40)
    files.remove_session_files("mallory")
    assert not files.get_stats()
