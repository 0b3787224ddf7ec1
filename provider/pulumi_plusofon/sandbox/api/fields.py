"""The vendor's table of fields, as data: their JSON types, and which belong to which forwarding type.

Nothing here looks at a request; `wire` builds its models from these tables.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

NumberType = Literal["ate", "sipuri"]
YesNo = Literal["Y", "N"]
Text = Annotated[str, Field(min_length=1)]
Id = Annotated[int, Field(gt=0)]
PhoneNumber = Annotated[int, Field(ge=10_000, le=999_999_999_999_999)]  # 5 to 15 digits
Port = Annotated[int, Field(ge=1, le=65_535)]

TARGET_FIELDS: dict[str, str | None] = {
    "sip": "sip_id",
    "number": "destination_number",
    "group": "group_id",
    "scenario": "scenario_id",
    "call_queue": "call_queue_id",
    "sip_uri": "destination_uri",
    "bitrix": "host",
    "amo": "host",
    "retail": "host",
    "empty": None,
}
"""Every forwarding type, and the one field that says where its calls go."""

CRM_TYPES = frozenset({"bitrix", "amo", "retail"})
"""The types whose CRM may give no route, and so may carry a default."""

DEFAULT_TYPES = [code for code in TARGET_FIELDS if code not in CRM_TYPES]
"""The types that `type_default` may name: no CRM's default is another CRM."""

FORWARDING_FIELDS: dict[str, Any] = {
    "number_type": NumberType,
    "number_id": Id,
    "type": Text,
    "type_default": Text,
    "sip_id": Id,
    "destination_number": Text,
    "group_id": Id,
    "scenario_id": Id,
    "call_queue_id": Id,
    # The vendor's table says integer; its own example, and any SIP URI, is text.
    "destination_uri": Text,
    "host": Text,
    "cli_type": YesNo,
    "cli_type_default": YesNo,
}
"""Every field of a forwarding with its type on the wire."""


def forwarding_fields(code: str, default: str | None) -> tuple[set[str], set[str]]:
    """Required and optional fields of type `code` with this `type_default` (None: left out)."""
    required = {"number_type", "number_id", "type"}
    optional: set[str] = set()
    if target := TARGET_FIELDS[code]:
        required |= {target, "cli_type"}
    if code in CRM_TYPES:
        optional.add("cli_type_default")
    if default is not None:
        required.add("type_default")
        if target := TARGET_FIELDS[default]:
            required.add(target)
    return required, optional
