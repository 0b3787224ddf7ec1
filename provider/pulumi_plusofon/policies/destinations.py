"""Rules on where a forwarding sends calls outside, also as a CRM's fallback, and under which caller id.

A phone number is validated wherever it stands, in `destination_number` or in a SIP address. Countries and
kinds of numbers are those of `phonenumbers`: nothing is looked up anywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberType, ValidationResult, shortnumberinfo

from pulumi_plusofon.routes import sip_users
from pulumi_plusofon.routes.networks import in_network
from pulumi_plusofon.routes.phones import address_of, destinations
from pulumi_plusofon.schema.targets import PHONE_FIELDS, SIP_FIELDS, TARGETS

from .model import UNCLEAR, Violation, deferred
from .ranges import range_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pulumi_plusofon.routes.model import Resource
    from pulumi_plusofon.routes.phones import Destination

    from .config import CallerId, Countries, Prefixes
    from .model import Finding

_PHONES: Final = (*PHONE_FIELDS, *SIP_FIELDS)
# Ranges under Russia's code that are not Russia's, though numbering plans have them there.
_NOT_RUSSIA: Final[Mapping[str, str]] = {
    "7840": "is in Abkhazia",
    "7940": "is in Abkhazia",
    "7954": "has a code that Russia does not use",
}
# Country codes that belong to no country, of calls that cost what a call to no country does.
_EXPENSIVE_CODES: Final[Mapping[int, str]] = {
    808: "an international shared-cost number",
    870: "a satellite number",
    881: "a satellite number",
    882: "a satellite number or another one of an international network",
    883: "a satellite number or another one of an international network",
    979: "an international premium-rate number",
}
# For what a forwarding leads to, and for what its fallback does: which number is shown there.
_SHOWS: Final[Mapping[str, str]] = {"type": "cli_type", "type_default": "cli_type_default"}
_EXPENSIVE_TYPES: Final[Mapping[int, str]] = {
    PhoneNumberType.PREMIUM_RATE: "a premium-rate number",
    PhoneNumberType.SHARED_COST: "a shared-cost number",
    PhoneNumberType.PERSONAL_NUMBER: "a personal number, which costs what its holder sets",
}


def destination_allowed(forwarding: Resource, config: Countries) -> Iterator[Finding]:
    """Refuse what is not certainly a phone number of an allowed country."""
    yield from deferred(forwarding, *_PHONES)
    for destination in destinations(forwarding):
        for digits, number in destination.readings.items():
            if fault := _elsewhere(digits, number, config.allowed_countries):
                yield Violation(forwarding, f"{_named(destination, digits)} {fault}{_plain(destination)}")
                break
        else:
            yield from _unclear(forwarding, destination)


def no_premium_rate(forwarding: Resource, config: Prefixes) -> Iterator[Finding]:
    """Refuse numbers that cost more than a call."""
    yield from deferred(forwarding, *_PHONES)
    for destination in destinations(forwarding):
        for digits, number in destination.possible.items():
            if kind := _denied(digits, number, config):
                yield Violation(
                    forwarding,
                    f"{_named(destination, digits)} is {kind}{_plain(destination)}",
                )
                break
        else:
            yield from _unclear(forwarding, destination)


def caller_id_explicit(forwarding: Resource, config: CallerId) -> Iterator[Finding]:
    """Advise against showing the caller's number outside, if the own one is required there."""
    if not config.require_own_caller_id:
        return
    yield from deferred(forwarding, *SIP_FIELDS, *_SHOWS, *_SHOWS.values())
    for leads, shows in _SHOWS.items():
        if forwarding.get(shows) == "Y" and _leaves_network(forwarding, forwarding.get(leads)):
            yield Violation(
                forwarding, f"{shows} Y shows the caller's number outside the network; set {shows} to N"
            )


def _leaves_network(forwarding: Resource, leads: str | None) -> bool:
    target, address = TARGETS.get(leads or ""), address_of(forwarding)
    if target is None or target.leads != "sip" or address is None:
        return target is not None and target.leads == "phone"
    # The vendor's own server hands a phone number on to the telephone network.
    return not all(map(in_network, sip_users.read(address[1]).hosts)) or any(
        destination.readings or destination.is_unclear for destination in destinations(forwarding)
    )


def _elsewhere(digits: str, number: PhoneNumber | None, countries: list[str]) -> str | None:
    """Why the number is not certainly one of `countries`."""
    country = phonenumbers.region_code_for_number(number) if number else None
    allowed = ", ".join(countries) or "none"
    if (
        number is None
        or country not in phonenumbers.SUPPORTED_REGIONS
        or not phonenumbers.is_valid_number(number)
    ):
        return f"is no valid number of any country; forward to one in allowedCountries ({allowed})"
    if fault := next((text for code, text in _NOT_RUSSIA.items() if digits.startswith(code)), None):
        return f"{fault}, which allowedCountries cannot allow; forward to one of them ({allowed})"
    if country not in countries:
        return (
            f"is in {country}, and allowedCountries are {allowed}; forward to a number there,"
            f" or add {country} to the rule's allowedCountries"
        )
    return None


def _unclear(forwarding: Resource, destination: Destination) -> Iterator[Finding]:
    if destination.is_unclear:
        yield Violation(forwarding, f"{destination.field} {destination.written} {UNCLEAR}")


def _named(destination: Destination, digits: str) -> str:
    named = f"{destination.field} {destination.written}"
    return named if destination.written == digits else f"{named} can be read as +{digits} and"


def _plain(destination: Destination) -> str:
    return "; or write the one that is meant with its plus" if len(destination.possible) > 1 else ""


def _denied(digits: str, number: PhoneNumber | None, config: Prefixes) -> str | None:
    """What the number is, that calls must not go to, and what to do."""
    ordinary = "forward to an ordinary phone number"
    if prefix := next((prefix for prefix in config.denied_prefixes if digits.startswith(prefix)), None):
        return f"denied, because deniedPrefixes has {prefix}; {ordinary}"
    if number is None:
        return None
    if kind := _expensive(number):
        return f"{kind}; {ordinary}"
    row = range_of(digits, number)
    if row is None or any(map(digits.startswith, config.allowed_prefixes)):
        return None
    return f"{row.kind}; {ordinary}, or add its first digits to allowedPrefixes"


def _expensive(number: PhoneNumber) -> str | None:
    if kind := _EXPENSIVE_CODES.get(number.country_code or 0):
        return kind
    if kind := _EXPENSIVE_TYPES.get(phonenumbers.number_type(number)):
        return kind
    possible = phonenumbers.is_possible_number_with_reason(number)
    too_short = possible in {ValidationResult.IS_POSSIBLE_LOCAL_ONLY, ValidationResult.TOO_SHORT}
    if not phonenumbers.is_valid_number(number) and (
        too_short or shortnumberinfo.is_possible_short_number(number)
    ):
        return "a short number"
    return None
