"""One value at a time: which forms mean the same, and which are refused in a line of words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pulumi_plusofon.schema import addresses, phone, values
from pulumi_plusofon.schema.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable

PARSERS: dict[str, Callable[[Any], Any]] = {
    "phone_number": phone.phone_number,
    "phone_number_as_before": phone.phone_number_as_before,
    "host": addresses.host,
    "host_as_before": addresses.host_as_before,
    "hosts": addresses.hosts,
    "sip_uri": addresses.sip_uri,
    "sip_uri_as_before": addresses.sip_uri_as_before,
    "text": values.text,
    "login": values.login,
    "secret": values.secret,
    "port": values.port,
    "identifier": values.identifier,
    "number_id": values.number_id,
    "flag": values.flag,
    "seconds": values.Seconds(3600),
    "one_of": values.OneOf(("Y", "N")),
}
# Ranges kept for stories and films: nobody's numbers.
invented = st.integers(447700900000, 447700900999) | st.integers(12025550100, 12025550199)
blanks = st.sampled_from("\u00a0\u202f\u2007\u2009\u3000")
hyphens = st.sampled_from("\u2010\u2011\u2012\u2013\u2014\u2212")
anything = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.lists(st.integers(), max_size=2)
    | st.from_regex(r"\+?[0-9 ().-]+")
    | st.from_regex(r"[a-z0-9.:/@-]{1,20}", fullmatch=True)
)


def outcome(parse: Callable[[Any], Any], value: Any) -> tuple[Any, str]:
    """The parsed value, or the words of the refusal."""
    try:
        return parse(value), ""
    except ValueError as problem:
        return None, str(problem)


@pytest.mark.parametrize("name", PARSERS)
@given(value=anything)
def test_anything_is_parsed_or_refused_in_words(name: str, value: Any) -> None:
    parsed, words = outcome(PARSERS[name], value)
    if words:
        assert words.isprintable()
        assert len(words) < 500
    else:
        again = f"+{parsed}" if name == "phone_number" else parsed
        assert PARSERS[name](again) == parsed


@given(number=invented, data=st.data())
def test_every_form_of_one_number_is_the_same_digits(number: int, data: st.DataObject) -> None:
    digits = str(number)
    gaps = data.draw(st.lists(st.sampled_from(["", " ", "-", ".", " (", ") "]), min_size=11, max_size=11))
    written = "".join(digit + gap for digit, gap in zip(digits[:-1], gaps, strict=False)) + digits[-1]
    copied = written.replace(" ", data.draw(blanks)).replace("-", data.draw(hyphens))
    forms = (number, float(number), digits, f"+{digits}", written, f"+{written}", f"+{copied}")
    assert {phone.phone_number(form) for form in forms} == {digits}


@given(invented, invented)
def test_different_numbers_stay_different(first: int, other: int) -> None:
    assume(first != other)
    assert phone.phone_number(first) != phone.phone_number(other)


@given(anything)
def test_a_phone_number_is_5_to_15_ascii_digits(value: Any) -> None:
    try:
        parsed = phone.phone_number(value)
    except ValueError:
        return
    assert re.fullmatch("[0-9]{5,15}", parsed, re.ASCII)


@pytest.mark.parametrize("text", ["s3cr3t\n", "s3cr3t ", " s3cr3t", "s3cr3t" * 100, "s3cr3t\ud800"])
def test_a_refused_text_is_not_repeated(text: str) -> None:
    _, words = outcome(values.text, text)
    assert words
    assert "s3cr3t" not in words


@pytest.mark.parametrize(
    ("value", "number_id"), [(17, 17), (17.0, 17), ("17", 17), ("0017", 17), (2**53 - 1, 2**53 - 1)]
)
def test_an_external_numbers_id_may_be_the_text_of_a_resources_id(value: Any, number_id: int) -> None:
    assert values.number_id(value) == number_id


def test_any_other_id_is_a_number_alone() -> None:
    with pytest.raises(ValueError, match=r"must be a whole number from 1 up, not '17'"):
        values.identifier("17")


@pytest.mark.parametrize(
    ("uri", "parts"),
    [
        ("123456789@ext.plusofon.ru", ("123456789", "ext.plusofon.ru", None)),
        ("a.b+c@192.0.2.1", ("a.b+c", "192.0.2.1", None)),
        ("x@localhost:5061", ("x", "localhost", 5061)),
        ("x@[2001:db8::1]", ("x", "2001:db8::1", None)),
        ("x@[2001:db8::1]:5061", ("x", "2001:db8::1", 5061)),
    ],
)
def test_a_sip_address_is_a_user_at_a_host_and_may_have_a_port(uri: str, parts: tuple[Any, ...]) -> None:
    assert addresses.sip_uri(uri) == uri
    assert addresses.split(uri) == parts


def test_a_sip_address_of_an_earlier_version_has_its_parts_too() -> None:
    before = addresses.sip_uri_as_before("x@2001:db8::1")
    assert addresses.split(before) == ("x", "2001:db8::1", None)


def test_the_host_of_a_sip_address_is_kept_as_dns_has_it() -> None:
    assert addresses.sip_uri("x@сип.оператор.рф:5060") == "x@xn--h1aoe.xn--80aj0acchco.xn--p1ai:5060"


def test_the_unknown_value_says_so() -> None:
    assert repr(UNKNOWN) == "<unknown>"
