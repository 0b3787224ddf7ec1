"""Find the phone numbers that a forwarding leads to, also those that a server dials from a SIP address.

A SIP address can have several readings: `sip_users` finds what could be dialled in it, and this module makes
numbers of numbering plans of that. It gives all readings; a rule decides what to do with them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from pulumi_plusofon.schema import numbering, values
from pulumi_plusofon.schema.targets import PHONE_FIELDS, SIP_FIELDS

from . import sip_users
from .networks import in_network

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .model import Resource
    from .sip_users import Run, SipUser

    Numbers = dict[str, PhoneNumber | None]

# Where the vendor is: its servers dial as one does there, and so do most operators of its customers.
HOME: Final = "RU"
# What most of the world dials in front of an international number. Russia dials 810.
_ABROAD: Final = "00"
# Addresses that people write take half of it at most. A look-up takes time: without a bound all that may be
# dialled in 255 characters takes minutes.
_MOST_LOOK_UPS: Final = 4_000
# Exchanges take no notice of some digits more than a number has.
_MOST_SURPLUS: Final = 4
_SHORTEST: Final = 8


class TooManyReadingsError(Exception):
    """An address that can be read in more ways than anybody means."""


class _LookUps:
    """Counts what is looked up in numbering plans for one address."""

    def __init__(self) -> None:
        self._left = _MOST_LOOK_UPS

    def count(self, look_ups: int) -> None:
        """Note so many more. Raises `TooManyReadingsError` if they are too many."""
        self._left -= look_ups
        if self._left < 0:
            raise TooManyReadingsError


@dataclass(frozen=True)
class Destination:
    """What a forwarding's field leads to outside, with every phone number that it can be read as."""

    field: str
    written: str
    readings: Numbers
    """By E.164 digits; None behind digits that are no phone number at all."""
    if_dialled: Numbers
    """What few servers dial: what is left behind a prefix in a valid number, a national form in a name."""
    is_unclear: bool = False
    """It is read in too many ways, or stays with the vendor and is neither a name nor a number."""

    @property
    def possible(self) -> Numbers:
        """All that some server might dial."""
        return self.readings | self.if_dialled


def destinations(forwarding: Resource) -> Iterator[Destination]:
    """The phone numbers that `forwarding` leads to, whichever field says them."""
    for field in PHONE_FIELDS:
        if (digits := forwarding.get(field)) is not None:
            yield _of_number(field, _written(digits))
    address = address_of(forwarding)
    if address and ((found := _of_address(*address)).possible or found.is_unclear):
        yield found


def address_of(forwarding: Resource) -> tuple[str, str] | None:
    """The field of the SIP address that `forwarding` leads to, and the address; None for no address."""
    addresses = ((field, forwarding.get(field)) for field in SIP_FIELDS)
    return next(((field, uri) for field, uri in addresses if uri is not None), None)


def _of_number(field: str, written: str) -> Destination:
    # Digits alone are E.164's. Behind anything else a server may find others.
    user = None if written.isdecimal() else sip_users.read(written)
    try:
        readings, if_dialled = _readings(user.runs if user else ())
    except TooManyReadingsError:
        return Destination(field, written, _international(written), {}, is_unclear=True)
    is_unclear = user is not None and user.is_too_long
    return Destination(field, written, _international(written) | readings, if_dialled, is_unclear)


@lru_cache(maxsize=4096)
def _of_address(field: str, uri: str) -> Destination:
    user = sip_users.read(uri)
    at_vendors = any(map(in_network, user.hosts))
    try:
        readings, if_dialled = _readings(user.runs, is_home=at_vendors)
    except TooManyReadingsError:
        return Destination(field, uri, {}, {}, is_unclear=True)
    is_unclear = user.is_too_long or (at_vendors and not is_clear(user))
    return Destination(field, uri, readings, if_dialled, is_unclear)


def is_clear(user: SipUser, regions: Iterable[str] = (HOME,)) -> bool:
    """Whether every server reads the same in `user`: a name, or a number that is dialled from `regions`."""
    if user.is_name or not user.is_number:
        return user.is_name
    # Digits that are no number are an account's name, but not in groups. With a plus they are a wrong number.
    return (
        user.is_bare or not user.runs or user.runs[0].plus or any(_valid(user.runs[0], _LookUps(), regions))
    )


