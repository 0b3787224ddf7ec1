"""`plusofon drift` and `plusofon numbers --stack` on a real stack: they say what a refresh would."""

from __future__ import annotations

import json
import os
import re
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from harness.engine_stack import BIN, ONE_OF_EACH, EngineStack, numbered, sent

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_plusofon.testing import SandboxServer

PROGRAM = """
import os

import pulumi

from pulumi_plusofon import Account, ExternalNumber, NumberForwarding

second = Account("default_second", token=os.environ["SECOND_TOKEN"], base_url=os.environ["SECOND_URL"])
office = ExternalNumber(
    "office", type="ate", number="447700900101", host="sip.operator.example",
    login=pulumi.Output.secret("hidden-900101"), secret=os.environ["SIP_PASSWORD"],
)
NumberForwarding("office", number=office, type="group", group_id=9, cli_type="Y")
there = ExternalNumber(
    "there", type="sipuri", number="447700900102", host="sip.operator.example",
    opts=pulumi.ResourceOptions(provider=second),
)
NumberForwarding("there", number=there, type="empty")
"""
SUPPORT = {"id": 9, "name": "Support"}


def differences(stack: EngineStack) -> list[dict[str, Any]]:
    ran = stack.plusofon("drift", "--stack", stack.name, "--json")
    assert ran.status in (0, 7), ran.text
    found: list[dict[str, Any]] = json.loads(ran.text)["differences"]
    return found


def written(stack: EngineStack) -> dict[Path, bytes]:
    """The state as it is on the disk."""
    return {file: file.read_bytes() for file in stack.backend.rglob("*") if file.is_file()}


def lock(stack: EngineStack) -> Path:
    """Lock the stack as a run on another machine does."""
    file = stack.backend / ".pulumi" / "locks" / "organization" / "engine-test" / stack.name / "1f0e.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    holder = {"pid": 1, "username": "ann", "hostname": "elsewhere", "timestamp": "2026-11-28T07:00:00Z"}
    file.write_text(json.dumps(holder))
    return file


