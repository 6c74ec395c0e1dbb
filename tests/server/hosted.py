"""A copy of the app as a host serves it: with the options that Streamlit Community Cloud puts in the place of ours."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.serving import ROOT, Server, serving

OVERRIDES = {
    "STREAMLIT_RUNNER_FAST_RERUNS": "true",
    "STREAMLIT_CLIENT_SHOW_ERROR_DETAILS": "false",
    "STREAMLIT_SERVER_RUN_ON_SAVE": "true",
    "STREAMLIT_SERVER_ENABLE_XSRF_PROTECTION": "true",
    "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "true",
}
MISTAKES = '''
import streamlit as st

def fail():
    raise ZeroDivisionError("a secret")

@st.fragment
def part():
    if st.button("In a part"):
        fail()
    st.write("The end of the part")

if st.button("On the page"):
    fail()
st.button("In a callback", on_click=fail)
part()
if st.button("In an import"):
    import ae_core.that_is_missing
if st.button("In the syntax"):
    exec("1 +")
st.write("The end of the page")
'''


@contextmanager
def hosted(folder: Path, **environment: str) -> Iterator[tuple[Server, Path]]:
    """The server and the folder of its copy, in which files may change; it has one more page, *Mistakes*."""
    copy = folder / "app"
    for name in ("ae_core", "pages", ".streamlit"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("files", "__pycache__"))
    (copy / "ae_core" / "data" / "files").symlink_to(ROOT / "ae_core" / "data" / "files")
    (copy / "pages" / "mistakes.py").write_text(MISTAKES)
    frame = (ROOT / "app.py").read_text()
    group = '"Limits": ['
    assert group in frame
    (copy / "app.py").write_text(frame.replace(group, f'{group}st.Page("pages/mistakes.py", title="Mistakes"),'))
    with serving(folder / "log.txt", root=copy, environment={**OVERRIDES, **environment}) as server:
        yield server, copy
