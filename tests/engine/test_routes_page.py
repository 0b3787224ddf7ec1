"""The commands of docs/routes.md and docs/profiles.md on the dev stack, and the pictures that they make."""

from __future__ import annotations

import json
import re
import shutil
import sys
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from harness.engine_stack import BIN, held_account
from harness.starts import AccountCopy
from support.repository import ROOT
from support.shell import Shell

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pulumi_plusofon.testing import SandboxServer

ROUTES, PROFILES = ((ROOT / "docs" / name).read_text() for name in ("routes.md", "profiles.md"))
GROUPS = [{"id": 9, "name": "Support"}]
PICTURES = ROOT / "docs" / "routes"


def commands(page: str, heading: str) -> list[tuple[str, str]]:
    """The console blocks under a heading, each as one script and what it is said to print."""
    section = page.split(f"\n## {heading}\n")[1].split("\n## ", maxsplit=1)[0]
    blocks = re.findall(r"^```console\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    found = []
    for block in blocks:
        lines = block.splitlines()
        typed = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
        found.append(("\n".join(typed), "\n".join(line for line in lines if not line.startswith("$ "))))
    return found


class Dev(Shell):
    """The root project with its stack dev up."""

    def __init__(self, folder: Path, sandbox: SandboxServer) -> None:
        super().__init__(folder, sandbox)
        self.folder = folder / "project"
        self.folder.mkdir()
        for file in [*ROOT.glob("Pulumi*.yaml"), ROOT / "__main__.py"]:
            shutil.copy2(file, self.folder)
        shutil.copytree(ROOT / "policy", self.folder / "policy", ignore=shutil.ignore_patterns("__pycache__"))
        (self.folder / ".venv").symlink_to(sys.prefix)
        self.environment["PULUMI_CONFIG_PASSPHRASE"] = "sandbox"
        sandbox.seed_targets(group=GROUPS)
        self.run("pulumi stack init dev\npulumi up --yes --skip-preview --stack dev")
        password = self.run("pulumi config get --path 'plusofon-numbers:numbers[0].secret' --stack dev")
        self.account = AccountCopy(sandbox, [password.strip()])
        self.environment |= {
            "PULUMI_OPTION_POLICY_PACK": "policy",
            "PULUMI_OPTION_POLICY_PACK_CONFIG": "policy/config/dev.json",
        }

    def declare(self, change: Callable[[list[dict[str, Any]]], None]) -> None:
        """Change what the stack declares."""
        file = self.folder / "Pulumi.dev.yaml"
        data = yaml.safe_load(file.read_text())
        change(data["config"]["plusofon-numbers:numbers"])
        file.write_text(yaml.safe_dump(data, sort_keys=False))

    def writes(self) -> list[str]:
        """The operations that were to change the account since this was asked last."""
        found = [request["operation"] for request in self.sandbox.requests() if request["method"] != "GET"]
        self.sandbox.clear_requests()
        return found

    def targets(self) -> dict[str, str]:
        """The type of each number's forwarding, by its last two digits."""
        held = held_account(self.sandbox).items()
        return {number[-2:]: entry["forwarding"]["type"] for number, entry in held}


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory, sandbox_process: SandboxServer) -> Dev:
    """The stack that each test copies."""
    assert (BIN / "plusofon").exists()
    sandbox_process.reset()
    return Dev(tmp_path_factory.mktemp("routes"), sandbox_process)


@pytest.fixture
def dev(first: Dev, tmp_path: Path, sandbox: SandboxServer) -> Dev:
    sandbox.seed_targets(group=GROUPS)
    first.account.restore()
    return first.copied(tmp_path)


def change_each_way(numbers: list[dict[str, Any]]) -> None:
    """The change that the page describes."""
    office, sales, _ = numbers
    office["number"] = "+44 7700 900129"
    sales["forward"] = {"type": "number", "destination_number": "+1 202-555-0125", "cli_type": "N"}
    desk = {"name": "desk", "type": "sipuri", "number": "+44 7700 900126", "host": "sip.operator.example"}
    numbers[2] = {**desk, "forward": {"type": "group", "group": "Support", "cli_type": "Y"}}


@pytest.mark.rest
def test_the_page_on_routes_shows_what_its_commands_print_and_draw(dev: Dev) -> None:
    (tree, printed), (draw, _) = commands(ROUTES, "Routes")
    # A terminal that has every letter, as the page does.
    assert dev.run(tree, PYTHONIOENCODING="utf-8").strip() == printed
    dev.run(draw)
    for file in ("routes.svg", "routes-masked.svg"):
        assert (dev.folder / file).read_bytes() == (PICTURES / file).read_bytes()
    assert (dev.folder / "routes.mmd").read_text().startswith("flowchart LR")
    assert dev.writes() == []

    dev.declare(change_each_way)
    [(preview, _)] = commands(ROUTES, "What changes for callers")
    said = ROUTES.split("```text\n")[1].split("```")[0]
    assert dev.run(preview) == said
    assert dev.writes() == []


def test_a_switch_of_the_profile_is_one_post_for_each_number_that_differs(dev: Dev) -> None:
    day = dev.targets()
    assert day == {"23": "group", "24": "bitrix", "25": "sip_uri"}
    [(check, _)] = commands(PROFILES, "Declare")
    dev.run(check)

    (switch, _), (back, _) = commands(PROFILES, "Switch")
    said = dev.run(switch)
    assert "What changes for callers: 2 of 3 numbers of the stack dev." in said
    assert "447700900123 (office): calls go elsewhere: to number 12025550124, until now to group 9" in said
    assert dev.targets() == {"23": "number", "24": "number", "25": "sip_uri"}
    assert dev.writes() == ["forward", "forward"]
    dev.run("pulumi preview --stack dev --expect-no-changes")

    dev.run(back)
    assert (dev.targets(), dev.writes()) == (day, ["forward", "forward"])


@pytest.mark.rest
def test_an_incident_and_a_schedule_switch_as_the_page_says(dev: Dev) -> None:
    day = dev.targets()
    [(incident, _)] = commands(PROFILES, "In an incident")
    assert "(now incident)" in dev.run(incident)
    assert dev.targets() == {"23": "group", "24": "group", "25": "sip_uri"}
    assert dev.writes() == ["forward"]

    script = PROFILES.split("```sh\n")[1].split("```")[0]
    dev.run(f"date() {{ echo 21; }}\n{script}", STACK="dev")
    assert (dev.targets()["23"], dev.writes()) == ("number", ["forward", "forward"])
    dev.run(f"date() {{ echo 09; }}\n{script}", STACK="dev")
    assert (dev.targets(), dev.writes()) == (day, ["forward", "forward"])


@pytest.mark.rest
def test_a_profile_that_a_policy_refuses_fails_the_check_and_not_todays_preview(dev: Dev) -> None:
    def forward_abroad(numbers: list[dict[str, Any]]) -> None:
        numbers[0]["forwards"]["night"]["destination_number"] = "+44 20 7946 0123"

    dev.declare(forward_abroad)
    dev.run("pulumi preview --stack dev --expect-no-changes")
    [(check, _)] = commands(PROFILES, "Declare")
    said = dev.run(check, status=1)
    assert "profile night: NumberForwarding office: forwarding-destination-allowed" in said
    found = json.loads(dev.run(f"{check} --json || true").split("\nprofile night")[0])
    assert [bool(profile["problems"]) for profile in found["profiles"]] == [False, True, False]
