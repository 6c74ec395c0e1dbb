"""The engine as a package: `pip install .`, with the extras that pyproject.toml names."""

import os
import shutil
import subprocess
import tomllib
import venv
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_the_package_needs_what_requirements_txt_names() -> None:
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    assert PROJECT["dependencies"] == [line for line in lines if not line.startswith("-c")]


def test_the_package_is_installed_with_its_extras_and_trains_a_network(tmp_path: Path) -> None:
    source = tmp_path / "source"  # a build leaves files beside the code
    shutil.copytree(ROOT / "ae_core", source / "ae_core")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    venv.create(tmp_path / "fresh", with_pip=True)
    python = tmp_path / "fresh" / "bin" / "python"
    extras = ",".join(PROJECT["optional-dependencies"])
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-deps"]
    subprocess.run([*pip, f"{source}[{extras}]"], check=True)
    site = next((tmp_path / "fresh" / "lib").glob("python*/site-packages"))
    libraries = Path(np.__file__).parents[1]
    train = ["train", "--train-images", "1024", "--width", "16"]
    shell = os.environ | {"PYTHONPATH": f"{site}{os.pathsep}{libraries}"}
    trained = subprocess.run([python, "-m", "ae_core", *train], cwd=tmp_path, env=shell, capture_output=True, text=True)
    assert trained.returncode == 0, trained.stderr
