"""Inputs that no resource may have, as data: what is given, which field is to blame, what is reported."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final

from harness.forwarding_types import ALL_IN_WORDS, FALLBACKS_IN_WORDS

ATE: Final[dict[str, Any]] = {
    "type": "ate",
    "number": "79104445566",
    "host": "sip.example.com",
    "port": 5060,
    "login": "21201588169353",
    "secret": "pa55-word",
}
SIPURI: Final[dict[str, Any]] = {"type": "sipuri", "number": "79104445567", "host": "sip.example.com"}
SIP: Final[dict[str, Any]] = {
    "number_type": "ate",
    "number_id": 17,
    "type": "sip",
    "sip_id": 4,
    "cli_type": "Y",
}
CRM: Final[dict[str, Any]] = {
    "number_type": "ate",
    "number_id": 17,
    "type": "bitrix",
    "host": "plusofon.bitrix24.ru",
    "cli_type": "Y",
}
TO_NUMBER: Final[dict[str, Any]] = {
    **{name: value for name, value in SIP.items() if name != "sip_id"},
    "type": "number",
    "destination_number": "79993332210",
}
TO_URI: Final[dict[str, Any]] = {
    **{name: value for name, value in SIP.items() if name != "sip_id"},
    "type": "sip_uri",
    "destination_uri": "123456789@ext.plusofon.ru",
}
# No message may repeat it.
HIDDEN: Final = "s3cr3t"

_ARABIC = "\u0667\u0669\u0661\u0660\u0664\u0664\u0664\u0665\u0665\u0666\u0666"
_FULLWIDTH_A = "\uff41te"
_PHONE = "must be a phone number such as +7 910 444-55-66, not "
_PORT = "must be a whole number from 1 to 65535, not "
_HOST = "must be a host name or an IP address alone"
_HOST_LETTERS = "must be a host name: its letters, or their order, are none that DNS allows"
_NUMBERS = "must be a host name, or an IP address as four numbers such as 192.0.2.1"
_ID = "must be a whole number from 1 up, not "
_TYPE = "must be ate or sipuri, not "
_URI = "must be an address such as 123456789@ext.plusofon.ru, without sip:"
_CONTROL = "must have no control characters or line breaks"

# Base inputs, the field that is set anew (None: it is left out), what is reported of this field.
NUMBER: Final[list[tuple[dict[str, Any], str, Any, str]]] = [
    (ATE, "type", None, "is required"),
    (ATE, "type", "", f"{_TYPE}''"),
    (ATE, "type", "ATE", f"{_TYPE}'ATE'"),
    (ATE, "type", "sip-uri", f"{_TYPE}'sip-uri'"),
    (ATE, "type", "ate ", f"{_TYPE}'ate '"),
    (ATE, "type", _FULLWIDTH_A, f"{_TYPE}'\\uff41te'"),
    (ATE, "type", "ate\n", f"{_TYPE}'ate\\n'"),
    (ATE, "type", True, f"{_TYPE}true"),
    (ATE, "type", 1, f"{_TYPE}1"),
    (ATE, "type", ["ate"], f"{_TYPE}list"),
    (ATE, "number", None, "is required"),
    (ATE, "number", True, f"{_PHONE}true"),
    (ATE, "number", -79104445566, f"{_PHONE}-79104445566"),
    (ATE, "number", 79104445566.5, f"{_PHONE}79104445566.5"),
    (ATE, "number", float("nan"), _PHONE),
    (ATE, "number", float("inf"), _PHONE),
    (ATE, "number", 10**400, f"{_PHONE}so large a number"),
    (ATE, "number", ["79104445566"], f"{_PHONE}list"),
    (ATE, "number", b"79104445566", f"{_PHONE}bytes"),
    (ATE, "number", Decimal(79104445566), f"{_PHONE}Decimal"),
    (ATE, "number", "", f"{_PHONE}''"),
    (ATE, "number", "sales", f"{_PHONE}'sales'"),
    (ATE, "number", "79104445566\n", f"{_PHONE}'79104445566\\n'"),
    (ATE, "number", "7910444\x0055", f"{_PHONE}'7910444\\x0055'"),
    (ATE, "number", _ARABIC, f"{_PHONE}'\\u0667"),
    (ATE, "number", "++79104445566", f"{_PHONE}'++79104445566'"),
    (ATE, "number", "79104445566x9", f"{_PHONE}'79104445566x9'"),
    (ATE, "number", "tel:+79104445566", f"{_PHONE}'tel:+79104445566'"),
    (ATE, "number", "x" * 5000, f"{_PHONE}'xxxx"),
    (ATE, "number", "7910", "must have 5 to 15 digits, not 4"),
    (ATE, "number", 0, "must have 5 to 15 digits, not 1"),
    (ATE, "number", "7910444556677889", "must have 5 to 15 digits, not 16"),
    (ATE, "number", "( ) - .", f"{_PHONE}'( ) - .'"),
    (ATE, "number", "89104445566", "'89104445566' may be +79104445566: if that is meant, write it so"),
    (ATE, "number", "00442079460", "is no valid phone number in international form"),
    (ATE, "number", "99999999999", "is no valid phone number in international form"),
    (ATE, "number", "120255501", "is no valid phone number in international form"),
    (ATE, "host", None, "is required"),
    (ATE, "host", "", "must not be empty"),
    (ATE, "host", 42, "must be text, not int"),
    (ATE, "host", True, "must be text, not bool"),
    (ATE, "host", " sip.example.com", "must not begin or end with a blank"),
    (ATE, "host", "sip.example.com\r\nX: 1", _CONTROL),
    (ATE, "host", "sip.example.com\u2028", _CONTROL),
    (ATE, "host", "sip\ud800.example.com", _CONTROL),
    (ATE, "host", "sip example.com", _HOST),
    (ATE, "host", "https://sip.example.com", _HOST),
    (ATE, "host", "sip.example.com:5060", _HOST),
    (ATE, "host", "sip.example.com/path", _HOST),
    (ATE, "host", "sip.example.com.", _HOST),
    (ATE, "host", "user@sip.example.com", _HOST),
    (ATE, "host", "-sip.example.com", _HOST),
    (ATE, "host", "sip..example.com", _HOST),
    (ATE, "host", "192.0.2.256", _NUMBERS),
    (ATE, "host", "192.0.2", _NUMBERS),
    (ATE, "host", "192.0.2.010", _NUMBERS),
    (ATE, "host", "[2001:db8::1]", _HOST),
    (ATE, "host", "fe80::1%eth0", _HOST),
    (ATE, "host", "::1%sip.example.com:5060", _HOST),
    (ATE, "host", "сип .рф", _HOST_LETTERS),
    (ATE, "host", "☎.рф", _HOST_LETTERS),
    (ATE, "host", "с" * 64 + ".рф", _HOST_LETTERS),
    (ATE, "host", "http://сип.рф", _HOST_LETTERS),
    (ATE, "host", "sip1.example.com,sip2.example.com", "takes one server for type ate, not 2"),
    (ATE, "host", "a" * 64 + ".example.com", _HOST),
    (ATE, "host", "a" * 256, "must have at most 255 characters, not 256"),
    (ATE, "port", 0, f"{_PORT}0"),
    (ATE, "port", -1, f"{_PORT}-1"),
    (ATE, "port", 65536, f"{_PORT}65536"),
    (ATE, "port", 0.1, f"{_PORT}0.1"),
    (ATE, "port", 5060.5, f"{_PORT}5060.5"),
    (ATE, "port", "5060", f"{_PORT}'5060'"),
    (ATE, "port", True, f"{_PORT}true"),
    (ATE, "port", float("nan"), _PORT),
    (ATE, "port", {}, f"{_PORT}dict"),
    (ATE, "login", None, "is required for type ate"),
    (ATE, "login", "", "must not be empty"),
    (ATE, "login", -111, "must be text, not int"),
    (ATE, "login", 111.5, "must be text, not float"),
    (ATE, "login", 2**53, "must be text, not int"),
    (ATE, "login", True, "must be text, not bool"),
    (ATE, "login", "login\t", _CONTROL),
    (ATE, "login", "login ", "must not begin or end with a blank"),
    (ATE, "login", "x" * 256, "must have at most 255 characters, not 256"),
    (ATE, "secret", None, "is required for type ate"),
    (ATE, "secret", "", "must not be empty"),
    (ATE, "secret", f"{HIDDEN}\n", _CONTROL),
    (ATE, "secret", f"{HIDDEN}\x00", _CONTROL),
    (ATE, "secret", f" {HIDDEN}", "must not begin or end with a blank"),
    (ATE, "secret", HIDDEN * 50, "must have at most 255 characters, not 300"),
    (ATE, "secret", [HIDDEN], "must be text, not list"),
    (ATE, "secret", {"value": HIDDEN}, "must be text, not dict"),
    (ATE, "secret", HIDDEN.encode(), "must be text, not bytes"),
    (ATE, "secret", 12345678, "must be text, not a number, which has no leading zeros: put it in quotes"),
    (ATE, "secret", 12345678.0, "must be text, not a number, which has no leading zeros: put it in quotes"),
    (ATE, "adopt", "yes", "must be true or false, not 'yes'"),
    (ATE, "adopt", 1, "must be true or false, not 1"),
    (ATE, "adopt", [], "must be true or false, not list"),
    (ATE, "wait_for_registration", 0, "must be seconds, more than 0 and at most 3600, not 0"),
    (ATE, "wait_for_registration", -5, "must be seconds, more than 0 and at most 3600, not -5"),
    (ATE, "wait_for_registration", 3601, "must be seconds, more than 0 and at most 3600, not 3601"),
    (ATE, "wait_for_registration", True, "must be seconds, more than 0 and at most 3600, not true"),
    (ATE, "wait_for_registration", "60", "must be seconds, more than 0 and at most 3600, not '60'"),
    (ATE, "wait_for_registration", float("nan"), "must be seconds"),
    (ATE, "timeout", 5, "is no field of this resource"),
    (SIPURI, "port", 5060, "is not allowed for type sipuri"),
    (SIPURI, "login", "21201588169353", "is not allowed for type sipuri"),
    (SIPURI, "secret", HIDDEN, "is not allowed for type sipuri"),
    (SIPURI, "wait_for_registration", 60, "is not allowed for type sipuri"),
]

FORWARDING: Final[list[tuple[dict[str, Any], str, Any, str]]] = [
    (SIP, "number_type", None, "is required"),
    (SIP, "number_type", "АТС", f"{_TYPE}'АТС'"),
    (SIP, "type", "Отдел продаж", f"must be {ALL_IN_WORDS}, not 'Отдел продаж'"),
    (SIP, "type", "gr\u043eup", "or empty, not 'gr\\u043eup'"),
    (SIP, "number_id", None, "is required"),
    (SIP, "number_id", 0, f"{_ID}0"),
    (SIP, "number_id", "0", f"{_ID}0"),
    (SIP, "number_id", -1, f"{_ID}-1"),
    (SIP, "number_id", 1.5, f"{_ID}1.5"),
    (SIP, "number_id", True, f"{_ID}true"),
    (SIP, "number_id", "", f"{_ID}''"),
    (SIP, "number_id", "17a", f"{_ID}'17a'"),
    (SIP, "number_id", " 17", f"{_ID}' 17'"),
    (SIP, "number_id", _ARABIC, f"{_ID}'\\u0667"),
    (SIP, "number_id", 2**53, f"{_ID}9007199254740992"),
    (SIP, "number_id", 2**53 + 1, f"{_ID}9007199254740993"),
    (SIP, "number_id", "9" * 17, f"{_ID}'99999999999999999'"),
    (SIP, "number_id", "number:79104445566", "the API's list gives no id for 79104445566"),
    (SIP, "number_id", "number:79\n104", f"{_ID}'number:79\\n104'"),
    (SIP, "number_id", "number:", f"{_ID}'number:'"),
    (SIP, "number_id", f"number:{_ARABIC}", f"{_ID}'number:\\u0667"),
    (SIP, "type", None, "is required"),
    (SIP, "type", "SIP", f"must be {ALL_IN_WORDS}, not 'SIP'"),
    (SIP, "type", 4, "retail or empty, not 4"),
    (SIP, "sip_id", "4", f"{_ID}'4'"),
    (SIP, "sip_id", 0, f"{_ID}0"),
    (SIP, "sip_id", True, f"{_ID}true"),
    (SIP, "sip_id", 4.5, f"{_ID}4.5"),
    (SIP, "cli_type", "y", "must be Y or N, not 'y'"),
    (SIP, "cli_type", True, "must be Y or N, not true"),
    (SIP, "number", 79104445566, "is no field of this resource"),
    (TO_NUMBER, "destination_number", True, f"{_PHONE}true"),
    (TO_NUMBER, "destination_number", "89993332210", "may be +79993332210: if that is meant, write it so"),
    (TO_URI, "destination_uri", 123456789, "must be text, not int"),
    (TO_URI, "destination_uri", "sip:123456789@ext.plusofon.ru", _URI),
    (TO_URI, "destination_uri", "ext.plusofon.ru", _URI),
    (TO_URI, "destination_uri", "@ext.plusofon.ru", _URI),
    (TO_URI, "destination_uri", "123456789@", _URI),
    (TO_URI, "destination_uri", "1 2@ext.plusofon.ru", _URI),
    (TO_URI, "destination_uri", "1@2@ext.plusofon.ru", _URI),
    (TO_URI, "destination_uri", "1@ext.plusofon.ru:", _URI),
    (TO_URI, "destination_uri", "1@ext.plusofon.ru:5060:5060", _URI),
    (TO_URI, "destination_uri", "1@ext.plusofon.ru:0", "must have a port from 1 to 65535"),
    (TO_URI, "destination_uri", "1@ext.plusofon.ru:65536", "must have a port from 1 to 65535"),
    (TO_URI, "destination_uri", "1@[192.0.2.1]", "must have an IPv6 address in its brackets"),
    (TO_URI, "destination_uri", "1@[fe80::1%eth0]", "must have an IPv6 address in its brackets"),
    (TO_URI, "destination_uri", "1@[]", "must have an IPv6 address in its brackets"),
    (TO_URI, "destination_uri", "1@[2001:db8::1", _URI),
    (TO_URI, "destination_uri", "1@192.0.2.256", _NUMBERS),
    (CRM, "host", "https://plusofon.bitrix24.ru", _HOST),
    (CRM, "type_default", "amo", f"must be {FALLBACKS_IN_WORDS}, not 'amo'"),
    (CRM, "type_default", "", f"must be {FALLBACKS_IN_WORDS}, not ''"),
    (CRM, "cli_type_default", "maybe", "must be Y or N, not 'maybe'"),
]

# Such a thing comes from YAML without anybody asking for it.
FROM_YAML: Final = date(2026, 1, 1)
