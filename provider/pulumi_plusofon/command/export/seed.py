"""A copy of an account for the sandbox (`plusofon sandbox --seed FILE`): numbers, targets, odd entries.

The API shows neither SIP passwords nor forwardings, so the copy has none. It is an account of its own, with
another id: what a stack holds of the one is refused by the other. Makes data only; asks nothing. A seed is
refused as a whole, so what the sandbox takes for no number is listed as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.schema.addresses import servers_as_written
from pulumi_plusofon.schema.kinds import EXTERNAL_NUMBER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pulumi_plusofon.api import ListedNumber, Target, TargetKind

# As the vendor's list writes the types, the first in Cyrillic letters.
_LABELS: Final = {"ate": "\u0410\u0422\u0421", "sipuri": "SIP-URI"}
# What the sandbox takes.
_DIGITS: Final = re.compile("[1-9][0-9]{4,14}")
_IDS_END: Final = 2**53
# The id of a copy is that of its account behind this; a copy of a copy is another account again.
_COPY: Final = 10**12
_LONGEST_TEXT: Final = 1000


@dataclass(frozen=True)
class Copy:
    """The content of a seed as JSON values, and a line for each target that is not in it."""

    content: dict[str, Any]
    left_out: tuple[str, ...]


def copy_of(listed: Iterable[ListedNumber], targets: Mapping[TargetKind, Iterable[Target]]) -> Copy:
    """The copy, sorted; an entry that is no manageable number is shown as the list has it."""
    entries = sorted(listed, key=lambda entry: (entry.number, entry.id or 0, entry.type))
    numbers, others = _numbers(entries)
    customers = {entry.customer_id for entry in entries if entry.customer_id is not None}
    left_out: list[str] = []
    content = {
        "customer_id": _copied(customers.pop() if len(customers) == 1 else 0),
        "numbers": numbers,
        "targets": {kind: _targets(kind, ones, left_out) for kind, ones in targets.items()},
        "entries": [_as_listed(entry) for entry in others],
    }
    return Copy(content, tuple(left_out))


def _numbers(entries: Sequence[ListedNumber]) -> tuple[list[dict[str, Any]], list[ListedNumber]]:
    """The numbers that the sandbox connects, and the entries that it only shows."""
    numbers, others = [], []
    taken: set[str | int] = set()
    for entry in entries:
        number = _number(entry)
        # In the sandbox an id is one number's, whatever its type.
        if number is None or taken & {number["id"], number["number"]}:
            others.append(entry)
        else:
            taken |= {number["id"], number["number"]}
            numbers.append(number)
    return numbers, others


def _number(entry: ListedNumber) -> dict[str, Any] | None:
    """What the sandbox connects so that its list shows the entry again; None where it cannot."""
    if not entry.managed or entry.id is None or entry.id >= _IDS_END or not _DIGITS.fullmatch(entry.number):
        return None
    number = {"id": entry.id, "type": entry.type, "number": entry.number}
    if entry.type == "sipuri":
        hosts = ",".join(servers_as_written(entry.source))
        return {**number, "host": hosts} if hosts else None
    login, at, host = (entry.source or "").rpartition("@")
    if not (at and login and host):
        return None
    return {
        **number,
        "host": host,
        "port": EXTERNAL_NUMBER.fields["port"].default,
        "login": login,
        "registered": entry.registered is not False,
    }


def _targets(kind: TargetKind, targets: Iterable[Target], left_out: list[str]) -> list[dict[str, Any]]:
    """The targets of a kind that the sandbox takes, by id; a line in `left_out` for each other."""
    kept: dict[int | None, dict[str, Any]] = {}
    for target in sorted(targets, key=lambda target: (target.id or 0, target.name)):
        copied = {"id": target.id, "name": target.name, "number": target.number, "login": target.login}
        if target.id is None or target.id >= _IDS_END:
            left_out.append(f"{kind} {target.name!r}: it has no id that can be used")
        elif target.id in kept:
            left_out.append(f"{kind} {target.name!r}: its id {target.id} stands twice")
        elif max(len(text or "") for text in (target.name, target.number, target.login)) > _LONGEST_TEXT:
            left_out.append(f"{kind} {target.id}: its name, number or login is too long for a copy")
        else:
            kept[target.id] = copied
    return list(kept.values())


def _as_listed(entry: ListedNumber) -> dict[str, Any]:
    fields = {
        "id": entry.id,
        "number": entry.number,
        "type": _LABELS.get(entry.type, entry.type),
        "source": entry.source,
        "host": entry.inbound_uri,
        "customer_id": None if entry.customer_id is None else _copied(entry.customer_id),
        "status": entry.registered,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _copied(customer_id: int) -> int:
    """The id that a copy has in place of its account's."""
    return customer_id % (_IDS_END - _COPY) + _COPY
