"""Several accounts in one stack: each resource in its own, and none left behind when it moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine_stack import EngineStack
    from sandbox_server import SandboxServer

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


def _held(account: SandboxServer) -> dict[str, bool]:
    """An account's numbers, and whether each is forwarded."""
    return {one["number"]: one["forwarding"] is not None for one in account.account()}


def test_each_number_lives_in_its_account_and_a_new_token_touches_nothing_else(
    stack: EngineStack, sandbox: SandboxServer, second: SandboxServer
) -> None:
    (stack.program / "__main__.py").write_text(PROGRAM.format(account="second"))
    stack.environment |= {"SECOND_TOKEN": second.token, "SECOND_URL": second.url}
    stack.up()
    assert (_held(sandbox), _held(second)) == ({HERE: True}, {THERE: True})
    assert second.token not in stack.run("stack", "export", "--stack", "test").text
    assert stack.preview() == {}

    second.stop()
    second.token = "the-next-token-of-the-second-account"
    second.start()
    stack.environment["SECOND_TOKEN"] = second.token
    sandbox.clear_requests()
    second.clear_requests()
    assert stack.preview() == {"second": "update"}
    stack.up()
    assert (sandbox.requests(), second.requests()) == ([], [])
    stack.refresh()
    assert stack.preview() == {}
    stack.destroy()
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
    assert "the token is account 42291's, and this stack is for account 42292 (plusofon:customerId)" in said
    assert THERE not in _held(sandbox)
