"""A program that does more than declare: unknown values, lookups, several accounts."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import pytest

from harness.engine_stack import ONE_OF_EACH, EngineStack, expected_account, held_account
from support.tracebacks import shows_no_traceback

if TYPE_CHECKING:
    from pulumi_plusofon.testing import SandboxServer

NUMBER = "447700900101"
SIPURI = {"type": "sipuri", "number": NUMBER, "host": "sip.operator.example"}


def _ate(stack: EngineStack, **more: Any) -> dict[str, Any]:
    login = {"host": "sip.operator.example", "login": "900101", "secret": stack.secret}
    return {"type": "ate", "number": NUMBER, **login, **more}


def test_a_promised_value_that_stays_the_same_replaces_nothing(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    def spec(turn: int) -> dict[str, dict[str, Any]]:
        secret = {"unknown": stack.secret, "turn": turn}
        forward = {**ONE_OF_EACH["group"], "group_id": {"unknown": 9, "turn": turn}}
        return {"office": _ate(stack, secret=secret, forwards={"office-forward": forward})}

    expected = expected_account({"office": _ate(stack, forwards={"office-forward": ONE_OF_EACH["group"]})})
    stack.declare(spec(1))
    assert stack.preview()["office"] == "create"
    stack.up()
    assert held_account(sandbox) == expected
    stack.declare(spec(2))
    previewed = stack.preview()
    assert (previewed["office"], previewed["office-forward"]) == ("update", "update")
    sandbox.clear_requests()
    stack.up()
    assert held_account(sandbox) == expected
    assert sandbox.requests() == [], "what was promised turned out to be what is set"


def test_a_password_that_is_no_pulumi_secret_is_made_one(stack: EngineStack) -> None:
    stack.start({"office": _ate(stack)})
    office = stack.resources()["ExternalNumber office"]
    assert "ciphertext" in office["inputs"]["secret"]
    assert "ciphertext" in office["outputs"]["secret"]


def test_nothing_in_clear_even_in_the_engines_own_log(stack: EngineStack) -> None:
    stack.declare({"office": _ate(stack)})
    stack.run("up", "--yes", "--skip-preview", "--stack", "test", "--debug", "--logtostderr", "-v=3")


LOOKUPS = """
import pulumi
from pulumi_plusofon import get_external_number, get_external_numbers, get_registration_status

pulumi.export("all", sorted(entry.number for entry in get_external_numbers()))
one = get_external_number(number="+44 7700 900101")
pulumi.export("one", {"id": one.id, "type": one.type, "source": one.source, "registered": one.registered})
(status,) = get_registration_status(logins=["900101"])
pulumi.export("status", {"login": status.login, "registered": status.registered})
"""


def test_lookups_read_the_account_of_the_stacks_configuration(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    (number_id,) = sandbox.seed({**_ate(stack), "port": 5060})
    stack.run("config", "set", "--secret", "plusofon:token", sandbox.token)
    (stack.program / "__main__.py").write_text(LOOKUPS)
    stack.run("up", "--yes", "--skip-preview", "--stack", "test", PLUSOFON_TOKEN=None)
    assert stack.outputs() == {
        "all": [NUMBER],
        "one": {
            "id": number_id,
            "type": "ate",
            "source": "900101@sip.operator.example",
            "registered": True,
        },
        "status": {"login": "900101", "registered": True},
    }


@pytest.mark.parametrize(
    ("program", "line"),
    [
        ("get_external_number(number='+44 7700 900199')", "number: 447700900199 is not in the account"),
        ("get_external_number(number='none')", "number: must be a phone number"),
        ("get_registration_status(logins='900101')", "logins: must be a list"),
    ],
)
def test_a_lookup_that_finds_nothing_says_so_in_one_line(stack: EngineStack, program: str, line: str) -> None:
    (stack.program / "__main__.py").write_text(f"from pulumi_plusofon import *\n{program}\n")
    said = stack.up(status=None).text
    assert line in said
    assert shows_no_traceback(said)


BOTH_WAYS = """
import pulumi
from pulumi_plusofon import ExternalNumber, NumberForwarding

number = ExternalNumber("office", type="sipuri", number="447700900101", host="sip.operator.example")
NumberForwarding("both", number=number, number_type="ate", number_id=1, type="empty")
"""


def test_naming_the_number_in_both_ways_is_refused(stack: EngineStack, sandbox: SandboxServer) -> None:
    (stack.program / "__main__.py").write_text(BOTH_WAYS)
    said = stack.refused_preview({})
    assert "NumberForwarding both: number: cannot be given together with number_type or number_id" in said
    assert shows_no_traceback(said)
    assert sandbox.requests() == []


TWO_ACCOUNTS = """
import os
import pulumi
from pulumi_plusofon import ExternalNumber

second = pulumi.ProviderResource(
    "pulumi-python",
    "second",
    {
        "plusofon:token": pulumi.Output.secret(os.environ["SECOND_TOKEN"]),
        "plusofon:baseUrl": os.environ["SECOND_URL"],
    },
)
ExternalNumber("here", type="sipuri", number="447700900101", host="sip.operator.example")
ExternalNumber(
    "there",
    type="sipuri",
    number="447700900101",
    host="sip.operator.example",
    opts=pulumi.ResourceOptions(provider=second),
)
"""


def test_an_explicit_provider_is_another_account(
    stack: EngineStack, sandbox: SandboxServer, second: SandboxServer
) -> None:
    (stack.program / "__main__.py").write_text(TWO_ACCOUNTS)
    stack.environment |= {"SECOND_TOKEN": second.token, "SECOND_URL": second.url}
    stack.up()
    for account in (sandbox, second):
        assert [number["number"] for number in account.account()] == [NUMBER]
    assert second.token not in stack.run("stack", "export", "--stack", "test").text
    stack.destroy()
    assert sandbox.account() == second.account() == []


def test_a_second_up_with_another_token_of_the_environment_uses_it(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    stack.up({"sales": SIPURI})
    wrong = secrets.token_urlsafe(16)
    stack.declare({"sales": {**SIPURI, "host": "other.example"}})
    said = stack.run(
        "up", "--yes", "--skip-preview", "--stack", "test", status=None, PLUSOFON_TOKEN=wrong
    ).text
    assert "HTTP 401" in said
    assert "check plusofon:token" in said
    assert wrong not in said
    assert sandbox.account()[0]["host"] == "sip.operator.example"
