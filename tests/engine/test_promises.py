"""Promises in which the engine has a small part: a run of it for each, besides the tests a level lower."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from harness.engine_stack import ONE_OF_EACH, sent
from support.crash_recovery import documented
from support.office import NUMBER, agree
from support.tracebacks import shows_no_traceback

if TYPE_CHECKING:
    from harness.engine_stack import EngineStack
    from pulumi_plusofon.testing import SandboxServer

# Its login is a secret, and so is what the account makes of it.
ADOPTS: Final = f"""
import pulumi
from pulumi_plusofon import ExternalNumber, NumberForwarding

config = pulumi.Config()
number = ExternalNumber(
    "office", type="ate", number="{NUMBER}", host="sip.operator.example", adopt=True,
    login=config.require_secret("login"), secret=config.require_secret("sipPassword"),
)
NumberForwarding("onward", number=number, type="group", group_id=9, cli_type="Y")
pulumi.export("source", number.source)
"""
LISTS: Final = """
from pathlib import Path
from pulumi_plusofon.stack import declare_stack

declare_stack(Path.cwd())
"""
DOUBLED: Final = """\
- name: office
  type: sipuri
  number: "+44 7700 900101"
  host: sip.operator.example
  host: other.example
"""
SIPURI: Final[dict[str, Any]] = {"type": "sipuri", "number": NUMBER, "host": "sip.operator.example"}


def test_an_account_that_nothing_tells_is_not_written_to(stack: EngineStack, sandbox: SandboxServer) -> None:
    stack.run("config", "set", "plusofon:customerId", "42291")
    sandbox.settings(no_customer_ids=True)
    sandbox.fault("status", "customer", status=404, times=None)
    said = stack.up({"office": SIPURI}, status=None).text
    assert "the account of the token is unknown, and it must be account 42291's" in said
    assert shows_no_traceback(said)
    assert "customer" in {request["operation"] for request in sandbox.requests()}
    assert {request["method"] for request in sandbox.requests()} == {"GET"}

    sandbox.clear_faults()
    sandbox.clear_requests()
    stack.up()
    assert [request["operation"] for request in sandbox.requests()].count("customer") == 1
    assert [entry["number"] for entry in sandbox.account()] == [NUMBER]


def test_a_number_that_is_taken_over_is_named_its_secrets_stay_so_and_it_is_listed_whole(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    login = "canary-login"
    address = f"{'sales-and-support.' * 8}operator.example"
    sandbox.seed(
        {**SIPURI, "type": "ate", "port": 5060, "login": "before", "secret": "before"},
        {"type": "sipuri", "number": "447700900102", "host": address},
    )
    (stack.program / "__main__.py").write_text(ADOPTS)
    for key, value in (("login", login), ("sipPassword", stack.secret)):
        stack.run("config", "set", "--secret", key, value)
    said = stack.up().text
    assert f"{NUMBER}: its forwarding is set as declared; what was set there before" in said
    assert stack.outputs() == {"source": "[secret]"}
    office = stack.resources()["ExternalNumber office"]["outputs"]
    assert ["ciphertext" in office[field] for field in ("login", "source", "secret")] == [True] * 3
    assert login not in said + json.dumps(stack.resources())

    narrow = stack.shell("plusofon numbers --stack test", COLUMNS="20", PYTHONIOENCODING="ascii")
    assert narrow.status == 0, narrow.text
    [line] = [line for line in narrow.text.splitlines() if "447700900102" in line]
    assert f" {address}" in line
    full = stack.shell("plusofon numbers --stack test > /dev/full")
    assert (full.status, full.text) == (1, "plusofon: No space left on device\n")


def test_a_misspelt_or_doubled_key_ends_the_preview(stack: EngineStack, sandbox: SandboxServer) -> None:
    (stack.program / "__main__.py").write_text(LISTS)
    (stack.program / "numbers.yaml").write_text(DOUBLED)
    stack.run("config", "set", "file", "numbers.yaml")
    said = stack.run("preview", status=None).text
    assert "numbers.yaml, line 5: the key host stands twice" in said
    assert shows_no_traceback(said)

    (stack.program / "numbers.yaml").write_text(DOUBLED.replace("  host: other.example\n", ""))
    stack.run("config", "set", "plusofon:customerID", "42291")
    said = stack.run("preview", status=None).text
    assert "plusofon:customerID: is no setting; did you mean plusofon:customerId?" in said
    assert shows_no_traceback(said)
    assert sandbox.requests() == []


def test_a_password_in_plain_configuration_is_named_and_not_shown(stack: EngineStack) -> None:
    (stack.program / "__main__.py").write_text(LISTS)
    in_clear = {**SIPURI, "name": "office", "type": "ate", "login": "900101", "secret": "canary-secret"}
    stack.run("config", "set", "numbers", json.dumps([in_clear]))
    said = stack.run("preview").text
    assert "numbers[0].secret stands in plain text in the stack's configuration" in said
    assert "canary-secret" not in said


def test_a_state_that_was_cut_off_is_back_from_its_newest_whole_copy(office: EngineStack) -> None:
    kept = office.backend / ".pulumi"
    state = kept / "stacks" / "engine-test" / "test.json"
    before = agree(office)
    for file in (state, state.with_name("test.json.bak")):
        file.write_bytes(file.read_bytes()[:-100])
    copies = kept / "backups" / "engine-test" / "test"
    ran = office.shell(
        documented("The disk with the state is full")[0], STATE=str(state), BACKUPS=str(copies)
    )
    assert ran.status == 0, ran.text
    assert ran.text.startswith(str(copies))
    assert agree(office) == before
    office.run("preview", "--expect-no-changes")


def test_a_proxy_that_stands_between_is_named_without_its_login(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    stack.declare({"office": {**SIPURI, "forwards": {"onward": ONE_OF_EACH["group"]}}})
    loopback = "localhost,127.0.0.1"
    said = stack.run(
        *("up", "--yes", "--skip-preview", "--stack", stack.name),
        status=None,
        HTTPS_PROXY="http://user:canary-login@127.0.0.1:9",
        no_proxy=loopback,
        no_grpc_proxy=loopback,
        PLUSOFON_BASE_URL="https://api.example",
        PLUSOFON_MAX_RETRIES="0",
    ).text
    assert "no connection to the proxy http://127.0.0.1:9" in said
    assert "check HTTPS_PROXY and ALL_PROXY, or name the API's host in NO_PROXY" in said
    assert "canary-login" not in said
    assert (stack.resources(), sent(sandbox)) == ({}, [])
