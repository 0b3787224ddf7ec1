"""Where calls may be forwarded to, and under which caller id: the rules on one forwarding."""

from __future__ import annotations

from typing import Any

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberType

from pulumi_plusofon.schema.values import UNKNOWN
from unit.policy_resources import forwarding, judge, put_off, texts

COUNTRY, PRICE, CALLER = "forwarding-destination-allowed", "no-premium-rate-destination", "caller-id-explicit"
REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
COUNTRIES = [
    ("79993332210", "RU"),
    ("77012345678", "KZ"),
    ("12025550123", "US"),
    ("14165550123", "CA"),
    ("18765550123", "JM"),
    ("442079460123", "GB"),
    ("441534456789", "JE"),
]
IN_NO_COUNTRY = {
    "invalid for all countries of +7": "70000000000",
    "kept free by its country's plan": "447700900123",
    "invalid for the one country of its code": "37612345",
    "a country code that nobody has": "21012345678",
    "satellite": "870773111632",
    "international freephone": "80012345678",
    "a national number without its area code": "15550123",
}
EXPENSIVE = {
    "a premium-rate number": ["449098790123", "19005550123", "78091234567", "78031234567"],
    "a shared-cost number": ["39848123456", "491801234567"],
    "a personal number, which costs what its holder sets": ["447012345678", "41878123456"],
    "a satellite number": ["870773111632", "88163141234", "881612345678"],
    "a satellite number or another one of an international network": ["882164112345", "8835100012345"],
    "an international shared-cost number": ["80812345678"],
    "an international premium-rate number": ["979123456789"],
    "a short number": ["49110", "4911811", "15550123", "33112", "12345"],
}
ORDINARY = {
    "mobile": "79993332210",
    "fixed": "442079460123",
    "fixed or mobile": "12025550123",
    "freephone": "78001234567",
    "international freephone": "80012345678",
    "VoIP": "33912345678",
    "company-wide": "443012345678",
    "short, but whole": "6834002",
}


def _digits(number: phonenumbers.PhoneNumber) -> str:
    return f"{number.country_code}{phonenumbers.national_significant_number(number)}"


def _to(value: Any, **more: Any) -> Any:
    return forwarding(type="number", destination_number=value, **more)


@pytest.mark.parametrize(("digits", "country"), COUNTRIES)
def test_a_country_is_the_numbers_own_and_not_its_codes(digits: str, country: str) -> None:
    assert texts(judge(COUNTRY, _to(digits), allowedCountries=[country])) == []
    (text,) = texts(judge(COUNTRY, _to(digits), allowedCountries=["FR", "DE"]))
    assert text == (
        f"destination_number {digits} is in {country}, and allowedCountries are FR, DE;"
        f" forward to a number there, or add {country} to the rule's allowedCountries"
    )


def test_without_settings_russia_alone_is_allowed() -> None:
    assert [digits for digits, _ in COUNTRIES if not judge(COUNTRY, _to(digits))] == ["79993332210"]


@pytest.mark.parametrize("digits", IN_NO_COUNTRY.values(), ids=IN_NO_COUNTRY)
def test_a_number_of_no_country_is_refused_whatever_is_allowed(digits: str) -> None:
    (text,) = texts(judge(COUNTRY, _to(digits), allowedCountries=REGIONS))
    assert text.startswith(f"destination_number {digits} is no valid number of any country; forward to ")


def test_an_empty_list_allows_no_phone_number() -> None:
    assert len(judge(COUNTRY, _to("79993332210"), allowedCountries=[])) == 1


@given(st.sampled_from(REGIONS), st.lists(st.sampled_from(REGIONS), max_size=4))
def test_a_number_is_refused_exactly_if_its_country_is_not_allowed(region: str, allowed: list[str]) -> None:
    example = phonenumbers.example_number(region)
    assert example is not None
    country = phonenumbers.region_code_for_number(example)
    digits = _digits(example)
    assert bool(judge(COUNTRY, _to(digits), allowedCountries=allowed)) == (country not in allowed)