def numbers_in(user: SipUser, regions: Iterable[str]) -> Numbers:
    """Every phone number that is in a SIP address, valid or not, dialled from one of `regions`.

    Raises `TooManyReadingsError` for an address that nobody can read.
    """
    if user.is_too_long:
        raise TooManyReadingsError
    regions = tuple(regions)
    found: Numbers = {}
    look_ups = _LookUps()
    for run in user.runs:
        for part in (run, *run.parts()):
            for form in (part, *part.behind_prefixes()):
                look_ups.count(1 if form.plus else 1 + len(regions))
                found |= _international(form.digits) if form.plus else _dialled(form.digits, regions)
    return found


def digits_of(number: Resource) -> str | None:
    """The E.164 digits of an external number, as they are read."""
    written = number.get("number")
    return next(iter(_international(_written(written)))) if written is not None else None


def region_of(digits: str) -> str:
    """The country from which the number with these E.164 digits is dialled in its national form."""
    number = _parsed(f"+{digits}")
    return phonenumbers.region_code_for_country_code(number.country_code or 0) if number else HOME


def _readings(runs: Iterable[Run], *, is_home: bool = False) -> tuple[Numbers, Numbers]:
    """What `runs` are certainly or possibly dialled for, and what else is dialled if they have a prefix."""
    readings: Numbers = {}
    if_dialled: Numbers = {}
    look_ups = _LookUps()
    for run in runs:
        whole, rest = _of_run(run, look_ups, is_home=is_home)
        if run.starred or run.in_parts or not any(map(_is_valid, whole.values())):
            for part in run.parts():
                read, few = _of_run(part, look_ups, is_home=is_home)
                whole |= read
                rest |= few
        if run.in_name:
            # A national form of any country there is stands in many a name by chance.
            rest |= {digits: number for digits, number in whole.items() if digits not in run.digits}
            whole = {digits: number for digits, number in whole.items() if digits in run.digits}
        readings |= whole
        if_dialled |= rest
    return readings, if_dialled


def _of_run(run: Run, look_ups: _LookUps, *, is_home: bool) -> tuple[Numbers, Numbers]:
    whole, rest = _of_digits(run, look_ups, is_home=is_home)
    return whole, rest if any(map(_is_valid, whole.values())) else rest | _too_long(run, look_ups)


def _too_long(run: Run, look_ups: _LookUps) -> Numbers:
    """The valid numbers that are dialled if a server takes no notice of the last digits."""
    found: Numbers = {}
    for surplus in range(1, _MOST_SURPLUS + 1):
        part = replace(run, groups=(run.digits[:-surplus],))
        if len(part.digits) >= _SHORTEST:
            for form in (part, *part.behind_prefixes()):
                found |= _valid(form, look_ups)
    return found


def _of_digits(run: Run, look_ups: _LookUps, *, is_home: bool) -> tuple[Numbers, Numbers]:
    found = _valid(run, look_ups)
    at_home = None if run.plus or run.starred else _parsed(run.digits, HOME)
    if at_home and _is_valid(at_home):
        return ({numbering.e164(at_home): at_home} if is_home else found), {}
    if run.plus and found:
        return found, {}
    behind: Numbers = {}
    for form in run.behind_prefixes():
        behind |= _valid(form, look_ups)
    if found and not run.starred:
        # A national form that is left over is one by chance: the whole number is valid.
        return found, {digits: number for digits, number in behind.items() if run.digits.endswith(digits)}
    return (_international(run.digits) if run.certain else found) | behind, {}


def _valid(run: Run, look_ups: _LookUps, regions: Iterable[str] = (HOME,)) -> Numbers:
    """The valid numbers that are dialled in these words."""
    if run.plus:
        look_ups.count(1)
        numbers = _international(run.digits)
    else:
        # No international form begins with a zero. What does is dialled, in a country that the server knows.
        dialled_in = _everywhere() if run.digits.startswith("0") else tuple(regions)
        look_ups.count(1 + len(dialled_in))
        numbers = _dialled(run.digits, dialled_in)
    return {digits: number for digits, number in numbers.items() if _is_valid(number)}


@lru_cache(maxsize=1)
def _everywhere() -> tuple[str, ...]:
    return tuple(sorted(phonenumbers.SUPPORTED_REGIONS))


@lru_cache(maxsize=4096)
def _dialled(digits: str, regions: tuple[str, ...]) -> Numbers:
    found = _international(digits)
    if digits.startswith(_ABROAD):
        found |= _international(digits.removeprefix(_ABROAD))
    for region in regions:
        number = _parsed(digits, region)
        if number and _is_dialled(number, digits, region):
            found[numbering.e164(number)] = number
    return found


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
