"""Numbers that a SIP address dials: all of it is checked, and what is not understood is refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneMetadata, PhoneNumberFormat, PhoneNumberType

from pulumi_plusofon.policies.asking import broken
from pulumi_plusofon.policies.ranges import RANGES
from pulumi_plusofon.policies.settings_file import PolicySettings
from support.policy_page import rows
from unit.policy_resources import forwarding, judge, number, texts

if TYPE_CHECKING:
    from pulumi_plusofon.routes.model import Resource

COUNTRY, PRICE, LOOP = "forwarding-destination-allowed", "no-premium-rate-destination", "no-forwarding-loop"
HOST, CALLER = "sip-host-allowed", "caller-id-explicit"
REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
FOREIGN, VENDORS, OPERATORS = HOSTS = ("pbx.example.com", "ext.plusofon.ru", "sip.operator.example")
OFFICE = number("office", number="442079460101", type="sipuri", host="sip.operator.example")
PAGE = rows("SIP user | `destination_uri` | refused by")
EVERY_DIGIT = [str(digit) for digit in range(1, 10)]


def _to(uri: str) -> Resource:
    return forwarding("office", OFFICE, type="sip_uri", destination_uri=uri, cli_type="Y")


def _refusing(uri: str, countries: list[str]) -> list[str]:
    address = _to(uri)
    found = {
        "country": judge(COUNTRY, address, allowedCountries=countries),
        "price": judge(PRICE, address),
        "loop": judge(LOOP, OFFICE, address),
    }
    return [rule for rule, findings in found.items() if texts(findings)]


@pytest.mark.parametrize(
    ("uri", "expected"), [row[1:] for row in PAGE], ids=[" ".join(row[:2]) for row in PAGE]
)
def test_an_address_of_the_page_is_refused_by_the_rules_that_the_page_names(uri: str, expected: str) -> None:
    assert ", ".join(_refusing(uri, ["RU", "GB", "IN"])) == expected.replace("nothing", "")


def test_the_page_has_each_range_that_costs_more_than_its_kind() -> None:
    assert rows("begins with | in | it is | reason") == [
        (row.begins, ", ".join(row.countries), row.kind, row.reason) for row in RANGES
    ]


EXPENSIVE = ("449098790123", "19005550123", "881612345678", "39848123456", "979123456789", "12129760123")
BEFORE = (
    "",
    ";",
    "fax,",
    "1001;",
    "fax/",
    "fax=",
    "sip:",
    "tel:",
    "x;",
    "+79993332210;",
    "+79993332210,,",
    "fax&",
)
CODES = (
    *("", "+", "00", "011", "0011", "810", "8~10", "8w10", "8p10p", "9", "9,", "9w", "9810", "9,810", "900"),
    *("*67", "*82", "#31#", "*31#", "**21*", "*67*", "1167", "141", "1470", "9*67", "9,*67", "85310", "*98,"),
)
BETWEEN = ("", "-", "+", ".", " ", "(", "_", "\u00a0", "\u2011", "\u200b", "~", "/", ",", "'")
BEHIND = (
    "",
    "#",
    ";user=phone",
    ";ext=101",
    ",,7",
    ",101#",
    "w1",
    ";phone-context=+7",
    "?to=1",
    "&fax",
    ":pw",
    "@a",
)


@st.composite
def _dialled(draw: st.DrawFn) -> str:
    """An expensive number, hidden in a SIP user."""
    digits = draw(st.sampled_from(EXPENSIVE))
    between = draw(st.sampled_from(BETWEEN))
    cuts = draw(st.sets(st.integers(1, len(digits) - 1), max_size=4))
    grouped = "".join(between + digit if at in cuts else digit for at, digit in enumerate(digits))
    before, code, behind = (draw(st.sampled_from(table)) for table in (BEFORE, CODES, BEHIND))
    text = f"{before}{code}{grouped}{behind}"
    wide = draw(
        st.sampled_from(("0123456789", "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19"))
    )
    text = text.translate(str.maketrans("0123456789", wide))
    safe = draw(st.sets(st.sampled_from(sorted(set(text)))))
    encoded = "".join(
        character
        if character.isascii() and character in safe
        else "".join(f"%{byte:02X}" for byte in character.encode())
        for character in text
    )
    for _ in range(draw(st.integers(0, 2))):
        encoded = encoded.replace("%", "%25")
    return encoded


@given(_dialled(), st.sampled_from(HOSTS))
def test_an_expensive_number_is_refused_however_it_is_dialled(user: str, host: str) -> None:
    assert {"country", "price"} <= set(_refusing(f"{user}@{host}", ["RU"]))


def test_each_code_is_refused_with_each_part_before_and_behind_it() -> None:
    for code in CODES:
        for before, behind in [*((part, "") for part in BEFORE), *(("", part) for part in BEHIND)]:
            uri = f"{before}{code}449098790123{behind}@{FOREIGN}"
            assert texts(judge(PRICE, _to(uri))), uri


@given(st.from_regex(r"[a-z][a-z0-9._-]{0,24}", fullmatch=True), st.sampled_from(HOSTS))
def test_a_clean_name_is_never_refused(name: str, host: str) -> None:
    if len(re.findall("[0-9]", name)) >= 7:
        return
    for uri in (f"{name}@{host}", f"{name.upper()};transport=tcp@{host}:5061"):
        assert _refusing(uri, []) == []
        assert texts(judge(PRICE, _to(uri), deniedPrefixes=EVERY_DIGIT)) == []


@given(st.from_regex(r"[0-9]{1,6}", fullmatch=True), st.sampled_from(HOSTS))
def test_an_extension_is_never_refused(extension: str, host: str) -> None:
    assert _refusing(f"{extension}@{host}", []) == []


@given(
    st.sampled_from(REGIONS),
    st.sampled_from([PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE]),
    st.sampled_from([PhoneNumberFormat.E164, PhoneNumberFormat.INTERNATIONAL]),
    st.sampled_from(["", ";user=phone", ";ext=101", ";transport=tls"]),
    st.sampled_from(HOSTS),
)
def test_an_ordinary_number_of_an_allowed_country_is_accepted(
    region: str, kind: int, form: int, behind: str, host: str
) -> None:
    example = phonenumbers.example_number_for_type(region, kind)
    if example is None:
        return
    country = phonenumbers.region_code_for_number(example)
    assert country is not None
    written = phonenumbers.format_number(example, form).replace(" ", "-")
    assert _refusing(f"{written}{behind}@{host}", [country]) == []


@pytest.mark.parametrize(
    "user", ["79993332210", "89993332210", "9993332210", "8(999)333-22-10", "8-495-123-45-67"]
)
def test_russias_ways_to_write_a_number_are_accepted_at_the_vendors(user: str) -> None:
    for written in (user, user.replace("(", "%28"), f"{user};user=phone"):
        assert _refusing(f"{written}@{VENDORS}", ["RU"]) == []


@given(st.data())
def test_every_international_prefix_there_is_leads_to_the_number_behind_it(data: st.DataObject) -> None:
    region = data.draw(st.sampled_from(REGIONS))
    metadata = PhoneMetadata.metadata_for_region(region)
    assert metadata is not None
    assert metadata.international_prefix is not None
    prefix = data.draw(st.from_regex(metadata.international_prefix, fullmatch=True, alphabet="0123456789"))
    code = data.draw(st.sampled_from(("", "*67", "9,")))
    assert len(texts(judge(PRICE, _to(f"{code}{prefix}449098790123@{FOREIGN}")))) == 1


COSTLY = {
    "12129760123": "a pay-per-call number (976)",
    "14169760123": "a pay-per-call number (976)",
    "12129700123": "a pay-per-call number (970)",
    "17122221234": "in an area with inflated access charges (712)",
    "16052221234": "in an area with inflated access charges (605)",
    "445512345678": "a corporate number (055)",
    "445612345678": "a location-independent number (056)",
    "447640123456": "a pager's number (076)",
}


@pytest.mark.parametrize(("digits", "kind"), COSTLY.items())
def test_a_range_that_costs_more_than_its_kind_is_refused_until_it_is_allowed(digits: str, kind: str) -> None:
    to_number = forwarding(type="number", destination_number=digits)
    expected = (
        f"destination_number {digits} is {kind}; forward to an ordinary phone number, or add its first digits"
        " to allowedPrefixes"
    )
    assert texts(judge(PRICE, to_number)) == [expected]
    assert len(texts(judge(PRICE, _to(f"*67{digits}@{FOREIGN}")))) == 1
    assert texts(judge(PRICE, to_number, allowedPrefixes=[digits[:4]])) == []
    assert len(texts(judge(PRICE, to_number, allowedPrefixes=[digits[:4]], deniedPrefixes=[digits[:3]]))) == 1


@pytest.mark.parametrize("digits", ["18769761234", "12125550123", "442079460123", "16042221234", "12129765"])
def test_a_number_beside_a_costly_range_is_not_in_it(digits: str) -> None:
    assert "pay-per-call" not in "".join(texts(judge(PRICE, forwarding(destination_number=digits))))


def test_an_expensive_kind_is_never_allowed_by_its_first_digits() -> None:
    to_number = forwarding(type="number", destination_number="449098790123")
    assert len(texts(judge(PRICE, to_number, allowedPrefixes=["44909"]))) == 1


@pytest.mark.parametrize("user", ["*98", "sales+berlin", "", "fax%3Asecret", "12-34567", "+79993332210,,101"])
def test_a_user_that_is_not_understood_is_refused_in_words(user: str) -> None:
    why = (
        "is neither a name nor a phone number that every server reads alike; give the account's name, or the"
    )
    for rule in (COUNTRY, PRICE):
        (text,) = texts(judge(rule, _to(f"{user}@{VENDORS}")))
        assert text.startswith(f"destination_uri {user}@{VENDORS} {why}")
    (text,) = texts(judge(LOOP, OFFICE, _to(f"{user}@{OPERATORS}")))
    assert f"{user}@{OPERATORS} may lead back to one of the stack's numbers: it {why}" in text
    assert len(texts(judge(CALLER, _to(f"{user}@{VENDORS}"), requireOwnCallerId=True))) == 1


@pytest.mark.parametrize("login", ["office@company", "*900132", "+79991112233", "sales+berlin"])
def test_a_login_of_the_stack_is_a_name_whatever_signs_it_has(login: str) -> None:
    desk = number("desk", number="442079460102", type="ate", host="sip.operator.example", login=login)
    address = f"{login.replace('@', '%40')}@sip2.operator.example"
    back = forwarding("desk", desk, type="number", destination_number="442079460101")
    assert judge(LOOP, OFFICE, desk, _to(address)) == []
    assert len(texts(judge(LOOP, OFFICE, desk, _to(address), back))) == 1


@pytest.mark.parametrize(
    "user",
    [
        *(
            "*67442079460101",
            "9442079460101",
            "9,442079460101",
            ";442079460101",
            "1001;02079460101",
            "%252B442079460101",
        ),
        *("2079460101;phone-context=+44", "810442079460101", "fax,442079460101", "office442079460101"),
    ],
)
def test_a_loop_is_found_behind_whatever_is_dialled_first(user: str) -> None:
    for host in (VENDORS, OPERATORS, "SIP9.Operator.example:5070"):
        (text,) = texts(judge(LOOP, OFFICE, _to(f"{user}@{host}")))
        assert "(442079460101 -> 442079460101)" in text


@pytest.mark.parametrize(
    "server",
    [
        *(
            "pbx.internal.",
            "localhost.",
            "192.0.2.10.",
            "pbx.example.com;maddr=sip.example.com",
            "pbx.example.com/x",
        ),
        *("pbx%2Einternal", "pbx.example.com?to=fax", "pbx..example.com", "pbx.example.com:5060:5061"),
    ],
)
def test_a_server_that_is_not_readable_as_a_name_is_refused(server: str) -> None:
    (text,) = texts(judge(HOST, forwarding(type="sip_uri", destination_uri=f"fax@{server}")))
    assert "is not readable as a host name" in text


@pytest.mark.parametrize(
    "value", ["*67449098790123", "+44 909 879 0123", "9,449098790123", "tel:449098790123"]
)
def test_a_destination_number_that_is_not_digits_alone_is_read_alike(value: str) -> None:
    assert len(texts(judge(PRICE, forwarding(type="number", destination_number=value)))) == 1
    assert len(texts(judge(COUNTRY, forwarding(type="number", destination_number=value)))) == 1


def test_addresses_are_read_alike_where_rules_are_asked_without_the_engine() -> None:
    expected = {
        f"*67449098790123@{FOREIGN}": {COUNTRY, PRICE},
        f"*98@{VENDORS}": {COUNTRY, PRICE, LOOP},
        f"*98@{OPERATORS}": {LOOP},
        f"fax@{OPERATORS}": set(),
    }
    for uri, rules in expected.items():
        assert {found.rule for found in broken([OFFICE, _to(uri)], PolicySettings())} == rules