@pytest.mark.parametrize(
    ("kind", "digits"), [(kind, digits) for kind, some in EXPENSIVE.items() for digits in some]
)
def test_an_expensive_number_is_refused(kind: str, digits: str) -> None:
    (text,) = texts(judge(PRICE, _to(digits)))
    assert text == f"destination_number {digits} is {kind}; forward to an ordinary phone number"


@pytest.mark.parametrize("digits", ORDINARY.values(), ids=ORDINARY)
def test_an_ordinary_number_is_no_expensive_one(digits: str) -> None:
    assert judge(PRICE, _to(digits)) == []


@pytest.mark.parametrize("region", REGIONS)
def test_the_own_examples_of_countries_are_kept_apart(region: str) -> None:
    for kind, refused in (
        (PhoneNumberType.PREMIUM_RATE, True),
        (PhoneNumberType.SHARED_COST, True),
        (PhoneNumberType.PERSONAL_NUMBER, True),
        (PhoneNumberType.MOBILE, False),
        (PhoneNumberType.FIXED_LINE, False),
    ):
        example = phonenumbers.example_number_for_type(region, kind)
        if example is not None and phonenumbers.number_type(example) == kind:
            assert bool(judge(PRICE, _to(_digits(example)))) == refused, example


def test_a_denied_prefix_is_refused_and_named() -> None:
    settings = {"deniedPrefixes": ["4470", "44207"]}
    (text,) = texts(judge(PRICE, _to("442079460123"), **settings))
    assert "442079460123 is denied, because deniedPrefixes has 44207; forward to" in text
    assert judge(PRICE, _to("442089460123"), **settings) == []


@pytest.mark.parametrize("rule", [COUNTRY, PRICE])
def test_a_crms_fallback_is_judged_like_a_forwarding(rule: str) -> None:
    crm: dict[str, Any] = {"type": "bitrix", "host": "shop.bitrix24.example", "type_default": "number"}
    assert len(texts(judge(rule, forwarding(**crm, destination_number="19005550123")))) == 1


@pytest.mark.parametrize("rule", [COUNTRY, PRICE])
@pytest.mark.parametrize("inputs", [{"type": "group", "group_id": 9}, {"type": "empty"}])
def test_a_forwarding_to_no_phone_number_is_none_of_their_business(rule: str, inputs: dict[str, Any]) -> None:
    assert judge(rule, forwarding(**inputs)) == []


@pytest.mark.parametrize("rule", [COUNTRY, PRICE])
def test_a_phone_number_that_is_not_known_yet_is_put_off(rule: str) -> None:
    for field in ("destination_number", "destination_uri"):
        unknown: dict[str, Any] = {"type": "number", field: UNKNOWN}
        found = judge(rule, forwarding(**unknown))
        assert (texts(found), put_off(found)) == ([], [("office", field)])


# What a SIP address says, and the E.164 digits that a server may read in it.
ADDRESSES = {
    "with a plus": ("+449098790123@sip.operator.example", "449098790123"),
    "with a plus, at the vendor's": ("+449098790123@ext.plusofon.ru", "449098790123"),
    "without a plus": ("449098790123@sip.operator.example", "449098790123"),
    "an encoded plus": ("%2B449098790123@sip.operator.example", "449098790123"),
    "encoded digits": ("+%34%34909879012%33@sip.operator.example", "449098790123"),
    "digits of another script": ("+%D9%A4%D9%A4909879012%D9%A3@sip.operator.example", "449098790123"),
    "separators": ("+44-(909).879-0123@sip.operator.example", "449098790123"),
    "encoded blanks": ("+44%20909%20879%200123@sip.operator.example", "449098790123"),
    "a trunk zero": ("+44(0)9098790123@sip.operator.example", "449098790123"),
    "parameters": ("+449098790123;phone-context=a;ext=1@sip.operator.example", "449098790123"),
    "encoded parameters": ("+449098790123%3Bext=1@sip.operator.example", "449098790123"),
    "a pause and what is dialled then": ("+449098790123,,7@sip.operator.example", "449098790123"),
    "a port": ("+449098790123@sip.operator.example:5060", "449098790123"),
    "an IPv6 server": ("+449098790123@[2001:db8::1]:5060", "449098790123"),
    "an international prefix": ("00449098790123@sip.operator.example", "449098790123"),
    "an international prefix at the vendor's": ("00449098790123@ext.plusofon.ru", "449098790123"),
    "an encoded at": ("+449098790123%40a@sip.operator.example", "449098790123"),
    "Russia's international prefix": ("810449098790123@ext.plusofon.ru", "449098790123"),
    "America's international prefix": ("011449098790123@sip.operator.example", "449098790123"),
    "Britain's national form": ("09098790123@sip.operator.example", "449098790123"),
    "Russia's national form": ("88091234567@ext.plusofon.ru", "78091234567"),
    "Russia's national form elsewhere": ("8-809-123-45-67@sip.operator.example", "78091234567"),
    "Russia's form without a prefix": ("8091234567@sip.operator.example", "78091234567"),
}
NO_PHONES = [
    *("fax@pbx.example.com", "123456789@ext.plusofon.ru", "101@pbx.example.com", "900@pbx.example.com"),
    *("21201588169353@sip.plusofon.ru", "4229179104445567@ext.plusofon.ru", "0@pbx.example.com"),
    *("office44@pbx.example.com", "+@pbx.example.com", "0101@pbx.example.com"),
]


