"""Exceptions from rules in a file of settings of version 2: the engine's own, and their end, the pack's."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Final

import pytest

from support.policy_pack import PACK, written
from support.policy_page import SECTIONS, program

if TYPE_CHECKING:
    from harness.engine_stack import EngineStack

RULE: Final = "forwarding-destination-allowed"
URN: Final = "urn:pulumi:test::engine-test::pulumi-python:dynamic/plusofon:NumberForwarding::sales"


@pytest.mark.rest
def test_an_exception_is_the_engines_until_it_ends_and_then_refused_by_the_pack(stack: EngineStack) -> None:
    [section] = (section for section in SECTIONS if section.rule == RULE)
    (stack.program / "__main__.py").write_text(program(section.refused))
    file = stack.folder / "rules.json"
    today = datetime.now(timezone.utc).date()

    def preview(days: int, *, status: int | None) -> str:
        match = {"policies": [RULE], "targets": [URN]}
        reason = f"until {today + timedelta(days)}"
        settings = {
            "version": 2,
            "policies": {},
            "exceptions": {"EXC-1": {"reason": reason, "match": [match]}},
        }
        file.write_text(json.dumps(settings))
        words = ("preview", "--stack", "test", "--policy-pack", str(PACK))
        return stack.run(*words, status=status, PULUMI_OPTION_POLICY_PACK_CONFIG=str(file)).text

    assert "[exempted]  forwarding-destination-allowed" in preview(1, status=0)
    refused = preview(-1, status=None)
    assert (
        f"policy exception EXC-1 ended on {today + timedelta(-1)}: remove it, or give it another date"
        in refused
    )
    assert written(stack) == []
