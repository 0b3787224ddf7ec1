"""Ids of targets in a program that looks names up: one that the account does not have is an error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from pulumi_plusofon import (
    Account,
    ExternalNumber,
    InputError,
    NumberForwarding,
    get_group,
    get_groups,
    get_sip_account,
)
from pulumi_plusofon.stack import declare_numbers
from unit.bad_inputs import SIPURI
from unit.mock_engine import Registered, run
from unit.wire import TOKEN, Answer, Wire, refusal

if TYPE_CHECKING:
    from collections.abc import Callable

# The type of a forwarding, the field of its target, and the path of the account's list.
LISTED_TYPES = [
    ("sip", "sip_id", "/api/v1/sip"),
    ("group", "group_id", "/api/v1/groups"),
    ("scenario", "scenario_id", "/api/v1/scenario"),
    ("call_queue", "call_queue_id", "/api/v1/call-queues"),
]
WORDS = {"sip": "SIP account", "group": "group", "scenario": "scenario", "call_queue": "call queue"}
ELSEWHERE = "tok-of-another-account"
HERE = "it has Sales (12), Support (9)"
CRM = {"type": "bitrix", "host": "office.bitrix24.example", "cli_type": "Y"}


def page(*targets: dict[str, Any], **more: Any) -> Answer:
    return Answer(body={"data": list(targets), **more})


LISTED = page({"id": 9, "name": "Support"}, {"id": 12, "name": "Sales"})


@pytest.fixture(autouse=True)
def account(asked_by_programs: Wire) -> None:
    """The account of the stack's configuration, which lists these targets."""
    asked_by_programs.script(LISTED)


def office(**forward: Any) -> None:
    number = ExternalNumber("office", type="sipuri", number="+447700900101", host="sip.operator.example")
    NumberForwarding("office", number=number, **{"cli_type": "Y", **forward})


def registered(program: Callable[[], object]) -> list[str]:
    return [resource.name for resource in run(program) if _is_forwarding(resource)]


def _is_forwarding(resource: Registered) -> bool:
    return resource.type.endswith("NumberForwarding")


def refused(program: Callable[[], object]) -> str:
    with pytest.raises(InputError) as error:
        run(program)
    return str(error.value)


@pytest.mark.parametrize(("kind", "field", "path"), LISTED_TYPES)
def test_an_id_that_a_whole_list_is_without_is_an_error(wire: Wire, kind: str, field: str, path: str) -> None:
    def program() -> None:
        office(type=kind, **{field: 77})
        # The program may look up later what it declares before.
        get_groups()

    text = f"NumberForwarding office: {field}: the account has no {WORDS[kind]} with id 77; {HERE}"
    assert refused(program) == text
    assert [asked.path for asked in wire.asked] == list(dict.fromkeys(["/api/v1/groups", path]))


@pytest.mark.parametrize(("kind", "field", "path"), LISTED_TYPES)
def test_an_id_that_the_account_has_is_taken(kind: str, field: str, path: str) -> None:
    assert path

    def program() -> None:
        get_group(name="Support")
        office(type=kind, **{field: 12})

    assert registered(program) == ["office"]


def test_the_fallback_of_a_crm_is_looked_up_too() -> None:
    def program() -> None:
        get_group(name="Support")
        office(**CRM, type_default="group", group_id=77)

    assert refused(program).endswith(f"group_id: the account has no group with id 77; {HERE}")


def test_a_program_that_looks_nothing_up_asks_nothing(wire: Wire) -> None:
    assert registered(lambda: office(type="group", group_id=77)) == ["office"]
    assert wire.asked == []


def test_a_lookup_that_failed_compares_nothing(wire: Wire) -> None:
    wire.script(refusal(403, "no right"))

    def program() -> None:
        with pytest.raises(pulumi.RunError):
            get_groups()
        office(type="group", group_id=77)

    assert registered(program) == ["office"]
    assert len(wire.asked) == 1


def test_an_id_that_is_known_in_the_run_is_compared_and_a_secret_one_is_not_shown() -> None:
    def program(group_id: pulumi.Input[int]) -> None:
        get_group(name="Support")
        office(type="group", group_id=group_id)

    shown = refused(lambda: program(pulumi.Output.from_input(77)))
    assert shown.endswith(f"group_id: the account has no group with id 77; {HERE}")
    hidden = refused(lambda: program(pulumi.Output.secret(77)))
    assert hidden.endswith(f"group_id: the account has no group with this id (a secret); {HERE}")


def test_an_id_that_is_known_after_the_update_is_left_out() -> None:
    def program() -> None:
        get_group(name="Support")
        never: Any = pulumi.Output.from_input(1).apply(lambda _: pulumi.UNKNOWN)
        office(type="group", group_id=never)

    assert registered(program) == ["office"]


def test_what_may_be_another_value_than_the_programs_is_left_out() -> None:
    def program() -> None:
        get_group(name="Support")
        number = ExternalNumber("office", type="sipuri", number="+447700900101", host="a.example")
        NumberForwarding(
            "office",
            number=number,
            type="group",
            group_id=77,
            cli_type="Y",
            opts=pulumi.ResourceOptions(ignore_changes=["group_id"]),
        )

    assert registered(program) == ["office"]


