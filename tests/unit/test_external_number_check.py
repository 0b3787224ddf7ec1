"""The check of an external number: all problems at once, by field, and no secret shown."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_plusofon.lifecycle import EXTERNAL_NUMBER
from pulumi_plusofon.schema.values import UNKNOWN
from unit.bad_inputs import ATE, FROM_YAML, HIDDEN, NUMBER, SIPURI

FIELDS = ("type", "number", "host", "port", "login", "secret", "adopt", "wait_for_registration")
ATE_ONLY = ("port", "login", "secret", "wait_for_registration")
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.just(UNKNOWN),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
near_misses = st.sampled_from(["ate", "sipuri", "79104445566", 79104445566.0, "sip.example.com", 5060.0, 1])


def changed(base: dict[str, Any], field: str, value: Any) -> dict[str, Any]:
    return {**{name: given for name, given in base.items() if name != field}, field: value}


@pytest.mark.parametrize(("base", "field", "value", "expected"), NUMBER)
def test_a_bad_input_is_reported_by_its_field_in_one_line(
    base: dict[str, Any], field: str, value: Any, expected: str
) -> None:
    [problem] = EXTERNAL_NUMBER.check(changed(base, field, value)).problems
    assert problem.field == field
    assert expected in problem.text
    assert str(problem) == f"{field}: {problem.text}"
    assert str(problem).isprintable()
    assert len(str(problem)) < 200
    assert HIDDEN not in str(problem)


def test_a_date_from_yaml_is_no_number() -> None:
    [problem] = EXTERNAL_NUMBER.check({**ATE, "number": FROM_YAML}).problems
    assert problem.text.endswith("not date")


def test_all_problems_are_reported_at_once() -> None:
    bad = {"type": "ate", "number": "x", "host": "", "port": 0, "login": [1], "adopt": "no", "colour": "red"}
    expected = [problem.field for problem in EXTERNAL_NUMBER.check(bad).problems]
    assert expected == ["colour", "number", "host", "port", "login", "secret", "adopt"]


def test_nothing_declared_is_three_problems() -> None:
    assert [problem.field for problem in EXTERNAL_NUMBER.check({}).problems] == ["type", "number", "host"]


def test_an_ate_number_in_full_is_as_it_was_declared() -> None:
    full = {**ATE, "adopt": True, "wait_for_registration": 60}
    checked = EXTERNAL_NUMBER.check(full)
    assert (checked.inputs, checked.problems) == (full, [])


def test_the_smallest_ate_number_gets_the_documented_defaults() -> None:
    checked = EXTERNAL_NUMBER.check({name: ATE[name] for name in ATE if name != "port"})
    assert (checked.inputs, checked.problems) == ({**ATE, "port": 5060, "adopt": False}, [])


def test_a_sipuri_number_has_no_field_of_an_ate_one() -> None:
    checked = EXTERNAL_NUMBER.check(SIPURI)
    assert (checked.inputs, checked.problems) == ({**SIPURI, "adopt": False}, [])


def test_none_is_the_same_as_not_given() -> None:
    assert EXTERNAL_NUMBER.check({**SIPURI, **dict.fromkeys(ATE_ONLY)}) == EXTERNAL_NUMBER.check(SIPURI)


@pytest.mark.parametrize(
    ("field", "given", "form"),
    [
        ("number", "+7 910 444-55-66", "79104445566"),
        ("number", "+7 (910) 444.55.66", "79104445566"),
        ("number", 79104445566, "79104445566"),
        ("number", 79104445566.0, "79104445566"),
        ("number", "+44 7700 900123", "447700900123"),
        ("number", "1 202 555 0123", "12025550123"),
        ("login", 900123, "900123"),
        ("login", 900123.0, "900123"),
        ("host", "сип.оператор.рф", "xn--h1aoe.xn--80aj0acchco.xn--p1ai"),
        ("host", ["sip.example.com"], "sip.example.com"),
        ("port", 5061.0, 5061),
        ("port", 1, 1),
        ("port", 65535, 65535),
        ("host", "192.0.2.1", "192.0.2.1"),
        ("host", "2001:db8::1", "2001:db8::1"),
        ("host", "SIP-1.example_x.com", "SIP-1.example_x.com"),
        ("host", "localhost", "localhost"),
        ("login", "user+1@example.com", "user+1@example.com"),
        ("secret", "with blank 'quote' \"ü\"", "with blank 'quote' \"ü\""),
        ("secret", "x" * 255, "x" * 255),
        ("wait_for_registration", 0.5, 0.5),
        ("wait_for_registration", 3600, 3600),
    ],
)
def test_a_good_input_is_kept_in_its_one_form(field: str, given: Any, form: Any) -> None:
    checked = EXTERNAL_NUMBER.check({**ATE, field: given})
    assert checked.problems == []
    assert checked.inputs[field] == form
    assert type(checked.inputs[field]) is type(form)


def test_checking_what_was_checked_changes_nothing() -> None:
    once = EXTERNAL_NUMBER.check({**ATE, "number": "+7 910 444-55-66"}).inputs
    assert EXTERNAL_NUMBER.check(once).inputs == once


@pytest.mark.parametrize("field", [name for name in FIELDS if name != "type"])
def test_an_unknown_value_is_no_problem(field: str) -> None:
    checked = EXTERNAL_NUMBER.check({**ATE, field: UNKNOWN})
    assert checked.problems == []
    assert checked.inputs[field] is UNKNOWN


def test_with_an_unknown_type_nothing_is_missing_and_nothing_too_much() -> None:
    assert EXTERNAL_NUMBER.check({**ATE, "type": UNKNOWN}).problems == []
    assert EXTERNAL_NUMBER.check({**SIPURI, "type": UNKNOWN}).problems == []


def test_with_an_unknown_type_a_bad_value_is_reported_all_the_same() -> None:
    [problem] = EXTERNAL_NUMBER.check({**ATE, "type": UNKNOWN, "port": 0}).problems
    assert problem.field == "port"


@pytest.mark.parametrize("field", ATE_ONLY)
def test_an_ate_field_of_a_sipuri_number_is_refused_even_before_it_is_known(field: str) -> None:
    [problem] = EXTERNAL_NUMBER.check({**SIPURI, field: UNKNOWN}).problems
    assert (problem.field, problem.text) == (field, "is not allowed for type sipuri")


@given(st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=5), anything | near_misses))
def test_any_inputs_are_checked_without_raising(inputs: dict[str, Any]) -> None:
    checked = EXTERNAL_NUMBER.check(inputs)
    assert set(checked.inputs) <= set(FIELDS)
    assert all("\n" not in problem.text for problem in checked.problems)


@given(anything)
def test_no_refused_secret_is_ever_shown(value: Any) -> None:
    inputs = {**ATE, "secret": f"\x00{HIDDEN}{value!r}"}
    [problem] = EXTERNAL_NUMBER.check(inputs).problems
    assert HIDDEN not in problem.text


@pytest.mark.parametrize(
    "given",
    [
        "sip2.example.com,sip1.example.com,192.0.2.1",
        " sip2.example.com , sip1.example.com, 192.0.2.1",
        ["sip2.example.com", "sip1.example.com", "192.0.2.1"],
        ("sip2.example.com", "sip1.example.com", "192.0.2.1", "SIP2.example.com"),
    ],
)
def test_several_servers_are_one_text_in_the_order_given(given: Any) -> None:
    checked = EXTERNAL_NUMBER.check({**SIPURI, "host": given})
    assert checked.problems == []
    assert checked.inputs["host"] == "sip2.example.com,sip1.example.com,192.0.2.1"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("sip1.example.com,", "must not be empty"),
        ("sip1.example.com,,sip2.example.com", "must not be empty"),
        ("sip1.example.com;sip2.example.com", "must be a host name or an IP address alone"),
        ("sip1.example.com sip2.example.com", "must be a host name or an IP address alone"),
        ([], "must be text, not list"),
        (["sip1.example.com", 7], "must be text, not int"),
        ([["sip1.example.com"]], "must be text, not list"),
        (["sip1.example.com", "sip2.example.com:5060"], "must be a host name or an IP address alone"),
        ({"host": "sip1.example.com"}, "must be text, not dict"),
    ],
)
def test_each_of_several_servers_is_held_to_the_rules_of_one(given: Any, expected: str) -> None:
    [problem] = EXTERNAL_NUMBER.check({**SIPURI, "host": given}).problems
    assert problem.field == "host"
    assert expected in problem.text


# What the state of an earlier version has, and the text of the program that it came from.
BEFORE = [
    ("number", "+44 7700 90012", "44770090012", "is no valid phone number"),
    ("number", "84951234567", "84951234567", "+74951234567 or +84951234567"),
    ("number", 4957654321, "4957654321", "+74957654321 or +4957654321"),
    ("number", "+44 (0)20 7946 0101", "4402079460101", "is read as 442079460101"),
    ("host", "10.0.0x1", "10.0.0x1", "an IP address as four numbers"),
]


@pytest.mark.parametrize(("field", "written", "kept", "expected"), BEFORE)
def test_a_value_of_the_state_stays_while_the_program_says_the_same(
    field: str, written: Any, kept: str, expected: str, caplog: pytest.LogCaptureFixture
) -> None:
    checked = EXTERNAL_NUMBER.check({**ATE, field: written}, {**ATE, field: kept})
    assert (checked.problems, checked.inputs[field]) == ([], kept)
    assert EXTERNAL_NUMBER.diff({**ATE, field: kept, "adopt": False}, checked.inputs).changed == []
    [line] = caplog.messages
    assert line.startswith(f"{field}: ")
    assert expected in line
    shown = f" ({kept})" if field == "number" else ""
    assert line.endswith(f"; it stays as an earlier version set it{shown}")


@pytest.mark.parametrize(("field", "written", "kept", "expected"), BEFORE)
@pytest.mark.parametrize("state", [{}, ATE])
def test_a_value_that_the_state_lacks_is_read_anew(
    field: str, written: Any, kept: str, expected: str, state: dict[str, Any]
) -> None:
    checked = EXTERNAL_NUMBER.check({**ATE, field: written}, state)
    texts = [problem.text for problem in checked.problems] or [f"is read as {checked.inputs[field]}"]
    assert checked.inputs.get(field) != kept
    assert [text for text in texts if expected in text]


@pytest.mark.parametrize(("field", "written", "kept", "expected"), BEFORE)
def test_a_value_that_an_earlier_version_took_is_left_open_where_the_state_is_unknown(
    field: str, written: Any, kept: str, expected: str
) -> None:
    assert expected
    checked = EXTERNAL_NUMBER.check({**ATE, field: written})
    assert checked.problems == []
    assert checked.inputs[field] in (kept, "442079460101")


def test_a_new_form_of_the_same_number_changes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    checked = EXTERNAL_NUMBER.check({**ATE, "number": "+7 (8) 910 444-55-66"}, ATE)
    assert (checked.problems, checked.inputs["number"], caplog.messages) == ([], "79104445566", [])


@pytest.mark.parametrize("given", ["10.0.0x1", "0x7f.1", "2130706433", "0x7f000001", "127.1", "010.0.0.1"])
def test_an_address_that_programs_read_differently_is_no_host(given: str) -> None:
    [problem] = EXTERNAL_NUMBER.check({**ATE, "host": given}, {}).problems
    assert problem.text.startswith("must be a host name, or an IP address as four numbers such as 192.0.2.1")
