"""Rules about what they cannot know yet, about stacks that exist, and without a preview."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from support.policy_pack import judged, written

if TYPE_CHECKING:
    from harness.engine_stack import EngineStack
    from pulumi_plusofon.testing import SandboxServer

DAY, NIGHT, FAX, NEW = "442079460101", "442079460102", "442079460103", "442079460104"
GROUP = {"type": "group", "group_id": 9, "cli_type": "Y"}
BRITISH = {"forwarding-destination-allowed": {"allowedCountries": ["GB"]}}
# The name of the stack as a resource: what a rule says of no resource in particular is said of it.
STACK = "engine-test-test"


def _number(digits: str, forward: dict[str, Any], **more: Any) -> dict[str, Any]:
    own = {"type": "sipuri", "number": digits, "host": "sip.operator.example"}
    return {**own, **more, "forwards": {f"{digits}-onward": forward}}


def _to(digits: str) -> dict[str, Any]:
    return {"type": "number", "destination_number": digits, "cli_type": "N"}


def test_values_unknown_in_a_preview_are_reported_and_checked_at_update(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    unknown = {"type": "number", "destination_number": {"unknown": "12025550123", "turn": 1}, "cli_type": "N"}
    stack.declare({"day": _number(DAY, unknown)})
    preview = judged(stack, "preview", None, refused=False)
    onward = f"{DAY}-onward"
    assert not preview.broken()
    assert preview.put_off() == {
        ("forwarding-destination-allowed", onward),
        ("no-premium-rate-destination", onward),
        ("no-forwarding-loop", STACK),
    }
    said = f"destination_number of NumberForwarding {onward} is not known yet: checked at update"
    assert preview.text.count(said) == 3
    assert preview.text.count(f"{said}, when the resources exist") == 1

    up = judged(stack, "up", None, "--yes", refused=True)
    assert ("forwarding-destination-allowed", onward) in up.broken("mandatory")
    assert [line.split()[0] for line in written(stack)] == ["PUT"], "the number alone"
    assert sandbox.account()[0]["forwarding"] is None


@pytest.mark.rest
def test_known_values_are_validated_also_beside_unknown_values(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    login = {"unknown": "9460101", "turn": 1}
    stack.declare({"desk": _number(DAY, GROUP, type="ate", login=login, secret="x1-Y2_z3")})
    preview = judged(stack, "preview", None, refused=True)
    assert preview.broken() == {("sip-secret-strong", "desk")}
    assert preview.put_off() == {("sip-secret-strong", "desk")}
    assert "secret (not shown) has 8 characters, minLength is 12" in preview.text
    assert "login of ExternalNumber desk is not known yet: checked at update" in preview.text
    assert "x1-Y2_z3" not in preview.text
    assert sandbox.requests() == []


@pytest.mark.rest
def test_a_loop_through_numbers_that_exist_is_found_while_they_change(stack: EngineStack) -> None:
    fax = _number(FAX, GROUP)
    stack.start({"day": _number(DAY, _to(NIGHT)), "night": _number(NIGHT, GROUP), "fax": fax})
    dedicated = {"type": "sip_uri", "destination_uri": f"42291{DAY}@ext.plusofon.ru", "cli_type": "N"}
    stack.declare(
        {
            # An update and a replacement: the engine knows neither number's outputs in the preview.
            "day": _number(DAY, _to(NEW), host="sip2.operator.example"),
            "night": _number(NEW, dedicated),
            "fax": {**fax, "host": "sip2.operator.example"},
        }
    )
    preview = judged(stack, "preview", BRITISH, refused=True)
    assert preview.broken("mandatory") == {("no-forwarding-loop", f"{DAY}-onward")}
    assert not preview.broken("advisory") | preview.put_off()
    assert written(stack) == []


@pytest.mark.rest
def test_without_a_preview_a_loop_is_found_when_it_is_there(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    stack.declare({"day": _number(DAY, _to(NIGHT)), "night": _number(NIGHT, _to(DAY))})
    up = judged(stack, "up", BRITISH, "--yes", "--skip-preview", refused=True)
    assert up.broken() == {("no-forwarding-loop", f"{DAY}-onward")}
    assert [number["forwarding"]["type"] for number in sandbox.account()] == ["number", "number"]