def _by_uri(uri: Any, **more: Any) -> Any:
    return forwarding(type="sip_uri", destination_uri=uri, **more)


@pytest.mark.parametrize(("uri", "digits"), ADDRESSES.values(), ids=ADDRESSES)
def test_a_phone_number_in_a_sip_address_is_judged_as_one(uri: str, digits: str) -> None:
    crm = forwarding(type="amo", host="shop.example", type_default="sip_uri", destination_uri=uri)
    for judged in (_by_uri(uri), crm):
        (text,) = texts(judge(PRICE, judged))
        assert text.startswith(
            f"destination_uri {uri} can be read as +{digits} and is a premium-rate number;"
        )
        prefix = digits[:6]
        (text,) = texts(judge(PRICE, judged, deniedPrefixes=[prefix]))
        assert f"can be read as +{digits} and is denied, because deniedPrefixes has {prefix};" in text
        (text,) = texts(judge(COUNTRY, judged, allowedCountries=["FR"]))
        assert text.startswith(f"destination_uri {uri} can be read as +")
        assert len(texts(judge(CALLER, _by_uri(uri, cli_type="Y"), requireOwnCallerId=True))) == 1


@pytest.mark.parametrize("uri", NO_PHONES)
def test_a_name_or_an_extension_in_a_sip_address_is_no_phone_number(uri: str) -> None:
    assert judge(COUNTRY, _by_uri(uri), allowedCountries=[]) == []
    assert judge(PRICE, _by_uri(uri), deniedPrefixes=[str(digit) for digit in range(1, 10)]) == []


@pytest.mark.parametrize(
    ("uri", "allowed", "expected"),
    [
        ("+79993332210@sip.operator.example", ["RU"], None),
        ("79993332210@ext.plusofon.ru", ["RU"], None),
        ("84951234567@ext.plusofon.ru", ["RU"], None),
        ("84951234567@sip.operator.example", ["RU"], "+84951234567 and is in VN"),
        ("84951234567@sip.operator.example", ["VN"], "+74951234567 and is in RU"),
        ("84951234567@sip.operator.example", ["RU", "VN"], None),
        ("02079460101@sip.operator.example", ["GB"], "and is in "),
        ("+447700900123@sip.operator.example", ["GB"], "is no valid number of any country"),
        ("+999123456@sip.operator.example", ["GB"], "is no valid number of any country"),
    ],
)
def test_every_reading_of_a_sip_address_must_be_in_an_allowed_country(
    uri: str, allowed: list[str], expected: str | None
) -> None:
    found = texts(judge(COUNTRY, _by_uri(uri), allowedCountries=allowed))
    assert len(found) == (expected is not None)
    assert expected is None or expected in found[0]
    assert ("; or write the one that is meant with its plus" in "".join(found)) == (
        expected is not None and "+" not in uri
    )


