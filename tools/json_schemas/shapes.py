"""JSON schemas of single values, for each parser of the field tables. Never stricter than the parser."""

from __future__ import annotations

from types import FunctionType
from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.schema import addresses, phone, values
from pulumi_plusofon.schema.numbering import FEWEST_DIGITS, MOST_DIGITS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Schema = dict[str, Any]

# The patterns are read by JavaScript in editors and by Python in the tests, and both read these alike.
# Python's `$` also stands before a line break at the end, so each pattern says that none follows.
_END: Final = r"(?!\n)$"
_CONTROL: Final = r"\x00-\x1f\x7f-\x9f\u2028\u2029"
# Any dash or blank of any script may stand between the digits, so only what cannot is named.
_BETWEEN: Final = r"[^\x00-\x1f!-'*-,/-\x7f]*"
_PHONE: Final = rf"^{_BETWEEN}\+?(?:{_BETWEEN}[0-9]){{{FEWEST_DIGITS},{MOST_DIGITS}}}{_BETWEEN}{_END}"
# Letters, digits, underscores, and what is not ASCII: IDNA decides about that.
_LETTERS: Final = r"[^\x00-/:-@\[-^`{-\x7f]+"
_LABEL: Final = rf"{_LETTERS}(?:-+{_LETTERS})*"
_BYTE: Final = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_IPV4: Final = rf"{_BYTE}(?:\.{_BYTE}){{3}}"
_IPV6: Final = r"[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*"
# A name whose last part is a number is an address to some programs.
_NO_ADDRESS: Final = r"(?!(?:[^,@:]*\.)?(?:[0-9]+|0[xX][0-9A-Fa-f]*)(?:[ ,:]|$))"
_LONG_LABEL: Final = r"(?![^,@:]*[A-Za-z0-9_-]{64})"
_SERVER: Final = rf"(?:{_IPV4}|{_NO_ADDRESS}{_LONG_LABEL}{_LABEL}(?:\.{_LABEL})*)"
_HOST: Final = rf"(?:{_SERVER}|{_IPV6})"
_USER: Final = r"[A-Za-z0-9_.!~*'()&=+$,;?/%-]+"

# What may stand in place of a value.
REFERENCE: Final[Schema] = {"$ref": "#/definitions/reference"}
_TEXT: Final[Schema] = {
    "type": "string",
    "minLength": 1,
    "maxLength": values.LONGEST_TEXT,
    "pattern": rf"^(?!\s)(?![^\n]*\s$)[^{_CONTROL}]*{_END}",
    "patternErrorMessage": "must be one line of text that does not begin or end with a blank",
}
_HOST_TEXT: Final[Schema] = {
    "type": "string",
    "maxLength": values.LONGEST_TEXT,
    "pattern": rf"^{_HOST}{_END}",
    "patternErrorMessage": "must be a host name or an IP address alone, such as sip.example.com",
}
# By the name of the parser.
DEFINITIONS: Final[Mapping[str, Schema]] = {
    phone.phone_number.__name__: {
        "anyOf": [
            {
                "type": "string",
                "pattern": _PHONE,
                "patternErrorMessage": "must be a phone number such as +7 910 444-55-66",
            },
            {"type": "integer", "minimum": 10 ** (FEWEST_DIGITS - 1), "maximum": 10**MOST_DIGITS - 1},
        ]
    },
    values.login.__name__: {
        "anyOf": [_TEXT, {"type": "integer", "minimum": 0, "maximum": values.GREATEST_ID}]
    },
    values.secret.__name__: _TEXT,
    values.text.__name__: _TEXT,
    values.port.__name__: {"type": "integer", "minimum": 1, "maximum": values.GREATEST_PORT},
    values.identifier.__name__: {"type": "integer", "minimum": 1, "maximum": values.GREATEST_ID},
    values.flag.__name__: {"type": "boolean"},
    addresses.host.__name__: _HOST_TEXT,
    addresses.hosts.__name__: {
        "anyOf": [
            {
                "type": "string",
                "pattern": rf"^(?:{_HOST}|(?: *{_HOST} *,)+ *{_HOST} *){_END}",
                "patternErrorMessage": "must be a host name or an IP address alone, or several with commas",
            },
            {
                "type": "array",
                "minItems": 1,
                "items": {"anyOf": [{"type": "string", "pattern": rf"^ *{_HOST} *{_END}"}, REFERENCE]},
            },
        ]
    },
    addresses.sip_uri.__name__: {
        "type": "string",
        "maxLength": values.LONGEST_TEXT,
        "pattern": rf"^{_USER}@(?:\[{_IPV6}\]|{_SERVER})(?::(?!0+$)[0-9]{{1,5}})?{_END}",
        "patternErrorMessage": "must be an address such as 123456789@ext.plusofon.ru, without sip:",
    },
}
NAME: Final[Schema] = {
    "type": "string",
    "minLength": 1,
    "pattern": rf"^(?=.*\S)[^{_CONTROL}]*{_END}",
    "patternErrorMessage": "must be one line of text",
}


def shape(parse: Callable[[Any], Any]) -> Schema:
    """The values that a parser can take."""
    if isinstance(parse, values.OneOf):
        return {"type": "string", "enum": list(parse.choices)}
    if isinstance(parse, values.Seconds):
        return {"type": "number", "exclusiveMinimum": 0, "maximum": parse.limit}
    if not isinstance(parse, FunctionType):
        raise TypeError(f"{parse} has no shape")
    return {"$ref": f"#/definitions/{parse.__name__}"}
