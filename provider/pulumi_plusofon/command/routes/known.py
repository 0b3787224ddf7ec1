"""Read a stack's numbers from its state and, where there is a token, from its accounts. Sends GETs alone.

Without a token it says nothing of what the accounts have. Draws nothing and validates nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pulumi_plusofon.advice import with_advice
from pulumi_plusofon.api import ApiError
from pulumi_plusofon.command.accounts import Member
from pulumi_plusofon.command.drift.comparison import matches, unmanaged
from pulumi_plusofon.runtime.text import in_one_line
from pulumi_plusofon.schema.targets import NAMED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pulumi_plusofon.api import ListedNumber, TargetKind
    from pulumi_plusofon.command.accounts import StacksAccount
    from pulumi_plusofon.pulumi_cli.state import StackState, StateResource
    from pulumi_plusofon.routes.words import Names


@dataclass
class Known:
    """The numbers and forwardings of stacks, and what their accounts say of them.

    `entries` has the accounts' entries by the number's URN, `gone` and `unclear` the URNs of those that are
    not listed, or perhaps. `unmanaged` is what the accounts have and no stack. `names` are those of targets,
    by provider. `notes` say what could not be known.
    """

    members: Sequence[Member]
    entries: dict[str, ListedNumber] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    unclear: set[str] = field(default_factory=set)
    unmanaged: list[ListedNumber] = field(default_factory=list)
    names: dict[str, Names] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def numbers(self) -> Iterator[Member]:
        """The external numbers of the stacks."""
        return (member for member in self.members if member.resource.is_number)


def of_states(stacks: Sequence[StackState]) -> Known:
    """What the states alone say."""
    return Known([Member(stack, resource) for stack in stacks for resource in stack.resources])


def of_accounts(accounts: Sequence[StacksAccount]) -> Known:
    """What the states and their accounts say. Raises `StackError` where an account cannot be listed."""
    known = Known([member for account in accounts for member in account.members])
    for account in accounts:
        found = matches(account)
        known.entries |= {member.resource.urn: entry for entry, member in found.of_entry.items()}
        known.gone |= {member.resource.urn for member in found.gone}
        known.unclear |= {member.resource.urn for member in found.unclear}
        names, notes = _names(account)
        known.names |= {member.resource.provider: names for member in account.members}
        known.notes += notes
    known.unmanaged = unmanaged(accounts)
    return known


def _names(account: StacksAccount) -> tuple[Names, list[str]]:
    """The names of the targets that its forwardings have, and a line for each list that cannot be had."""
    forwardings = [member.resource for member in account.members if not member.resource.is_number]
    names: dict[str, Mapping[int, str]] = {}
    notes = []
    for kind in _used(forwardings):
        try:
            listed = account.client.list_targets(kind)
        except ApiError as error:
            notes.append(f"names are not known: {in_one_line(with_advice(error, account.reader))}")
            continue
        names[kind] = {target.id: target.name for target in listed if target.id is not None}
    return names, notes


def _used(forwardings: Sequence[StateResource]) -> list[TargetKind]:
    types = {forwarding.outputs.get(name) for forwarding in forwardings for name in ("type", "type_default")}
    return [kind for kind in NAMED if kind in types]
