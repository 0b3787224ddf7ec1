"""Lookups: what the account holds at the moment when a program runs, with the stack's configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from pulumi_plusofon import (
    ListedNumber,
    LookupFailedError,
    RegistrationStatus,
    get_external_number,
    get_external_numbers,
    get_registration_status,
)
from unit.wire import TOKEN, Answer, Wire, refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from unit.clock import Clock

ONE = {"id": 101, "type": "АТС", "number": "79104445566"}
TWO = {"id": 102, "type": "SIP-URI", "number": "79104445567"}


def listing(*items: dict[str, Any]) -> Answer:
    return Answer(body={"external_numbers": list(items), "success": True})


@pytest.fixture(autouse=True)
def stack(wire: Wire, clock: Clock) -> Iterator[Callable[[str, str], None]]:
    """The stack's configuration: the server of this test, and nothing waited for."""
    assert clock.slept == []
    pulumi.runtime.set_all_config({})
    pulumi.runtime.set_config("plusofon:token", TOKEN)
    pulumi.runtime.set_config("plusofon:baseUrl", wire.url)
    pulumi.runtime.set_config("plusofon:maxRetries", "0")
    yield pulumi.runtime.set_config
    pulumi.runtime.set_all_config({})


def test_every_number_is_one_request(wire: Wire) -> None:
    wire.script(listing(ONE, TWO))
    assert get_external_numbers() == (
        ListedNumber(101, "ate", "79104445566"),
        ListedNumber(102, "sipuri", "79104445567"),
    )
    assert [(asked.method, asked.path) for asked in wire.asked] == [("GET", "/api/v1/number/external")]


def test_a_lookup_is_of_the_moment(wire: Wire) -> None:
    wire.script(listing(), listing(ONE))
    assert [len(get_external_numbers()), len(get_external_numbers())] == [0, 1]


def test_the_stacks_own_configuration_is_used(wire: Wire, stack: Callable[[str, str], None]) -> None:
    stack("plusofon:clientId", "10554")
    wire.script(listing())
    get_external_numbers()
    assert wire.asked[0].headers["Client"] == "10554"
    assert wire.asked[0].headers["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    "form", ["79104445567", 79104445567, "+7 910 444-55-67", "+7 (8) 910 444\u201155\u201167"]
)
def test_one_number_is_found_in_any_form(wire: Wire, form: str | int) -> None:
    wire.script(listing(ONE, TWO))
    assert get_external_number(number=form).id == 102


@pytest.mark.parametrize("written", ["89104445567", "9104445567", "+79104445567"])
def test_one_number_is_found_in_the_national_form_of_the_list(wire: Wire, written: str) -> None:
    wire.script(listing(ONE, {**TWO, "number": written}))
    assert get_external_number(number="+79104445567").id == 102


def test_digits_of_two_readings_in_the_list_are_reported(wire: Wire) -> None:
    wire.script(listing({**TWO, "number": "84951234567"}))
    with pytest.raises(LookupFailedError, match="another number or this one in its national form"):
        get_external_number(number="+74951234567")


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([ONE], "number: 79104445567 is not in the account"),
        ([{**TWO, "number": "380104445567"}], "number: 79104445567 is not in the account"),
        ([TWO, {**TWO, "id": 103}], "number: 79104445567 is 2 times in the account"),
    ],
)
def test_a_number_that_is_not_there_once_is_reported(
    wire: Wire, items: list[dict[str, Any]], expected: str
) -> None:
    wire.script(listing(*items))
    with pytest.raises(LookupFailedError) as caught:
        get_external_number(number="79104445567")
    assert str(caught.value) == expected


@pytest.mark.parametrize("number", ["", "sales", True, None, "8 (495) 123-45-67", "79104445567\n"])
def test_a_bad_number_is_reported_before_anything_is_sent(wire: Wire, number: Any) -> None:
    with pytest.raises(LookupFailedError, match=r"^number: "):
        get_external_number(number=number)
    assert wire.asked == []


