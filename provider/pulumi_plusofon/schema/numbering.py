"""A phone number as a person wrote it, made into its E.164 digits, or refused in words.

`read` is the one reader of both resources, of declared data and of lookups. What it gives are the digits of
what `phonenumbers` read, never digits of our own. A number without a plus that can be read in two ways is
refused with both. `read_as_before` reads as earlier versions did: their states have such digits.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import phonenumbers
from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberType,
    ValidationResult,
)

from . import number_lengths
from .values import named, shown, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

FEWEST_DIGITS: Final = 5
MOST_DIGITS: Final = 15
_EXAMPLE: Final = "+7 910 444-55-66"
_WRITTEN: Final = re.compile(r"\+?[0-9 ().-]*[0-9][0-9 ().-]*", re.ASCII)
# What stands in brackets behind the country code and is not dialled from abroad: `+44 (0)20`, `+7 (8) 495`.
_TRUNK: Final = re.compile(r"(\+([0-9]{1,3})[ .-]*)\( ?([0-9]{1,2}) ?\)", re.ASCII)
# No country has the code 8: what stands so is Russia's trunk prefix with a plus in front of it.
_TRUNK_WITH_PLUS: Final = re.compile(r"\+[ .-]*8[ ().-]+(?=[0-9])", re.ASCII)
_MINUS: Final = "\N{MINUS SIGN}"
_KEPT: Final = 10_000
# Ofcom keeps this range for stories and examples: no operator has it, and numbering plans leave it out.
_INVENTED: Final = re.compile(r"447700900[0-9]{3}", re.ASCII)


def read(value: Any) -> str:
    """The E.164 digits of a phone number: `"+44 (0)20 7946 0103"` gives `"442079460103"`.

    With a plus it is read as people write it. Without, it must be those digits already, and nothing that
    could also be a national form.
    """
    return _read(_written(value))


# Data is validated as a whole, and then each resource of it.
@lru_cache(maxsize=_KEPT)
def _read(text: str) -> str:
    digits = _digits(text)
    if not FEWEST_DIGITS <= len(digits) <= MOST_DIGITS:
        raise ValueError(f"must have {FEWEST_DIGITS} to {MOST_DIGITS} digits, not {len(digits)}")
    return _with_plus(text) if text.startswith("+") else _as_it_stands(text, digits)


def read_as_before(value: Any) -> str:
    """The digits that earlier versions kept of `value`: those of the text, if such a number is possible."""
    integer = whole(value)
    text = str(integer) if integer is not None and integer >= 0 else value
    if not isinstance(text, str) or not _WRITTEN.fullmatch(text):
        raise ValueError(f"must be a phone number such as {_EXAMPLE}, not {named(value)}")
    digits = _digits(text)
    if not FEWEST_DIGITS <= len(digits) <= MOST_DIGITS or not _possible(digits):
        raise ValueError("is no possible phone number")
    return digits


def may_be(text: str, digits: str) -> bool:
    """Whether the digits `text` may be the number with the E.164 `digits`, written as in its own country."""
    if text == digits or (len(text) >= FEWEST_DIGITS and digits.endswith(text)):
        return True
    number = _parsed(f"+{digits}")
    regions = phonenumbers.region_codes_for_country_code(number.country_code or 0) if number else ()
    readings = (_parsed(text, region) for region in regions)
    return any(reading is not None and e164(reading) == digits for reading in readings)


def is_international(digits: str) -> bool:
    """Whether `digits` are those of a valid number in international form."""
    return _is_valid(digits) or _INVENTED.fullmatch(digits) is not None


def e164(number: PhoneNumber) -> str:
    """The E.164 digits of `number`."""
    return phonenumbers.format_number(number, PhoneNumberFormat.E164).removeprefix("+")


def _written(value: Any) -> str:
    integer = whole(value)
    written = str(integer) if integer is not None else value
    if not isinstance(written, str) or (integer is not None and integer < 0):
        raise ValueError(f"must be a phone number such as {_EXAMPLE}, not {named(value)}")
    text = "".join(map(_plain, written)).strip(" ")
    if not _WRITTEN.fullmatch(text):
        raise ValueError(f"must be a phone number such as {_EXAMPLE}, not {shown(written)}")
    return text


def _plain(character: str) -> str:
    """Any blank as the blank, any dash as the hyphen: pages and mails have others."""
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    return "-" if category == "Pd" or character == _MINUS else character


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


def _with_plus(text: str) -> str:
    """What `text`, which has a plus, is read as."""
    _refuse_trunk_with_plus(text)
    found = [number for reading in _readings(text) if (number := _parsed(reading))]
    by_digits = {e164(number): number for number in found}
    accepted = [digits for digits, number in by_digits.items() if _is_accepted(number)]
    if len(accepted) > 1:
        raise ValueError(f"{shown(text)} can be read as {_either(accepted)}: write the one that is meant")
    if not accepted:
        if not by_digits:
            raise ValueError(f"{shown(text)} has no country code that exists: correct it")
        as_read = f"+{next(iter(by_digits))}"
        raise ValueError(f"{shown(text)} is read as {as_read}, which is no valid phone number: correct it")
    return accepted[0]


def _refuse_trunk_with_plus(text: str) -> None:
    if not (trunk := _TRUNK_WITH_PLUS.match(text)):
        return
    digits = [f"{number_lengths.HOME}{_digits(text[trunk.end() :])}", _digits(text)]
    readings = [candidate for candidate in digits if _is_valid(candidate)] or digits[:1]
    raise ValueError(
        f"{shown(text)} has the country code 8, which no country has: write {_either(readings)},"
        " whichever is meant"
    )


def _readings(text: str) -> Iterator[str]:
    """`text`, and the same without a trunk prefix in brackets: in Italy a zero may belong to the number."""
    yield text
    if trunk := _TRUNK.match(text):
        region = phonenumbers.region_code_for_country_code(int(trunk[2]))
        if trunk[3] in ("0", phonenumbers.ndd_prefix_for_region(region, True)):  # noqa: FBT003 - its API
            yield f"{trunk[1]}{text[trunk.end() :]}"


def _as_it_stands(text: str, digits: str) -> str:
    """`digits`, written without a plus, if they are E.164 and nothing else."""
    number = _parsed(f"+{digits}")
    own = e164(number) if number and phonenumbers.is_possible_number(number) else None
    valid = number is not None and phonenumbers.is_valid_number(number)
    if valid and own == digits and digits.startswith(str(number_lengths.HOME)):
        return digits
    home, others = _national_readings(digits)
    if own is None and home:
        raise ValueError(f"{shown(text)} may be +{home}: if that is meant, write it so")
    if own and (home or others):
        raise ValueError(
            f"{shown(text)} can be read as {_either([home or others[0], own])}: write the one that is meant,"
            " with its plus, as e164 of a number has it"
        )
    if own and own != digits:
        raise ValueError(f"{shown(text)} is read as +{own}: if that is meant, write it so")
    if valid or _INVENTED.fullmatch(digits):
        return digits
    raise ValueError(
        f"{shown(text)} is no valid phone number in international form: write it with its plus and country"
        f" code, such as {_EXAMPLE}"
    )


def _either(readings: list[str]) -> str:
    return " or ".join(f"+{reading}" for reading in readings)


def _parsed(text: str, region: str | None = None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except NumberParseException:
        return None


@lru_cache(maxsize=_KEPT)
def _possible(digits: str) -> bool:
    number = _parsed(f"+{digits}")
    return number is not None and phonenumbers.is_possible_number(number)


def _is_accepted(number: PhoneNumber) -> bool:
    """Whether a number that has a plus is taken.

    Numbering plans open new ranges before `phonenumbers` has them, so a possible number is enough where the
    plan knows no better. It does where the number is a valid one with a digit lost, or one too many.
    """
    if phonenumbers.is_valid_number(number):
        return True
    possible = phonenumbers.is_possible_number_with_reason(number)
    return possible == ValidationResult.IS_POSSIBLE and not any(map(_is_valid, _nearly(e164(number))))


def _nearly(digits: str) -> Iterator[str]:
    """`digits` with one more at the end, or one less anywhere."""
    yield from (f"{digits}{more}" for more in range(10))
    yield from {digits[:place] + digits[place + 1 :] for place in range(1, len(digits))}


def _is_valid(digits: str) -> bool:
    number = _parsed(f"+{digits}")
    return number is not None and e164(number) == digits and phonenumbers.is_valid_number(number)


def _national_readings(digits: str) -> tuple[str | None, list[str]]:
    """What `digits` are where they are written so for a number of the own country: at home, and elsewhere."""
    elsewhere = []
    home = None
    for region, kinds in number_lengths.by_length().get(len(digits), {}).items():
        number = _parsed(digits, region)
        if number is None or (reading := e164(number)) == digits:
            continue
        # In this order: formats have many patterns, and most numbers are of no kind.
        if not _is_any(number, kinds) or digits not in number_lengths.national_forms(number):
            continue
        if number.country_code == number_lengths.HOME:
            home = reading
        else:
            elsewhere.append(reading)
    return home, elsewhere


def _is_any(number: PhoneNumber, kinds: list[int]) -> bool:
    """Whether `number` is of one of these kinds: many plans join landline and mobile."""
    kind = phonenumbers.number_type(number)
    return kind in kinds or (
        kind == PhoneNumberType.FIXED_LINE_OR_MOBILE
        and (PhoneNumberType.FIXED_LINE in kinds or PhoneNumberType.MOBILE in kinds)
    )
