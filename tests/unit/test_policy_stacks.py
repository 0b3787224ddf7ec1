"""The forwardings of a stack together: loops, chains, two of one number, none of another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_plusofon.routes.model import Resource
from pulumi_plusofon.schema.values import UNKNOWN
from unit.policy_resources import forwarding, judge, number, put_off, texts

if TYPE_CHECKING:
    from collections.abc import Mapping

LOOP, ONE, SOME = "no-forwarding-loop", "one-forwarding-per-number", "number-has-forwarding"
A, B, C, D, E = numbers = [f"44207946010{last}" for last in range(1, 6)]


def _stack(ways: Mapping[str, str]) -> list[Resource]:
    """The numbers A to E, each forwarded to the phone number that `ways` says."""
    declared = {digits: number(digits, number=digits, host="sip.operator.example") for digits in numbers}
    forwardings = [
        forwarding(start, declared[start], type="number", destination_number=end, number_id=UNKNOWN)
        for start, end in ways.items()
    ]
    return [*forwardings, *declared.values()]


LOOPS = {
    "none": ({A: B, B: C, C: D}, []),
    "one number": ({A: A}, [(A, A)]),
    "two numbers": ({B: A, A: B}, [(A, B, A)]),
    "a way into one": ({A: B, B: C, C: D, D: B}, [(B, C, D, B)]),
    "two of them": ({A: B, B: A, C: D, D: C}, [(A, B, A), (C, D, C)]),
    "longer than any chain may be": ({A: B, B: C, C: D, D: E, E: A}, [(A, B, C, D, E, A)]),
    "out of the stack": ({A: "79993332210", B: A}, []),
}
CHAINS = [
    ({A: B, B: C, C: D}, 3, None),
    ({A: B, B: C, C: D}, 2, (A, B, C, D)),
    ({A: B, B: C, C: D, D: E}, 3, (A, B, C, D, E)),
    ({A: B, B: C, C: D, D: E}, 2, (A, B, C, D)),
    ({A: C, B: C}, 0, (A, C)),
    ({A: "79993332210"}, 0, None),
]


@pytest.mark.parametrize(("ways", "loops"), LOOPS.values(), ids=LOOPS)
def test_every_loop_is_reported_once(ways: dict[str, str], loops: list[tuple[str, ...]]) -> None:
    found = judge(LOOP, *_stack(ways), maxHops=10)
    assert texts(found) == [
        f"a call to {loop[0]} comes back to it ({' -> '.join(loop)}); forward one of them elsewhere"
        for loop in loops
    ]
    assert [number.resource.name for number in found] == [loop[0] for loop in loops]


@pytest.mark.parametrize(("ways", "most", "expected"), CHAINS)
def test_a_chain_is_as_long_as_it_may_be(
    ways: dict[str, str], most: int, expected: tuple[str, ...] | None
) -> None:
    found = texts(judge(LOOP, *_stack(ways), maxHops=float(most)))
    if expected is None:
        assert found == []
    else:
        assert found[0] == (
            f"a call to {expected[0]} is handed on {most + 1} times or more ({' -> '.join(expected)}),"
            f" maxHops is {most}; forward it straight to where it ends"
        )


@given(st.dictionaries(st.sampled_from(numbers), st.sampled_from(numbers)), st.integers(0, 4))
def test_forwardings_are_refused_exactly_if_a_call_goes_round_or_too_far(
    ways: dict[str, str], most: int
) -> None:
    def hops(start: str) -> int:
        count = 0
        while start in ways and count <= len(numbers):
            start, count = ways[start], count + 1
        return count

    found = judge(LOOP, *_stack(ways), maxHops=most)
    assert bool(found) == any(hops(start) > min(most, len(numbers)) for start in numbers)


WAYS: dict[str, dict[str, Any]] = {
    "its digits": {"type": "number", "destination_number": B},
    "a CRM's fallback": {"type": "bitrix", "type_default": "number", "destination_number": B},
    "its dedicated address": {"type": "sip_uri", "destination_uri": f"42291{B}@ext.plusofon.ru"},
    "its dedicated address as listed": {"type": "sip_uri", "destination_uri": "Dedicated@in.example"},
    "its digits at the vendor's": {"type": "sip_uri", "destination_uri": f"{B}@Plusofon.ru"},
    "its digits at its operator's": {"type": "sip_uri", "destination_uri": f"+{B}@SIP.operator.example"},
    "its digits with parameters": {
        "type": "sip_uri",
        "destination_uri": f"{B};user=phone@sip.operator.example",
    },
    "its digits, encoded": {"type": "sip_uri", "destination_uri": f"%2B{B[:4]}%3{B[4]}{B[5:]}@plusofon.ru"},
    "its digits at a port": {"type": "sip_uri", "destination_uri": f"{B}@sip.operator.example:5061"},
    "its digits at another server of its operator": {
        "type": "sip_uri",
        "destination_uri": f"{B}@sip2.operator.example",
    },
    "its digits at the other server that it names": {
        "type": "sip_uri",
        "destination_uri": f"{B}@sip.spare.example",
    },
    "its digits at the other number's operator": {
        "type": "sip_uri",
        "destination_uri": f"{B}@sip.third.example",
    },
    "its national form at its operator's": {
        "type": "sip_uri",
        "destination_uri": f"0{B[2:]}@sip.operator.example",
    },
    "its national form, written in groups": {
        "type": "sip_uri",
        "destination_uri": f"0{B[2:4]}-{B[4:8]}-{B[8:]};user=phone@sip.operator.example",
    },
    "its digits behind an international prefix": {
        "type": "sip_uri",
        "destination_uri": f"810{B}@ext.plusofon.ru",
    },
    "digits of a state of before": {"type": "number", "destination_number": f"440{B[2:]}"},
    "its login at another server of its operator": {
        "type": "sip_uri",
        "destination_uri": "login-b@sip2.operator.example",
    },
    "its encoded login": {"type": "sip_uri", "destination_uri": "%6Cogin-b@sip.operator.example"},
    "its login": {"type": "sip_uri", "destination_uri": "Login-B@sip.operator.example"},
}
NO_WAYS: dict[str, dict[str, Any]] = {
    "another number": {"type": "number", "destination_number": "79993332210"},
    "its digits at another server": {"type": "sip_uri", "destination_uri": f"{B}@pbx.example.com"},
    "its digits at a server that sounds alike": {"type": "sip_uri", "destination_uri": f"{B}@notplusofon.ru"},
    "somebody's account at the vendor's": {"type": "sip_uri", "destination_uri": "login-b@ext.plusofon.ru"},
    "digits that are nobody's": {"type": "sip_uri", "destination_uri": "123456789@ext.plusofon.ru"},
    "its login elsewhere": {"type": "sip_uri", "destination_uri": "login-b@sip.other.example"},
    "a group": {"type": "group", "group_id": 9},
}


def _pair(onward: dict[str, Any]) -> list[Resource]:
    """A, forwarded `onward`, and B, forwarded to A: a loop if A's forwarding leads to B."""
    a = number("a", number=A, type="sipuri", host="sip.operator.example,sip.third.example")
    b = number(
        *("b",),
        number=B,
        type="ate",
        login="login-b",
        host="sip.operator.example,sip.spare.example",
        inbound_uri="dedicated@in.example",
    )
    back = forwarding("back", b, type="number", destination_number=A, number_id=UNKNOWN)
    return [a, b, back, forwarding("onward", a, number_id=UNKNOWN, **onward)]


