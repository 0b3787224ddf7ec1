"""Several accounts in one stack: each resource in its own, and none left behind when it moves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from support.tiers import first_of

if TYPE_CHECKING:
    from harness.engine_stack import EngineStack
    from pulumi_plusofon.testing import SandboxServer

PROGRAM = """
import os

import pulumi

from pulumi_plusofon import Account, ExternalNumber, NumberForwarding

second = Account(
    "second", token=os.environ["SECOND_TOKEN"], base_url=os.environ["SECOND_URL"], customer_id=42292
)
for name, number, account in (("here", "447700900101", None), ("there", "447700900102", {account})):
    number = ExternalNumber(
        name, type="sipuri", number=number, host="sip.operator.example",
        opts=pulumi.ResourceOptions(provider=account),
    )
    NumberForwarding(name, number=number, type="group", group_id=9, cli_type="Y")
"""
HERE, THERE = "447700900101", "447700900102"
GROUP = {"type": "group", "group_id": 9, "cli_type": "Y"}


def _held(account: SandboxServer) -> dict[str, bool]:
    """An account's numbers, and whether each is forwarded."""
    return {entry["number"]: entry["forwarding"] is not None for entry in account.account()}


def test_each_number_lives_in_its_account_and_a_new_token_touches_nothing_else(
    stack: EngineStack, sandbox: SandboxServer, harmed: SandboxServer
) -> None:
    (stack.program / "__main__.py").write_text(PROGRAM.format(account="second"))
    stack.environment |= {"SECOND_TOKEN": harmed.token, "SECOND_URL": harmed.url}
    stack.up()
    assert (_held(sandbox), _held(harmed)) == ({HERE: True}, {THERE: True})
    assert harmed.token not in stack.run("stack", "export", "--stack", "test").text

    harmed.stop()
    harmed.token = "the-next-token-of-the-second-account"
    harmed.start()
    stack.environment["SECOND_TOKEN"] = harmed.token
    sandbox.clear_requests()
    harmed.clear_requests()
    assert stack.preview() == {"second": "update"}
    stack.up()
    assert (sandbox.requests(), harmed.requests()) == ([], [])
    assert stack.preview("--refresh") == {}
    stack.destroy()
    assert (_held(sandbox), _held(harmed)) == ({}, {})


@pytest.mark.parametrize(
    "further",
    [
        None,
        pytest.param("pulumi-python:beside", marks=pytest.mark.rest),
        pytest.param("plusofon-numbers:x", marks=pytest.mark.rest),
    ],
)
def test_a_stack_whose_configuration_has_our_keys_alone_asks_nothing(
    stack: EngineStack, sandbox: SandboxServer, further: str | None
) -> None:
    del stack.environment["PLUSOFON_BASE_URL"]
    for key, value in {"plusofon:baseUrl": sandbox.url, further: "true"}.items():
        if key:
            stack.run("config", "set", "--stack", "test", key, value)
    # A token may begin with a hyphen.
    stack.run("config", "set", "--secret", "--stack", "test", "--", "plusofon:token", sandbox.token)
    spec = {"office": {"type": "sipuri", "number": HERE, "host": "a.example", "forwards": {"f": GROUP}}}
    stack.up(spec)
    sandbox.clear_requests()
    assert stack.preview() == {}
    stack.up()
    assert sandbox.requests() == []


@pytest.mark.rest
def test_an_account_of_a_state_of_before_is_marked_by_the_next_up(
    stack: EngineStack, sandbox: SandboxServer, second: SandboxServer
) -> None:
    (stack.program / "__main__.py").write_text(PROGRAM.format(account="second"))
    stack.environment |= {"SECOND_TOKEN": second.token, "SECOND_URL": second.url}
    stack.up()
    state = json.loads(stack.run("stack", "export", "--stack", "test").text)
    for resource in state["deployment"]["resources"]:
        if resource["urn"].endswith("pulumi:providers:pulumi-python::second"):
            del resource["inputs"]["beside"], resource["outputs"]["beside"]
    (stack.folder / "before.json").write_text(json.dumps(state))
    for command in ("up", "destroy"):
        stack.run("stack", "import", "--stack", "test", "--file", str(stack.folder / "before.json"))
        sandbox.clear_requests()
        second.clear_requests()
        assert stack.preview() == {"second": "update"}
        stack.refresh()
        assert {request["method"] for request in second.requests()} == {"GET"}
        stack.run(command, "--yes", "--skip-preview", "--stack", "test")
        if command == "up":
            assert stack.preview() == {}
            assert {request["method"] for request in second.requests()} == {"GET"}
    assert (_held(sandbox), _held(second)) == ({}, {})


