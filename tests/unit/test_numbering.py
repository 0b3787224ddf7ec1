"""Phone numbers as people write them: read as what was meant, or refused, and never as another number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat

from pulumi_plusofon.schema.numbering import e164, read

if TYPE_CHECKING:
    from collections.abc import Iterator


def examples(region: str) -> Iterator[phonenumbers.PhoneNumber]:
    """The plan's example of each kind of number."""
    for kind in phonenumbers.supported_types_for_region(region):
        if example := phonenumbers.example_number_for_type(region, kind):
            yield example


def written(number: phonenumbers.PhoneNumber) -> dict[str, str]:
    """The ways in which people write `number`."""
    significant = phonenumbers.national_significant_number(number)
    return {
        "international": phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL),
        "E.164": phonenumbers.format_number(number, PhoneNumberFormat.E164),
        "national": phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL),
        "trunk zero": f"+{number.country_code} (0){significant}",
        "trunk zero, blanks": f"+{number.country_code} ( 0 ) {significant}",
        "digits": e164(number),
    }


def reading(value: Any) -> str | None:
    try:
        return read(value)
    except ValueError:
        return None


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_a_number_in_any_form_is_read_as_itself_or_refused(region: str) -> None:
    assert phonenumbers.example_number(region)
    for number in examples(region):
        digits = e164(number)
        read_as = {form: reading(text) for form, text in written(number).items()}
        assert set(read_as.values()) <= {digits, None}, read_as
        assert read_as["international"] == read_as["E.164"] == digits


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_a_number_that_was_read_is_read_the_same_again(region: str) -> None:
    for number in examples(region):
        assert read(f"+{read(written(number)['international'])}") == e164(number)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("+44 (0)20 7946 0101", "442079460101"),
        ("+44(0)2079460101", "442079460101"),
        ("+44 020 7946 0101", "442079460101"),
        ("+7 (8) 495 123-45-67", "74951234567"),
        ("+7 (495) 123-45-67", "74951234567"),
        ("+49 (0) 30 123456", "4930123456"),
        ("+39 (0)6 1234 5678", "390612345678"),
        ("+39 06 1234 5678", "390612345678"),
        ("+7\u00a0910\u00a0444\u201155\u201166", "79104445566"),
        ("\u00a0+7 910 444\u201355\u201366 ", "79104445566"),
        ("+7 910 444\u221255.66", "79104445566"),
        ("+84 95 123 45 67", "84951234567"),
        ("+49 5765 4321", "4957654321"),
        ("+1 312 345 6789", "13123456789"),
        # A range that no plan has yet: nothing tells that it is wrong.
        ("+1 235 555 0100", "12355550100"),
        ("+44 7700 900123", "447700900123"),
        ("447700900123", "447700900123"),
        (447700900123, "447700900123"),
        (79104445566, "79104445566"),
        ("7 (495) 123-45-67", "74951234567"),
        ("12025550123", "12025550123"),
    ],
)
def test_a_number_is_read_as_it_was_meant(text: Any, digits: str) -> None:
    assert read(text) == digits


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("8 (495) 123-45-67", "+74951234567 or +84951234567"),
        ("84951234567", "+74951234567 or +84951234567"),
        (84951234567, "+74951234567 or +84951234567"),
        (9104445566, "+79104445566 or +9104445566"),
        ("4957654321", "+74957654321 or +4957654321"),
        ("13123456789", "+8613123456789 or +13123456789"),
        ("(202) 555-0123", "+12025550123 or +2025550123"),
    ],
)
def test_a_number_that_can_be_two_is_refused_with_both(text: Any, readings: str) -> None:
    with pytest.raises(ValueError, match="can be read as") as refused:
        read(text)
    expected = (
        f" can be read as {readings}: write the one that is meant, with its plus, as e164 of a number has it"
    )
    assert str(refused.value).endswith(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+44 7700 90012", "is read as +44770090012, which is no valid phone number: correct it"),
        ("+44 7700 9001234", "is read as +4477009001234, which is no valid phone number: correct it"),
        ("+7 910 444-55-6", "is read as +7910444556, which is no valid phone number: correct it"),
        (
            "+8 (495) 123-45-67",
            "which no country has: write +74951234567 or +84951234567, whichever is meant",
        ),
        ("+ 8-495-123-45-67", "which no country has: write +74951234567 or +84951234567, whichever is meant"),
        ("+8 910 444 55 66", "which no country has: write +79104445566, whichever is meant"),
        ("+999 12345678", "has no country code that exists: correct it"),
        ("4402079460101", "is read as +442079460101: if that is meant, write it so"),
        ("44 (0)20 7946 0101", "is read as +442079460101: if that is meant, write it so"),
        ("44770090012", "is no valid phone number in international form"),
        # What YAML makes of 00447700123456 and 02079460101 without quotes.
        (0o0447700123456, "is no valid phone number in international form"),
        (2079460101, "can be read as "),
        ("02079460101", "is no valid phone number in international form"),
        ("8 910 444-55-66", "may be +79104445566: if that is meant, write it so"),
        ("+7 910 444-55-66 ext. 5", "must be a phone number such as"),
        ("+7 910 444-55-66;ext=5", "must be a phone number such as"),
        ("+7 910 444-55-66 #5", "must be a phone number such as"),
        ("+7 910 444-55-6\uff16", "must be a phone number such as"),
        ("\uff0b79104445566", "must be a phone number such as"),
        ("+7 910 \u202e444-55-66", "must be a phone number such as"),
        ("+7 800 FLOWERS", "must be a phone number such as"),
    ],
)
def test_other_text_than_a_number_is_refused_with_its_reading(text: Any, expected: str) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        read(text)
    assert expected in str(refused.value)
    assert str(refused.value).isprintable()


def test_a_zero_in_brackets_that_may_belong_to_the_number_is_refused_with_both() -> None:
    mobile = phonenumbers.example_number_for_type("IT", phonenumbers.PhoneNumberType.MOBILE)
    assert mobile
    digits = e164(mobile)
    with pytest.raises(ValueError, match="can be read as") as refused:
        read(f"+39 (0){digits.removeprefix('39')}")
    assert f"+39{0}{digits.removeprefix('39')} or +{digits}" in str(refused.value)
