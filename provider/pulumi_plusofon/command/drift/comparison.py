"""Stacks against the accounts that they are in: what changed, what is gone, what no stack has.

What changed and what is gone is what the lifecycle's `read` reports, which is what a refresh asks, so both
say the same. A refresh does not see targets that the account does not have. Sends GETs, and writes neither to
an account nor to a state. Never shows a password, nor a value that the state has as a secret.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from pulumi_plusofon import lifecycle
from pulumi_plusofon.runtime.text import in_one_line, plain
from pulumi_plusofon.schema.kinds import EXTERNAL_NUMBER
from pulumi_plusofon.session import AccountError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pulumi_plusofon.api import ListedNumber
    from pulumi_plusofon.command.accounts import Member, StacksAccount
    from pulumi_plusofon.pulumi_cli.state import StateResource
    from pulumi_plusofon.session import AccountSession

_LEFT_OVER: Final = "; a failed run has left it to be deleted: the next `pulumi up` disconnects it"
DifferenceKind = Literal["changed", "gone", "no_target", "unmanaged", "unregistered", "unknown"]
# In the order in which they are shown.
_ORDER: Final[tuple[DifferenceKind, ...]] = (
    "gone",
    "changed",
    "no_target",
    "unknown",
    "unregistered",
    "unmanaged",
)
# Beside the inputs, what a refresh shows of a number that is still there.
_LISTED: Final = ("number_id", "inbound_uri")


@dataclass(frozen=True)
class Difference:
    """One difference between the stacks and their accounts.

    `id` is the number's. `stack`, `resource` and `resource_type` are None for what no stack has.
    """

    kind: DifferenceKind
    stack: str | None
    resource: str | None
    resource_type: str | None
    number: str | None
    id: int | None
    detail: str


@dataclass(frozen=True)
class Comparison:
    """All differences, and how many external numbers the stacks have.

    `not_checked` says which ids of targets could not be looked up, and why.
    """

    differences: list[Difference]
    numbers: int
    not_checked: list[str] = field(default_factory=list)


def compare(accounts: Sequence[StacksAccount]) -> Comparison:
    """Compare the stacks with their accounts. Raises `StackError` where an account cannot be listed."""
    found = [difference for account in accounts for difference in _in_account(account)]
    of_many = len(accounts) > 1
    stacks = [member.stack for account in accounts for member in account.members]
    left_over = {number for stack in stacks for number in stack.left_over}
    found += [
        Difference(
            *("unmanaged", None, None, None, entry.number, entry.id),
            f"{_shown(entry, of_many=of_many)}{_LEFT_OVER if entry.number in left_over else ''}",
        )
        for entry in unmanaged(accounts)
    ]
    found.sort(
        key=lambda difference: (
            _ORDER.index(difference.kind),
            difference.stack or "",
            difference.number or "",
        )
    )
    numbers = sum(member.resource.is_number for account in accounts for member in account.members)
    return Comparison(found, numbers, [line for account in accounts for line in account.not_checked()])


def entry_of(session: AccountSession, number: StateResource) -> ListedNumber | None:
    """The account's entry of a stack's number, None if it is gone. Raises `AccountError`."""
    outputs = number.outputs
    session.require(number.customer_id, outputs["number"], outputs["type"], outputs.get("number_id"))
    return session.entry_or_gone(outputs["type"], outputs["number"], outputs.get("number_id"))


def is_there(session: AccountSession, forwarding: StateResource) -> bool:
    """Whether the number of a stack's forwarding is certainly in this account."""
    try:
        return lifecycle.FORWARDING.read(session, forwarding.id, forwarding.outputs) is not None
    except AccountError:
        return False


@dataclass(frozen=True)
class Matches:
    """Which number of the stacks each entry of an account's list is.

    `gone` are those that the account no longer lists, `unclear` those that may be gone or not.
    """

    of_entry: dict[ListedNumber, Member]
    gone: list[Member]
    unclear: list[Member]


def matches(account: StacksAccount) -> Matches:
    """Match the stacks' numbers with what the account lists. Raises `StackError`."""
    found = Matches({}, [], [])
    with account.reported():
        for member in account.members:
            if not member.resource.is_number:
                continue
            try:
                entry = entry_of(account.session, member.resource)
            except AccountError:
                found.unclear.append(member)
                continue
            if entry is None:
                found.gone.append(member)
            else:
                found.of_entry[entry] = member
    return found


