"""An API that fails now and then: the same `up` converges, and never connects a number twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from engine_stack import ONE_OF_EACH, EngineStack, expected_account, held_account, refused, sent

if TYPE_CHECKING:
    from sandbox_server import SandboxServer

NUMBER = "447700900101"
PASSING: list[dict[str, Any]] = [
    {"kind": "status", "status": 503},
    {"kind": "status", "status": 503, "when": "after"},
    {"kind": "status", "status": 429, "retry_after": "0"},
    {"kind": "status", "status": 429},
    {"kind": "close-before"},
    {"kind": "close-after"},
    {"kind": "html"},
]


def _spec(stack: EngineStack) -> dict[str, dict[str, Any]]:
    return {
        "office": {
            "type": "ate",
            "number": NUMBER,
            "host": "sip.operator.example",
            "login": "900101",
            "secret": stack.secret,
            "forwards": {"office-forward": ONE_OF_EACH["group"]},
        }
    }


@pytest.mark.parametrize("fault", PASSING, ids=lambda fault: "-".join(str(part) for part in fault.values()))
def test_every_operation_survives_a_passing_fault(
    stack: EngineStack, sandbox: SandboxServer, fault: dict[str, Any]
) -> None:
    for operation in ("list", "connect", "forward", "disconnect", "update"):
        sandbox.fault(
            fault["kind"], operation, **{key: value for key, value in fault.items() if key != "kind"}
        )
    spec = _spec(stack)
    stack.up(spec)
    assert held_account(sandbox) == expected_account(spec)
    writes = [one for one in sandbox.requests() if one["operation"] == "connect" and one["wrote"]]
    assert len(writes) == 1, "a number is connected once, whatever became of the answer"
    spec["office"]["host"] = "other.example"
    stack.up(spec)
    assert held_account(sandbox) == expected_account(spec)
    stack.destroy()
    assert sandbox.account() == []
    assert all(order["done"] for order in sandbox.faults()), "each fault has happened"
    assert not [one for one in refused(sandbox) if one["operation"] == "connect"]


def test_a_refusal_is_told_in_the_vendors_words_with_the_number(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    sandbox.fault("status", "connect", status=500, message="no access")
    said = stack.up(_spec(stack), status=None).text
    assert f"connecting {NUMBER}: HTTP 500: no access" in said
    assert "Traceback" not in said
    assert [request for request in sent(sandbox) if request.startswith("PUT")] == ["PUT ate"]
    spec = _spec(stack)
    stack.up(spec)
    assert held_account(sandbox) == expected_account(spec)


def test_a_number_that_was_connected_but_not_listed_is_named_and_can_be_adopted(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    sandbox.fault("html", "list", skip=1, times=50)
    spec = _spec(stack)
    stack.declare(spec)
    said = stack.run(
        "up", "--yes", "--skip-preview", "--stack", "test", status=None, PLUSOFON_MAX_RETRIES="1"
    ).text
    assert f"{NUMBER} is connected in the account and is not in Pulumi's state" in said
    assert not stack.resources()
    sandbox.clear_faults()
    assert "adopt=True" in stack.up(status=None).text
    spec["office"]["adopt"] = True
    stack.up(spec)
    assert held_account(sandbox) == expected_account(spec)


def test_an_api_that_is_not_there_is_told_in_one_line(stack: EngineStack) -> None:
    stack.declare(_spec(stack))
    said = stack.run(
        "up",
        "--yes",
        "--skip-preview",
        "--stack",
        "test",
        status=None,
        PLUSOFON_BASE_URL="http://127.0.0.1:9",
        PLUSOFON_MAX_RETRIES="1",
    ).text
    assert "no connection to http://127.0.0.1:9; nothing was sent" in said
    assert "Traceback" not in said
