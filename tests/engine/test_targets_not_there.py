"""Targets that an account does not have, and tokens of another account, on the real engine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from harness.engine_stack import EngineStack, held_account
from support.tracebacks import shows_no_traceback

if TYPE_CHECKING:
    from pulumi_plusofon.testing import SandboxServer

SIPURI = {"type": "sipuri", "host": "sip.operator.example"}
GROUPS = [{"id": 9, "name": "Support"}, {"id": 12, "name": "Sales"}]
LOOKS_UP = """\
import json
import os
from pathlib import Path

import pulumi

from pulumi_plusofon import Account, ExternalNumber, NumberForwarding, get_group
from pulumi_plusofon.stack import declare_numbers

spec = json.loads(Path("spec.json").read_text())
second = None
if "customer" in spec:
    second = Account(
        "second", token=os.environ["SECOND_TOKEN"], base_url=os.environ["SECOND_URL"],
        customer_id=spec["customer"],
    )
if "numbers" in spec:
    declare_numbers(spec["numbers"])
for name, forward in spec.get("forwards", {}).items():
    number = ExternalNumber(
        name, type="sipuri", number=forward.pop("number"), host="sip.operator.example",
        opts=pulumi.ResourceOptions(provider=second),
    )
    NumberForwarding(name, number=number, cli_type="Y", **forward)
if "looked_up" in spec:
    pulumi.export("found", get_group(name=spec["looked_up"], account=second).id)
