"""Numbers that are there already: refused, adopted, declared twice, renamed, replaced by order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from harness.engine_stack import ONE_OF_EACH, EngineStack, expected_account, held_account, refused, sent
from support.tiers import first_of
from support.tracebacks import shows_no_traceback

if TYPE_CHECKING:
    from pulumi_plusofon.testing import SandboxServer

NUMBER = "447700900101"


def _ate(stack: EngineStack, **more: Any) -> dict[str, Any]:
    login = {"host": "sip.operator.example", "login": "900101", "secret": stack.secret}
    return {"type": "ate", "number": NUMBER, **login, **more}


def _seeded(stack: EngineStack) -> dict[str, Any]:
    return {**_ate(stack), "host": "before.example", "secret": f"{stack.secret}-old", "port": 5061}


def test_a_number_that_is_there_is_refused_before_anything_is_sent(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    (number_id,) = sandbox.seed(_seeded(stack))
    said = stack.up({"office": _ate(stack)}, status=None).text
    assert f"{NUMBER} is connected already (id {number_id}" in said
    assert "adopt=True" in said
    assert shows_no_traceback(said)
    assert sent(sandbox) == ["GET"]
    assert not stack.resources()


def test_adopting_takes_the_number_over_with_one_patch(stack: EngineStack, sandbox: SandboxServer) -> None:
    (number_id,) = sandbox.seed(_seeded(stack))
    spec = {"office": _ate(stack, adopt=True, forwards={"office-forward": ONE_OF_EACH["sip"]})}
    stack.up(spec)
    assert held_account(sandbox) == expected_account(spec)
    assert sandbox.secret_matches(NUMBER, stack.secret)
    assert sent(sandbox) == ["GET", f"PATCH ate/{number_id}", "GET", "POST follow"]


def test_a_number_of_another_type_is_not_adopted(stack: EngineStack, sandbox: SandboxServer) -> None:
    sandbox.seed(_seeded(stack))
    sipuri = {"type": "sipuri", "number": NUMBER, "host": "sip.operator.example", "adopt": True}
    said = stack.up({"office": sipuri}, status=None).text
    assert "as type ate, not sipuri" in said
    assert sent(sandbox) == ["GET"]


def test_adopting_what_is_not_there_connects_it(stack: EngineStack, sandbox: SandboxServer) -> None:
    spec = {"office": _ate(stack, adopt=True)}
    stack.up(spec)
    assert held_account(sandbox) == expected_account(spec)


def test_of_two_resources_with_one_number_none_is_created(stack: EngineStack, sandbox: SandboxServer) -> None:
    said = stack.up({"one": _ate(stack), "two": _ate(stack)}, status=None).text
    assert (
        f"{NUMBER}: declared by ExternalNumber one and by ExternalNumber two; remove one of the two" in said
    )
    assert sent(sandbox) == []
    assert not stack.resources()


def test_a_renamed_resource_keeps_its_number_and_forwarding(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    stack.start({"office": _ate(stack, forwards={"office-forward": ONE_OF_EACH["group"]})})
    spec = {"bureau": _ate(stack, adopt=True, forwards={"bureau-forward": ONE_OF_EACH["group"]})}
    said = stack.up(spec).text
    assert "left connected" in said
    assert "left as it is" in said
    assert held_account(sandbox) == expected_account(spec)
    assert set(stack.resources()) == {"ExternalNumber bureau", "NumberForwarding bureau-forward"}


def test_a_rename_without_adopting_is_refused_and_removes_nothing(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    spec = {"office": _ate(stack)}
    stack.start(spec)
    stack.up({"bureau": _ate(stack)}, status=None)
    assert held_account(sandbox) == expected_account(spec)
    assert set(stack.resources()) == {"ExternalNumber office"}


@pytest.mark.parametrize("resource", first_of(["ExternalNumber office", "NumberForwarding office-forward"]))
def test_replacing_by_order_leaves_the_account_as_declared(
    stack: EngineStack, sandbox: SandboxServer, resource: str
) -> None:
    spec = {"office": _ate(stack, forwards={"office-forward": ONE_OF_EACH["group"]})}
    stack.start(spec)
    stack.up(None, "--replace", stack.urn(resource))
    assert held_account(sandbox) == expected_account(spec)
    assert stack.preview("--refresh") == {}
    assert set(stack.resources()) == {"ExternalNumber office", "NumberForwarding office-forward"}


def test_a_program_can_ask_to_create_before_deleting(stack: EngineStack, sandbox: SandboxServer) -> None:
    stack.up({"office": _ate(stack, opts={"delete_before_replace": False})})
    spec = {"office": _ate(stack, adopt=True, opts={"delete_before_replace": False})}
    stack.declare(spec)
    stack.up(None, "--replace", stack.urn("ExternalNumber office"))
    assert held_account(sandbox) == expected_account(spec)
    assert not [request for request in sent(sandbox) if request.startswith("DELETE")]


def test_a_forwarding_may_name_its_number_by_type_and_id(stack: EngineStack, sandbox: SandboxServer) -> None:
    (number_id,) = sandbox.seed(_seeded(stack))
    by_id = {"number_type": "ate", "number_id": str(number_id), **ONE_OF_EACH["number"]}
    other = {"type": "sipuri", "number": "447700900102", "host": "sip.operator.example"}
    stack.up({"other": {**other, "forwards": {"by-id": by_id}}})
    held = {entry["number"]: entry["forwarding"] for entry in sandbox.account()}
    assert held[NUMBER] == ONE_OF_EACH["number"]
    assert stack.resources()["NumberForwarding by-id"]["id"] == f"ate/{number_id}"
    assert stack.preview() == {}
    assert refused(sandbox) == []


def test_without_ids_in_the_list_what_needs_one_says_so(stack: EngineStack, sandbox: SandboxServer) -> None:
    sandbox.settings(no_ids=True)
    stack.up({"office": _ate(stack)})
    assert stack.resources()["ExternalNumber office"]["id"] == f"number:{NUMBER}"
    assert stack.preview("--refresh") == {}
    forwards = {"office-forward": ONE_OF_EACH["group"]}
    said = stack.up({"office": _ate(stack, forwards=forwards)}, status=None).text
    assert f"number_id: the API's list gives no id for {NUMBER}" in said
    said = stack.up({"office": _ate(stack, host="other.example")}, status=None).text
    assert f"{NUMBER} cannot be updated: the API's list gives it no id" in said
    said = stack.destroy(status=None).text
    assert f"{NUMBER} cannot be disconnected: the API's list gives it no id" in said
    assert len(sandbox.account()) == 1
    assert set(stack.resources()) == {"ExternalNumber office"}
