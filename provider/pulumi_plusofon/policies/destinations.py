"""Rules on where a forwarding sends calls outside, also as a CRM's fallback, and under which caller id.

Countries and kinds of numbers are those of `phonenumbers`: nothing is looked up anywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberType, ValidationResult, shortnumberinfo

from .model import Violation
from .places import in_network, split_uri

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .config import CallerId, Countries, Prefixes
    from .model import Finding, Resource

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
}


def destination_allowed(forwarding: Resource, config: Countries) -> Iterator[Finding]:
    """Refuse what is not certainly a phone number of an allowed country."""
    yield from forwarding.put_off("destination_number")
    digits = forwarding.known("destination_number")
    if digits is None:
        return
    number = _parsed(digits)
    country = phonenumbers.region_code_for_number(number) if number else None
    allowed = ", ".join(config.allowed_countries) or "none"
    if (
        number is None
        or country not in phonenumbers.SUPPORTED_REGIONS
        or not phonenumbers.is_valid_number(number)
    ):
        yield Violation(
            forwarding,
            f"destination_number {digits} is no valid number of any country; forward to one in"
            f" allowedCountries ({allowed})",
        )
    elif country not in config.allowed_countries:
        yield Violation(
            forwarding,
            f"destination_number {digits} is in {country}, and allowedCountries are {allowed}; forward to a"
            f" number there, or add {country} to the rule's allowedCountries",
        )


def no_premium_rate(forwarding: Resource, config: Prefixes) -> Iterator[Finding]:
    """Refuse numbers that cost more than a call."""
    yield from forwarding.put_off("destination_number")
    digits = forwarding.known("destination_number")
    if digits is None:
        return
    prefix = next((one for one in config.denied_prefixes if str(digits).startswith(one)), None)
    number = _parsed(digits)
    kind = _expensive(number) if number else None
    if prefix:
        kind = f"denied, because deniedPrefixes has {prefix}"
    if kind:
        yield Violation(
            forwarding, f"destination_number {digits} is {kind}; forward to an ordinary phone number"
        )


def caller_id_explicit(forwarding: Resource, config: CallerId) -> Iterator[Finding]:
    """Advise against showing the caller's number outside, if the own one is required there."""
    if not config.require_own_caller_id:
        return
    yield from forwarding.put_off("destination_uri", *_SHOWS, *_SHOWS.values())
    for leads, shows in _SHOWS.items():
        if forwarding.known(shows) == "Y" and _leaves_network(forwarding, forwarding.known(leads)):
            yield Violation(
                forwarding, f"{shows} Y shows the caller's number outside the network; set {shows} to N"
            )


def _leaves_network(forwarding: Resource, leads: str | None) -> bool:
    uri = forwarding.known("destination_uri")
    return leads == "number" or (leads == "sip_uri" and uri is not None and not in_network(split_uri(uri)[1]))


def _parsed(digits: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return None


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
