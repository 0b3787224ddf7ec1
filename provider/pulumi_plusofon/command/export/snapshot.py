"""A living account as declarations: what of its list can be declared, and what is left out, with the reason.

Takes the list and nothing else; asks nothing, sends nothing. What the API does not show (SIP passwords,
ports, forwardings) is marked as such and never guessed in silence.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon import lifecycle
from pulumi_plusofon.lifecycle.shown import is_vendors
from pulumi_plusofon.schema.addresses import servers_as_written, sip_account
from pulumi_plusofon.schema.kinds import EXTERNAL_NUMBER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pulumi_plusofon.api import ListedNumber

_NO_HOST: Final = "operator.invalid"
# Marks of what stands there though the API does not show it.
PORT: Final = "port"
OPERATOR: Final = "operator"


@dataclass(frozen=True)
class Declarable:
    """A number that can be declared: the inputs of its `ExternalNumber`, and the marks of what is not shown.

    `number` in the inputs has its plus; `host` is a list where there are several servers.
    """

    entry: ListedNumber
    inputs: dict[str, Any]
    marks: frozenset[str] = frozenset()


@dataclass(frozen=True)
class LeftOut:
    """An entry of the list that is not declared, and why."""

    entry: ListedNumber
    reason: str


@dataclass(frozen=True)
class Snapshot:
    """The account at one moment, sorted by number. `customer_id` is its own id where all entries agree."""

    numbers: tuple[Declarable, ...]
    left_out: tuple[LeftOut, ...]
    customer_id: int | None


def take(listed: Iterable[ListedNumber], chosen: Iterable[ListedNumber] | None = None) -> Snapshot:
    """The snapshot of the `chosen` entries of an account's whole list; of all where none are given."""
    listed = tuple(listed)
    times = Counter(entry.number for entry in listed)
    numbers: list[Declarable] = []
    left_out: list[LeftOut] = []
    for entry in listed if chosen is None else chosen:
        found = _declarable(entry)
        if reason := _unfit(entry, times[entry.number]) or _problem(found):
            left_out.append(LeftOut(entry, reason))
        else:
            numbers.append(found)
    customers = {number.entry.customer_id for number in numbers}
    return Snapshot(
        tuple(sorted(numbers, key=lambda number: number.entry.number)),
        tuple(sorted(left_out, key=lambda entry: (entry.entry.number, entry.entry.id or 0, entry.reason))),
        customers.pop() if len(customers) == 1 else None,
    )


def matching(
    listed: Iterable[ListedNumber], pattern: str | None, number_type: str | None
) -> list[ListedNumber]:
    """The entries of the type whose number fits `pattern` ("+7495*", with or without the plus)."""
    digits = None if pattern is None else pattern.removeprefix("+")
    return [
        entry
        for entry in listed
        if (digits is None or fnmatchcase(entry.number, digits))
        and (number_type is None or entry.type == number_type)
    ]


def _unfit(entry: ListedNumber, times: int) -> str | None:
    """Why an entry cannot be declared at all."""
    if not entry.managed:
        return f"type {entry.type!r}: {entry.trouble or 'is not known here'}"
    if times > 1:
        return f"stands {times} times in the list"
    if entry.id is None:
        return "the list gives it no id, so it could be neither changed nor removed"
    return None


def _declarable(entry: ListedNumber) -> Declarable:
    base: dict[str, Any] = {"type": entry.type, "number": f"+{entry.number}"}
    if entry.type == "sipuri":
        hosts = servers_as_written(entry.source)
        host = list(hosts) if len(hosts) > 1 else "".join(hosts) or _NO_HOST
        return Declarable(entry, {**base, "host": host}, frozenset() if hosts else frozenset({OPERATOR}))
    account = sip_account(entry.source or "")
    has_port = account.port.isascii() and account.port.isdigit()
    inputs = {
        **base,
        "host": account.host or _NO_HOST,
        "port": int(account.port) if has_port else EXTERNAL_NUMBER.fields["port"].default,
        "login": account.login or entry.number,
        "keep_secret": True,
    }
    marks = set() if has_port else {PORT}
    if not (account.login and account.host) or is_vendors(account.host):
        marks.add(OPERATOR)
    return Declarable(entry, inputs, frozenset(marks))


def _problem(found: Declarable) -> str | None:
    """What our own validation refuses of it, in its words."""
    checked = lifecycle.EXTERNAL_NUMBER.check(found.inputs)
    if checked.problems:
        return "; ".join(map(str, checked.problems))
    if checked.inputs["number"] != found.entry.number:
        return f"number: is read as +{checked.inputs['number']}"
    return None
