"""`plusofon targets`: the four lists in one table, and what could not be listed beside them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from pulumi_plusofon.command.main import main
from unit.wire import TOKEN, Answer, Wire, refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from unit.clock import Clock

SIP = Answer(body={"data": [{"id": 4, "name": "Reception", "number": 100, "login": "100a", "password": "x"}]})
GROUPS = Answer(body={"data": [{"id": 12, "name": "Support"}, {"id": 9, "name": "[red]Sales\x1b[2J"}]})
EMPTY = Answer(body={"data": [], "current_page": 1, "last_page": 1})


@pytest.fixture
def targets(wire: Wire, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Callable[..., Result]:
    """The command, with the server of this test in its environment."""
    assert clock.slept == []
    for name, value in {"TOKEN": TOKEN, "BASE_URL": wire.url, "MAX_RETRIES": "0"}.items():
        monkeypatch.setenv(f"PLUSOFON_{name}", value)
    return lambda *words: CliRunner().invoke(main, ["targets", *words])


def test_targets_are_listed_by_kind_and_name(targets: Callable[..., Result], wire: Wire) -> None:
    wire.script(SIP, GROUPS, EMPTY, EMPTY)
    result = targets()
    assert result.exit_code == 0
    rows = [line.split() for line in result.stdout.splitlines()]
    assert rows == [
        ["kind", "id", "name", "number", "login"],
        ["sip", "4", "Reception", "100", "100a"],
        ["group", "12", "Support", "-", "-"],
        ["group", "9", "[red]Sales\N{REPLACEMENT CHARACTER}[2J", "-", "-"],
    ]
    assert [request.path for request in wire.asked] == [
        "/api/v1/sip",
        "/api/v1/groups",
        "/api/v1/scenario",
        "/api/v1/call-queues",
    ]


def test_targets_are_values_in_json(targets: Callable[..., Result], wire: Wire) -> None:
    wire.script(SIP, EMPTY)
    assert json.loads(targets("--json").stdout) == [
        {"kind": "sip", "id": 4, "name": "Reception", "number": "100", "login": "100a"}
    ]


def test_a_list_that_fails_does_not_hide_the_others(targets: Callable[..., Result], wire: Wire) -> None:
    wire.script(SIP, refusal(403, "Недостаточно прав"), EMPTY)
    result = targets()
    assert result.exit_code == 1
    assert "Reception" in result.stdout
    [line] = result.stderr.splitlines()
    assert line.startswith("Error: listing the groups: HTTP 403: Недостаточно прав")
    assert "lk.plusofon.ru" in line
