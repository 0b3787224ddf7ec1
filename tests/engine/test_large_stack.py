"""A stack too large for one value of the configuration: what is reported, and how a file holds it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml

from harness.engine_stack import BIN, pulumi_environment
from pulumi_plusofon.pulumi_cli.runner import VARIABLES
from support.repository import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_plusofon.testing import SandboxServer

COUNT = 1000
PASSWORD = "canary-Zq7-not-to-be-shown"


def _numbers(secret: object) -> list[dict[str, object]]:
    return [
        {
            "name": f"desk-{place}",
            "type": "ate",
            "number": f"+44 7700 900{place:03}",
            "host": "sip.operator.example",
            "login": f"user-{place}",
            "secret": secret,
            "wait_for_registration": 30,
        }
        for place in range(COUNT)
    ]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The root project with an empty stack `large`."""
    project = tmp_path / "project"
    project.mkdir()
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy2(ROOT / name, project)
    (project / ".venv").symlink_to(sys.prefix)
    (tmp_path / "state").mkdir()
    return project


def _pulumi(project: Path, sandbox: SandboxServer, *arguments: str) -> tuple[int, str]:
    folder = project.parent
    done = subprocess.run(
        [BIN / "pulumi", "--non-interactive", "--color", "never", *arguments],
        cwd=project,
        env={
            **pulumi_environment(folder, folder / "state", "test"),
            "PLUSOFON_TOKEN": sandbox.token,
            "PLUSOFON_BASE_URL": sandbox.url,
            "DESK_PASSWORD": PASSWORD,
            **VARIABLES.get(arguments[0], {}),
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
        check=False,
    )
    return done.returncode, done.stdout


@pytest.mark.rest
@pytest.mark.timeout(1000)
def test_a_thousand_numbers_with_passwords_stand_in_a_file(project: Path, sandbox: SandboxServer) -> None:
    assert _pulumi(project, sandbox, "stack", "init", "large")[0] == 0
    file = project / "Pulumi.large.yaml"
    content = yaml.safe_load(file.read_text())
    in_clear = {"plusofon-numbers:numbers": _numbers("in the configuration")}
    assert len(json.dumps(in_clear)) > 131_072
    file.write_text(yaml.safe_dump({**content, "config": in_clear}))
    status, said = _pulumi(project, sandbox, "preview", "--stack", "large")
    assert status != 0
    expected = [line for line in said.splitlines() if "configuration is too long" in line]
    assert expected
    assert all("pulumi config set file numbers.yaml" in line for line in expected), said
    assert "argument list" not in said

    file.write_text(yaml.safe_dump({**content, "config": {"plusofon-numbers:file": "numbers.yaml"}}))
    (project / "numbers.yaml").write_text(yaml.safe_dump(_numbers({"env": "DESK_PASSWORD"})))
    status, said = _pulumi(project, sandbox, "preview", "--stack", "large", "--json")
    assert status == 0, said[-2000:]
    steps = json.loads(said[said.index("{") :])["steps"]
    created = [step for step in steps if step["urn"].split("::")[2].endswith(":ExternalNumber")]
    assert {step["op"] for step in created} == {"create"}
    assert len(created) == COUNT
    assert PASSWORD not in said
    assert sandbox.requests() == []
    assert re.fullmatch(r"desk-\d+", created[0]["urn"].rpartition("::")[2])
