"""One value at a time: what a person wrote, made into what the API takes, or refused in words.

Each parser takes anything and gives the value in its one form or raises `ValueError` with a text that
fits behind the field's name. Parsers of secrets and of text never repeat what they refuse.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final


class Unknown:
    """The value of an input that only a later step of the deployment will show."""

    def __repr__(self) -> str:
        return "<unknown>"


UNKNOWN: Final = Unknown()

_LONGEST_SHOWN: Final = 40
LONGEST_TEXT: Final = 255
# The engine carries numbers as IEEE doubles: past this, two ids would be the same.
GREATEST_ID: Final = 2**53 - 1
_GREATEST: Final = 2**63
GREATEST_PORT: Final = 65535
_WORD: Final = re.compile(r"([^\W\d_]+)")


def login(value: Any) -> str:
    """A login; `pulumi config set --path` makes an integer of one that is all digits."""
    integer = whole(value)
    return str(integer) if integer is not None and 0 <= integer <= GREATEST_ID else text(value)


def secret(value: Any) -> str:
    """A password, never repeated. As an integer it may have lost leading zeros."""
    if whole(value) is not None:
        raise ValueError("must be text, not a number, which has no leading zeros: put it in quotes")
    return text(value)


def port(value: Any) -> int:
    """A TCP or UDP port, 1 to 65535."""
    integer = whole(value)
    if integer is None or not 1 <= integer <= GREATEST_PORT:
        raise ValueError(f"must be a whole number from 1 to {GREATEST_PORT}, not {named(value)}")
    return integer


def identifier(value: Any) -> int:
    """An id of the API: a whole number from 1 up."""
    integer = whole(value)
    if integer is None or not 1 <= integer <= GREATEST_ID:
        raise ValueError(f"must be a whole number from 1 up, not {named(value)}")
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
        raise ValueError(f"must be true or false, not {named(value)}")
    return value


@dataclass(frozen=True)
class Seconds:
    """A parser of positive seconds up to `limit`."""

    limit: float

    def __call__(self, value: Any) -> float:
        """The seconds that `value` is."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= self.limit:
            raise ValueError(f"must be seconds, more than 0 and at most {self.limit:g}, not {named(value)}")
        return value


@dataclass(frozen=True)
class OneOf:
    """A parser of one of `choices`."""

    choices: tuple[str, ...]

    def __call__(self, value: Any) -> str:
        """The choice that `value` is."""
        if value not in self.choices or not isinstance(value, str):
            raise ValueError(f"must be {_listed(self.choices)}, not {named(value)}")
        return value


def text(value: Any) -> str:
    """One line of text, such as a password."""
    if not isinstance(value, str):
        raise ValueError(f"must be text, not {type(value).__name__}")
    if not value:
        raise ValueError("must not be empty")
    if len(value) > LONGEST_TEXT:
        raise ValueError(f"must have at most {LONGEST_TEXT} characters, not {len(value)}")
    if not value.isprintable():
        raise ValueError("must have no control characters or line breaks")
    if value != value.strip():
        raise ValueError("must not begin or end with a blank")
    return value


def whole(value: Any) -> int | None:
    """The whole number that `value` is, also as the float that the engine made of it, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not -_GREATEST < value < _GREATEST:
        return None
    return int(value) if value == int(value) else None


def named(value: Any) -> str:
    """A refused value of a closed set, in a form that is safe in one line."""
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        if abs(value) >= _GREATEST:
            return "so large a number"
        return str(value) if isinstance(value, int) else f"{value:.15g}"
    return type(value).__name__


def shown(text: str) -> str:
    """A refused text, cut to what fits in a line.

    Words of another script stay readable. What does not print, and what looks like ASCII and is not, shows as
    escapes: a word that mixes scripts, or digits of another one.
    """
    cut = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."
    parts = (part if _is_other_script(part) else ascii(part)[1:-1] for part in _WORD.split(cut))
    quote = ascii(cut)[0]
    return f"{quote}{''.join(parts)}{quote}"


def _is_other_script(word: str) -> bool:
    return word.isalpha() and not any(letter.isascii() for letter in word)


def _listed(choices: tuple[str, ...]) -> str:
    return " or ".join((", ".join(choices[:-1]), choices[-1])) if len(choices) > 1 else choices[0]
