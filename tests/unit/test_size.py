"""A program that declares many resources: one line says what that costs, and where the way out stands."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import pytest

from pulumi_plusofon import ExternalNumber
from pulumi_plusofon.resources import arguments, options, size
from pulumi_plusofon.schema.fields import FORWARDING_FIELDS, NUMBER_FIELDS
from unit.bad_inputs import SIP, SIPURI
from unit.mock_engine import run


@pytest.mark.parametrize(
    ("numbers", "forwardings", "skips", "lines"),
    [
        (300, 200, "false", 0),
        (300, 201, "false", 1),
        (501, 0, "false", 1),
        (1000, 500, "false", 1),
        (501, 0, "true", 0),
    ],
)
def test_a_program_of_more_than_500_resources_is_warned_once(
    numbers: int, forwardings: int, skips: str, lines: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULUMI_SKIP_CHECKPOINTS", skips)
    warned: list[str] = []
    monkeypatch.setattr("pulumi.log.warn", warned.append)
    # The mocks have one root for all programs.
    monkeypatch.setattr(options, "_SAID", WeakKeyDictionary())
    monkeypatch.setattr(size, "_DECLARED", WeakKeyDictionary())

    def program() -> None:
        # What both constructors call first: to register 1,500 resources takes the mocks ten seconds.
        for place in range(numbers):
            arguments.external_number(f"n{place}", {**dict.fromkeys(NUMBER_FIELDS), **SIPURI}, None)
        for place in range(forwardings):
            given = {**dict.fromkeys(FORWARDING_FIELDS), **SIP}
            arguments.forwarding(f"f{place}", None, given, None, ExternalNumber)

    run(program)
    assert len(warned) == lines
    assert all("more than 500 resources" in line and "docs/performance.md" in line for line in warned)
