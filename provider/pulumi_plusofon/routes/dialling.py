"""Tables of what is dialled with a phone number and is no part of it, and of what a SIP address may add.

Data alone. A pattern is matched at the beginning of what is dialled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Prefix(NamedTuple):
    """What is dialled before a number, and where."""

    pattern: str
    meaning: str


# Behind a star or a hash: how long the code is, only the server knows.
STARRED_CODE_DIGITS: Final = range(5)
SERVICE_CODES: Final = (
    Prefix("11[678][0-9]", "North America, dials without a star: 1167 is *67"),
    Prefix("14(?:1|7[014])", "United Kingdom: 141 withholds the caller id, 1470 shows it"),
    Prefix("1800(?:[12]|20)", "United Kingdom: text relay"),
    Prefix("183[12]", "Australia: withholds or shows the caller id"),
    Prefix("18[46]", "Japan: withholds or shows the caller id"),
    Prefix("133", "Hong Kong: withholds the caller id"),
    Prefix("3651", "France: withholds the caller id"),
    Prefix("019[67]", "New Zealand: shows or withholds the caller id"),
    Prefix("10(?:10|15|16)[0-9]{3}", "North America: choice of a carrier, 101XXXX"),
    Prefix("010(?:0[0-9]{2}|[1-9][0-9])", "Germany: choice of a carrier, call by call"),
    Prefix("8[25][0-9](?=[0-9]{10}$)", "Russia: choice of a long-distance carrier behind the 8"),
)
OUTSIDE_LINES: Final = (
    Prefix("9", "most of the world"),
    Prefix("0", "Germany, Austria, Switzerland, Japan and others"),
    Prefix("8", "second line, North America and the Nordic countries"),
    Prefix("99|00", "lines of two digits"),
)
# A number in international form stands behind each of them.
# `phonenumbers` knows many more that begin with a zero, by country.
INTERNATIONAL_PREFIXES: Final = (
    Prefix("810", "Russia, Belarus, Kazakhstan, Tajikistan, Turkmenistan"),
    Prefix("8[25][0-9]10", "Russia, by a carrier of the caller's choice"),
    Prefix("0(?:0|11|10|011)", "most of the world, America, Japan, Australia"),
    Prefix("14(?:1[14]|34|4[17]|[56]6|7[47]|88)0011", "Australia, by carrier"),
    Prefix("1(?:1[0-69]|2[02-5]|5[13-58]|69|7[0167]|8[018])0", "Chile, by carrier"),
    Prefix("1(?:[12][0-9]|79)[0-9]{2}00", "China, by carrier"),
    Prefix("119", "Cuba"),
    Prefix("99(?:[01469]|5(?:[14]1|3[23]|5[59]|77|88|9[09]))", "Finland, by carrier"),
    Prefix("1(?:0(?:01|[12]0)|100)", "Iceland, by carrier"),
    Prefix("99", "North Korea"),
    Prefix("19(?:1[124]|77|90)00", "Peru, by carrier"),
    Prefix("140[1-3]", "Papua New Guinea"),
    Prefix("10(?:22|66|88|99)", "Slovenia, by carrier"),
    Prefix("16", "Chad"),
)
# A letter that stands alone is a pause, the wait for a tone, or tone dialling.
PAUSE_LETTERS: Final = "ptw"
# The letters on a telephone's keys.
KEYS: Final[Mapping[str, str]] = {
    letter: digit
    for digit, letters in {
        "2": "abc",
        "3": "def",
        "4": "ghi",
        "5": "jkl",
        "6": "mno",
        "7": "pqrs",
        "8": "tuv",
        "9": "wxyz",
    }.items()
    for letter in letters
}
# Parameters behind a name or a number that do not change whom it reaches, and their values.
HARMLESS_PARAMETERS: Final[Mapping[str, str]] = {
    "user": "phone|ip",
    "transport": "udp|tcp|tls|sctp|ws|wss",
    "ext": "[0-9]{1,6}",
    "isub": "[0-9]{1,6}",
    "postd": "[pw0-9*#]{1,6}",
    "phone-context": r"\+[0-9]{1,15}",
}
