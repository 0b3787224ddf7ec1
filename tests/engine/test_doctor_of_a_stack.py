"""`plusofon doctor` on a real stack, as the page about recovery shows it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from harness.engine_stack import numbered, sent
from support.crash_recovery import documented

if TYPE_CHECKING:
    from harness.engine_stack import EngineStack
    from pulumi_plusofon.testing import SandboxServer


def test_the_doctor_examines_a_stack_with_gets_alone_and_shows_no_token(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    # The stack's own settings count: the environment has another token, and no address.
    stack.environment["PLUSOFON_TOKEN"] = "of-another-account"
    del stack.environment["PLUSOFON_BASE_URL"]
    stack.run("config", "set", "--secret", "plusofon:token", sandbox.token, "--stack", stack.name)
    stack.run("config", "set", "plusofon:baseUrl", sandbox.url, "--stack", stack.name)
    stack.run("config", "set", "plusofon:customerId", "42291", "--stack", stack.name)
    stack.run("stack", "init", "twin", "--no-select")
    stack.run("config", "set", "plusofon:customerId", "42291", "--stack", "twin")
    stack.up({"office": numbered(101, stack.secret)})
    sandbox.clear_requests()

    table, as_json = documented("Run the doctor first")
    ran = stack.shell(table, STACK=stack.name)
    assert ran.status == 0, ran.text
    assert sent(sandbox)[0] == "GET"
    ran = stack.shell(as_json, STACK=stack.name)
    findings: dict[str, dict[str, Any]] = {finding["topic"]: finding for finding in json.loads(ran.text)}
    assert {request["method"] for request in sandbox.requests()} == {"GET"}
    assert ran.status == 0
    states = {topic: finding["state"] for topic, finding in findings.items()}
    assert {topic for topic, state in states.items() if state != "good"} <= {"shared settings", "virtualenv"}
    assert findings["shared settings"]["text"] == "customerId 42291 is that of test and twin"
    assert findings["stacks"]["text"] == "besides test: twin"
    assert (
        findings["account guard"]["text"] == "the token is account 42291's, as plusofon:customerId requires"
    )
    assert findings["plusofon:token"]["text"] == "set (the stack's configuration; PLUSOFON_TOKEN is not used)"
    assert "of-another-account" not in stack.said

    # As after a rotation that missed this stack.
    stack.run("config", "set", "--secret", "plusofon:token", "an-old-one", "--stack", stack.name)
    ran = stack.shell(table, STACK=stack.name)
    assert ran.status == 1
    assert "token: check plusofon:token (or PLUSOFON_TOKEN)" in ran.text
    assert "an-old-one" not in ran.text
