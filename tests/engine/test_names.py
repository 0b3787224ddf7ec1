"""Names of groups and queues in place of ids, on the real engine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from support.tracebacks import shows_no_traceback

if TYPE_CHECKING:
    from harness.engine_stack import EngineStack
    from pulumi_plusofon.testing import SandboxServer

PROGRAM = """\
import json
from pathlib import Path

import pulumi

from pulumi_plusofon import ExternalNumber, NumberForwarding, get_call_queue, get_group, get_groups
from pulumi_plusofon.stack import declare_numbers

declare_numbers(json.loads(Path("numbers.json").read_text()))
fax = ExternalNumber("fax", type="sipuri", number="+44 7700 900109", host="sip.operator.example")
NumberForwarding(
    "fax", number=fax, type="call_queue", call_queue_id=get_call_queue(name="Waiting").id, cli_type="Y"
)
pulumi.export("groups", [group.name for group in get_groups()])
pulumi.export("sales", get_group(name="Sales").id)
"""
GROUPS = [{"id": 9, "name": "Support"}, {"id": 12, "name": "Sales"}]


@pytest.fixture
def named(stack: EngineStack, sandbox: SandboxServer) -> EngineStack:
    """A stack that names targets, in data and in its program, in an account with two pages of groups."""
    sandbox.seed_targets(group=GROUPS, call_queue=[{"id": 14, "name": "Waiting"}])
    sandbox.settings(page_size=1)
    (stack.program / "__main__.py").write_text(PROGRAM)
    declare(stack, "Support", "Sales")
    return stack


def declare(stack: EngineStack, *groups: str) -> None:
    numbers: list[dict[str, Any]] = [
        {
            "name": f"n{at}",
            "type": "sipuri",
            "number": f"+44 7700 90010{at}",
            "host": "sip.operator.example",
            "forward": {"type": "group", "group": group, "cli_type": "Y"},
        }
        for at, group in enumerate(groups)
    ]
    (stack.program / "numbers.json").write_text(json.dumps(numbers))


def forwarded(sandbox: SandboxServer) -> dict[str, Any]:
    held = {entry["number"][-1]: entry["forwarding"] for entry in sandbox.account()}
    return {digit: target.get("group_id") or target.get("call_queue_id") for digit, target in held.items()}


def test_a_group_made_anew_under_its_name_is_an_update(named: EngineStack, sandbox: SandboxServer) -> None:
    named.up()
    assert forwarded(sandbox) == {"0": 9, "1": 12, "9": 14}
    assert named.outputs() == {"groups": ["Support", "Sales"], "sales": 12}
    # Each list once in a run, whatever names it: two pages of groups, one of queues.
    asked = [
        request["path"] for request in sandbox.requests() if request["operation"] in ("groups", "call_queues")
    ]
    assert sorted(asked) == ["/api/v1/call-queues", "/api/v1/groups", "/api/v1/groups"]

    sandbox.remove_target("group", 9)
    sandbox.seed_targets(group=[{"id": 30, "name": "Support"}])
    sandbox.clear_requests()
    assert named.preview() == {"n0": "update"}
    named.up()
    assert forwarded(sandbox) == {"0": 30, "1": 12, "9": 14}
    assert [request["operation"] for request in sandbox.requests() if request["wrote"]] == ["forward"]
    # A refresh and a destroy run no program, and need no names.
    sandbox.remove_target("group", 12)
    named.refresh()
    named.destroy()
    assert sandbox.account() == []


def test_a_name_that_the_account_lacks_fails_the_preview(named: EngineStack, sandbox: SandboxServer) -> None:
    declare(named, "Support", "Suport")
    said = named.run("preview", "--stack", "test", status=None).text
    assert 'numbers[1].forward.group: the account has no group "Suport"; it has Sales, Support' in said
    assert shows_no_traceback(said)
    assert {request["method"] for request in sandbox.requests()} == {"GET"}
