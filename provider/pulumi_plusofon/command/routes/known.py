"""Read a stack's numbers from its state and, where there is a token, from its accounts. Sends GETs alone.

Without a token it says nothing of what the accounts have. Draws nothing and validates nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pulumi_plusofon.command.accounts import Member
from pulumi_plusofon.command.drift.comparison import is_there, matches, unmanaged
from pulumi_plusofon.schema.targets import NAMED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pulumi_plusofon.api import ListedNumber, TargetKind
    from pulumi_plusofon.command.accounts import StacksAccount
    from pulumi_plusofon.pulumi_cli.state import StackState, StateResource
    from pulumi_plusofon.routes.words import Names


@dataclass
class Known:
    """The numbers and forwardings of stacks, and what their accounts say of them.

    `entries` has the accounts' entries by the number's URN, `gone` and `unclear` the URNs of those that are
    not listed, or perhaps. `unmanaged` is what the accounts have and no stack. `names` are those of targets,
    by provider. `missing_targets` say by a forwarding's URN which of its targets its account does not have.
    `notes` say what could not be known.
    """

    members: Sequence[Member]
    entries: dict[str, ListedNumber] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    unclear: set[str] = field(default_factory=set)
    unmanaged: list[ListedNumber] = field(default_factory=list)
    names: dict[str, Names] = field(default_factory=dict)
    missing_targets: dict[str, list[str]] = field(default_factory=dict)
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
        names = _names(account)
        known.names |= {member.resource.provider: names for member in account.members}
        known.missing_targets |= _missing_targets(account)
        known.notes += account.not_checked()
    known.unmanaged = unmanaged(accounts)
    return known


def _names(account: StacksAccount) -> Names:
    """The names of the targets that its forwardings have, of each list that can be read."""
    return {kind: account.targets.names(kind) for kind in _used(account.forwardings())}


def _missing_targets(account: StacksAccount) -> dict[str, list[str]]:
    """The targets that the account does not have, by the URN of the forwarding that leads there."""
    with account.reported():
        return {
            forwarding.urn: account.missing_targets(forwarding)
            for forwarding in account.forwardings()
            if is_there(account.session, forwarding)
        }


def _used(forwardings: Sequence[StateResource]) -> list[TargetKind]:
    types = {forwarding.outputs.get(name) for forwarding in forwardings for name in ("type", "type_default")}
    return [kind for kind in NAMED if kind in types]