def test_a_list_that_cannot_be_read_whole_proves_nothing_and_is_said_once(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", lambda text, *_given: said.append(text))
    cut = page({"id": 4, "name": "Reception"}, total=2)
    wire.script(LISTED, *[cut] * 8)

    def program() -> None:
        get_group(name="Support")
        office(type="sip", sip_id=77)
        other = ExternalNumber("fax", type="sipuri", number="+447700900102", host="a.example")
        NumberForwarding("fax", number=other, type="sip", sip_id=78, cli_type="Y")

    assert sorted(registered(program)) == ["fax", "office"]
    [line] = said
    assert line.startswith("the ids of SIP accounts were not checked: listing the SIP accounts: ")
    assert "the list says that it has 2 entries, and 1 came" in line
    assert [asked.path for asked in wire.asked].count("/api/v1/sip") == 1


def test_an_entry_whose_id_cannot_be_read_may_be_the_one(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", lambda text, *_given: said.append(text))
    wire.script(page({"id": 9, "name": "Support"}, {"id": "x77", "name": "Night"}))

    def program() -> None:
        get_group(name="Support")
        office(type="group", group_id=77)

    assert registered(program) == ["office"]
    assert said == [
        "the ids of groups were not checked: the list of groups has an entry whose id cannot be read"
    ]


def test_an_empty_list_counts_when_it_comes_twice(wire: Wire) -> None:
    def program() -> None:
        get_sip_account(login="100a")
        office(type="group", group_id=9)

    sip = page({"id": 4, "name": "Reception", "login": "100a"})
    wire.script(sip, page(), LISTED)
    assert registered(program) == ["office"]
    wire.script(sip, page(), page())
    assert refused(program).endswith("group_id: the account has no group with id 9; it has none")


def test_each_account_has_its_own_lists(wire: Wire) -> None:
    def program(*, there: int, here: int, asks: str) -> None:
        second = Account("second", token=ELSEWHERE)
        get_group(name="Support", account=second if asks == "there" else None)
        number = ExternalNumber(
            "there",
            type="sipuri",
            number="+447700900102",
            host="a.example",
            opts=pulumi.ResourceOptions(provider=second),
        )
        NumberForwarding("there", number=number, type="group", group_id=there, cli_type="Y")
        office(type="group", group_id=here)

    # The list of one account says nothing of the other's.
    assert sorted(registered(lambda: program(there=12, here=77, asks="there"))) == ["office", "there"]
    assert sorted(registered(lambda: program(there=77, here=12, asks="here"))) == ["office", "there"]
    assert "NumberForwarding there: group_id" in refused(lambda: program(there=77, here=9, asks="there"))
    assert "NumberForwarding office: group_id" in refused(lambda: program(there=9, here=77, asks="here"))
    tokens = [asked.headers["Authorization"].removeprefix("Bearer ") for asked in wire.asked]
    assert tokens == [ELSEWHERE, TOKEN, ELSEWHERE, TOKEN]


def numbers(*forwards: Any, **more: Any) -> list[dict[str, Any]]:
    return [
        {**SIPURI, "name": f"n{at}", "number": f"+4477009001{at:02}", "forward": forward, **more}
        for at, forward in enumerate(forwards)
    ]


def by_name(**more: Any) -> dict[str, Any]:
    return {"type": "group", "group": "Support", "cli_type": "Y", **more}


def test_ids_in_data_with_a_name_are_compared_and_reported_by_their_paths(wire: Wire) -> None:
    data = numbers(
        {"type": "group", "group_id": 77, "cli_type": "Y"},
        by_name(),
        {"type": "scenario", "scenario_id": 9, "cli_type": "Y"},
        forwards={"night": {"type": "call_queue", "call_queue_id": 78, "cli_type": "Y"}},
    )
    assert refused(lambda: declare_numbers(data)).splitlines() == [
        f"numbers[0].forward.group_id: the account has no group with id 77; {HERE}",
        *(
            f"numbers[{at}].forwards.night.call_queue_id: the account has no call queue with id 78; {HERE}"
            for at in range(3)
        ),
    ]
    assert sorted(asked.path for asked in wire.asked) == [
        "/api/v1/call-queues",
        "/api/v1/groups",
        "/api/v1/scenario",
    ]


def test_data_without_a_name_compares_nothing(wire: Wire) -> None:
    data = numbers({"type": "group", "group_id": 77, "cli_type": "Y"})
    assert registered(lambda: declare_numbers(data)) == ["n0"]
    assert wire.asked == []


def test_a_list_that_only_a_profile_needs_and_that_cannot_be_read_is_said(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", lambda text, *_given: said.append(text))
    night = {"type": "scenario", "scenario_id": 78, "cli_type": "Y"}
    [number] = numbers(None, forwards={"day": by_name(), "night": night})
    wire.script(LISTED, refusal(403, "no right"))
    assert registered(lambda: declare_numbers([number])) == []
    [line] = said
    assert line.startswith("the ids of scenarios were not checked: listing the scenarios: HTTP 403: no right")
