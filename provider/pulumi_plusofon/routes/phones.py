"""Which phone number a forwarding leads to, also where a SIP address says it: read as a server dials it.

A SIP address may be read in several ways. All readings are given; a rule decides what to do with them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from pulumi_plusofon.schema import addresses, numbering, values

from .networks import in_network

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .model import Resource

# Where the vendor is: its servers dial as one does there, and so do most operators of its customers.
HOME: Final = "RU"
_BEHIND: Final = re.compile(r"[;:,?&=#/@]")
# What most of the world dials in front of an international number. Russia dials 810.
_ABROAD: Final = "00"


@dataclass(frozen=True)
class Destination:
    """What a forwarding's field leads to outside, with every phone number that it can be read as."""

    field: str
    written: str
    readings: dict[str, PhoneNumber | None]
    """By E.164 digits; None behind digits that are no phone number at all."""


def destinations(forwarding: Resource) -> Iterator[Destination]:
    """The phone numbers that `forwarding` leads to, whichever field says them."""
    digits, uri = map(forwarding.get, ("destination_number", "destination_uri"))
    if digits is not None:
        yield Destination("destination_number", _written(digits), _international(_written(digits)))
    if uri is not None and (readings := _readings_of(uri)):
        yield Destination("destination_uri", uri, readings)


def user_of(uri: str) -> str:
    """The user of a SIP address as a server reads it: decoded, without parameters, in small letters."""
    return unquote(addresses.split(uri).user).lower().partition(";")[0].removeprefix("+")


def digits_in(uri: str) -> tuple[str, bool]:
    """The digits of a SIP address whose user is a phone number, and whether a plus is in front of them."""
    user = _BEHIND.split(unquote(addresses.split(uri).user), maxsplit=1)[0]
    written = [one for one in user if one.isalnum() or one == "+"]
    digits = [one for one in written if one != "+"]
    if not all(map(str.isdecimal, digits)):
        return "", False
    return "".join(str(int(one)) for one in digits), written[:1] == ["+"]


def numbers_in(uri: str, regions: Iterable[str]) -> dict[str, PhoneNumber | None]:
    """Every phone number that a SIP address reads as, dialled from one of `regions`; none for a name."""
    digits, plus = digits_in(uri)
    if not digits:
        return {}
    found = _international(digits)
    if plus:
        return found
    if digits.startswith(_ABROAD):
        found |= _international(digits.removeprefix(_ABROAD))
    for region in regions:
        number = _parsed(digits, region)
        if number and _is_dialled(number, digits, region):
            found[numbering.e164(number)] = number
    return found


def digits_of(number: Resource) -> str | None:
    """The E.164 digits of an external number, as they are read."""
    written = number.get("number")
    return next(iter(_international(_written(written)))) if written is not None else None


def region_of(digits: str) -> str:
    """The country from which the number with these E.164 digits is dialled in its national form."""
    number = _parsed(f"+{digits}")
    return phonenumbers.region_code_for_country_code(number.country_code or 0) if number else HOME


def _readings_of(uri: str) -> dict[str, PhoneNumber | None]:
    """The numbers that are certainly or possibly meant: digits without a plus may be an extension's."""
    digits, plus = digits_in(uri)
    if plus:
        return _international(digits) if digits else {}
    # No international form begins with a zero. What does is dialled, in a country that the server knows.
    regions = sorted(phonenumbers.SUPPORTED_REGIONS) if digits.startswith("0") else (HOME,)
    found = {one: number for one, number in numbers_in(uri, regions).items() if _is_valid(number)}
    at_home = {one: number for one, number in found.items() if one != digits}
    return at_home if at_home and in_network(addresses.split(uri).host) else found


def _written(number: Any) -> str:
    integer = values.whole(number)
    return str(number if integer is None else integer)


def _international(written: str) -> dict[str, PhoneNumber | None]:
    digits = re.sub(r"[^0-9]", "", written)
    number = _parsed(f"+{digits}")
    return {numbering.e164(number) if number else digits: number}


def _is_dialled(number: PhoneNumber, digits: str, region: str) -> bool:
    """Whether one dials `digits` in `region` for `number`, and `phonenumbers` did not guess."""
    if number.country_code != phonenumbers.country_code_for_region(region) or region == HOME:
        return True
    national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    return digits in (re.sub(r"[^0-9]", "", national), phonenumbers.national_significant_number(number))


def _is_valid(number: PhoneNumber | None) -> bool:
    return number is not None and phonenumbers.is_valid_number(number)


def _parsed(text: str, region: str | None = None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except NumberParseException:
        return None
