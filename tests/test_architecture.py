"""The arrows between the rooms: who may import whom, and what never comes in."""

import ast
import fnmatch
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# Every room of ae_core, and the rooms of ae_core that it may import. A new room gets a line here.
ROOMS = {
    "formatting": set(),
    "io": set(),
    "system": set(),
    "pictures": set(),
    "nn": set(),
    "data": {"io"},
    "spec": {"nn", "data"},  # the names in their tables, which come without NumPy and PyTorch
    "autoencoder": {"io", "nn", "spec"},
    "training": {"nn", "data", "spec", "autoencoder"},
    "runs": {"system", "data", "spec", "autoencoder", "training"},
    "evaluation": {"formatting", "io", "system", "pictures", "nn", "data", "spec", "autoencoder"},
    "codecs": {"formatting", "data", "spec", "autoencoder", "evaluation"},
    "charts": {"formatting", "data", "evaluation", "codecs"},
    "cli": {"formatting", "io", "system", "nn", "data", "spec", "autoencoder", "training", "evaluation"},
    "__main__": {"cli"},
    "__init__": set(),
}
# The rooms of the pages: none imports another one.
PAGES = {"train", "latent_space", "denoising", "out_of_domain", "compression", "too_powerful"}
# Every room of ae_core/ui, and the rooms of ae_core/ui that it may import; of ae_core it may import all but cli.
UI_ROOMS = {
    "streamlit_internals": set(),
    "components": set(),
    "script_run": set(),
    "session": {"components", "script_run"},
    "background": {"script_run", "session"},
    "live": {"components", "script_run", "session", "background"},
    "layout": {"components", "script_run", "session", "background", "live"},
    **{page: {"components", "script_run", "session", "background", "live", "layout"} for page in PAGES},
    "server": {"script_run", "session", "background", "live", "layout", "train", "latent_space"},
    "__init__": set(),
}
for _rooms in UI_ROOMS.values():
    _rooms.add("streamlit_internals")
ROOMS["ui"] = set(ROOMS) - {"cli", "__main__", "__init__"}

TOP_LEVEL = {
    "app.py", "ae_core", "pages", "tests", "docs", "deploy", ".streamlit", ".ci", ".git", ".gitignore",
    "requirements.txt", "constraints.txt", "pyproject.toml", "Makefile", "README.md", "CONTRIBUTING.md", "LICENSE",
}
HEAVY = {"torchvision", "sklearn", "skimage", "pywt", "bm3d", "pandas", "pyarrow"}
# What Streamlit draws with pandas and pyarrow: 70 MB, and half a second in which the server answers nobody.
BY_PANDAS = {
    "dataframe", "table", "data_editor", "column_config", "line_chart", "area_chart", "bar_chart", "scatter_chart",
}
# Reading any of their files can run whatever code the file's author put in.
PICKLES = {"pickle", "_pickle", "cPickle", "cloudpickle", "dill", "joblib", "shelve"}


def sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def scripts() -> list[Path]:
    """app.py and the pages."""
    return [path for path in (ROOT / "app.py", *sources("pages")) if path.exists()]


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(nodes: Iterable[ast.AST], package: str = "") -> set[str]:
    """The full names of all modules that the nodes import; `from a import b` counts as a.b.

    package : the dotted package of the file, from which relative imports start
    """
    names: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*parents, node.module or ""]).strip(".")
            names |= {f"{base}.{alias.name}" for alias in node.names}
    return names


def top_level(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes below one that run when the module is imported: not what stands in functions."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield child
            yield from top_level(child)


def package_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).parent.parts)


def libraries(names: Iterable[str]) -> set[str]:
    return {name.split(".")[0] for name in names}


def rooms(names: Iterable[str], house: str = "ae_core") -> set[str]:
    """The rooms of a package among full module names; the package itself counts as none."""
    return {name.removeprefix(house + ".").split(".")[0] for name in names if name.startswith(house + ".")}


def room_of(path: Path, house: str = "ae_core") -> str:
    return path.relative_to(ROOT / house).parts[0].removesuffix(".py")


