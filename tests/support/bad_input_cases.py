"""Bad inputs for the real engine, one line each: what is given, which field is to blame, what is reported.

The rows of `unit.bad_inputs` are the table of single values; here is what only a whole resource, a stack's
data or its configuration can have wrong. A program on the engine imports this module, too.
"""

from __future__ import annotations

from typing import Any, Final

from harness.forwarding_types import ALL_IN_WORDS, CRMS, FALLBACKS_IN_WORDS, TYPES
from unit.bad_inputs import ATE, CRM, FORWARDING, FROM_YAML, HIDDEN, NUMBER, SIP, SIPURI

Inputs = dict[str, Any]
_ID = "must be a whole number from 1 up, not "
_URI = "must be an address such as 123456789@ext.plusofon.ru, without sip:"
_HOST = "must be a host name or an IP address alone, such as sip.example.com"
_PHONE = "must be a phone number such as +7 910 444-55-66, not "
_SECONDS = "must be seconds, more than 0 and at most 3600, not "
_KINDS = f"must be {ALL_IN_WORDS}, not "
_FALLBACKS = f"must be {FALLBACKS_IN_WORDS}, not "
_TYPES = "must be ate or sipuri, not "
_BLANKS = "has a blank, a control character or a non-ASCII one, and cannot be sent"
_HTTPS = "must be https: http would send the token in clear (only a loopback address may)"


def _of(kind: str, **inputs: Any) -> Inputs:
    return {"number_type": "ate", "number_id": 17, "type": kind, **inputs}


def _set(base: Inputs, field: str, value: Any) -> Inputs:
    return {**base, field: value}


# Fields that the constructors do not have are Python's to refuse; as data they are ours.
_FORWARDING_INPUTS: Final = [row for row in FORWARDING if row[1] != "number"]
_NUMBER_INPUTS: Final = [row for row in NUMBER if row[1] != "timeout"]

EXTERNAL_NUMBER: Final[list[tuple[Inputs, str, str]]] = [
    *((_set(base, field, value), field, expected) for base, field, value, expected in _NUMBER_INPUTS),
    (_set(ATE, "host", FROM_YAML), "host", "must be text, not date"),
    (_set(ATE, "number", FROM_YAML), "number", f"{_PHONE}date"),
    (_set(SIPURI, "host", None), "host", "is required"),
]

NUMBER_FORWARDING: Final[list[tuple[Inputs, str, str]]] = [
    *((_set(base, field, value), field, expected) for base, field, value, expected in _FORWARDING_INPUTS),
    *((_of(kind, cli_type="Y"), row.field, f"is required for type {kind}") for kind, row in TYPES.items()),
    *((_of(crm, cli_type="Y"), "host", f"is required for type {crm}") for crm in CRMS),
    (_of("group", group_id=9), "cli_type", "is required for type group"),
    (_set(CRM, "cli_type", None), "cli_type", "is required for type bitrix"),
    (_set(CRM, "type_default", "group"), "group_id", "is required for type group"),
    (_set(CRM, "type_default", "number"), "destination_number", "is required for type number"),
    (_set(CRM, "sip_id", 4), "sip_id", "is not allowed for type bitrix"),
    (_set(SIP, "group_id", 9), "group_id", "is not allowed for type sip"),
    (_of("group", group_id=9, sip_id=4, cli_type="Y"), "sip_id", "is not allowed for type group"),
    (_of("group", group_id=True, cli_type="Y"), "group_id", f"{_ID}true"),
    (_of("fax", cli_type="Y"), "type", f"{_KINDS}'fax'"),
    (_set(SIP, "host", "plusofon.bitrix24.ru"), "host", "is not allowed for type sip"),
    (_set(SIP, "type_default", "group"), "type_default", "is not allowed for type sip"),
    (_set(SIP, "cli_type_default", "Y"), "cli_type_default", "is not allowed for type sip"),
    (_of("empty", cli_type="Y"), "cli_type", "is not allowed for type empty"),
    (_of("empty", sip_id=4), "sip_id", "is not allowed for type empty"),
    (_set(SIP, "number", "79104445566"), "number", "cannot be given together with number_type or number_id"),
    ({"number": 17, "type": "empty"}, "number", "must be an ExternalNumber; use number_type and number_id"),
]

_SALES = {"type": "sipuri", "number": "447700900102", "host": "sip.example.com"}
# What stands under `numbers`, the path that is to blame, what is reported.
DATA: Final[list[tuple[Any, str, str]]] = [
    *(
        ([_set(base, field, value)], f"numbers[0].{field}", expected)
        for base, field, value, expected in _NUMBER_INPUTS
    ),
    (None, "numbers", "is missing"),
    ({"office": _SALES}, "numbers", "must be a list of numbers"),
    ("447700900102", "numbers", "must be a list of numbers"),
    (["447700900102"], "numbers[0]", "must be a mapping such as {type: sipuri, number: ..., host: ...}"),
    ([None], "numbers[0]", "must be a mapping such as"),
    ([{**_SALES, "name": ""}], "numbers[0].name", "must be a text"),
    ([{**_SALES, "name": 7}], "numbers[0].name", "must be a text"),
    ([{**_SALES, "name": "a\nb"}], "numbers[0].name", "must be a text"),
    ([{**_SALES, "name": "sales"}, _SALES], "numbers[1].number", "447700900102 is also numbers[0].number"),
    ([{**_SALES, "timeout": 5}], "numbers[0].timeout", "is no field of a number"),
    ([{**_SALES, "a\nb": 5}], "'numbers[0].a\\nb'", "is no field of a number"),
    ([{**_SALES, "secret": HIDDEN}], "numbers[0].secret", "is not allowed for type sipuri"),
    ([{**_SALES, "forward": "group"}], "numbers[0].forward", "must be a mapping such as {type: group"),
    ([{**_SALES, "forward": False}], "numbers[0].forward", "must be a mapping such as {type: group"),
    ([{**_SALES, "forward": {}}], "numbers[0].forward.type", "is required"),
    ([{**_SALES, "forward": {"type": "fax"}}], "numbers[0].forward.type", f"{_KINDS}'fax'"),
    ([{**_SALES, "forward": {"type": "empty", "fax": 1}}], "numbers[0].forward.fax", "is no field of a"),
    (
        [{**_SALES, "forward": {"type": "empty", "number_id": 1}}],
        "numbers[0].forward.number_id",
        "is no field",
    ),
]

