"""Makes one text of a component's files: Streamlit takes its HTML, its CSS and its JavaScript as one string each.

Nobody has to build anything: the files are put together as the app starts. Each kind names another file in its own way,
by a path that begins with a dot and starts at the file that names it:

    import { a, b } from "./name.js";    JavaScript, at the beginning of a line; the braces may hold several lines
    @import "./name.css";                CSS, on a line of its own
    <!-- ./name.html -->                 HTML, anywhere

Of JavaScript's modules these forms alone are known, each at the beginning of a line: the import above, `export` before
`function`, `async function`, `class` or `const` with one name, and in a component's own file `export default`. Comments
that have lines of their own stay behind: Streamlit sends the text anew each time that a component is drawn. So no line
of a template literal may begin like a comment, an import or an export.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

IMPORT = re.compile(r'^import \{(\s*[\w$]+(?:,\s*[\w$]+)*,?\s*)\} from "(\.[\w./-]+)";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async function|function|class|const) ([\w$]+))", re.MULTILINE)
DEFAULT = re.compile(r"^export default ", re.MULTILINE)
OTHER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
COMMENT = re.compile(r"^ *(?://.*|/\*\*[\s\S]*?\*/)\n", re.MULTILINE)
STYLE = re.compile(r'^@import "(\.[\w./-]+)";$', re.MULTILINE)
MARKUP = re.compile(r"<!-- (\.[\w./-]+) -->")


class ComponentFiles(NamedTuple):
    """A component's files in one text each; None where it has no such file."""

    html: str | None
    css: str | None
    js: str


class _Module(NamedTuple):
    """A file of JavaScript: its text, the names that it exports, and those that it imports of each other file."""

    text: str
    exports: tuple[str, ...]
    imports: tuple[tuple[Path, tuple[str, ...]], ...]


def component_files(folder: Path) -> ComponentFiles:
    """What a component's folder holds: the files that are named as it, with all that they name.

    Raises ValueError, in one sentence, for a file or a name that is not there, for files that need each other, and for
    a form of `import` or `export` that is not known here.
    """
    html, css, js = (folder / f"{folder.name}.{kind}" for kind in ("html", "css", "js"))
    return ComponentFiles(
        html=_with_named_files(html, MARKUP) if html.exists() else None,
        css=_with_named_files(css, STYLE) if css.exists() else None,
        js=bundle(js),
    )


def bundle(entry: Path) -> str:
    """One ES module of a file and all that it imports, each of them once and in a scope of its own."""
    places: dict[Path, str] = {}  # the name that stands for a file's exports
    parts = []
    for path in _in_order(entry.resolve(), ()):
        if path in places:
            continue
        module, name = _module(path), f"$module{len(places)}"
        lines = [f"const {{ {', '.join(names)} }} = {places[needed]};" for needed, names in module.imports]
        body = "\n".join([*lines, module.text])
        if path != entry.resolve():
            body = f"const {name} = (() => {{\n{EXPORT.sub('', body)}return {{ {', '.join(module.exports)} }};\n}})();"
        places[path] = name
        parts.append(f"// {path.parent.name}/{path.name}\n{body}")
    return "\n".join(parts)


def _in_order(path: Path, waiting: tuple[Path, ...]) -> Iterator[Path]:
    """All files that one needs, and the file itself after them; some come several times."""
    if path in waiting:
        raise ValueError(f"{' -> '.join(each.name for each in (*waiting, path))}: files that import each other.")
    for needed, names in _module(path).imports:
        yield from _in_order(needed, (*waiting, path))
        for name in names:
            if name not in _module(needed).exports:
                raise ValueError(f"{path}: {needed.name} exports no {name}.")
    if waiting and DEFAULT.search(_module(path).text):
        raise ValueError(f"{path}: only a component's own file may have an export default.")
    yield path


@cache
def _module(path: Path) -> _Module:
    text = COMMENT.sub("", _read(path))
    imports = tuple(
        ((path.parent / needed).resolve(), tuple(name.strip() for name in names.split(",") if name.strip()))
        for names, needed in IMPORT.findall(text)
    )
    text = IMPORT.sub("", text).lstrip("\n")
    other = OTHER.search(EXPORT.sub("", DEFAULT.sub("", text)))
    if other:
        raise ValueError(f"{path}: the bundler does not know this form: {other[0]}")
    return _Module(text, tuple(EXPORT.findall(text)), imports)


def _with_named_files(path: Path, form: re.Pattern[str]) -> str:
    """A file's text with the files that it names in the place of their names."""
    return form.sub(lambda named: _with_named_files((path.parent / named[1]).resolve(), form), _read(path))


def _read(path: Path) -> str:
    if not path.is_file():
        raise ValueError(f"{path}: there is no such file, but another one names it.")
    return path.read_text(encoding="utf-8")
