"""The pipelines of docs/ci against a sandbox: what they change, what they refuse, and what they notice."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from harness.engine_stack import held_account
from support.pipelines import Job, Step, github, gitlab, run
from support.repository import ROOT, Clone

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pulumi_plusofon.testing import SandboxServer
    from support.pipelines import Ran

PAGE = (ROOT / "docs" / "ci.md").read_text()
DOCUMENTED = set(re.findall(r"^\| `([A-Z_]+)` \|", PAGE, re.MULTILINE))
PIPELINES = {
    "github": (
        github,
        {
            "preview": "github.event_name == 'pull_request'",
            "up": "github.event_name == 'push'",
            "drift": "github.event_name == 'schedule'",
        },
    ),
    "gitlab": (
        gitlab,
        {
            "preview": '$CI_PIPELINE_SOURCE == "merge_request_event"',
            "up": '$CI_PIPELINE_SOURCE == "push"',
            "drift": '$CI_PIPELINE_SOURCE == "schedule"',
        },
    ),
}
WRITES = ("PUT", "PATCH", "POST", "DELETE")
pytestmark = pytest.mark.timeout(1200)


class Pipeline:
    """A pipeline, the repository that it runs in, and the account that it is for."""

    def __init__(self, folder: Path, sandbox: SandboxServer, service: str) -> None:
        self.clone = Clone(folder / "clone", is_set_up=True)
        self.sandbox = sandbox
        self.service = service
        sandbox.seed_targets(group=[{"id": 9, "name": "Support"}])
        (folder / "state").mkdir()
        values = {
            "STACK": "dev",
            "PULUMI_BACKEND_URL": (folder / "state").as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "sandbox",
            "PLUSOFON_TOKEN": sandbox.token,
        }
        assert set(values) == DOCUMENTED
        read, self.when = PIPELINES[service]
        self.jobs = read(values)
        # The sandbox's address is a matter of the machine, and dev's is in no file.
        self._runner = {
            **{
                name: value
                for name, value in os.environ.items()
                if not name.startswith(("PLUSOFON_", "PULUMI_", "MAKE", "MFLAGS")) or name == "PLUSOFON_CACHE"
            },
            "PULUMI_HOME": str(folder / "home"),
            "PLUSOFON_BASE_URL": sandbox.url,
        }
        self.said = ""

    def run(self, job: str) -> Ran:
        """Run one job."""
        return self._run(self.jobs[job])

    def by_hand(self, script: str) -> str:
        """Run a command with what the jobs have; it must succeed."""
        setup = 'make setup\nexport PATH="$PWD/.venv/bin:$PATH"\n'
        ran = self._run(Job("", self.jobs["up"].environment, [Step(setup + script)]))
        assert ran.status == 0, ran.text
        return ran.text

    def _run(self, job: Job) -> Ran:
        ran = run(job, self.clone.folder, self._runner)
        self.said += ran.text
        return ran

    def page(self, ran: Ran, file: str) -> str:
        """What the service shows of a report: GitHub on the page of the run, GitLab as a file to load."""
        return ran.summary if self.service == "github" else (self.clone.folder / file).read_text()

    def writes(self) -> list[str]:
        """The changes that were asked for since this was asked last."""
        methods = [request["method"] for request in self.sandbox.requests() if request["method"] in WRITES]
        self.sandbox.clear_requests()
        return methods

    def declare(self, change: Callable[[list[dict[str, Any]]], None]) -> None:
        """Change what the stack declares."""
        file = self.clone.folder / "Pulumi.dev.yaml"
        data = yaml.safe_load(file.read_text())
        change(data["config"]["plusofon-numbers:numbers"])
        file.write_text(yaml.safe_dump(data, sort_keys=False))


@pytest.fixture(params=["github", pytest.param("gitlab", marks=pytest.mark.rest)])
def pipeline(tmp_path: Path, sandbox: SandboxServer, request: pytest.FixtureRequest) -> Pipeline:
    """A pipeline on an empty account."""
    return Pipeline(tmp_path, sandbox, request.param)


def _forward_abroad(numbers: list[dict[str, Any]]) -> None:
    numbers[1]["forward"]["destination_number"] = "+44 20 7946 0123"


def _forward_abroad_at_night(numbers: list[dict[str, Any]]) -> None:
    numbers[1]["forwards"]["night"]["destination_number"] = "+44 20 7946 0123"


@pytest.mark.rest
def test_a_pipeline_shows_a_request_rolls_out_a_merge_and_notices_drift(pipeline: Pipeline) -> None:
    sandbox = pipeline.sandbox
    assert {name: job.when for name, job in pipeline.jobs.items()} == pipeline.when
    pipeline.by_hand('pulumi stack init "$STACK"')

    shown = pipeline.run("preview")
    assert shown.status == 0, shown.text
    assert "+ 7 to create" in shown.text
    callers = pipeline.page(shown, "changes.md")
    assert "What changes for callers: 3 of 3 numbers of the stack dev." in callers
    assert "|  | +447700900123 | office | connected | - | group Support (9) |" in callers
    assert pipeline.writes() == []
    assert sandbox.account() == []
    assert "Stack has never been updated" in pipeline.by_hand('pulumi stack history --stack "$STACK"')

    done = pipeline.run("up")
    assert done.status == 0, done.text
    held = held_account(sandbox)
    assert set(held) == {"447700900123", "447700900124", "447700900125"}
    assert {number["forwarding"]["type"] for number in held.values()} == {"group", "bitrix", "sip_uri"}
    outputs = pipeline.by_hand('pulumi stack output --json --stack "$STACK"')
    forwards = json.loads(outputs[outputs.index("\n{") :])
    assert {name: facts["forwards_to"] for name, facts in forwards.items()} == {
        "office": "group 9",
        "sales": "bitrix sales.bitrix24.example, else number 12025550123",
        "fax": "sip_uri fax@pbx.example.com",
    }

    pipeline.writes()
    fax = next(entry for entry in sandbox.account() if entry["number"] == "447700900125")
    sandbox.edit(fax["id"], host="elsewhere.example")
    noticed = pipeline.run("drift")
    assert noticed.status == 7, noticed.text
    changed = "| changed | dev | fax | +447700900125 |"
    assert changed in pipeline.page(noticed, "drift.md")
    assert re.search(r"~ host *: \"elsewhere.example\" => \"fax.operator.example\"", noticed.text), (
        noticed.text
    )
    assert pipeline.writes() == []
    (repair,) = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    pipeline.by_hand(repair.strip().replace("prod", "dev").replace("pulumi up", "pulumi up --yes"))
    assert held_account(sandbox) == held
    pipeline.writes()
    quiet = pipeline.run("drift")
    assert quiet.status == 0, quiet.text
    assert "Nothing differs: 3 numbers of the stack dev" in pipeline.page(quiet, "drift.md")
    assert pipeline.writes() == []

    pipeline.declare(_forward_abroad_at_night)
    refused = pipeline.run("preview")
    assert refused.status != 0
    assert "profile night: NumberForwarding sales: forwarding-destination-allowed" in refused.text
    pipeline.declare(_forward_abroad)
    for job in ("preview", "up"):
        refused = pipeline.run(job)
        assert refused.status != 0
        assert "forwarding-destination-allowed" in refused.text
        if job == "preview":
            callers = pipeline.page(refused, "changes.md")
            assert "| ! | +447700900124 | sales | calls go elsewhere |" in callers
    assert pipeline.writes() == []
    assert sandbox.token not in pipeline.said


def test_the_page_names_what_the_pipelines_read() -> None:
    read = set(
        re.findall(r"\$\{\{ (?:vars|secrets)\.(\w+) \}\}", (ROOT / "docs/pipelines/github.yml").read_text())
    )
    assert read == DOCUMENTED
