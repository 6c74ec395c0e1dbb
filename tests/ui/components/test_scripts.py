"""The components' JavaScript, as far as it needs no browser: its own tests, run by the Node.js of Playwright."""

import subprocess
import sys
from pathlib import Path

import playwright

NODE = Path(playwright.__file__).parent / "driver" / ("node.exe" if sys.platform == "win32" else "node")
TESTS = sorted((Path(__file__).parent / "js").glob("*.test.mjs"))


def test_the_javascript_of_the_components_passes_its_tests() -> None:
    run = subprocess.run([NODE, "--test", *TESTS], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stdout
    assert run.stderr == ""
