"""The vendor's types of forwarding, written from its text a second time: for tests and measurements.

The provider has its own table (`schema/targets.py`), and so has the sandbox: a mistake in one of them is a
difference from this list. Imports nothing of ours.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple


class Type(NamedTuple):
    """One type that is no CRM: the field of its target, a value, one that the check refuses with `error`.

    `wrong` are values that the API refuses.
    """

    field: str
    value: Any
    bad: Any
    error: str
    wrong: tuple[Any, ...]


_ID: Final = "must be a whole number from 1 up, not "
TYPES: Final[dict[str, Type]] = {
    "sip": Type("sip_id", 4, 0, f"{_ID}0", (None, "4", True, 4.0, 0, -4, [4])),
    "number": Type(
        "destination_number",
        "79993332210",
        "sales",
        "must be a phone number such as +7 910 444-55-66, not 'sales'",
        (None, 79993332210, "", True),
    ),
    "group": Type("group_id", 9, 1.5, f"{_ID}1.5", (None, "9", True, 9.5, 0)),
    "scenario": Type("scenario_id", 18, -18, f"{_ID}-18", (None, "18", True, 18.0, 0)),
    "call_queue": Type("call_queue_id", 14, "14", f"{_ID}'14'", (None, "14", False, 14.0, 0)),
    "sip_uri": Type(
        "destination_uri",
        "123456789@ext.plusofon.ru",
        "sip:1@ext.plusofon.ru",
        "must be an address such as 123456789@ext.plusofon.ru, without sip:",
        (None, 123456789, "", True),
    ),
}
CRMS: Final = {
    "bitrix": "plusofon.bitrix24.ru",
    "amo": "plusofon.amocrm.ru",
    "retail": "plusofon.retailcrm.ru",
}
FIELDS: Final = [row.field for row in TYPES.values()]
# As errors list them.
FALLBACKS_IN_WORDS: Final = f"{', '.join(TYPES)} or empty"
ALL_IN_WORDS: Final = f"{', '.join([*TYPES, *CRMS])} or empty"