@given(st.sampled_from(REGIONS), st.sampled_from(sorted(PhoneNumberType.values())))
def test_a_number_with_a_plus_is_judged_alike_in_both_fields(region: str, kind: int) -> None:
    example = phonenumbers.example_number_for_type(region, kind)
    if example is None:
        return
    digits = _digits(example)
    for rule in (COUNTRY, PRICE):
        by_uri = judge(rule, _by_uri(f"+{digits}@sip.operator.example"))
        assert len(by_uri) == len(judge(rule, _to(digits)))


@pytest.mark.parametrize(
    ("digits", "expected"),
    [
        ("78401234567", "is in Abkhazia"),
        ("79401234567", "is in Abkhazia"),
        ("79541234567", "has a code that Russia does not use"),
    ],
)
def test_not_all_of_plus_seven_is_russia_or_kazakhstan(digits: str, expected: str) -> None:
    for judged in (_to(digits), _by_uri(f"+{digits}@ext.plusofon.ru"), _by_uri(f"8{digits[1:]}@plusofon.ru")):
        (text,) = texts(judge(COUNTRY, judged, allowedCountries=REGIONS))
        assert f"{expected}, which allowedCountries cannot allow" in text


def test_digits_of_a_state_of_before_are_judged_as_they_are_read() -> None:
    (text,) = texts(judge(PRICE, _to("4409098790123")))
    assert "destination_number 4409098790123 can be read as +449098790123 and is a premium-rate" in text


OUTSIDE: dict[str, dict[str, Any]] = {
    "a phone number at the network's server": {
        "type": "sip_uri",
        "destination_uri": "79993332210@ext.plusofon.ru",
        "cli_type": "Y",
    },
    "a phone number": {"type": "number", "destination_number": "79993332210", "cli_type": "Y"},
    "another server": {"type": "sip_uri", "destination_uri": "fax@pbx.example.com", "cli_type": "Y"},
    "a server that sounds alike": {"type": "sip_uri", "destination_uri": "1@notplusofon.ru", "cli_type": "Y"},
    "a fallback": {
        "type": "amo",
        "host": "shop.example",
        "cli_type": "Y",
        "type_default": "number",
        "destination_number": "79993332210",
        "cli_type_default": "Y",
    },
}
INSIDE: dict[str, dict[str, Any]] = {
    "a group": {"type": "group", "group_id": 9, "cli_type": "Y"},
    "the network's server": {"type": "sip_uri", "destination_uri": "1@Ext.Plusofon.ru", "cli_type": "Y"},
    "the own number shown": {"type": "number", "destination_number": "79993332210", "cli_type": "N"},
    "a CRM": {"type": "amo", "host": "shop.example", "cli_type": "Y"},
    "a fallback inside": {
        "type": "amo",
        "host": "shop.example",
        "cli_type": "Y",
        "type_default": "sip",
        "sip_id": 4,
        "cli_type_default": "Y",
    },
    "nowhere": {"type": "empty"},
}


@pytest.mark.parametrize("inputs", OUTSIDE.values(), ids=OUTSIDE)
def test_the_callers_number_is_not_shown_outside_where_the_own_is_required(inputs: dict[str, Any]) -> None:
    (text,) = texts(judge(CALLER, forwarding(**inputs), requireOwnCallerId=True))
    shows = "cli_type_default" if "type_default" in inputs else "cli_type"
    assert text == f"{shows} Y shows the caller's number outside the network; set {shows} to N"
    assert judge(CALLER, forwarding(**inputs)) == [], "nothing is required without the setting"


@pytest.mark.parametrize("inputs", INSIDE.values(), ids=INSIDE)
def test_a_call_that_stays_inside_may_show_the_caller(inputs: dict[str, Any]) -> None:
    assert judge(CALLER, forwarding(**inputs), requireOwnCallerId=True) == []


def test_a_caller_id_that_is_not_known_yet_is_put_off() -> None:
    unknown = forwarding(type="number", destination_number="79993332210", cli_type=UNKNOWN)
    assert put_off(judge(CALLER, unknown, requireOwnCallerId=True)) == [("office", "cli_type")]
    assert judge(CALLER, unknown) == []