"""


def to(of_type: str, field: str, target: int, last: int = 101) -> dict[str, Any]:
    return {"number": f"+447700900{last}", "type": of_type, field: target}


def declare(stack: EngineStack, **spec: Any) -> None:
    (stack.program / "__main__.py").write_text(LOOKS_UP)
    (stack.program / "spec.json").write_text(json.dumps(spec))


def refused(stack: EngineStack, **environment: str) -> str:
    """What a preview says that must fail, and write nothing."""
    said = stack.run("preview", "--stack", stack.name, status=None, **environment).text
    assert shows_no_traceback(said), said
    assert "never retrieved" not in said
    return said


def asked(sandbox: SandboxServer) -> list[str]:
    """The operations since the last look, all GETs."""
    requests = sandbox.requests()
    assert {request["method"] for request in requests} <= {"GET"}
    sandbox.clear_requests()
    return [request["operation"] for request in requests]


def test_a_group_that_is_deleted_is_said_by_every_command_that_reads_names(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    sandbox.seed_targets(group=GROUPS)
    never = {"never": {"type": "group", "group_id": 77, "cli_type": "Y"}}
    office = {"office": {"type": "group", "group_id": 9, "cli_type": "Y"}}
    stack.start(
        {
            "office": {**SIPURI, "number": "447700900101", "forwards": office},
            "never": {**SIPURI, "number": "447700900102", "forwards": never},
        }
    )
    # A preview that asks for no name stays offline.
    assert stack.preview() == {}
    assert asked(sandbox) == []

    def found() -> tuple[list[str], list[str], list[str]]:
        routes = stack.plusofon("routes", "--stack", stack.name, "--json", "--check")
        shown = json.loads(routes.text[routes.text.index("{") : routes.text.rindex("}") + 1])
        drift = json.loads(stack.plusofon("drift", "--stack", stack.name, "--json").text)
        changes = stack.shell(
            f"pulumi preview --json --show-sames --stack {stack.name} 2>errors"
            " | plusofon changes --names --json"
        )
        return (
            [
                f"{route['resource']}: {problem['text']}"
                for route in shown["numbers"]
                for problem in route["problems"]
                if problem["kind"] == "no_target"
            ],
            [
                f"{each['resource']}: {each['detail']}"
                for each in drift["differences"]
                if each["kind"] == "no_target"
            ],
            [
                f"{change['resource']}: {danger}"
                for change in json.loads(changes.text)["numbers"]
                for danger in change["dangers"]
                if "with id" in danger
            ],
        )

    line = "never: the account has no group with id 77"
    assert found() == ([line], [line], [line])
    sandbox.remove_target("group", 9)
    lines = {line, "office: the account has no group with id 9"}
    assert [set(each) for each in found()] == [lines, lines, lines]
    # An outage is no deletion.
    sandbox.fault("status", "groups", status=500, times=100)
    assert found() == ([], [], [])
    ran = stack.plusofon("drift", "--stack", stack.name)
    assert (ran.status, ran.text.count("the ids of groups were not checked: listing the groups: ")) == (0, 1)


@pytest.mark.parametrize(
    ("forward", "error"),
    [
        (to("group", "group_id", 77), "group_id: the account has no group with id 77; it has Sales (12)"),
        (to("sip", "sip_id", 4), "sip_id: the account has no SIP account with id 4; it has none"),
        (
            to("scenario", "scenario_id", 9),
            "scenario_id: the account has no scenario with id 9; it has Night (3)",
        ),
        (
            to("call_queue", "call_queue_id", 9),
            "call_queue_id: the account has no call queue with id 9; it has none",
        ),
    ],
    ids=["group", "sip", "scenario", "call_queue"],
)
def test_a_preview_that_looks_a_name_up_refuses_ids_that_are_not_there(
    stack: EngineStack, sandbox: SandboxServer, forward: dict[str, Any], error: str
) -> None:
    sandbox.seed_targets(group=GROUPS, scenario=[{"id": 3, "name": "Night"}])
    declare(stack, forwards={"office": forward}, looked_up="Support")
    said = refused(stack)
    assert f"NumberForwarding office: {error}" in said
    assert set(asked(sandbox)) <= {"groups", "sip", "scenarios", "call_queues"}
    # The up of the same program fails before the forwarding is sent.
    assert error in stack.up(status=None).text
    assert [entry["forwarding"] for entry in sandbox.account()] in ([], [None])


def test_ids_in_data_are_compared_where_data_has_a_name(stack: EngineStack, sandbox: SandboxServer) -> None:
    sandbox.seed_targets(group=GROUPS)
    by_name = {"type": "group", "group": "Support", "cli_type": "Y"}
    by_id = {"type": "group", "group_id": 77, "cli_type": "Y"}
    numbers = [
        {**SIPURI, "name": f"n{at}", "number": f"+44770090010{at}", "forward": forward}
        for at, forward in enumerate((by_name, by_id))
    ]
    declare(stack, numbers=numbers)
    text = "numbers[1].forward.group_id: the account has no group with id 77; it has Sales (12), Support (9)"
    assert text in refused(stack)
    declare(stack, numbers=[{**numbers[1]}])
    sandbox.clear_requests()
    assert stack.preview()["n1"] == "create"
    assert asked(sandbox) == []
    numbers[1]["forward"] = {**by_id, "group_id": 12}
    declare(stack, numbers=numbers)
    stack.up()
    assert {entry["forwarding"]["group_id"] for entry in held_account(sandbox).values()} == {9, 12}


@pytest.mark.parametrize("by", ["data", "lookup"])
def test_a_preview_with_another_accounts_token_takes_no_id_of_it(
    stack: EngineStack, sandbox: SandboxServer, second: SandboxServer, by: str
) -> None:
    sandbox.seed_targets(group=GROUPS)
    second.seed_targets(group=[{"id": 92, "name": "Support"}])
    second.seed({**SIPURI, "number": "447700900199"})
    stack.run("config", "set", "plusofon:customerId", "42291", "--stack", stack.name)
    if by == "data":
        forward = {"type": "group", "group": "Support", "cli_type": "Y"}
        declare(stack, numbers=[{**SIPURI, "name": "n0", "number": "+447700900101", "forward": forward}])
    else:
        declare(stack, looked_up="Support")
    said = refused(stack, PLUSOFON_TOKEN=second.token, PLUSOFON_BASE_URL=second.url)
    assert "the token is account 42292's, and it must be account 42291's" in said
    assert "Support" not in said
    assert asked(second) == ["list"]
    # The account that is meant: one listing more, and its own id.
    assert stack.preview().get("n0") == ("create" if by == "data" else None)
    assert "groups" in asked(sandbox)


def test_an_account_beside_the_stack_is_asked_whose_it_is_before_its_ids_are_taken(
    stack: EngineStack, sandbox: SandboxServer, second: SandboxServer
) -> None:
    second.seed_targets(group=[{"id": 92, "name": "Support"}])
    second.seed({**SIPURI, "number": "447700900199"})
    there = {"SECOND_TOKEN": second.token, "SECOND_URL": second.url}
    stack.environment |= there
    declare(stack, customer=42291, forwards={"there": to("group", "group_id", 92)}, looked_up="Support")
    assert "the token is account 42292's, and it must be account 42291's" in refused(stack)
    assert asked(second) == ["list"]
    declare(stack, customer=42292, forwards={"there": to("group", "group_id", 9)}, looked_up="Support")
    text = "NumberForwarding there: group_id: the account has no group with id 9; it has Support (92)"
    assert text in refused(stack)
    declare(stack, customer=42292, forwards={"there": to("group", "group_id", 92)}, looked_up="Support")
    stack.up()
    assert held_account(second)["447700900101"]["forwarding"]["group_id"] == 92
    assert sandbox.account() == []


def test_a_list_that_cannot_be_read_refuses_nothing_and_is_a_warning_of_the_preview(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    sandbox.seed_targets(group=GROUPS)
    sandbox.fault("status", "scenarios", status=403, message="no right", times=100)
    night, other = to("scenario", "scenario_id", 9), to("scenario", "scenario_id", 8, last=102)
    declare(stack, forwards={"night": night, "other": other}, looked_up="Support")
    said = stack.run("preview", "--stack", stack.name).text
    line = "warning: the ids of scenarios were not checked: listing the scenarios: HTTP 403: no right"
    assert said.partition("Diagnostics:")[2].count(line) == 1
    assert asked(sandbox).count("scenarios") == 1
