"""A stack's numbers beside what its accounts list: where each forwards to as last set, and what is missing.

Sends GETs alone. A target that the state has as a secret is not shown, nor is such a `source`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.command.drift.comparison import matches
from pulumi_plusofon.routes.words import destination
from pulumi_plusofon.runtime.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pulumi_plusofon.command.accounts import Member, StacksAccount

_HIDDEN: Final = "[secret]"
_LISTED: Final = ("id", "number", "type", "registered", "source", "inbound_uri")
COLUMNS: Final = (*_LISTED, "forwards_to", "resource", "listed")


def rows(accounts: Sequence[StacksAccount]) -> list[dict[str, Any]]:
    """One row for each number that the accounts list or the stack has. Raises `StackError`.

    `listed` is None where it is unknown whether the account has the number.
    """
    return [row for account in accounts for row in _of_account(account)]


def _of_account(account: StacksAccount) -> Iterator[dict[str, Any]]:
    entries = account.entries()
    found = matches(account)
    for entry in entries:
        listed = {name: getattr(entry, name) for name in _LISTED}
        row = _row(found.of_entry[entry], listed=True) if entry in found.of_entry else _UNMANAGED
        if row["source"] == _HIDDEN:
            listed["source"] = _HIDDEN
        yield {**row, **listed}
    yield from (_row(member, listed=False) for member in found.gone)
    yield from (_row(member, listed=None) for member in found.unclear)


_UNMANAGED: Final[dict[str, Any]] = {**dict.fromkeys(COLUMNS), "listed": True}


def _row(member: Member, *, listed: bool | None) -> dict[str, Any]:
    """What the state has of a number; the account's id, source and address only where it lists them."""
    number = member.resource
    return {
        **_UNMANAGED,
        "number": number.outputs["number"],
        "type": number.outputs["type"],
        "source": _HIDDEN if "source" in number.secrets else None,
        "forwards_to": _forwards_to(member),
        "resource": plain(number.name),
        "listed": listed,
    }


def _forwards_to(member: Member) -> str | None:
    forwarding = member.stack.forwarding_of(member.resource)
    if forwarding is None:
        return None
    return _HIDDEN if forwarding.secrets else plain(destination(forwarding.outputs))
