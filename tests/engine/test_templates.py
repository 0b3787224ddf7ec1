"""Projects that `pulumi new` makes of the templates: they ask for what they need, and are up at once."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from harness.engine_stack import BIN, pulumi_environment
from support.repository import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_plusofon.testing import SandboxServer

# By template, what a person answers besides the token.
TEMPLATES = {
    "plusofon-python": ({"group": "Support"}, "sipPassword", {"447700900131": "group"}),
    "plusofon-data": ({}, "officePassword", {"447700900131": "group", "447700900132": "number"}),
}


@pytest.mark.parametrize("template", list(TEMPLATES))
def test_a_new_project_is_up_at_once(tmp_path: Path, sandbox: SandboxServer, template: str) -> None:
    answers, secret, held = TEMPLATES[template]
    project, backend = tmp_path / "project", tmp_path / "backend"
    for folder in (project, backend):
        folder.mkdir()
    # The packages are there already: a test fetches none.
    (project / ".venv").symlink_to(sys.prefix)
    sandbox.seed_targets(group=[{"id": 9, "name": "Support"}])
    password = secrets.token_urlsafe(12)
    environment = {**pulumi_environment(tmp_path, backend, "test"), "PLUSOFON_BASE_URL": sandbox.url}
    environment["PIP_NO_INDEX"] = "1"

    def pulumi(*arguments: str, given: str | None = None) -> str:
        done = subprocess.run(
            [BIN / "pulumi", "--non-interactive", *arguments],
            cwd=project,
            env=environment,
            input=given,
            stdin=None if given is not None else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    expected = [item for key, value in answers.items() for item in ("--config", f"{key}={value}")]
    made = ["new", str(ROOT / "templates" / template), "--force", "--yes", "--name", "our-numbers"]
    pulumi(*made, "--stack", "dev", "--generate-only", *expected)
    pulumi("stack", "init", "dev")
    pulumi("config", "set", "--secret", "plusofon:token", given=sandbox.token)
    pulumi("config", "set", "--secret", secret, given=password)
    assert os.environ.get("PLUSOFON_TOKEN") is None
    pulumi("up", "--yes", "--skip-preview")
    assert {one["number"]: one["forwarding"]["type"] for one in sandbox.account()} == held
    files = [file for file in project.rglob("*") if file.is_file() and ".venv" not in file.parts]
    texts = [file.read_text("utf-8", "replace") for file in files]
    assert not any(hidden in text for text in texts for hidden in (sandbox.token, password))
    assert not any("${" in text or "template:" in text for text in texts)
    pulumi("destroy", "--yes", "--skip-preview")
