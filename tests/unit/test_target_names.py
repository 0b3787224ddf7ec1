"""A stack's data with the names of SIP accounts, groups, scenarios and call queues in place of their ids."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from pulumi_plusofon import InputError
from pulumi_plusofon.data.references import References
from pulumi_plusofon.stack import declare_numbers
from unit.bad_inputs import SIPURI
from unit.mock_engine import run
from unit.wire import Answer, Wire, refusal

LISTED = Answer(
    body={"data": [{"id": 9, "name": "Support"}, {"id": 12, "name": "Sales"}, {"id": 13, "name": "Sales"}]}
)
FORWARD = {"type": "group", "group": "Support", "cli_type": "Y"}


@pytest.fixture(autouse=True)
def account(asked_by_programs: Wire) -> None:
    """The account of the stack's configuration, which lists these targets."""
    asked_by_programs.script(LISTED)


def numbers(*forwards: Any) -> list[dict[str, Any]]:
    return [
        {**SIPURI, "name": f"n{at}", "number": f"+4477009001{at:02}", "forward": forward}
        for at, forward in enumerate(forwards)
    ]


def forwarded(*forwards: Any) -> list[dict[str, Any]]:
    registered = run(lambda: declare_numbers(numbers(*forwards)))
    return [resource.inputs for resource in registered if resource.type.endswith("NumberForwarding")]


def refused(*forwards: Any) -> list[str]:
    with pytest.raises(InputError) as error:
        run(lambda: declare_numbers(numbers(*forwards)))
    return str(error.value).splitlines()


@pytest.mark.parametrize(
    ("kind", "field", "path"),
    [
        ("sip", "sip_id", "/api/v1/sip"),
        ("group", "group_id", "/api/v1/groups"),
        ("scenario", "scenario_id", "/api/v1/scenario"),
        ("call_queue", "call_queue_id", "/api/v1/call-queues"),
    ],
)
def test_a_name_stands_for_the_id_that_the_account_gives_it(
    wire: Wire, kind: str, field: str, path: str
) -> None:
    forwarding, other = forwarded(*[{"type": kind, kind: "Support", "cli_type": "Y"}] * 2)
    assert forwarding[field] == other[field] == 9
    assert kind not in forwarding
    assert [asked.path for asked in wire.asked] == [path]


def test_the_fallback_of_a_crm_may_be_a_name() -> None:
    crm = {"type": "bitrix", "host": "office.bitrix24.example", "cli_type": "Y"}
    [forward] = forwarded({**crm, "type_default": "group", "group": "Support"})
    assert forward["group_id"] == 9


def test_data_without_a_name_asks_the_account_nothing(wire: Wire) -> None:
    forwarded({"type": "group", "group_id": 9, "cli_type": "Y"})
    assert wire.asked == []


@pytest.mark.parametrize(
    ("forward", "problems"),
    [
        (
            {**FORWARD, "group": "Suport"},
            ['group: the account has no group "Suport"; it has Sales, Support'],
        ),
        (
            {**FORWARD, "group": "Sales"},
            ['group: the account has 2 groups "Sales" (ids 12, 13): give the id'],
        ),
        ({**FORWARD, "group_id": 9}, ["group: cannot be given together with group_id: they are the same"]),
        (
            {"type": "sip", "group": "Support", "cli_type": "Y", "sip_id": 4},
            ["group: is not allowed for type sip"],
        ),
        ({"type": "empty", "group": "Support"}, ["group: is not allowed for type empty"]),
        (
            {**FORWARD, "group": 9},
            ["group: must be a name: text, in quotes if it looks like a number, no secret"],
        ),
        (
            {**FORWARD, "group": pulumi.Output},
            ["group: must be a name: text, in quotes if it looks like a number, no secret"],
        ),
        ({"type": "group", "cli_type": "Y"}, ["group_id: is required for type group"]),
        ({**FORWARD, "queue": "Support"}, ["queue: is no field of a forwarding"]),
        (
            {"type": "group", "group": "Suport", "colour": "red"},
            [
                "colour: is no field of a forwarding",
                'group: the account has no group "Suport"; it has Sales, Support',
                "cli_type: is required for type group",
            ],
        ),
    ],
)
def test_a_mistake_is_reported_by_its_path(forward: dict[str, Any], problems: list[str]) -> None:
    assert refused(FORWARD, forward) == [f"numbers[1].forward.{problem}" for problem in problems]


def test_a_type_that_cannot_have_the_name_asks_the_account_nothing(wire: Wire) -> None:
    refused({"type": "sip", "group": "Support", "cli_type": "Y", "sip_id": 4})
    assert wire.asked == []


def test_a_list_that_fails_is_asked_for_and_reported_once(wire: Wire) -> None:
    wire.script(refusal(401, "no such token"))
    [line] = refused(FORWARD, FORWARD, FORWARD)
    assert line.startswith("numbers[0].forward.group: listing the groups: HTTP 401: no such token")
    assert len(wire.asked) == 1


def test_a_name_from_the_environment_is_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OFFICE_GROUP", "Support")
    resolved = References().resolve(numbers({**FORWARD, "group": {"env": "OFFICE_GROUP"}}), "numbers")
    [forward] = [
        resource.inputs
        for resource in run(lambda: declare_numbers(resolved))
        if "group_id" in resource.inputs
    ]
    assert forward["group_id"] == 9