def unmanaged(accounts: Sequence[StacksAccount]) -> list[ListedNumber]:
    """What the accounts list and none of the stacks has, each once. Raises `StackError`."""
    found: dict[ListedNumber, None] = {}
    for account in accounts:
        # Two tokens may open one account; its own id is then what both have in common.
        elsewhere = {key for other in accounts if other is not account for key in _kept(other)}
        entries = _unclaimed(account)
        found |= {
            entry: None for entry in entries if (entry.customer_id, entry.type, entry.number) not in elsewhere
        }
    return list(found)


def _kept(account: StacksAccount) -> Iterator[tuple[int, str, str]]:
    """What the states have in an account whose id they know."""
    for member in account.members:
        resource = member.resource
        if resource.is_number and resource.customer_id is not None:
            yield resource.customer_id, resource.outputs["type"], resource.outputs["number"]


def _unclaimed(account: StacksAccount) -> Iterator[ListedNumber]:
    """The entries that are certainly no number of a stack's in this account."""
    entries = account.entries()
    found = matches(account)
    # Which entry is one of these numbers is not known: `_in_account` reports why.
    open_numbers = {member.resource.outputs["number"] for member in found.unclear}
    open_ids = {member.resource.outputs.get("number_id") for member in found.unclear}
    for entry in entries:
        may_be = entry.id in open_ids or (bool(open_numbers) and not entry.has_digits)
        is_unclear = may_be and not entry.managed
        if entry not in found.of_entry and entry.number not in open_numbers and not is_unclear:
            yield entry


def _in_account(account: StacksAccount) -> Iterator[Difference]:
    account.entries()
    with account.reported():
        for member in account.members:
            yield from _of_member(account.session, member)
            if not member.resource.is_number and is_there(account.session, member.resource):
                for text in account.missing_targets(member.resource):
                    yield _difference("no_target", member, text)


def _of_member(session: AccountSession, member: Member) -> Iterator[Difference]:
    try:
        yield from _read(session, member)
    except AccountError as error:
        yield _difference("unknown", member, in_one_line(error.reason))


def _read(session: AccountSession, member: Member) -> Iterator[Difference]:
    resource = member.resource
    steps = lifecycle.EXTERNAL_NUMBER if resource.is_number else lifecycle.FORWARDING
    read = steps.read(session, resource.id, resource.outputs)
    if read is None:
        what = "it" if resource.is_number else "the number of this forwarding"
        yield _difference("gone", member, f"the account no longer lists {what}")
        return
    if not resource.is_number:
        return
    if changes := list(_changes(resource, read.outputs)):
        yield _difference("changed", member, "; ".join(changes))
    entry = entry_of(session, resource)
    if entry is not None and entry.type == "ate" and entry.registered is False:
        yield _difference("unregistered", member, "its login is not registered at the operator")


def _changes(number: StateResource, now: dict[str, Any]) -> Iterator[str]:
    before = number.outputs
    for name in EXTERNAL_NUMBER.inputs:
        if now.get(name) == before.get(name):
            continue
        if name == "secret":
            yield "secret: the number was connected anew by others, with a password that is not known"
        elif number.secrets & {name, "source"}:
            # `source`, of which this is a part, has the login in it.
            yield f"{name}: another (not shown, because the state has it as a secret)"
        else:
            yield f"{name}: {plain(str(now.get(name)))} (the state has {plain(str(before.get(name)))})"
    for name in _LISTED:
        if None not in (now.get(name), before.get(name)) and now[name] != before[name]:
            yield f"{name}: {now[name]} (the state has {plain(str(before[name]))})"


def _difference(kind: DifferenceKind, member: Member, detail: str) -> Difference:
    resource = member.resource
    number = resource if resource.is_number else member.stack.number_of(resource)
    return Difference(
        kind,
        member.stack.name,
        plain(resource.name),
        resource.kind,
        None if number is None else number.outputs["number"],
        resource.outputs.get("number_id"),
        plain(detail),
    )


def _shown(entry: ListedNumber, *, of_many: bool) -> str:
    parts = [entry.type, entry.source, entry.trouble]
    if of_many and entry.customer_id is not None:
        parts.append(f"account {entry.customer_id}")
    return ", ".join(filter(None, parts))
