"""`plusofon changes` on previews of the real engine: what it says is what the update then does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from harness.engine_stack import EngineStack, held_account, numbered

if TYPE_CHECKING:
    from pathlib import Path

GROUP = {"type": "group", "group_id": 9, "cli_type": "Y"}
SIPURI = {"type": "sipuri", "host": "sip.operator.example"}
COUNTRIES = {"forwarding-destination-allowed": {"allowedCountries": ["US"]}}


def spec(secret: str) -> dict[str, dict[str, Any]]:
    return {
        "replaced": numbered(101, secret, forwards={"replaced": GROUP}),
        "moved": {**SIPURI, "number": "447700900102", "forwards": {"moved": GROUP}},
        "gone": {**SIPURI, "number": "447700900103", "forwards": {"gone": GROUP}},
        "same": {**SIPURI, "number": "447700900104", "forwards": {"same": GROUP}},
        "password": numbered(105, secret, forwards={"password": GROUP}),
        "host": {**SIPURI, "number": "447700900106", "forwards": {"host": GROUP}},
    }


def changed(secret: str) -> dict[str, dict[str, Any]]:
    """The same stack with one of each change."""
    after = spec(secret)
    del after["gone"]
    after["replaced"] |= {"number": "447700900111"}
    after["moved"]["forwards"] = {
        "moved": {"type": "number", "destination_number": "442079460123", "cli_type": "N"}
    }
    after["password"] |= {"secret": f"{secret}-new"}
    after["host"] |= {"host": "sip2.operator.example"}
    after["new"] = {**SIPURI, "number": "447700900112", "forwards": {"new": GROUP}}
    return after


# By number: the kind of change, and where calls go before and after.
EXPECTED = {
    "447700900101": ("replaced", "group Support (9)", None),
    "447700900111": ("connected", None, "group Support (9)"),
    "447700900102": ("moved", "group Support (9)", "number 442079460123"),
    "447700900103": ("disconnected", "group Support (9)", None),
    "447700900104": ("unchanged", "group Support (9)", "group Support (9)"),
    "447700900105": ("registration", "group Support (9)", "group Support (9)"),
    "447700900106": ("registration", "group Support (9)", "group Support (9)"),
    "447700900112": ("connected", None, "group Support (9)"),
}


@pytest.fixture
def previewed(stack: EngineStack, tmp_path: Path) -> EngineStack:
    """A stack that is up, and a program that changes it."""
    stack.sandbox.seed_targets(group=[{"id": 9, "name": "Support"}])
    stack.start(spec(stack.secret))
    stack.declare(changed(stack.secret))
    (stack.program / "rules.json").write_text(json.dumps(COUNTRIES))
    assert tmp_path.exists()
    return stack


def said(stack: EngineStack, options: str) -> dict[str, Any]:
    """What is said of a preview with these options; standard output alone is piped."""
    ran = stack.shell(
        f"pulumi preview --json {options} --stack {stack.name} 2>errors"
        " | plusofon changes --names --json --policy-pack-config rules.json"
    )
    assert ran.status == 0, ran.text
    found: dict[str, Any] = json.loads(ran.text)
    return found


def test_every_kind_of_change_is_said_before_it_happens_and_then_happens(previewed: EngineStack) -> None:
    stack = previewed
    whole = said(stack, "--show-sames")
    shown = {
        number["number"]: (number["kind"], number["before"], number["after"]) for number in whole["numbers"]
    }
    assert shown == EXPECTED
    assert (whole["complete"], whole["shows_unchanged"], whole["other_changes"]) == (True, True, 0)
    # Without --show-sames the rest comes from the state.
    assert said(stack, "") == whole

    by_number = {number["number"]: number for number in whole["numbers"]}
    [danger] = by_number["447700900102"]["dangers"]
    assert danger.startswith("forwarding-destination-allowed: destination_number 442079460123 is in GB")
    assert by_number["447700900105"]["notes"] == ["registers anew: its password changes (not shown)"]
    assert by_number["447700900101"]["replaced_by"] == "447700900111"

    ran = stack.shell(
        f"pulumi preview --json --show-sames --stack {stack.name} > preview.json;"
        " plusofon changes preview.json --policy-pack-config rules.json --markdown changes.md"
    )
    lines = ran.text.splitlines()
    assert lines[0] == (
        "What changes for callers: 7 of 8 numbers of the stack test. 3 numbers with a danger, marked !."
    )
    assert [line.split()[1] for line in lines[1:] if line.startswith("!")] == [
        "447700900103",
        "447700900101",
        "447700900102",
    ]
    assert (
        "| ! | +447700900103 | gone | disconnected | group 9 | - | calls to it fail from then on |"
        in (stack.program / "changes.md").read_text().splitlines()
    )

    stack.up()
    held = held_account(stack.sandbox)
    assert set(held) == {number for number, (_, _, after) in EXPECTED.items() if after}
    assert held["447700900102"]["forwarding"]["destination_number"] == "442079460123"
    assert said(stack, "--show-sames")["numbers"][0]["kind"] == "unchanged"


def test_a_program_that_fails_is_never_a_preview_without_changes(previewed: EngineStack) -> None:
    (previewed.program / "spec.json").write_text("no JSON")
    ran = previewed.shell(
        f"pulumi preview --json --stack {previewed.name} 2>errors >preview.json || true;"
        " plusofon changes preview.json --markdown changes.md"
    )
    assert ran.status == 1
    assert "The preview failed, so this may not be all" in (previewed.program / "changes.md").read_text()
