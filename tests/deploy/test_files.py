"""The files of deploy/ agree with each other and with the project."""

import inspect
import json
import re
import shlex
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import uvicorn
import yaml

from ae_core.runs.ray.actor import AWAKE
from tests.deploy.image import Image, instructions
from tests.deploy.proxy import DEPLOY, PLACES
from tests.serving import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
NGINX = (DEPLOY / "nginx.conf").read_text()


def address(service: str) -> str:
    return str(COMPOSE["services"][service]["networks"]["inside"]["ipv4_address"])


def test_nginx_looks_for_the_replicas_where_compose_puts_them() -> None:
    assert tuple(f"{address(name)}:8501" for name in "ab") == PLACES


def test_the_replicas_look_for_the_cluster_where_compose_puts_it() -> None:
    for name in "ab":
        assert COMPOSE["services"][name]["environment"]["BOTTLENECK_RAY_ADDRESS"] == f"{address('ray')}:6379"
    assert f"--node-ip-address={address('ray')} --port=6379" in COMPOSE["services"]["ray"]["command"]


def test_the_cluster_keeps_the_processes_that_it_has_started() -> None:
    words = shlex.split(COMPOSE["services"]["ray"]["command"])
    asked = next(word.partition("=")[2] for word in words if word.startswith("--system-config="))
    assert json.loads(asked)["num_workers_soft_limit"] >= 8 * AWAKE


def test_only_the_proxy_has_a_port_outside() -> None:
    assert [name for name, service in COMPOSE["services"].items() if "ports" in service] == ["proxy"]


def test_nginx_ends_an_idle_connection_before_the_replica_does() -> None:
    replica = inspect.signature(uvicorn.Config).parameters["timeout_keep_alive"].default
    upstreams = re.findall(r"^upstream .*?^}", (DEPLOY / "replicas.conf").read_text(), re.MULTILINE | re.DOTALL)
    assert len(upstreams) == 3
    for upstream in upstreams:
        assert [int(seconds) < replica for seconds in re.findall(r"keepalive_timeout (\d+)s;", upstream)] == [True]


def test_nginx_may_open_as_many_files_as_its_connections_take() -> None:
    connections, files = (int(re.findall(rf"{name} (\d+);", NGINX)[0])
                          for name in ("worker_connections", "worker_rlimit_nofile"))
    assert files >= 2 * connections  # a file that is served or received takes one more


def test_the_line_that_the_guide_changes_for_other_sites_stands_in_the_configuration() -> None:
    guide = (ROOT / "docs" / "hosting.md").read_text()
    line = 'https "SameSite=Lax; Secure";'
    assert line in guide
    assert NGINX.count(line) == 1
    assert line.replace("Lax", "None") in guide


def test_the_image_has_the_same_ray_as_the_project() -> None:
    extra = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]["ray"]
    assert extra == re.findall(r"ray==[\d.]+", DOCKERFILE)


def test_the_image_holds_all_that_the_app_is_made_of_and_no_more() -> None:
    copied = set(re.findall(r"^COPY (.+) \S+$", DOCKERFILE, re.MULTILINE))
    sources = {source for line in copied for source in line.split()}
    allowed = set(re.findall(r"^!(.+)$", (DEPLOY / "Dockerfile.dockerignore").read_text(), re.MULTILINE))
    assert sources == allowed
    assert {"app.py", "ae_core", "pages", ".streamlit", "requirements.txt", "constraints.txt"} <= sources
    assert all((ROOT / source).exists() for source in sources)


def test_all_that_the_dockerfile_says_can_be_tried_without_docker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []
    monkeypatch.setattr(subprocess, "run", lambda words, **options: ran.append(words[-1]))
    (tmp_path / "etc").mkdir()
    image = Image(tmp_path, {"TORCH_INDEX": "somewhere"})
    image.build(instructions(DOCKERFILE))
    assert sum("pip install" in each and "TORCH_INDEX=somewhere" in each for each in ran) == 2
    copied = {path.name for path in (tmp_path / "app").iterdir()}
    assert {"app.py", "ae_core", "pages", ".streamlit", "constraints.txt", "replica.sh"} <= copied
    assert not list((tmp_path / "app").rglob("__pycache__"))
    started = image.command(json.loads(dict(instructions(DOCKERFILE))["CMD"]))
    assert "--userspec=bottleneck" in started[-1] and "bash replica.sh" in started[-1]


def test_an_instruction_that_is_not_known_is_not_passed_over(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="ADD: this Dockerfile has an instruction"):
        Image(tmp_path).build(instructions("# syntax\nADD x \\\n  y\n"))
