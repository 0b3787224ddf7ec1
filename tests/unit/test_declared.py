"""Numbers declared as data: each mistake has its path, and only data without one becomes resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from harness.forwarding_types import ALL_IN_WORDS
from pulumi_plusofon import InputError
from pulumi_plusofon.stack.from_data import DeclaredNumber, declare_numbers
from unit.bad_inputs import ATE, HIDDEN, SIPURI
from unit.mock_engine import SECRET, Registered, run

if TYPE_CHECKING:
    from collections.abc import Awaitable

FORWARD = {"type": "group", "group_id": 9, "cli_type": "Y"}
MAPPING = "must be a mapping such as {type: sipuri, number: ..., host: ...}"
FORWARD_MAPPING = "must be a mapping such as {type: group, group_id: 9, cli_type: Y}"
FORMER = "must be a list of the names that it had before"


# The data, and the paths and words of what is reported of it.
WRONG: list[tuple[Any, list[str]]] = [
    (None, ["numbers: is missing"]),
    ({}, ["numbers: must be a list of numbers"]),
    ("79104445566", ["numbers: must be a list of numbers"]),
    ({"sales": SIPURI}, ["numbers: must be a list of numbers"]),
    ([None], [f"numbers[0]: {MAPPING}"]),
    (["79104445566"], [f"numbers[0]: {MAPPING}"]),
    ([SIPURI, [ATE]], [f"numbers[1]: {MAPPING}"]),
    (
        [{}],
        ["numbers[0].type: is required", "numbers[0].number: is required", "numbers[0].host: is required"],
    ),
    ([{**SIPURI, "colour": "red"}], ["numbers[0].colour: is no field of a number"]),
    ([{**SIPURI, 7: "red"}], ["numbers[0].7: is no field of a number"]),
    ([{**SIPURI, "protect": "yes"}], ["numbers[0].protect: must be true or false"]),
    ([{**SIPURI, "protect": 1}], ["numbers[0].protect: must be true or false"]),
    ([{**SIPURI, "number_id": 101}], ["numbers[0].number_id: is no field of a number"]),
    ([{**SIPURI, "secret": HIDDEN}], ["numbers[0].secret: is not allowed for type sipuri"]),
    ([ATE, {**SIPURI, "host": ""}], ["numbers[1].host: must not be empty"]),
    ([{**SIPURI, "name": ""}], ["numbers[0].name: must be a text"]),
    ([{**SIPURI, "name": "  "}], ["numbers[0].name: must be a text"]),
    ([{**SIPURI, "name": 7}], ["numbers[0].name: must be a text"]),
    ([{**SIPURI, "name": ["a"]}], ["numbers[0].name: must be a text"]),
    ([{**SIPURI, "name": "sa\nles"}], ["numbers[0].name: must be a text"]),
    ([{**SIPURI, "a\nb": 1}], [r"'numbers[0].a\nb': is no field of a number"]),
    (
        [{**SIPURI, "forward": {**FORWARD, "a\x1b[2J": 1}}],
        [r"'numbers[0].forward.a\x1b[2J': is no field of a forwarding"],
    ),
    ([{**SIPURI, "name": None, "colour": "red"}], ["numbers[0].colour: is no field of a number"]),
    (
        [{**SIPURI, "name": None}, {**ATE, "name": "79104445567"}],
        ["numbers[1].name: 79104445567 is also numbers[0].name"],
    ),
    (
        [{**SIPURI, "name": "sales"}, {**ATE, "name": "sales"}],
        ["numbers[1].name: sales is also numbers[0].name"],
    ),
    (
        [{**SIPURI, "name": "one"}, {**SIPURI, "name": "two", "number": "+7 910 444-55-67"}],
        ["numbers[1].number: 79104445567 is also numbers[0].number"],
    ),
    (
        [{**SIPURI, "name": "one"}, {**SIPURI, "name": "two", "number": "+7 (8) 910 444\u201355\u201367"}],
        ["numbers[1].number: 79104445567 is also numbers[0].number"],
    ),
    (
        [{**SIPURI, "host": ["sip1.example.com", "a host"]}],
        ["numbers[0].host: must be a host name or an IP address alone, such as sip.example.com"],
    ),
    ([SIPURI, {**ATE, "name": "79104445567"}], ["numbers[1].name: 79104445567 is also numbers[0].name"]),
    ([{**SIPURI, "aliases": "sales"}], [f"numbers[0].aliases: {FORMER}"]),
    ([{**SIPURI, "aliases": ["sales", 7]}], [f"numbers[0].aliases: {FORMER}"]),
    ([{**SIPURI, "aliases": [" "]}], [f"numbers[0].aliases: {FORMER}"]),
    (
        [{**SIPURI, "name": "a", "aliases": ["b", "a"]}, {**ATE, "name": "b"}],
        [
            "numbers[0].aliases[1]: a is also numbers[0].name",
            "numbers[1].name: b is also numbers[0].aliases[0]",
        ],
    ),
    ([{**SIPURI, "forward": "group"}], [f"numbers[0].forward: {FORWARD_MAPPING}"]),
    ([{**SIPURI, "forward": [FORWARD]}], [f"numbers[0].forward: {FORWARD_MAPPING}"]),
    ([{**SIPURI, "forward": {}}], ["numbers[0].forward.type: is required"]),
    (
        [ATE, {**SIPURI, "forward": {**FORWARD, "type": "grup"}}],
        [f"numbers[1].forward.type: must be {ALL_IN_WORDS}, not 'grup'"],
    ),
    (
        [{**SIPURI, "forward": {**FORWARD, "sip_id": 4}}],
        ["numbers[0].forward.sip_id: is not allowed for type group"],
    ),
    (
        [{**SIPURI, "forward": {"type": "group"}}],
        [
            "numbers[0].forward.group_id: is required for type group",
            "numbers[0].forward.cli_type: is required for type group",
        ],
    ),
    (
        [{**SIPURI, "forward": {**FORWARD, "number_id": 17}}],
        ["numbers[0].forward.number_id: is no field of a forwarding"],
    ),
    (
        [{**SIPURI, "host": 1, "forward": {"type": "empty", "cli_type": "Y"}}, {**ATE, "port": 0}],
        [
            "numbers[0].host: must be text, not int",
            "numbers[0].forward.cli_type: is not allowed for type empty",
            "numbers[1].port: must be a whole number from 1 to 65535, not 0",
        ],
    ),
]


def declared(numbers: Any) -> tuple[dict[str, DeclaredNumber], list[Registered]]:
    made: dict[str, DeclaredNumber] = {}
    return made, run(lambda: made.update(declare_numbers(numbers)))


@pytest.mark.parametrize(("numbers", "expected"), WRONG)
def test_a_mistake_is_reported_by_its_path(numbers: Any, expected: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        declare_numbers(numbers)
    assert str(caught.value).splitlines() == expected


def test_a_mistake_anywhere_declares_nothing() -> None:
    def program() -> None:
        with pytest.raises(InputError):
            declare_numbers([SIPURI, {**ATE, "port": 0}])

    assert run(program) == []


def test_data_may_be_called_something_else_in_errors() -> None:
    with pytest.raises(InputError, match=r"^plusofon:phones\[0\]\.host: is required$"):
        declare_numbers([{"type": "sipuri", "number": "79104445567"}], "plusofon:phones")


def test_a_password_is_not_shown_in_an_error() -> None:
    with pytest.raises(InputError) as caught:
        declare_numbers([{**ATE, "secret": f"{HIDDEN}\n"}])
    assert HIDDEN not in str(caught.value)


def test_no_numbers_are_no_resources() -> None:
    assert declared([]) == ({}, [])


def test_a_number_is_named_by_its_digits_unless_it_has_a_name() -> None:
    numbers, registered = declared([{**SIPURI, "number": "+7 910 444-55-67"}, {**ATE, "name": "sales"}])
    assert list(numbers) == ["79104445567", "sales"]
    assert {resource.name for resource in registered} == {"79104445567", "sales"}


def test_a_name_left_empty_in_yaml_is_not_given() -> None:
    numbers, [registered] = declared([{**SIPURI, "name": None}])
    assert list(numbers) == [registered.name] == ["79104445567"]


def test_a_number_without_a_forwarding_has_none() -> None:
    numbers, registered = declared([SIPURI, {**ATE, "forward": None}])
    assert [number.forwarding for number in numbers.values()] == [None, None]
    assert [number.forwards_to for number in numbers.values()] == [None, None]
    assert len(registered) == 2


def test_where_a_number_forwards_to_is_in_words_and_a_secret_where_its_target_is_one() -> None:
    seen: list[tuple[str | None, bool]] = []

    def program() -> None:
        secret = {
            "type": "number",
            "destination_number": pulumi.Output.secret("12025550123"),
            "cli_type": "Y",
        }
        numbers = declare_numbers([{**SIPURI, "forward": FORWARD}, {**ATE, "forward": secret}])
        for number in numbers.values():
            assert number.forwards_to is not None
            is_secret: Awaitable[bool] = number.forwards_to.is_secret()
            pulumi.Output.all(pulumi.Output.unsecret(number.forwards_to), is_secret).apply(
                lambda pair: seen.append((pair[0], pair[1]))
            )

    run(program)
    assert sorted(seen) == [("group 9", False), ("number 12025550123", True)]


def test_a_forwarding_is_of_the_number_that_it_hangs_under() -> None:
    numbers, registered = declared([{**SIPURI, "name": "sales", "forward": FORWARD}])
    assert numbers["sales"].type == "sipuri"
    assert numbers["sales"].forwarding is not None
    [number, forwarding] = registered
    assert (number.type, forwarding.type) == (
        "pulumi-python:dynamic/plusofon:ExternalNumber",
        "pulumi-python:dynamic/plusofon:NumberForwarding",
    )
    assert forwarding.name == "sales"
    assert {name: forwarding.inputs[name] for name in ("number_type", "number_id", *FORWARD)} == {
        "number_type": "sipuri",
        "number_id": "101",
        **FORWARD,
    }


def test_a_number_renamed_in_data_takes_its_forwarding_along() -> None:
    _, registered = declared([{**SIPURI, "name": "sales", "aliases": ["shop", "old"], "forward": FORWARD}])
    assert [(resource.name, resource.aliases) for resource in registered] == [("sales", ["shop", "old"])] * 2


def test_an_unknown_value_is_left_to_the_provider() -> None:
    def program() -> None:
        promised = {"login": pulumi.Output.secret("900123"), "secret": pulumi.Output.secret(HIDDEN)}
        group = {**FORWARD, "group_id": pulumi.Output.from_input(9)}
        declare_numbers([{**ATE, **promised, "forward": group}])

    number, forwarding = run(program)
    assert (number.inputs["login"], forwarding.inputs["group_id"]) == ({**SECRET, "value": "900123"}, 9)


def test_a_protected_number_protects_its_forwarding() -> None:
    _, registered = declared([{**SIPURI, "protect": True, "forward": FORWARD}, {**ATE, "protect": None}])
    assert {resource.name: resource.protect for resource in registered} == {
        "79104445567": True,
        "79104445566": False,
    }


def test_a_field_left_empty_in_yaml_is_not_given() -> None:
    _, [number] = declared([{**SIPURI, "port": None, "login": None}])
    assert "port" not in number.inputs
