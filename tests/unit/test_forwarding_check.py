"""Fields that each type of forwarding takes, from the vendor's own table, and the errors about bad ones."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.forwarding_types import CRMS, TYPES
from pulumi_plusofon.lifecycle import FORWARDING
from pulumi_plusofon.schema.values import UNKNOWN
from unit import bad_inputs
from unit.bad_inputs import CRM, SIP

TARGET_OF: dict[str, tuple[str, Any]] = {
    **{kind: (row.field, row.value) for kind, row in TYPES.items()},
    **{crm: ("host", host) for crm, host in CRMS.items()},
}
FALLBACKS = tuple(TYPES)
FALLBACK_FIELDS = [TARGET_OF[kind][0] for kind in FALLBACKS]
VALUES: dict[str, Any] = {
    **dict(TARGET_OF.values()),
    "type_default": "empty",
    "cli_type": "Y",
    "cli_type_default": "N",
}
NAMED = {"number_type": "ate", "number_id": 17}


def fields_of(kind: str) -> tuple[set[str], set[str]]:
    """The fields that the vendor requires for a type, and those that it allows beside them."""
    if kind == "empty":
        return set(), set()
    required = {TARGET_OF[kind][0], "cli_type"}
    return required, {"type_default", "cli_type_default"} if kind in CRMS else set()


def smallest(kind: str) -> dict[str, Any]:
    required, _ = fields_of(kind)
    inputs = {**NAMED, "type": kind, **{field: VALUES[field] for field in required}}
    if kind != "empty":
        field, value = TARGET_OF[kind]
        inputs[field] = value
    return inputs


KINDS = (*TARGET_OF, "empty")
REQUIRED = [(kind, field) for kind in KINDS for field in sorted(fields_of(kind)[0])]
OPTIONAL = [(kind, field) for kind in KINDS for field in sorted(fields_of(kind)[1])]
REFUSED = [
    (kind, field)
    for kind, field in product(KINDS, VALUES)
    if not any(field in fields for fields in fields_of(kind))
]


def problems(inputs: dict[str, Any]) -> list[tuple[str, str]]:
    return [(problem.field, problem.text) for problem in FORWARDING.check(inputs).problems]


def test_the_table_holds_every_combination_once() -> None:
    assert len(REQUIRED) + len(OPTIONAL) + len(REFUSED) == len(KINDS) * len(VALUES)


@pytest.mark.parametrize("kind", KINDS)
def test_the_required_fields_of_a_type_are_enough(kind: str) -> None:
    checked = FORWARDING.check(smallest(kind))
    assert (checked.inputs, checked.problems) == (smallest(kind), [])


@pytest.mark.parametrize(("kind", "field"), REQUIRED)
def test_a_field_that_the_vendor_requires_is_required(kind: str, field: str) -> None:
    inputs = smallest(kind)
    del inputs[field]
    assert problems(inputs) == [(field, f"is required for type {kind}")]


@pytest.mark.parametrize(("kind", "field"), OPTIONAL)
def test_a_field_that_the_vendor_allows_is_allowed(kind: str, field: str) -> None:
    inputs = {**smallest(kind), field: VALUES[field]}
    assert problems(inputs) == []
    assert FORWARDING.check(inputs).inputs == inputs


@pytest.mark.parametrize(("kind", "field"), REFUSED)
def test_a_field_of_another_type_is_refused(kind: str, field: str) -> None:
    inputs = {**smallest(kind), field: VALUES[field]}
    assert problems(inputs) == [(field, f"is not allowed for type {kind}")]


@pytest.mark.parametrize(("crm", "fallback"), list(product(CRMS, FALLBACKS)))
def test_a_fallback_brings_its_own_targets_field(crm: str, fallback: str) -> None:
    field, value = TARGET_OF[fallback]
    inputs = {**smallest(crm), "type_default": fallback}
    assert problems(inputs) == [(field, f"is required for type {fallback}")]
    assert problems({**inputs, field: value}) == []


@pytest.mark.parametrize(("fallback", "field"), list(product(FALLBACKS, FALLBACK_FIELDS)))
def test_a_fallback_brings_no_other_field(fallback: str, field: str) -> None:
    own, value = TARGET_OF[fallback]
    inputs = {**CRM, "type_default": fallback, own: value, field: VALUES[field]}
    expected = [] if field == own else [(field, "is not allowed for type bitrix")]
    assert problems(inputs) == expected


@pytest.mark.parametrize("crm", CRMS)
def test_the_fallback_of_a_crm_is_no_crm(crm: str) -> None:
    [(field, text)] = problems({**CRM, "type_default": crm})
    assert field == "type_default"
    assert text.endswith(f"not '{crm}'")


@pytest.mark.parametrize("fallback", ["bogus", "", "amo", 4, ["sip"]])
def test_a_bad_fallback_hides_nothing_else(fallback: Any) -> None:
    inputs = {**NAMED, "type": "bitrix", "type_default": fallback, "cli_type_default": "maybe"}
    assert [field for field, _ in problems(inputs)] == [
        "host",
        "type_default",
        "cli_type",
        "cli_type_default",
    ]


def test_a_bad_fallback_blames_no_target() -> None:
    targets = dict.fromkeys(FALLBACK_FIELDS, "whatever")
    assert [field for field, _ in problems({**CRM, **targets, "type_default": "bogus"})] == ["type_default"]


@pytest.mark.parametrize("field", FALLBACK_FIELDS)
def test_a_fallback_that_is_not_known_yet_may_bring_any_target(field: str) -> None:
    assert problems({**CRM, "type_default": UNKNOWN, field: VALUES[field]}) == []


def test_a_fallback_to_nowhere_needs_no_field() -> None:
    assert problems({**CRM, "type_default": "empty"}) == []


@pytest.mark.parametrize(("base", "field", "value", "wanted"), bad_inputs.FORWARDING)
def test_a_bad_input_is_reported_by_its_field_in_one_line(
    base: dict[str, Any], field: str, value: Any, wanted: str
) -> None:
    [(blamed, text)] = problems({**base, field: value})
    assert blamed == field
    assert wanted in text
    assert text.isprintable()
    assert len(text) < 200


def test_all_problems_are_reported_at_once() -> None:
    bad = {"number_type": "x", "number_id": 0, "type": "sip", "group_id": 9, "cli_type": "maybe"}
    assert [field for field, _ in problems(bad)] == [
        "number_type",
        "number_id",
        "sip_id",
        "group_id",
        "cli_type",
    ]


def test_the_number_of_a_forwarding_may_be_known_later() -> None:
    inputs = {**SIP, "number_type": UNKNOWN, "number_id": UNKNOWN}
    assert FORWARDING.check(inputs).inputs == inputs
    assert problems(inputs) == []


@pytest.mark.parametrize("field", SIP)
def test_an_unknown_value_is_no_problem(field: str) -> None:
    assert problems({**SIP, field: UNKNOWN}) == []


def test_a_required_field_is_required_though_others_are_unknown() -> None:
    inputs = {"number_type": UNKNOWN, "number_id": UNKNOWN, "type": "group", "cli_type": UNKNOWN}
    assert problems(inputs) == [("group_id", "is required for type group")]


@pytest.mark.parametrize(
    ("field", "given", "form"),
    [
        ("number_id", "17", 17),
        ("number_id", 17.0, 17),
        ("sip_id", 4.0, 4),
        ("number_type", "sipuri", "sipuri"),
    ],
)
def test_a_good_input_is_kept_in_its_one_form(field: str, given: Any, form: Any) -> None:
    checked = FORWARDING.check({**SIP, field: given})
    assert checked.problems == []
    assert (checked.inputs[field], type(checked.inputs[field])) == (form, type(form))


def test_a_destination_number_is_kept_as_digits() -> None:
    inputs = {**smallest("number"), "destination_number": "+7 999 333-22-10"}
    assert FORWARDING.check(inputs).inputs["destination_number"] == "79993332210"


names = st.sampled_from(["number_type", "number_id", "type", *VALUES]) | st.text(max_size=5)
odd = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.just(UNKNOWN)
given_values = odd | st.lists(odd, max_size=2) | st.sampled_from([*KINDS, "Y", "ate", 4, "79993332210"])


@given(st.dictionaries(names, given_values))
def test_any_inputs_are_checked_without_raising(inputs: dict[str, Any]) -> None:
    checked = FORWARDING.check(inputs)
    assert set(checked.inputs) <= {*NAMED, "type", *VALUES}
