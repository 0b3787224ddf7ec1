"""Later changes of docs/living-accounts.md, command by command: what the account and callers notice."""

from __future__ import annotations

import re
import secrets
import shutil
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from harness.engine_stack import BIN
from harness.starts import AccountCopy
from harness.state_file import deployment_of
from support.repository import ROOT
from support.shell import Shell

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_plusofon.testing import SandboxServer

GROUPS = [{"id": 9, "name": "Support"}]
PAGE = (ROOT / "docs" / "living-accounts.md").read_text()
pytestmark = pytest.mark.rest
OFFICE = {
    "name": "office",
    "type": "ate",
    "number": "+44 7700 900131",
    "host": "sip.operator.example",
    "login": "900131",
    "secret": {"config": "officePassword"},
    "forward": {"type": "group", "group": "Support", "cli_type": "Y"},
}
SALES = {
    "name": "sales",
    "type": "sipuri",
    "number": "+44 7700 900132",
    "host": "sip.operator.example",
    "forward": {"type": "number", "destination_number": "+1 202-555-0123", "cli_type": "N"},
}


def commands(heading: str) -> list[str]:
    """The console blocks under a heading of the page, each as one script."""
    section = re.split(r"\n##+ ", PAGE.split(f"\n### {heading}\n")[1])[0]
    blocks = re.findall(r"^```console\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    return ["\n".join(line.removeprefix("$ ") for line in block.splitlines()) for block in blocks]


class Project(Shell):
    """A project of the template that lists its numbers, with the stack `one` up."""

    def __init__(self, folder: Path, sandbox: SandboxServer) -> None:
        super().__init__(folder, sandbox)
        self.folder = folder / "project"
        template = ROOT / "templates" / "plusofon-data"
        shutil.copytree(template, self.folder)
        project = yaml.safe_load((template / "Pulumi.yaml").read_text())
        del project["template"]
        project |= {"name": "our-numbers", "description": "Ours.", "runtime": "python"}
        (self.folder / "Pulumi.yaml").write_text(yaml.safe_dump(project))
        sandbox.seed_targets(group=GROUPS)
        password = secrets.token_urlsafe(12)
        for stack in ("two", "one"):
            self.run(f"pulumi stack init {stack}\npulumi config set --secret officePassword {password}")
        self.declare(OFFICE, SALES)
        self.run("pulumi up --yes --skip-preview")
        self.account = AccountCopy(sandbox, [password])

    def declare(self, *numbers: dict[str, Any]) -> None:
        """Make these the numbers that every stack lists."""
        (self.folder / "numbers.yaml").write_text(yaml.safe_dump(list(numbers), sort_keys=False))

    def urn(self, name: str) -> str:
        """The URN of a number in the stack `one`."""
        urns = [resource["urn"] for resource in self._resources("one")]
        [urn] = [urn for urn in urns if urn.endswith(f"ExternalNumber::{name}")]
        return str(urn)

    def names(self, stack: str) -> list[str]:
        """The names of our resources in a stack's state."""
        ours = [resource["urn"] for resource in self._resources(stack) if "plusofon" in resource["type"]]
        return sorted(urn.rpartition("::")[2] for urn in ours)

    def _resources(self, stack: str) -> list[dict[str, Any]]:
        state = deployment_of(self.folder.parent / "state", "our-numbers", stack)
        resources: list[dict[str, Any]] = state.get("resources", [])
        return resources

    def writes(self) -> list[str]:
        """The operations since the log was emptied that were to change the account."""
        return [request["operation"] for request in self.sandbox.requests() if request["method"] != "GET"]


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory, sandbox_process: SandboxServer) -> Project:
    """The project that each test copies."""
    assert (BIN / "plusofon").exists()
    sandbox_process.reset()
    return Project(tmp_path_factory.mktemp("moves"), sandbox_process)


@pytest.fixture
def project(first: Project, tmp_path: Path, sandbox: SandboxServer) -> Project:
    sandbox.seed_targets(group=GROUPS)
    first.account.restore()
    return first.copied(tmp_path)


def test_renaming_sends_nothing(project: Project) -> None:
    [script] = commands("Rename a number")
    project.declare({**OFFICE, "name": "reception", "aliases": ["office"]}, SALES)
    project.run(script)
    assert project.names("one") == ["reception", "reception", "sales", "sales"]
    project.declare({**OFFICE, "name": "reception"}, SALES)
    project.run("pulumi preview --expect-no-changes")
    assert project.writes() == []


def test_a_number_that_is_let_go_stays_as_it_is(project: Project) -> None:
    forget, check = commands("Let a number go")
    before = project.sandbox.account()
    project.run(forget, URN=project.urn("office"))
    project.declare(SALES)
    project.run(check)
    assert project.names("one") == ["sales", "sales"]
    assert (project.sandbox.account(), project.writes()) == (before, [])


def test_a_number_that_moves_to_another_stack_stays_as_it_is(project: Project) -> None:
    [script] = commands("Hand a number over to another stack")
    before = project.sandbox.account()
    urn = project.urn("office")
    project.declare(OFFICE)
    project.run(script, URN=urn)
    assert project.names("two") == ["office", "office"]
    assert project.names("one") == ["sales", "sales"]
    assert (project.sandbox.account(), project.writes()) == (before, [])


def test_another_type_is_another_number(project: Project) -> None:
    change, show = commands("Change a number's type")
    project.declare(
        {key: OFFICE[key] for key in ("name", "number", "host", "forward")} | {"type": "sipuri"}, SALES
    )
    said = project.run(change)
    assert "replace" in said
    assert project.writes() == ["forward", "disconnect", "connect", "forward"]
    held = {entry["number"]: entry for entry in project.sandbox.account()}
    assert held["447700900131"]["type"] == "sipuri"
    assert held["447700900131"]["forwarding"]["group_id"] == 9
    assert "447700900131" in project.run(show)
