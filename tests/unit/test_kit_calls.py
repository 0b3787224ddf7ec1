"""Where the calls of an account go: one number's route, and the numbers that lead to a dead end."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_plusofon.testing.calls import UnknownNumberError, assert_none, dead_ends, route_in

GROUP = {"type": "group", "group_id": 9, "cli_type": "Y"}
A, B, C = "442079460131", "442079460132", "442079460133"


def number(digits: str, forwarding: dict[str, Any] | None, login: str | None = None) -> dict[str, Any]:
    return {"number": digits, "login": login, "host": "sip.operator.example", "forwarding": forwarding}


def to(digits: str) -> dict[str, Any]:
    return {"type": "number", "destination_number": digits, "cli_type": "N"}


def test_calls_that_arrive_are_no_dead_end() -> None:
    outside = {"type": "sip_uri", "destination_uri": "office@pbx.example", "cli_type": "Y"}
    assert dead_ends([number(A, GROUP), number(B, to(A)), number(C, outside)], 42291) == []


def test_a_number_without_a_forwarding_is_a_dead_end() -> None:
    assert dead_ends([number(A, None), number(B, GROUP)], 42291) == [f"{A}: has no forwarding"]


def test_a_number_that_leads_to_a_dead_end_is_named_with_its_way() -> None:
    lines = dead_ends([number(A, to(f"+{B}")), number(B, to(C)), number(C, None)], 42291)
    assert lines == [
        f"{A}: its calls go on to {C}, which has no forwarding: {A} -> {B} -> {C}",
        f"{B}: its calls go on to {C}, which has no forwarding: {B} -> {C}",
        f"{C}: has no forwarding",
    ]


def test_a_loop_is_named_at_each_of_its_numbers_and_at_those_that_lead_into_it() -> None:
    lines = dead_ends([number(A, to(B)), number(B, to(A)), number(C, to(A))], 42291)
    assert lines == [
        f"{A}: its calls come back to it: {A} -> {B} -> {A}",
        f"{B}: its calls come back to it: {B} -> {A} -> {B}",
        f"{C}: its calls go on to {A}, which is in a loop: {C} -> {A}",
    ]


@pytest.mark.parametrize(
    ("own", "address"),
    [
        (number(A, None), f"sip:42291{A}@ext.plusofon.ru"),
        (number(A, None, "900131"), "900131@SIP.operator.example:5060;transport=tcp"),
    ],
)
def test_an_address_of_an_own_number_leads_on(own: dict[str, Any], address: str) -> None:
    uri = {"type": "sip_uri", "destination_uri": address, "cli_type": "Y"}
    assert dead_ends([own, number(B, uri)], 42291)[1].startswith(f"{B}: its calls go on to {A}")


def test_the_fallback_of_a_crm_leads_on() -> None:
    crm = {"type": "bitrix", "host": "x.bitrix24.example", "type_default": "number", "destination_number": A}
    assert len(dead_ends([number(A, None), number(B, crm)], 42291)) == 2


def test_a_failure_has_a_line_for_each_number() -> None:
    with pytest.raises(AssertionError) as failed:
        assert_none([number(A, None), number(B, None)], 42291)
    assert str(failed.value).splitlines()[1:] == [f"  {A}: has no forwarding", f"  {B}: has no forwarding"]


@pytest.mark.parametrize("written", [A, f"+{A}", "+44 20 7946-0131"])
def test_a_number_is_found_however_it_is_written(written: str) -> None:
    assert route_in([number(A, GROUP)], written) == GROUP


def test_a_number_that_is_not_there_is_an_error_with_those_that_are() -> None:
    with pytest.raises(UnknownNumberError, match=rf"\+1 is not among the numbers \({A}\)"):
        route_in([number(A, GROUP)], "+1")