def show(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize(("source", "package", "expected"), [
    ("import ae_core.spec as spec", "", {"ae_core.spec"}),
    ("from ae_core import formatting, spec", "", {"ae_core.formatting", "ae_core.spec"}),
    ("from ae_core.spec import Spec", "", {"ae_core.spec.Spec"}),
    ("from .spec import Spec", "ae_core", {"ae_core.spec.Spec"}),
    ("from . import spec", "ae_core", {"ae_core.spec"}),
    ("from ..spec import Spec", "ae_core.ui", {"ae_core.spec.Spec"}),
    ("def late():\n    import pickle", "", {"pickle"}),
])
def test_every_way_to_write_an_import_is_seen(source: str, package: str, expected: set[str]) -> None:
    assert imports(ast.walk(ast.parse(source)), package) == expected


def test_an_import_inside_a_function_is_not_at_top_level() -> None:
    module = ast.parse("import a\nif a:\n    import b\nclass C:\n    import c\n    def f(self):\n        import d")
    assert imports(top_level(module)) == {"a", "b", "c"}


@pytest.mark.parametrize("path", sources("ae_core"), ids=show)
def test_a_room_imports_only_the_rooms_below_it(path: Path) -> None:
    room = room_of(path)
    assert room in ROOMS, f"ae_core/{room} is a new room: write into ROOMS what it may import"
    used = rooms(imports(ast.walk(tree_of(path)), package_of(path)))
    assert used - {room} <= ROOMS[room]


@pytest.mark.parametrize("path", sources("ae_core/ui"), ids=show)
def test_a_room_of_the_ui_imports_only_the_rooms_below_it(path: Path) -> None:
    room = room_of(path, "ae_core/ui")
    assert room in UI_ROOMS, f"ae_core/ui/{room} is a new room: write into UI_ROOMS what it may import"
    used = rooms(imports(ast.walk(tree_of(path)), package_of(path)), "ae_core.ui")
    assert used - {room} <= UI_ROOMS[room]


@pytest.mark.parametrize("path", sources("ae_core"), ids=show)
def test_only_the_ui_room_imports_streamlit(path: Path) -> None:
    used = libraries(imports(ast.walk(tree_of(path))))
    assert "streamlit" not in used or room_of(path) == "ui"


def test_charts_are_drawn_without_torch() -> None:
    for path in sources("ae_core/charts"):
        assert "torch" not in libraries(imports(ast.walk(tree_of(path)))), show(path)


def test_the_app_and_the_pages_know_only_their_place() -> None:
    for path in scripts():
        names = imports(ast.walk(tree_of(path)))
        assert not libraries(names) & {"app", "pages", "tests"}, show(path)
        if path.name == "app.py":
            assert rooms(names) <= {"ui"}, show(path)


def test_nothing_of_ours_imports_the_tests() -> None:
    for path in sources("ae_core"):
        assert not libraries(imports(ast.walk(tree_of(path)))) & {"app", "pages", "tests"}, show(path)


def test_heavy_libraries_are_imported_only_inside_the_functions_that_need_them() -> None:
    for path in [*sources("ae_core"), *scripts()]:
        assert not libraries(imports(top_level(tree_of(path)))) & HEAVY, show(path)


def test_nothing_is_drawn_by_pandas() -> None:
    for path in [*sources("ae_core/ui"), *scripts()]:
        names = imports(ast.walk(tree_of(path)))
        assert not streamlits(path) & BY_PANDAS and "streamlit.column_config" not in names, show(path)


def test_nothing_ends_a_script_before_its_sidebar_is_drawn() -> None:
    for path in [*sources("ae_core/ui"), *scripts()]:
        assert "stop" not in streamlits(path), show(path)


def test_what_streamlit_does_not_promise_to_keep_is_used_in_one_file() -> None:
    for path in [*sources("ae_core/ui"), *scripts()]:
        if path != ROOT / "ae_core" / "ui" / "streamlit_internals.py":
            used = {name for name in imports(ast.walk(tree_of(path))) if name.startswith("streamlit.")}
            assert not used | {name for name in streamlits(path) if name.startswith("_")}, show(path)


def test_nothing_that_visitors_share_is_in_a_cache_that_a_message_of_any_browser_empties() -> None:
    for path in [*sources("ae_core/ui"), *scripts()]:
        assert not streamlits(path) & {"cache_data", "cache_resource"}, show(path)


def test_what_is_kept_of_a_visit_stands_in_one_table() -> None:
    table = ROOT / "ae_core" / "ui" / "session" / "state.py"
    for path in [*sources("ae_core/ui"), *scripts()]:
        assert path == table or "session_state" not in streamlits(path), show(path)


def streamlits(path: Path) -> set[str]:
    """What a file uses of Streamlit, as in `st.title`."""
    return {
        node.attr for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "st"
    }


def test_cores_are_counted_in_one_place() -> None:
    """The machine's, or those that torch found, are more than a container has."""
    for path in [*sources("ae_core", "tests/load", "tests/deploy"), *scripts()]:
        counted = {node.attr for node in ast.walk(tree_of(path)) if isinstance(node, ast.Attribute)}
        ours = ROOT / "ae_core" / "system" / "resources.py"
        assert path == ours or not counted & {"cpu_count", "process_cpu_count"}, show(path)


def test_nothing_is_ever_unpickled() -> None:
    for path in [*sources("ae_core", "tests"), *scripts()]:
        tree = tree_of(path)
        assert not libraries(imports(ast.walk(tree))) & PICKLES, show(path)
        unsafe = {("allow_pickle", True), ("weights_only", False)}
        given = {
            (node.arg, node.value.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.keyword) and isinstance(node.value, ast.Constant)
        }
        assert not given & unsafe, show(path)


def test_the_top_level_holds_only_what_a_newcomer_expects() -> None:
    ignored = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text().split()]
    names = {
        path.name
        for path in ROOT.iterdir()
        if not any(fnmatch.fnmatch(path.name, pattern) for pattern in ignored)
    }
    assert names <= TOP_LEVEL
