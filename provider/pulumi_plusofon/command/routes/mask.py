"""Phone numbers in texts with all but their country and their last two digits hidden: `44xxxxxxxx23`.

The same number is the same everywhere. Any other long row of digits, such as a login or an id, keeps its last
two alone. Hides nothing but digits.
"""

from __future__ import annotations

import re
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException

_HIDDEN: Final = "x"
_LAST: Final = 2
# Five digits and more: a row of them with what people write in between.
_ROW: Final = re.compile(r"\+?\d(?:[ ().\u00a0\u2011-]{0,2}\d){4,}")


def masked(text: str) -> str:
    """`text` with every long row of digits masked."""
    return _ROW.sub(lambda row: _mask(row[0]), text)


def _mask(row: str) -> str:
    digits = [str(int(letter)) for letter in row if letter.isdecimal()]
    plus = "+" if row.startswith("+") else ""
    kept = len(str(_country("".join(digits)) or ""))
    hidden = len(digits) - kept - _LAST
    return f"{plus}{''.join(digits[:kept])}{_HIDDEN * hidden}{''.join(digits[-_LAST:])}"


def _country(digits: str) -> int | None:
    """The country code of E.164 digits, None for what is no phone number."""
    try:
        number = phonenumbers.parse(f"+{digits}")
    except NumberParseException:
        return None
    return number.country_code if phonenumbers.is_possible_number(number) else None