@pytest.mark.parametrize("onward", WAYS.values(), ids=WAYS)
def test_a_forwarding_leads_to_a_number_by(onward: dict[str, Any]) -> None:
    assert len(texts(judge(LOOP, *_pair(onward)))) == 1


@pytest.mark.parametrize("onward", NO_WAYS.values(), ids=NO_WAYS)
def test_a_forwarding_leads_to_no_number_by(onward: dict[str, Any]) -> None:
    assert judge(LOOP, *_pair(onward)) == []


def test_russias_national_form_at_the_vendors_hides_no_loop() -> None:
    a = number("a", number="79104445566", type="sipuri", host="sip.operator.example")
    for user in (
        "89104445566",
        "9104445566",
        "8(910)444-55-66",
        "+79104445566",
        "79104445566",
        "0079104445566",
    ):
        for host in ("ext.plusofon.ru", "sip.operator.example", "sip9.operator.example:5070"):
            address = {"type": "sip_uri", "destination_uri": f"{user}@{host}"}
            assert len(texts(judge(LOOP, a, forwarding("a", a, **address)))) == 1, address


def test_a_loop_is_seen_by_what_a_state_of_befores_digits_are_read_as() -> None:
    before = number("before", number=f"440{A[2:]}", host="sip.operator.example")
    for onward in ({"destination_number": A}, {"destination_uri": f"+{A}@ext.plusofon.ru"}):
        (text,) = texts(judge(LOOP, before, forwarding("before", before, **onward)))
        assert f"({A} -> {A})" in text


def test_servers_with_an_address_are_one_operators_each() -> None:
    a = number("a", number=A, type="sipuri", host="192.0.2.10,2001:db8::1")
    for host, loops in (("192.0.2.10", 1), ("[2001:db8::1]", 1), ("198.51.2.10", 0), ("[2001:db8::2]", 0)):
        address = {"type": "sip_uri", "destination_uri": f"{A}@{host}"}
        assert len(texts(judge(LOOP, a, forwarding("a", a, **address)))) == loops, host


