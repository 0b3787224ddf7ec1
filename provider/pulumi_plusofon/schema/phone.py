"""Parsers of phone numbers, which import the numbering plans when the first number is read.

The plans take longer to import than all the rest, and a program without numbers needs none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .values import whole

if TYPE_CHECKING:
    from collections.abc import Callable, Container


def phone_number(value: Any) -> str:
    """The E.164 digits of a phone number as people write it: `"+44 (0)20 7946 0103"`, 442079460103."""
    from .numbering import read  # noqa: PLC0415

    return read(value)


def number_among(value: Any, listed: Callable[[], Container[str]]) -> str:
    """As `phone_number`, but digits that are `listed` as they stand are that number.

    `listed` is called only for digits that are refused otherwise, such as those that may be read in two ways.
    """
    try:
        return phone_number(value)
    except ValueError:
        integer = whole(value)
        digits = value if integer is None else str(integer)
        if not isinstance(digits, str) or not digits.isascii() or not digits.isdigit():
            raise
        if digits not in listed():
            raise
        return digits


def phone_number_as_before(value: Any) -> str:
    """The digits that earlier versions made of a phone number."""
    from .numbering import read_as_before  # noqa: PLC0415

    return read_as_before(value)


def may_be_number(text: str, digits: str) -> bool:
    """Whether `text` has the E.164 `digits`, or may have them in a national form."""
    if text == digits:
        return True
    if not (text.isascii() and text.isdigit()):
        return False
    from .numbering import may_be  # noqa: PLC0415

    return may_be(text, digits)


def is_international_number(digits: str) -> bool:
    """Whether `digits` are those of a valid number in international form."""
    from .numbering import is_international  # noqa: PLC0415

    return is_international(digits)
