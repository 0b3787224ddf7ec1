"""A forwarding in a program, and the properties that the engine receives."""

from __future__ import annotations

import inspect
from typing import Any, get_args

import pytest

from pulumi_plusofon import ExternalNumber, InputError, NumberForwarding
from pulumi_plusofon.data.references import References
from pulumi_plusofon.schema import targets
from pulumi_plusofon.schema.kinds import EXTERNAL_NUMBER, NUMBER_FORWARDING, Kind
from unit.bad_inputs import FORWARDING, SIP, SIPURI
from unit.mock_engine import Registered, run

TARGET: dict[str, Any] = {"type": "sip", "sip_id": 4, "cli_type": "Y"}
NOT_BOTH = "number: cannot be given together with number_type or number_id: they are the same"
WRONG_KIND = "number: must be an ExternalNumber; use number_type and number_id otherwise"


def of_a_number(**more: Any) -> list[Registered]:
    def program() -> None:
        NumberForwarding("main", number=ExternalNumber("main", **SIPURI), **TARGET, **more)

    return run(program)


def refused(**inputs: Any) -> list[str]:
    with pytest.raises(InputError) as caught:
        run(lambda: NumberForwarding("main", **inputs))
    return str(caught.value).splitlines()


def test_a_forwarding_is_registered_under_its_type_token() -> None:
    [resource] = run(lambda: NumberForwarding("main", **SIP))
    assert (resource.type, resource.name) == ("pulumi-python:dynamic/plusofon:NumberForwarding", "main")
    assert {name: resource.inputs[name] for name in SIP} == SIP


def test_a_number_fills_both_names_of_it() -> None:
    [_, resource] = of_a_number()
    assert (resource.inputs["number_type"], resource.inputs["number_id"]) == ("sipuri", "101")


@pytest.mark.parametrize("more", [{"number_id": 101}, {"number_type": "sipuri"}])
def test_a_number_is_named_one_way_only(more: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        of_a_number(**more)
    assert str(caught.value) == f"NumberForwarding main: {NOT_BOTH}"


@pytest.mark.parametrize("number", ["79104445567", 79104445567, 101, {"number": "79104445567"}, False])
def test_a_number_is_an_external_number_and_nothing_like_it(number: Any) -> None:
    assert refused(number=number, **TARGET) == [f"NumberForwarding main: {WRONG_KIND}"]


def test_a_wrong_number_does_not_hide_other_problems() -> None:
    lines = refused(number="79104445567", type="sip", cli_type="maybe")
    assert [line.split(": ")[1] for line in lines] == ["number", "sip_id", "cli_type"]


def test_a_forwarding_of_no_number_is_refused() -> None:
    assert refused(**TARGET) == [
        "NumberForwarding main: number_type: is required",
        "NumberForwarding main: number_id: is required",
    ]


@pytest.mark.parametrize(
    ("base", "field", "value", "expected"), [case for case in FORWARDING if case[1] != "number"]
)
def test_a_bad_input_is_refused_at_the_line_that_said_it(
    base: dict[str, Any], field: str, value: Any, expected: str
) -> None:
    [line] = refused(**{**base, field: value})
    assert line.startswith(f"NumberForwarding main: {field}: ")
    assert expected in line


def test_another_numbers_digits_are_handed_on_with_their_plus() -> None:
    # Chicago: the digits alone could also be a mobile number as it is written in China.
    night = {**SIPURI, "number": "+1 312 345 6789"}

    def program() -> None:
        number = ExternalNumber("night", **night).number
        NumberForwarding("day", **{**SIP, "type": "number", "sip_id": None}, destination_number=number)

    [_, day] = run(program)
    assert day.inputs["destination_number"] == "+13123456789"


def test_the_types_that_an_editor_offers_are_those_that_are_taken() -> None:
    assert sorted(get_args(targets.ForwardingType)) == sorted(targets.FORWARDING_TYPES)
    assert set(get_args(targets.ForwardingType)) - set(get_args(targets.FallbackType)) == set(targets.CRMS)
    offered = inspect.signature(NumberForwarding.__init__).parameters
    for name in ("number_type", "type", "type_default", "cli_type", "cli_type_default"):
        assert "Literal[" in str(offered[name].annotation)
    number_type = inspect.signature(ExternalNumber.__init__).parameters["type"].annotation
    assert "Literal['ate', 'sipuri']" in str(number_type)


def _takes(parse: Any, value: Any) -> bool:
    try:
        parse(value)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    ("kind", "resource"), [(EXTERNAL_NUMBER, ExternalNumber), (NUMBER_FORWARDING, NumberForwarding)]
)
def test_every_field_is_an_argument_and_an_output(kind: Kind, resource: type) -> None:
    assert set(kind.inputs) <= set(inspect.get_annotations(resource))
    assert set(kind.inputs) <= set(inspect.signature(resource.__init__).parameters)  # type: ignore[misc]


@pytest.mark.parametrize(("type_", "target"), [(row.type, row.field) for row in targets.TARGETS.values()])
def test_every_targets_field_reaches_the_engine(type_: str, target: str) -> None:
    values = {"destination_number": "+44 7700 900101", "destination_uri": "fax@pbx.example.com"}
    given: dict[str, Any] = {"type": type_, target: values.get(target, 4), "cli_type": "Y"}
    [resource] = run(lambda: NumberForwarding("main", number_type="ate", number_id=101, **given))
    assert resource.inputs[target] == given[target]


@pytest.mark.parametrize("kind", [EXTERNAL_NUMBER, NUMBER_FORWARDING], ids=lambda kind: kind.name)
def test_a_variable_gives_a_field_that_takes_no_text_its_own_kind_of_value(kind: Kind) -> None:
    for name, field in kind.fields.items():
        for value, text in ((7, "7"), (True, "true")):
            if _takes(field.parse, value) and not _takes(field.parse, text):
                references = References(environment={"ONE": text})
                assert references.resolve({name: {"env": "ONE"}}) == {name: value}
