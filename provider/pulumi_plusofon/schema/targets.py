"""The types of a forwarding and their targets, a row for each: the vendor's table as data.

A new type of target is a row here and a word in the `Literal` above it. Parsers, meanings, errors, names of
targets, the graph of calls and the policies read the row. Sends nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from . import addresses, phone, values

if TYPE_CHECKING:
    from collections.abc import Mapping

Parse = Callable[[Any], Any]

NamedType = Literal["sip", "group", "scenario", "call_queue"]
FallbackType = Literal["sip", "number", "group", "scenario", "call_queue", "sip_uri", "empty"]
ForwardingType = Literal[FallbackType, "bitrix", "amo", "retail"]


@dataclass(frozen=True)
class TargetType:
    """One type of forwarding that leads to a target.

    `field` names the target, `meaning` says what it is, `parse` reads it and `before` reads it as earlier
    versions did. `leads` says where calls go: to something `inside` the account, to a `phone` number, or to a
    `sip` address. Of what is `listed` the account has a list, so that a name can stand for the id.
    """

    type: str
    field: str
    meaning: str
    parse: Parse = values.identifier
    before: Parse | None = None
    leads: Literal["inside", "phone", "sip"] = "inside"
    listed: bool = False


TARGETS: Final[Mapping[str, TargetType]] = {
    target.type: target
    for target in (
        TargetType("sip", "sip_id", "The id of the SIP account that the calls go to.", listed=True),
        TargetType(
            "number",
            "destination_number",
            "The phone number that the calls go to, with its plus.",
            parse=phone.phone_number,
            before=phone.phone_number_as_before,
            leads="phone",
        ),
        TargetType("group", "group_id", "The id of the group that the calls go to.", listed=True),
        TargetType("scenario", "scenario_id", "The id of the scenario that the calls go to.", listed=True),
        TargetType(
            "call_queue", "call_queue_id", "The id of the call queue that the calls go to.", listed=True
        ),
        TargetType(
            "sip_uri",
            "destination_uri",
            "The SIP address that the calls go to, without `sip:`.",
            parse=addresses.sip_uri,
            before=addresses.sip_uri_as_before,
            leads="sip",
        ),
    )
}
TARGET_FIELDS: Final = tuple(target.field for target in TARGETS.values())
# Fields that lead out of the account, to a phone number and to a SIP address.
PHONE_FIELDS: Final = tuple(target.field for target in TARGETS.values() if target.leads == "phone")
SIP_FIELDS: Final = tuple(target.field for target in TARGETS.values() if target.leads == "sip")
NAMED: Final[tuple[NamedType, ...]] = get_args(NamedType)
CRMS: Final = ("bitrix", "amo", "retail")
NOWHERE: Final = "empty"
FORWARDING_TYPES: Final = (*TARGETS, *CRMS, NOWHERE)


def target_field(of_type: str) -> str | None:
    """The field that names the target of a type; None for a CRM and for `empty`."""
    target = TARGETS.get(of_type)
    return None if target is None else target.field
