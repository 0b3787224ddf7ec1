"""Phone numbers that we give out: each is taken wherever a number may stand, and is the same number there.

The numbers are the examples that the numbering plans of all countries have for each kind of number. Many of
their E.164 digits could also be another country's national form.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import phonenumbers
import pytest
import yaml

from pulumi_plusofon import ExternalNumber, NumberForwarding, get_external_number
from pulumi_plusofon.api import ListedNumber
from pulumi_plusofon.command.export.snapshot import matching
from pulumi_plusofon.command.output.numbers import with_e164, with_plus
from pulumi_plusofon.data.format import NumbersReader
from pulumi_plusofon.data.names import TargetNames
from pulumi_plusofon.lifecycle import EXTERNAL_NUMBER, FORWARDING
from pulumi_plusofon.resources import lookups
from pulumi_plusofon.schema.numbering import e164, read
from pulumi_plusofon.schema.phone import number_among
from pulumi_plusofon.testing.calls import route_in
from unit.bad_inputs import SIPURI
from unit.exports import declared, listing
from unit.fake_pulumi import exported, forwarding, number
from unit.mock_engine import Registered, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from click.testing import Result

    from unit.wire import Wire

TO: Final[dict[str, Any]] = {"type": "number", "cli_type": "N"}
OF: Final[dict[str, Any]] = {"number_type": "sipuri", "number_id": 101}


def _examples() -> Iterator[str]:
    for region in phonenumbers.SUPPORTED_REGIONS:
        for kind in phonenumbers.supported_types_for_region(region):
            if example := phonenumbers.example_number_for_type(region, kind):
                yield e164(example)


def _is_refused(digits: str) -> bool:
    try:
        return not read(digits)
    except ValueError:
        return True


# In a fixed order, and once each: some countries share a plan.
EXAMPLES: Final = sorted(set(_examples()))
AMBIGUOUS: Final = [digits for digits in EXAMPLES if _is_refused(digits)]


def _entry(digits: str, number_id: int = 101) -> dict[str, Any]:
    """What the account lists of a number."""
    return {"id": number_id, "type": "SIP-URI", "number": digits, "source": "sip.a.example"}


def _given_out(digits: str) -> set[Any]:
    """A number as lookups, JSON and tables give it out."""
    row = {"id": 101, "number": digits}
    return {ListedNumber(101, "sipuri", digits).e164, with_e164(row)["e164"], with_plus(row)["number"]}


def _read_from_data(given: str) -> list[Any]:
    reader = NumbersReader(TargetNames(lambda: pytest.fail("there is no name to look up")))
    forward = {**TO, "destination_number": given}
    [entry] = reader.read([{**SIPURI, "number": given, "forward": forward}], "numbers")
    assert reader.problems.lines == []
    assert entry.forward
    return [entry.name, read(entry.inputs["number"]), read(entry.forward["destination_number"])]


def test_many_examples_are_refused_as_their_own_digits() -> None:
    # Else the other tests of this file show little.
    assert len(AMBIGUOUS) > 300


def test_a_number_that_is_given_out_is_taken_by_every_resource_and_all_data() -> None:
    for digits in EXAMPLES:
        [given] = _given_out(digits)
        number_checked = EXTERNAL_NUMBER.check({**SIPURI, "number": given})
        forward_checked = FORWARDING.check({**OF, **TO, "destination_number": given})
        fallback_checked = FORWARDING.check(
            {**OF, "type": "amo", "host": "x.amocrm.ru", "cli_type": "Y"}
            | {"type_default": "number", "destination_number": given}
        )
        checks = [number_checked, forward_checked, fallback_checked]
        assert [check.problems for check in checks] == [[], [], []]
        assert number_checked.inputs["number"] == digits
        assert [check.inputs["destination_number"] for check in checks[1:]] == [digits] * 2
        assert _read_from_data(given) == [digits] * 3


def test_a_number_that_is_given_out_is_found_again_by_lookups_filters_and_the_test_kit(
    asked_by_programs: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    for digits in EXAMPLES:
        entry = ListedNumber(101, "sipuri", digits)
        monkeypatch.setattr(lookups, "own_numbers", lambda _client, entry=entry: (entry,))
        [given] = _given_out(digits)
        assert [get_external_number(number=form) for form in (given, digits, int(digits))] == [entry] * 3
        assert [matching([entry], form, None) for form in (given, digits)] == [[entry]] * 2
        for form in (given, digits):
            assert route_in([{"number": digits, "forwarding": {**TO}}], form) == TO
    assert asked_by_programs.asked == []


def test_each_number_of_a_stack_and_its_account_is_chosen_by_what_routes_shows(
    plusofon: Callable[..., Result], wire: Wire
) -> None:
    wire.script(listing(*(_entry(digits, at) for at, digits in enumerate(EXAMPLES, 1))))
    resources: list[dict[str, Any]] = []
    for at, digits in list(enumerate(EXAMPLES, 1))[::2]:
        of: dict[str, Any] = {
            "type": "sipuri",
            "number": digits,
            "number_id": float(at),
            "login": None,
            "secret": None,
        }
        to: dict[str, Any] = {
            "number_type": "sipuri",
            "number_id": float(at),
            "type": "number",
            "group_id": None,
        }
        resources += [number(f"n{at}", **of), forwarding(f"n{at}", **to, destination_number=digits)]
    state = json.dumps(exported(*resources))

    def shown(*words: str) -> list[dict[str, Any]]:
        result = plusofon("routes", "--state", "-", "--json", *words, piped=state)
        assert result.exit_code == 0, result.stderr
        rows: list[dict[str, Any]] = json.loads(result.stdout)["numbers"]
        return rows

    rows = shown()
    assert [row["number"] for row in rows] == EXAMPLES
    assert shown(*(row["e164"] for row in rows)) == rows
    assert shown(*(row["number"] for row in rows)) == rows
    # One alone is not all of them.
    assert [row["number"] for row in shown(AMBIGUOUS[0])] == [AMBIGUOUS[0]]


@pytest.mark.parametrize("form", ["e164", "number"])
def test_names_of_an_export_are_given_to_what_a_listing_shows(
    export: Callable[..., Result], plusofon: Callable[..., Result], wire: Wire, tmp_path: Path, form: str
) -> None:
    wire.script(listing(*(_entry(digits, at) for at, digits in enumerate(EXAMPLES, 1))))
    rows = json.loads(plusofon("numbers", "--json").stdout)
    names = {row[form]: f"n{row['id']}" for row in rows}
    (tmp_path / "names.yaml").write_text(yaml.safe_dump(names))
    assert export("ours", "--names", "names.yaml", "--strict").exit_code == 0
    written = declared(tmp_path / "ours")
    assert [resource["name"] for resource in written] == list(names.values())
    assert [read(resource["number"]) for resource in written] == EXAMPLES


def test_every_output_of_a_resource_is_taken_by_another_one() -> None:
    digits = AMBIGUOUS[0]
    again: dict[str, Any] = {}

    def program() -> None:
        first = ExternalNumber("first", **{**SIPURI, "number": f"+{digits}"})
        to: Any = NumberForwarding("to", **OF, **TO, destination_number=first.number)
        NumberForwarding("again", **OF, **TO, destination_number=to.destination_number)
        NumberForwarding("by-e164", **OF, **TO, destination_number=first.e164)
        ExternalNumber("copy", **{**SIPURI, "number": first.number})
        ExternalNumber("by-e164", **{**SIPURI, "number": first.e164})
        first.e164.apply(lambda value: again.update(e164=value))

    def number_in(resource: Registered) -> Any:
        return resource.inputs.get("number") or resource.inputs["destination_number"]

    assert {number_in(resource) for resource in run(program)} == {f"+{digits}"}
    assert again == {"e164": f"+{digits}"}


@pytest.mark.parametrize("written", ["+44 (0)20 7946 0101", 442079460101, "442079460101"])
def test_a_number_has_its_e164_under_mocks_too_however_it_is_written(written: str | int) -> None:
    seen: list[str] = []
    run(lambda: ExternalNumber("office", **{**SIPURI, "number": written}).e164.apply(seen.append))
    assert seen == ["+442079460101"]


def test_a_forwarding_without_a_number_hands_none_on() -> None:
    seen: list[Any] = []

    def program() -> None:
        group = NumberForwarding("group", **OF, type="group", group_id=9, cli_type="N")
        group.destination_number.apply(seen.append)
        copied = {
            name: getattr(group, name) for name in ("type", "group_id", "cli_type", "destination_number")
        }
        NumberForwarding("copy", **{**OF, "number_id": 102}, **copied)

    [_, copy] = run(program)
    assert seen == [None]
    assert copy.inputs.get("destination_number") is None


@pytest.mark.parametrize("digits", ["", "?", "447700 900131", "[secret]", None])
def test_what_is_no_digits_has_no_e164_and_is_shown_as_it_is(digits: str | None) -> None:
    assert with_e164({"number": digits, "id": 1}) == {"number": digits, "e164": None, "id": 1}
    assert with_plus({"number": digits}) == {"number": digits}


@pytest.mark.parametrize("written", ["8 (495) 123-45-67", "8-495-123-45-67", " 84951234567"])
def test_only_bare_digits_are_compared_with_a_listing(written: str) -> None:
    with pytest.raises(ValueError, match="as e164 of a number has it"):
        number_among(written, lambda: pytest.fail("a person wrote this"))