# Values that are only promised, several fields of one resource at a time, so that one preview tells all.
PROMISED_NUMBERS: Final[list[list[tuple[str, Any, str]]]] = [
    [
        ("type", "fax", f"{_TYPES}'fax'"),
        ("number", "sales", f"{_PHONE}'sales'"),
        ("host", "https://sip.example.com", _HOST),
        ("port", 65536, "must be a whole number from 1 to 65535, not 65536"),
        ("login", "", "must not be empty"),
        ("secret", f"{HIDDEN}\n", "must have no control characters or line breaks"),
        ("adopt", "yes", "must be true or false, not 'yes'"),
        ("wait_for_registration", -5, f"{_SECONDS}-5"),
    ],
    [
        ("type", 1, f"{_TYPES}1"),
        ("number", True, f"{_PHONE}true"),
        ("host", 42, "must be text, not int"),
        ("port", "5060", "must be a whole number from 1 to 65535, not '5060'"),
        ("login", ["111"], "must be text, not list"),
        ("secret", [HIDDEN], "must be text, not list"),
        ("adopt", 1, "must be true or false, not 1"),
        ("wait_for_registration", 3601, f"{_SECONDS}3601"),
    ],
]
PROMISED_FORWARDINGS: Final[list[list[tuple[str, Any, str]]]] = [
    [
        ("number_type", "fax", f"{_TYPES}'fax'"),
        ("number_id", "17a", f"{_ID}'17a'"),
        ("type", "fax", f"{_KINDS}'fax'"),
        *((row.field, row.bad, row.error) for row in TYPES.values()),
        ("host", "plusofon.bitrix24.ru:443", _HOST),
        ("type_default", "amo", f"{_FALLBACKS}'amo'"),
        ("cli_type", "y", "must be Y or N, not 'y'"),
        ("cli_type_default", True, "must be Y or N, not true"),
    ],
]

# Values of the stack's configuration by key, all at once for each row of them.
CONFIGURATION: Final[list[dict[str, tuple[str, str]]]] = [
    {
        "token": (f"{HIDDEN} {HIDDEN}", _BLANKS),
        "clientId": ("10 553", _BLANKS),
        "baseUrl": ("http://restapi.plusofon.ru", _HTTPS),
        "timeout": ("0", "must be a positive number, not '0'"),
        "maxRetries": ("1.5", "must be a whole number from 0 to 100, not '1.5'"),
        "requestsPerSecond": ("-1", "must be a positive number, not '-1'"),
    },
    {
        "token": (f"{HIDDEN}\n", _BLANKS),
        "clientId": ("клиент", _BLANKS),
        "baseUrl": (
            f"https://me:{HIDDEN}@restapi.plusofon.ru",
            "may have a scheme, a host, a port and a path",
        ),
        "timeout": ("soon", "must be a number, not 'soon'"),
        "maxRetries": ("101", "must be a whole number from 0 to 100, not '101'"),
        "requestsPerSecond": ("inf", "must be a number, not 'inf'"),
    },
    {
        "token": (f"{HIDDEN}\u00e9", _BLANKS),
        "clientId": ("10553\t", _BLANKS),
        "baseUrl": ("ftp://restapi.plusofon.ru", "must be https"),
        "timeout": ("86401", "must be from 0.001 to 86400, not '86401'"),
        "maxRetries": ("-1", "must be a whole number from 0 to 100, not '-1'"),
        "requestsPerSecond": ("", "must be a number, not ''"),
    },
]

# What stands in the environment of a run, None for nothing, and what is reported of it.
UNUSABLE: Final[list[tuple[str, str | None, str]]] = [
    ("PLUSOFON_BASE_URL", "http://restapi.example", "PLUSOFON_BASE_URL: must be https"),
    ("PLUSOFON_TIMEOUT", "0", "PLUSOFON_TIMEOUT: must be a positive number"),
    ("PLUSOFON_REQUESTS_PER_SECOND", "-1", "PLUSOFON_REQUESTS_PER_SECOND: must be a positive number"),
    ("PLUSOFON_TOKEN", None, "plusofon:token: missing"),
]

COUNT: Final = sum(
    len(rows)
    for rows in (
        EXTERNAL_NUMBER,
        NUMBER_FORWARDING,
        DATA,
        *PROMISED_NUMBERS,
        *PROMISED_FORWARDINGS,
        *CONFIGURATION,
    )
)