def test_a_login_of_digits_at_the_vendors_own_server_is_a_login() -> None:
    a = number("a", number=A, type="ate", login="21201588169353", host="sip.plusofon.ru")
    address = {"type": "sip_uri", "destination_uri": "21201588169353@sip.plusofon.ru"}
    assert len(texts(judge(LOOP, a, forwarding("a", a, **address)))) == 1


def test_a_loop_is_found_beside_what_is_not_known_yet() -> None:
    ours = _stack({A: B, B: A})
    unknown = [
        forwarding("promised", number_id=UNKNOWN, type="sip_uri", destination_uri=UNKNOWN),
        number("promised", number=UNKNOWN, host="sip.operator.example"),
    ]
    found = judge(LOOP, *ours, *unknown)
    assert len(texts(found)) == 1
    assert put_off(found) == [
        ("promised", "destination_uri"),
        ("promised", "number_id"),
        ("promised", "number"),
    ]


def test_a_forwarding_that_leads_nowhere_need_not_be_known() -> None:
    group = forwarding("promised", number_id=UNKNOWN, type="group", group_id=UNKNOWN)
    assert judge(LOOP, group, number("promised", number=UNKNOWN)) == []


def test_a_loop_through_a_thousand_numbers_is_found() -> None:
    around = [number(f"{place:04}", number=f"4420{place:05}") for place in range(1000)]
    nexts = [number.get("number") for number in (*around[1:], around[0])]
    ours = [
        forwarding(number.name, number, type="number", destination_number=digits)
        for number, digits in zip(around, nexts, strict=True)
    ]
    assert len(judge(LOOP, *around, *ours)) == 1


OFFICE = number("office", type="sipuri", number=A, number_id=101.0)
NEW = number("new", type="sipuri", number=B)
BY_RESOURCE = forwarding("first", NEW, number_type="sipuri", number_id=UNKNOWN)
PAIRS = {
    "both by the resource": (
        [NEW, BY_RESOURCE, forwarding("second", NEW, number_type="sipuri", number_id=UNKNOWN)],
        f"{B} is forwarded by NumberForwarding first already; remove one of the two",
    ),
    "by the resource and by its id": (
        [
            OFFICE,
            forwarding("first", OFFICE, number_type="sipuri", number_id="101"),
            forwarding("second", number_type="sipuri", number_id=101.0),
        ],
        f"{A} is forwarded by NumberForwarding first already; remove one of the two",
    ),
    "by its id, which only a forwarding knows in a preview": (
        [
            NEW,
            forwarding("first", number_type="sipuri", number_id=102.0),
            forwarding("second", NEW, number_type="sipuri", number_id=102.0),
        ],
        f"{B} is forwarded by NumberForwarding first already; remove one of the two",
    ),
    "both of a number that is not the stack's": (
        [
            forwarding("first", number_type="ate", number_id=7.0),
            forwarding("second", number_type="ate", number_id="7"),
        ],
        "ate/7 is forwarded by NumberForwarding first already; remove one of the two",
    ),
}


@pytest.mark.parametrize(("resources", "expected"), PAIRS.values(), ids=PAIRS)
def test_a_second_forwarding_of_a_number_is_refused(resources: list[Resource], expected: str) -> None:
    (found,) = judge(ONE, *resources)
    assert (found.resource.name, texts([found])) == ("second", [expected])


def test_one_forwarding_each_is_one_each() -> None:
    other_type = forwarding("other", number_type="ate", number_id=101.0)
    ours = [OFFICE, NEW, BY_RESOURCE, forwarding("office", OFFICE, number_type="sipuri", number_id=101.0)]
    assert judge(ONE, *ours, other_type) == []
    assert judge(SOME, *ours, other_type) == []


def test_a_number_that_nothing_forwards_is_reported() -> None:
    (found,) = judge(SOME, OFFICE, NEW, BY_RESOURCE)
    assert found.resource == OFFICE
    (text,) = texts([found])
    assert text.startswith(f"calls to {A} go nowhere; declare a NumberForwarding, of type empty if")


@pytest.mark.parametrize(
    "promised",
    [
        forwarding("promised", number_type="sipuri", number_id=UNKNOWN),
        forwarding("promised", number_type=UNKNOWN, number_id=101.0),
        Resource(
            *("NumberForwarding", "promised", "urn::forwarding::promised"),
            {"number_type": "sipuri", "number_id": UNKNOWN},
            "org/shop/dev",
            sources={"number_id": (OFFICE.urn, NEW.urn)},
        ),
    ],
    ids=["from nowhere", "of no known type", "from one of two numbers"],
)
@pytest.mark.parametrize("rule", [ONE, SOME])
def test_whose_forwarding_is_not_known_yet_is_put_off(rule: str, promised: Resource) -> None:
    found = judge(rule, OFFICE, NEW, promised)
    assert texts(found) == []
    assert put_off(found) == [("promised", "number_id")]