def test_a_number_that_moves_to_another_account_is_seen_and_leaves_the_old_one(
    stack: EngineStack, sandbox: SandboxServer, second: SandboxServer
) -> None:
    (stack.program / "__main__.py").write_text(PROGRAM.format(account="None"))
    stack.environment |= {"SECOND_TOKEN": second.token, "SECOND_URL": second.url}
    stack.up()
    assert (_held(sandbox), _held(second)) == ({HERE: True, THERE: True}, {})
    (stack.program / "__main__.py").write_text(PROGRAM.format(account="second"))
    assert "replace" in stack.run("preview", "--stack", "test").text
    stack.up()
    assert (_held(sandbox), _held(second)) == ({HERE: True}, {THERE: True})
    assert stack.preview() == {}


def test_a_token_of_another_account_than_the_declared_one_is_refused(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    sandbox.seed({"type": "sipuri", "number": "447700900177", "host": "sip.operator.example"})
    (stack.program / "__main__.py").write_text(PROGRAM.format(account="second"))
    stack.environment |= {"SECOND_TOKEN": sandbox.token, "SECOND_URL": sandbox.url}
    said = stack.up(status=None).text
    assert "the token is account 42291's, and it must be account 42292's (plusofon:customerId" in said
    assert "customer_id of an Account" in said
    assert THERE not in _held(sandbox)


# How a resource comes to the account `second`, as the program says it; None leaves it in the stack's own.
WAYS = {
    "none": "",
    "parent": (
        "inside = pulumi.ResourceOptions(providers=[second]);"
        "home = pulumi.ComponentResource('office:Home', 'home', opts=inside);"
        "opts = pulumi.ResourceOptions("
        "parent=home, aliases=[pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)])"
    ),
    "transformation": (
        "pulumi.runtime.register_stack_transformation(lambda args: pulumi.ResourceTransformationResult("
        "args.props, pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(provider=second)))"
        " if 'dynamic' in args.type_ else None)"
    ),
    "transform": (
        "pulumi.runtime.register_resource_transform(lambda args: pulumi.ResourceTransformResult("
        "args.props, pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(provider=second)))"
        " if 'dynamic' in args.type_ else None)"
    ),
}
MOVING = """
import os

import pulumi

from pulumi_plusofon import Account, ExternalNumber, NumberForwarding

second = Account("second", token=os.environ["SECOND_TOKEN"], base_url=os.environ["SECOND_URL"])
opts = None
{way}
number = ExternalNumber("there", type="sipuri", number="447700900102", host="sip.operator.example", opts=opts)
NumberForwarding("there", number=number, type="group", group_id=9, cli_type="Y", opts=pulumi.ResourceOptions(
    aliases=[pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)]))
"""
RENAMED = """
import os

import pulumi

from pulumi_plusofon import Account, ExternalNumber, NumberForwarding

account = Account(
    "{name}",
    token=os.environ["SECOND_TOKEN"],
    base_url=os.environ["SECOND_URL"],
    opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name="{before}")]),
)
opts = pulumi.ResourceOptions(provider=account, protect={protect})
number = ExternalNumber("there", type="sipuri", number="447700900102", host="sip.operator.example", opts=opts)
NumberForwarding("there", number=number, type="group", group_id=9, cli_type="Y")
"""


@pytest.mark.rest
@pytest.mark.parametrize("way", first_of(["parent", "transformation", "transform"]))
def test_a_move_is_seen_however_the_account_came_to_the_resource(
    stack: EngineStack, sandbox: SandboxServer, second: SandboxServer, way: str
) -> None:
    stack.environment |= {"SECOND_TOKEN": second.token, "SECOND_URL": second.url}
    program = stack.program / "__main__.py"
    program.write_text(MOVING.format(way=WAYS["none"]))
    stack.start()
    assert (_held(sandbox), _held(second)) == ({THERE: True}, {})
    program.write_text(MOVING.format(way=WAYS[way]))
    stack.up()
    assert (_held(sandbox), _held(second)) == ({}, {THERE: True})
    assert stack.preview() == {}
    program.write_text(MOVING.format(way=WAYS["none"]))
    stack.up()
    assert (_held(sandbox), _held(second)) == ({THERE: True}, {})


def test_an_account_renamed_with_an_alias_moves_nothing(
    stack: EngineStack, sandbox: SandboxServer, second: SandboxServer
) -> None:
    stack.environment |= {"SECOND_TOKEN": second.token, "SECOND_URL": second.url}
    program = stack.program / "__main__.py"
    program.write_text(RENAMED.format(name="second", before="first", protect=True))
    stack.up()
    # A state of before names the account in the inputs and outputs of what lives there.
    state = json.loads(stack.run("stack", "export", "--stack", "test", "--show-secrets").text)
    for resource in state["deployment"]["resources"]:
        if "plusofon:" in resource["type"]:
            resource["inputs"].pop("customer_id", None)
            resource["inputs"]["account"] = resource["outputs"]["account"] = "second"
    (stack.folder / "before.json").write_text(json.dumps(state))
    stack.run("stack", "import", "--stack", "test", "--file", str(stack.folder / "before.json"))
    second.clear_requests()
    assert stack.preview() == {}
    program.write_text(RENAMED.format(name="the-second", before="second", protect=True))
    stack.up()
    assert stack.preview("--refresh") == {}
    assert (_held(sandbox), _held(second)) == ({}, {THERE: True})
    assert {request["method"] for request in second.requests()} == {"GET"}


@pytest.mark.parametrize(
    "empty", first_of([True, False]), ids=["an empty account", "an account with numbers"]
)
def test_another_accounts_token_under_the_same_name_does_nothing(
    stack: EngineStack, sandbox: SandboxServer, second: SandboxServer, *, empty: bool
) -> None:
    # Ids are each account's own here, so that the first number of either has the same.
    if not empty:
        sandbox.seed({"type": "sipuri", "number": HERE, "host": "a.example"})
    stack.environment |= {"SECOND_TOKEN": second.token, "SECOND_URL": second.url}
    (stack.program / "__main__.py").write_text(RENAMED.format(name="second", before="first", protect=False))
    stack.up()
    held = (_held(sandbox), _held(second))
    stack.environment |= {"SECOND_TOKEN": sandbox.token, "SECOND_URL": sandbox.url}
    second.clear_requests()
    said = stack.up(status=None).text
    assert "the state has it in account 42292, and the token is account 42291's" in said
    for command in ("refresh", "destroy"):
        said = stack.run(command, "--yes", "--skip-preview", "--stack", "test", status=None).text
        assert "the state has it in account 42292, and the token is account 42291's" in said
    assert (_held(sandbox), _held(second)) == held
    assert {request["method"] for request in sandbox.requests()} <= {"GET"}
    assert len(stack.resources()) == 2
    stack.environment |= {"SECOND_TOKEN": second.token, "SECOND_URL": second.url}
    stack.up()
    stack.destroy()
    assert _held(second) == {}


def test_the_stacks_own_token_of_another_account_does_nothing(
    stack: EngineStack, sandbox: SandboxServer, second: SandboxServer
) -> None:
    forward = {"type": "group", "group_id": 9, "cli_type": "Y"}
    spec = {
        "there": {
            "type": "sipuri",
            "number": THERE,
            "host": "a.example",
            "forwards": {"forward": forward},
        }
    }
    stack.up(spec)
    second.seed({"type": "sipuri", "number": HERE, "host": "a.example"})
    held = (_held(sandbox), _held(second))
    swapped = {"PLUSOFON_TOKEN": second.token, "PLUSOFON_BASE_URL": second.url}
    forward["group_id"] = 10
    stack.declare(spec)
    for command in ("up", "refresh", "destroy"):
        said = stack.run(command, "--yes", "--skip-preview", "--stack", "test", status=None, **swapped).text
        assert "the state has it in account 42291, and the token is account 42292's" in said
    assert (_held(sandbox), _held(second)) == held
    assert {request["method"] for request in second.requests()} == {"GET"}
    assert len(stack.resources()) == 2


def test_the_customer_of_the_environment_is_asked_of_the_stacks_own_account_alone(
    stack: EngineStack, sandbox: SandboxServer, second: SandboxServer
) -> None:
    stack.environment |= {
        "SECOND_TOKEN": second.token,
        "SECOND_URL": second.url,
        "PLUSOFON_CUSTOMER_ID": "42291",
    }
    (stack.program / "__main__.py").write_text(
        PROGRAM.replace(", customer_id=42292", "").format(account="second")
    )
    stack.up()
    assert (_held(sandbox), _held(second)) == ({HERE: True}, {THERE: True})
    assert stack.preview() == {}
    stack.environment["PLUSOFON_CUSTOMER_ID"] = "42293"
    assert "it must be account 42293's" in stack.destroy(status=None).text
    stack.environment["PLUSOFON_CUSTOMER_ID"] = "42291"
    stack.destroy()
    assert (_held(sandbox), _held(second)) == ({}, {})
