"""A copy of an account for the sandbox (`plusofon sandbox --seed FILE`): numbers, targets, odd entries.

The API shows neither SIP passwords nor forwardings, so the copy has none. Makes data only; asks nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.schema.addresses import servers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pulumi_plusofon.api import ListedNumber, Target, TargetKind

_DEFAULT_PORT: Final = 5060
# As the vendor's list writes the types, the first in Cyrillic letters.
_LABELS: Final = {"ate": "\u0410\u0422\u0421", "sipuri": "SIP-URI"}


def copy_of(listed: Sequence[ListedNumber], targets: Mapping[TargetKind, Iterable[Target]]) -> dict[str, Any]:
    """The copy as JSON values, sorted; an entry that is no manageable number is shown as the list has it."""
    numbers: list[dict[str, Any]] = []
    entries = []
    for entry in sorted(listed, key=lambda one: (one.number, one.id or 0)):
        number = _number(entry)
        if number is None or any(one["number"] == number["number"] for one in numbers[-1:]):
            entries.append(_as_listed(entry))
        else:
            numbers.append(number)
    customers = {entry.customer_id for entry in listed} - {None}
    return {
        **({"customer_id": customers.pop()} if len(customers) == 1 else {}),
        "numbers": numbers,
        "targets": {
            kind: [
                {"id": one.id, "name": one.name, "number": one.number, "login": one.login}
                for one in sorted(ones, key=lambda one: one.id or 0)
                if one.id is not None
            ]
            for kind, ones in targets.items()
        },
        "entries": entries,
    }


def _number(entry: ListedNumber) -> dict[str, Any] | None:
    """What the sandbox connects so that its list shows the entry again; None where it cannot."""
    if not entry.managed or entry.id is None or not entry.source:
        return None
    number = {"id": entry.id, "type": entry.type, "number": entry.number}
    if entry.type == "sipuri":
        return {**number, "host": ",".join(servers(entry.source))}
    login, at, host = entry.source.rpartition("@")
    if not (at and login and host):
        return None
    return {
        **number,
        "host": host,
        "port": _DEFAULT_PORT,
        "login": login,
        "registered": entry.registered is not False,
    }


def _as_listed(entry: ListedNumber) -> dict[str, Any]:
    fields = {
        "id": entry.id,
        "number": entry.number,
        "type": _LABELS.get(entry.type, entry.type),
        "source": entry.source,
        "host": entry.inbound_uri,
        "customer_id": entry.customer_id,
        "status": entry.registered,
    }
    return {name: value for name, value in fields.items() if value is not None}
