"""Changes that others made: what a refresh sees of them, and what the next `up` makes of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from harness.engine_stack import ONE_OF_EACH, EngineStack, expected_account, held_account, refused, sent
from support.tiers import first_of
from support.tracebacks import shows_no_traceback

if TYPE_CHECKING:
    from pulumi_plusofon.testing import SandboxServer

NUMBER = "447700900101"


@pytest.fixture
def spec(stack: EngineStack) -> dict[str, dict[str, Any]]:
    """An `ate` and a `sipuri` number with forwardings, up and running."""
    spec = {
        "office": {
            "type": "ate",
            "number": NUMBER,
            "host": "sip.operator.example",
            "login": "900101",
            "secret": stack.secret,
            "forwards": {"office-forward": ONE_OF_EACH["group"]},
        },
        "sales": {
            "type": "sipuri",
            "number": "447700900102",
            "host": "sip.operator.example",
            "forwards": {"sales-forward": ONE_OF_EACH["amo"]},
        },
    }
    stack.start(spec)
    return spec


def _id_of(sandbox: SandboxServer, number: str) -> int:
    return next(int(entry["id"]) for entry in sandbox.account() if entry["number"] == number)


def test_a_refresh_reads_the_account_once_and_finds_nothing(
    stack: EngineStack, sandbox: SandboxServer, spec: dict[str, dict[str, Any]]
) -> None:
    before = stack.outputs()
    stack.refresh()
    assert sent(sandbox) == ["GET"]
    assert stack.outputs() == before
    assert stack.preview() == {}
    assert held_account(sandbox) == expected_account(spec)


@pytest.mark.rest
@pytest.mark.parametrize(
    ("number", "change", "resource"),
    first_of(
        [
            (NUMBER, {"host": "drifted.example"}, "office"),
            (NUMBER, {"login": "drifted"}, "office"),
            ("447700900102", {"host": "drifted.example"}, "sales"),
        ]
    ),
)
def test_a_drifted_field_is_named_and_repaired_with_one_patch(
    stack: EngineStack,
    sandbox: SandboxServer,
    spec: dict[str, dict[str, Any]],
    number: str,
    change: dict[str, Any],
    resource: str,
) -> None:
    sandbox.edit(_id_of(sandbox, number), **change)
    stack.refresh()
    stack.refresh()
    field, drifted = next(iter(change.items()))
    shown = stack.run("preview", "--diff", "--stack", "test").text
    assert f'"{drifted}" => "{spec[resource][field]}"' in shown
    assert re.findall(r"\[urn=.*::([\w-]+)\]", shown.partition("~ ")[2]) == [resource]
    assert shown.partition("Resources:")[2].split() == ["~", "1", "to", "update", "4", "unchanged"]
    sandbox.clear_requests()
    stack.up()
    assert [request.partition("/")[0] for request in sent(sandbox)] == [
        "GET",
        f"PATCH {spec[resource]['type']}",
        "GET",
    ]
    assert held_account(sandbox) == expected_account(spec)
    assert stack.preview("--refresh") == {}


def test_a_number_that_is_gone_is_connected_again_with_its_forwarding(
    stack: EngineStack, sandbox: SandboxServer, spec: dict[str, dict[str, Any]]
) -> None:
    sandbox.remove(_id_of(sandbox, NUMBER))
    stack.refresh()
    assert set(stack.resources()) == {"ExternalNumber sales", "NumberForwarding sales-forward"}
    assert stack.preview() == {"office": "create", "office-forward": "create"}
    stack.up()
    assert held_account(sandbox) == expected_account(spec)


def test_a_number_that_came_back_under_another_id_is_followed(
    stack: EngineStack, sandbox: SandboxServer, spec: dict[str, dict[str, Any]]
) -> None:
    sandbox.remove(_id_of(sandbox, NUMBER))
    connection = {key: value for key, value in spec["office"].items() if key != "forwards"}
    sandbox.seed({**connection, "port": 5060})
    stack.refresh()
    stack.up()
    assert held_account(sandbox) == expected_account(spec)
    assert refused(sandbox) == []
    assert stack.preview() == {}


def test_destroying_what_is_gone_succeeds(
    stack: EngineStack,
    sandbox: SandboxServer,
    spec: dict[str, dict[str, Any]],  # noqa: ARG001 - it is what goes
) -> None:
    for number in sandbox.account():
        sandbox.remove(number["id"])
    stack.destroy()
    assert not stack.resources()


def test_a_number_that_was_changed_to_another_is_not_ours_to_delete(
    stack: EngineStack,
    sandbox: SandboxServer,
    spec: dict[str, dict[str, Any]],  # noqa: ARG001 - it is what was changed
) -> None:
    sandbox.edit(_id_of(sandbox, NUMBER), number="447700900199")
    stack.destroy()
    assert [entry["number"] for entry in sandbox.account()] == ["447700900199"]
    assert not stack.resources()


@pytest.mark.parametrize("fault", first_of(["html", "half-body", "refuse", "close-before"]))
def test_a_refresh_that_cannot_read_fails_and_loses_nothing(
    stack: EngineStack,
    sandbox: SandboxServer,
    spec: dict[str, dict[str, Any]],  # noqa: ARG001 - it is what must not be lost
    fault: str,
) -> None:
    before = stack.resources()
    sandbox.fault(fault, "list", times=1000)
    said = stack.run(
        "refresh", "--yes", "--skip-preview", "--stack", "test", status=None, PLUSOFON_MAX_RETRIES="1"
    ).text
    assert "listing the external numbers" in said
    assert shows_no_traceback(said)
    sandbox.clear_faults()
    assert set(stack.resources()) == set(before)