@pytest.mark.parametrize("number", [9104445567, "9104445567"])
def test_a_number_that_can_be_two_is_looked_up_as_neither(wire: Wire, number: str | int) -> None:
    wire.script(listing(ONE, TWO))
    with pytest.raises(LookupFailedError, match=r"can be read as \+79104445567 or \+9104445567.*as e164"):
        get_external_number(number=number)


@pytest.mark.parametrize("number", ["84951234567", 84951234567, "+84951234567", "+84 95 123 45 67"])
def test_digits_that_the_list_has_are_that_number(wire: Wire, number: str | int) -> None:
    wire.script(listing(ONE, {**TWO, "number": "84951234567"}, {**TWO, "id": 103, "number": "74951234567"}))
    found = get_external_number(number=number)
    assert (found.id, found.e164) == (102, "+84951234567")
    assert len(wire.asked) == 1


@pytest.mark.parametrize(("number", "expected"), [("+74951234567", 103), ("+84951234567", 102)])
def test_each_of_two_numbers_whose_forms_meet_is_found_where_the_list_has_both(
    wire: Wire, number: str, expected: int
) -> None:
    wire.script(listing({**TWO, "number": "84951234567"}, {**TWO, "id": 103, "number": "74951234567"}))
    assert get_external_number(number=number).id == expected


@pytest.mark.parametrize(("number", "asked"), [(7910, 1), ("7910", 1), ("+7910", 0)])
def test_digits_that_are_no_phone_number_are_refused_unless_the_list_has_them(
    wire: Wire, number: str | int, asked: int
) -> None:
    wire.script(listing(ONE))
    with pytest.raises(LookupFailedError, match=r"^number: must have 5 to 15 digits, not 4$"):
        get_external_number(number=number)
    assert len(wire.asked) == asked


def test_registrations_are_one_request_with_the_logins(wire: Wire) -> None:
    wire.script(Answer(body={"status": [{"login": "111", "status": "OK"}], "success": True}))
    assert get_registration_status(logins=["111", "222"]) == (RegistrationStatus("111", "OK"),)
    assert wire.asked[0].json == {"logins": ["111", "222"]}


@pytest.mark.parametrize(
    "logins", [None, "111", 111, b"111", {"111": "OK"}, iter(["111"]), [111], ["111", None]]
)
def test_bad_logins_are_reported_before_anything_is_sent(wire: Wire, logins: Any) -> None:
    with pytest.raises(LookupFailedError, match=r"^logins: must be a list of texts$"):
        get_registration_status(logins=logins)
    assert wire.asked == []


@pytest.mark.parametrize(
    "lookup",
    [
        get_external_numbers,
        lambda: get_external_number(number="79104445567"),
        lambda: get_registration_status(logins=[]),
    ],
)
def test_a_lookup_that_fails_is_one_line_without_a_traceback(wire: Wire, lookup: Callable[[], Any]) -> None:
    wire.script(refusal(401, f"bad token {TOKEN}"))
    with pytest.raises(LookupFailedError) as caught:
        lookup()
    [line] = str(caught.value).splitlines()
    assert "HTTP 401: bad token [secret]" in line
    assert isinstance(caught.value, pulumi.RunError)
    assert caught.value.__suppress_context__


def test_a_bad_configuration_is_reported_before_anything_is_sent(
    wire: Wire, stack: Callable[[str, str], None]
) -> None:
    stack("plusofon:timeout", "soon")
    with pytest.raises(LookupFailedError, match="plusofon:timeout: must be a number, not 'soon'"):
        get_external_numbers()
    assert wire.asked == []


def test_a_missing_token_is_reported_in_one_line() -> None:
    pulumi.runtime.set_all_config({})
    with pytest.raises(LookupFailedError, match=r"^plusofon:token: missing; .*PLUSOFON_TOKEN$"):
        get_external_numbers()
