"""Phone numbers in texts with all but their country and their last two digits hidden: `44xxxxxxxx23`.

The same number is the same everywhere. Any other long row of digits, such as a login or an id, keeps its last
two alone. Hides nothing but digits.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException

_HIDDEN: Final = "x"
_LAST: Final = 2
# Letters that people read as digits: raised, lowered, in circles, brackets and before a full stop.
_DIGIT: Final = (
    "[\\d\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468\u2474-\u247c\u2488-\u2490\u24ea\u24f5-\u24fd"
    "\u24ff\u2776-\u277e\u2780-\u2788\u278a-\u2792]"
)
# What people write between digits: no letter, and none of the signs between two numbers of a list.
_BETWEEN: Final = r"(?:[^\w,;:<>=|]|_){0,5}|[,;:]"
# Five digits and more: a row of them with what people write in between.
_ROW: Final = re.compile(rf"\+?{_DIGIT}(?:(?:{_BETWEEN}){_DIGIT}){{4,}}")


def masked(text: str) -> str:
    """`text` with every long row of digits masked."""
    return _ROW.sub(lambda row: _mask(row[0]), text)


def _mask(row: str) -> str:
    digits = [str(unicodedata.digit(letter)) for letter in row if letter.isdigit()]
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