def test_drift_finds_what_a_refresh_in_preview_finds_without_a_lock(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    forwards = {"forward-2": ONE_OF_EACH["group"]}
    spec: dict[str, dict[str, Any]] = {
        "host-changed": numbered(101, stack.secret),
        "gone": numbered(102, stack.secret, forwards=forwards),
        "came-back": numbered(103, stack.secret, forwards={"forward-3": ONE_OF_EACH["amo"]}),
        "same": numbered(104, stack.secret),
        "servers-changed": {"type": "sipuri", "number": "447700900105", "host": "a.example,b.example"},
    }
    sandbox.seed_targets(group=[SUPPORT])
    stack.up(spec)
    assert differences(stack) == []
    assert stack.preview("--refresh") == {}

    ids = {entry["number"]: entry["id"] for entry in sandbox.account()}
    sandbox.edit(ids["447700900101"], host="elsewhere.example")
    sandbox.edit(ids["447700900105"], host="c.example,b.example")
    for number in ("447700900102", "447700900103"):
        sandbox.remove(ids[number])
    back, _ = sandbox.seed(
        {**numbered(103, stack.secret), "port": 5060},
        {"type": "sipuri", "number": "447700900199", "host": "x.example"},
    )
    locked = lock(stack)
    assert "the stack is currently locked" in stack.refresh(status=None).text
    sandbox.clear_requests()
    before = written(stack)
    found = differences(stack)
    assert written(stack) == before
    assert sent(sandbox) == ["GET"]
    locked.unlink()

    # One that came back under another id is changed; of the forwardings both numbers are gone.
    assert stack.preview("--refresh") == {
        "host-changed": "update",
        "servers-changed": "update",
        "came-back": "update",
        "gone": "create",
        "forward-2": "create",
        "forward-3": "create",
    }
    assert {(difference["kind"], difference["resource"]) for difference in found} == {
        ("changed", "host-changed"),
        ("changed", "servers-changed"),
        ("changed", "came-back"),
        ("gone", "gone"),
        ("gone", "forward-2"),
        ("gone", "forward-3"),
        ("unmanaged", None),
    }
    detail = {difference["resource"]: difference["detail"] for difference in found}
    assert detail["host-changed"] == "host: elsewhere.example (the state has sip.operator.example)"
    assert detail["servers-changed"] == "host: c.example,b.example (the state has a.example,b.example)"
    assert f"number_id: {back} (the state has {ids['447700900103']})" in detail["came-back"]
    said = stack.run("preview", "--refresh", "--diff", "--stack", stack.name).text
    assert re.search(r'~ host *: "elsewhere.example" => "sip.operator.example"', said), said


def test_each_account_of_a_stack_is_compared_by_its_own_settings_and_no_secret_is_shown(
    stack: EngineStack, sandbox: SandboxServer, second: SandboxServer
) -> None:
    (stack.program / "__main__.py").write_text(PROGRAM)
    project = stack.program / "Pulumi.yaml"
    shared = {"plusofon:baseUrl": sandbox.url, "engine-test:table": {"a": [1]}, "plusofon:maxRetries": 2}
    project.write_text(
        project.read_text()
        + f"config: {json.dumps({key: {'value': value} for key, value in shared.items()})}"
    )
    stack.environment |= {
        "SECOND_TOKEN": second.token,
        "SECOND_URL": second.url,
        "SIP_PASSWORD": stack.secret,
    }
    del stack.environment["PLUSOFON_BASE_URL"]
    stack.run("config", "set", "--secret", "plusofon:token", sandbox.token, "--stack", "test")
    stack.run("config", "set", "plusofon:timeout", "20", "--stack", "test")
    sandbox.seed_targets(group=[SUPPORT])
    stack.up()
    # The stack's own file wins over it, as in a run.
    stack.environment["PLUSOFON_TOKEN"] = "of-another-account"
    nothing = stack.plusofon("drift", "--stack", "test")
    assert (nothing.status, nothing.text.splitlines()[0]) == (
        0,
        "Nothing differs: 2 numbers of the stack test, as the account has them.",
    )

    listed = json.loads(stack.plusofon("numbers", "--stack", "test", "--json").text)
    assert {entry["resource"]: (entry["source"], entry["forwards_to"]) for entry in listed} == {
        "office": ("[secret]", "group 9"),
        "there": ("sip.operator.example", "empty"),
    }
    [login] = json.loads(stack.plusofon("status", "--stack", "test", "--json").text)
    assert (login["login"], login["status"], login["resource"]) == ("[secret]", "OK", "office")

    sandbox.edit(101, login="hidden-other")
    second.remove(101)
    second.seed({"type": "sipuri", "number": "447700900111", "host": "x.example"})
    found = stack.plusofon("drift", "--stack", "test", "--markdown", "drift.md")
    assert found.status == 7
    page = (stack.program / "drift.md").read_text()
    for text in (found.text, page):
        assert "447700900111" in text
        assert "login: another" in text
        assert "forwardings and SIP passwords" in text
    assert [difference["kind"] for difference in differences(stack)] == [
        "gone",
        "gone",
        "changed",
        "unmanaged",
    ]
    unmanaged = json.loads(stack.plusofon("numbers", "--unmanaged", "--stack", "test", "--json").text)
    assert [difference["number"] for difference in unmanaged] == ["447700900111"]
    assert "hidden-" not in stack.said + page
    assert second.token not in stack.said + page
    (stack.program / "drift.md").unlink()


@pytest.mark.parametrize(
    ("stack_name", "passphrase", "words"),
    [
        ("test", None, "passphrase must be set with PULUMI_CONFIG_PASSPHRASE or"),
        ("test", "wrong", "incorrect passphrase"),
        ("none", "test", "no stack named 'none' found"),
    ],
)
def test_a_stack_that_cannot_be_read_is_one_line_and_no_question(
    stack: EngineStack, stack_name: str, passphrase: str | None, words: str
) -> None:
    stack.run("config", "set", "--secret", "plusofon:token", stack.sandbox.token, "--stack", "test")
    ran = stack.plusofon("drift", "--stack", stack_name, PULUMI_CONFIG_PASSPHRASE=passphrase)
    assert ran.status == 1
    assert len(ran.text.splitlines()) == 1
    assert ran.text.startswith("Error: `pulumi ")
    assert words in ran.text


def test_a_stack_of_no_project_is_one_line(stack: EngineStack) -> None:
    environment = {**stack.environment, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        [BIN / "plusofon", "drift", "--stack", "test"],
        cwd=stack.folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert "no Pulumi.yaml project file found" in line
