"""One value at a time: what a person wrote, made into what the API takes, or refused in words.

Each parser takes anything and gives the value in its one form or raises `ValueError` with a text that
fits behind the field's name. Parsers of secrets and of text never repeat what they refuse.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable


class Unknown:
    """The value of an input that only a later step of the deployment will tell."""

    def __repr__(self) -> str:
        return "<unknown>"


UNKNOWN: Final = Unknown()

_LONGEST_SHOWN: Final = 40
_LONGEST_TEXT: Final = 255
_LONGEST_HOST: Final = 253
# The engine carries numbers as IEEE doubles: past this, two ids would be the same.
_GREATEST_ID: Final = 2**53 - 1
_GREATEST: Final = 2**63
_GREATEST_PORT: Final = 65535
FEWEST_DIGITS: Final = 5
_MOST_DIGITS: Final = 15
_PHONE: Final = re.compile(r"\+?[0-9 ().-]+", re.ASCII)
_LABEL: Final = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII | re.IGNORECASE)
_SIP_USER: Final = re.compile(r"[a-z0-9_.!~*'()&=+$,;?/%-]+", re.ASCII | re.IGNORECASE)


def phone_number(value: Any) -> str:
    """A phone number in international form, as digits: `"+7 910 444-55-66"` gives `"79104445566"`."""
    integer = _whole(value)
    text = str(integer) if integer is not None else value
    if not isinstance(text, str) or (integer is not None and integer < 0):
        raise ValueError(f"must be a phone number such as 79104445566, not {_named(value)}")
    if not _PHONE.fullmatch(text):
        raise ValueError(f"must be a phone number such as 79104445566, not {_shown(text)}")
    digits = re.sub(r"[^0-9]", "", text)
    if not FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS:
        raise ValueError(f"must have {FEWEST_DIGITS} to {_MOST_DIGITS} digits, not {len(digits)}")
    if not _possible(digits):
        raise ValueError(f"{_shown(text)} is no possible phone number in international form")
    return digits


def _possible(digits: str) -> bool:
    # The numbering plans take longer to import than all the rest, and a program without numbers needs none.
    import phonenumbers  # noqa: PLC0415

    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(f"+{digits}"))
    except phonenumbers.NumberParseException:
        return False


def host(value: Any) -> str:
    """A host's name or IP address, without scheme, port or path."""
    text = _line(value)
    if not _is_host(text):
        raise ValueError("must be a host name or an IP address alone, such as sip.example.com")
    return text


def sip_uri(value: Any) -> str:
    """A SIP address, `user@host`."""
    user, at, server = _line(value).partition("@")
    if not at or not _SIP_USER.fullmatch(user) or not _is_host(server):
        raise ValueError("must be an address such as 123456789@ext.plusofon.ru, without sip:")
    return f"{user}@{server}"


def _is_host(text: str) -> bool:
    if "%" in text:
        # The scope of an IPv6 address means something on one machine only, and may be anything at all.
        return False
    try:
        ipaddress.ip_address(text)
    except ValueError:
        labels = text.split(".")
        # All digits and dots, yet no address: a slip of the finger in an address, not a name.
        return (
            len(text) <= _LONGEST_HOST
            and all(_LABEL.fullmatch(label) for label in labels)
            and not labels[-1].isdigit()
        )
    return True


def text(value: Any) -> str:
    """One line of text, such as a login or a password."""
    return _line(value)


def port(value: Any) -> int:
    """A TCP or UDP port, 1 to 65535."""
    integer = _whole(value)
    if integer is None or not 1 <= integer <= _GREATEST_PORT:
        raise ValueError(f"must be a whole number from 1 to {_GREATEST_PORT}, not {_named(value)}")
    return integer


def identifier(value: Any) -> int:
    """An id of the API: a whole number from 1 up."""
    integer = _whole(value)
    if integer is None or not 1 <= integer <= _GREATEST_ID:
        raise ValueError(f"must be a whole number from 1 up, not {_named(value)}")
    return integer


def number_id(value: Any) -> int:
    """An external number's id, also as the text that a resource's id is."""
    if isinstance(value, str):
        if re.fullmatch(r"number:[0-9]+", value, re.ASCII):
            raise ValueError(
                f"the API's list gives no id for {value.removeprefix('number:')},"
                " and a forwarding cannot be set without it"
            )
        if re.fullmatch(r"[0-9]{1,16}", value, re.ASCII):
            return identifier(int(value))
    return identifier(value)


def flag(value: Any) -> bool:
    """True or false, and nothing that merely resembles them."""
    if not isinstance(value, bool):
        raise ValueError(f"must be true or false, not {_named(value)}")
    return value


def seconds(limit: float) -> Callable[[Any], float]:
    """A parser of positive seconds up to `limit`."""

    def parse(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= limit:
            raise ValueError(f"must be seconds, more than 0 and at most {limit:g}, not {_named(value)}")
        return value

    return parse


def one_of(*choices: str) -> Callable[[Any], str]:
    """A parser of one of `choices`."""

    def parse(value: Any) -> str:
        if value not in choices or not isinstance(value, str):
            raise ValueError(f"must be {_listed(choices)}, not {_named(value)}")
        return value

    return parse


def _line(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"must be text, not {type(value).__name__}")
    if not value:
        raise ValueError("must not be empty")
    if len(value) > _LONGEST_TEXT:
        raise ValueError(f"must have at most {_LONGEST_TEXT} characters, not {len(value)}")
    if not value.isprintable():
        raise ValueError("must have no control characters or line breaks")
    if value != value.strip():
        raise ValueError("must not begin or end with a blank")
    return value


def _whole(value: Any) -> int | None:
    """The whole number that `value` is, also as the float that the engine made of it, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not -_GREATEST < value < _GREATEST:
        return None
    return int(value) if value == int(value) else None


def _named(value: Any) -> str:
    """A refused value of a closed set, in a form that is safe in one line."""
    if isinstance(value, str):
        return _shown(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        if abs(value) >= _GREATEST:
            return "so large a number"
        return str(value) if isinstance(value, int) else f"{value:.15g}"
    return type(value).__name__


def _shown(text: str) -> str:
    return ascii(text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}...")


def _listed(choices: tuple[str, ...]) -> str:
    return " or ".join((", ".join(choices[:-1]), choices[-1])) if len(choices) > 1 else choices[0]
