"""Ranges of numbers that cost more than their kind does in a numbering plan, as a table.

`phonenumbers` takes all of them for ordinary numbers. Each row says why it is here, and who says so.
docs/policies.md shows the table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import phonenumbers

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber


class Range(NamedTuple):
    """Numbers that begin alike, in one or more countries."""

    begins: str
    """The first digits in international form; an X is any digit."""
    countries: tuple[str, ...]
    kind: str
    reason: str


_NORTH_AMERICA: Final = ("US", "CA")

RANGES: Final = (
    Range(
        begins="1XXX976",
        countries=_NORTH_AMERICA,
        kind="a pay-per-call number (976)",
        reason="Its called party sets the price. North American Numbering Plan, exchange 976.",
    ),
    Range(
        begins="1XXX970",
        countries=_NORTH_AMERICA,
        kind="a pay-per-call number (970)",
        reason="Pay-per-call in New York, ordinary elsewhere. Tariffs of local carriers, exchange 970.",
    ),
    Range(
        begins="1712",
        countries=("US",),
        kind="in an area with inflated access charges (712)",
        reason="Traffic pumping, Iowa. FCC on access stimulation, 47 CFR 61.3.",
    ),
    Range(
        begins="1605",
        countries=("US",),
        kind="in an area with inflated access charges (605)",
        reason="Traffic pumping, South Dakota. FCC on access stimulation, 47 CFR 61.3.",
    ),
    Range(
        begins="4455",
        countries=("GB",),
        kind="a corporate number (055)",
        reason="No cap on its price, in no inclusive tariff. Ofcom, National Telephone Numbering Plan.",
    ),
    Range(
        begins="4456",
        countries=("GB",),
        kind="a location-independent number (056)",
        reason="No cap on its price, in no inclusive tariff. Ofcom, National Telephone Numbering Plan.",
    ),
    Range(
        begins="4476",
        countries=("GB",),
        kind="a pager's number (076)",
        reason="Its called party shares in the price. Ofcom, National Telephone Numbering Plan.",
    ),
)


def range_of(digits: str, number: PhoneNumber) -> Range | None:
    """The range that the number with these E.164 digits is in."""
    begins_alike = [row for row in RANGES if _begins(digits, row.begins)]
    if not begins_alike:
        return None
    country = phonenumbers.region_code_for_number(number)
    return next((row for row in begins_alike if country in row.countries), None)


def _begins(digits: str, pattern: str) -> bool:
    return len(digits) >= len(pattern) and all(
        wanted in ("X", digit) for digit, wanted in zip(digits, pattern, strict=False)
    )
