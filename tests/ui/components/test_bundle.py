"""A component's files put together as one text each: what the browser gets."""

import re
from pathlib import Path

import pytest

from ae_core.ui.components.bundle import bundle, component_files
from tests.serving import ROOT

COMPONENTS = ROOT / "ae_core" / "ui" / "components"


def write(folder: Path, **files: str) -> Path:
    """JavaScript files in a folder, and the path of the one that is called `entry`."""
    for name, text in files.items():
        (folder / f"{name}.js").write_text(text)
    return folder / "entry.js"


def test_equal_names_in_two_files_are_two_things(tmp_path: Path) -> None:
    script = bundle(write(
        tmp_path,
        one="const SIZE = 1;\nexport const one = () => SIZE;\n",
        two="const SIZE = 2;\nexport const two = () => SIZE;\n",
        entry='import { one } from "./one.js";\nimport { two } from "./two.js";\n\nexport default [one(), two()];\n',
    ))
    assert script == """\
// NAME/one.js
const $module0 = (() => {
const SIZE = 1;
const one = () => SIZE;
return { one };
})();
// NAME/two.js
const $module1 = (() => {
const SIZE = 2;
const two = () => SIZE;
return { two };
})();
// NAME/entry.js
const { one } = $module0;
const { two } = $module1;
export default [one(), two()];
""".replace("NAME", tmp_path.name)


def test_a_file_that_several_need_is_there_once_and_before_them(tmp_path: Path) -> None:
    script = bundle(write(
        tmp_path,
        base="export const base = 1;\n",
        left='import { base } from "./base.js";\nexport const left = base;\n',
        right='import {\n  base,\n} from "./base.js";\nexport const right = base;\n',
        entry='import { left } from "./left.js";\nimport { right } from "./right.js";\nexport default left + right;\n',
    ))
    assert script.count("const base = 1;") == 1
    assert re.findall(r"^// .*/(\w+)\.js$", script, re.MULTILINE) == ["base", "left", "right", "entry"]


def test_comments_with_lines_of_their_own_stay_behind(tmp_path: Path) -> None:
    script = bundle(write(tmp_path, entry="// Away.\n/** Away\n * too. */\nexport default 1; // stays\n"))
    assert script.splitlines()[1:] == ["export default 1; // stays"]


@pytest.mark.parametrize(("entry", "other", "complaint"), [
    ('import { a } from "./none.js";\n', "", r"none\.js: there is no such file, but another one names it\.$"),
    ('import { a } from "./other.js";\n', "export const b = 1;\n", r"entry\.js: other\.js exports no a\.$"),
    ('import { a } from "./other.js";\n', 'import { b } from "./entry.js";\nexport const a = 1;\n',
     r"entry\.js -> other\.js -> entry\.js: files that import each other\.$"),
    ('import { a } from "./other.js";\n', "export const a = 1;\nexport default a;\n",
     r"other\.js: only a component's own file may have an export default\.$"),
    ('import a from "./other.js";\n', "", r'entry\.js: the bundler does not know this form: import a from "\./other'),
    ('import { a as b } from "./other.js";\n', "", "does not know this form: import { a as b }"),
    ("export let a = 1;\n", "", "does not know this form: export let a = 1;$"),
    ("const a = 1;\nexport { a };\n", "", "does not know this form: export { a };$"),
])
def test_what_the_bundler_cannot_do_ends_in_one_sentence(
    tmp_path: Path, entry: str, other: str, complaint: str
) -> None:
    path = write(tmp_path, entry=entry, other=other)
    with pytest.raises(ValueError, match=complaint) as raised:
        bundle(path)
    assert "\n" not in str(raised.value)


def test_a_component_is_made_of_the_files_that_are_named_as_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "clock"
    folder.mkdir()
    (tmp_path / "face.html").write_text("<b>12</b>")
    (tmp_path / "base.css").write_text("b { color: red; }\n")
    (folder / "clock.html").write_text("<p><!-- ../face.html --></p>")
    (folder / "clock.css").write_text('@import "../base.css";\n\np { margin: 0; }\n')
    (folder / "clock.js").write_text("export default 1;\n")
    files = component_files(folder)
    assert files.html == "<p><b>12</b></p>"
    assert files.css == "b { color: red; }\n\n\np { margin: 0; }\n"
    assert files.js.endswith("export default 1;\n")


def test_a_component_that_shows_nothing_needs_only_a_script(tmp_path: Path) -> None:
    folder = tmp_path / "clock"
    folder.mkdir()
    (folder / "clock.js").write_text("export default 1;\n")
    assert component_files(folder)[:2] == (None, None)


def test_no_file_of_a_component_is_longer_than_250_lines() -> None:
    files = [path for kind in ("html", "css", "js") for path in COMPONENTS.rglob(f"*.{kind}")]
    assert len(files) > 40
    assert {path.name: lines for path in files if (lines := len(path.read_text().splitlines())) > 250} == {}
