"""Look up what an account holds at the moment when a program runs, as plain typed values.

Reads with the stack's own configuration, or with that of an `Account`. Where that has the account's own id,
the token of another account is refused, and nothing of that account is returned. External numbers and
registrations are of the moment: two calls are two requests. SIP accounts, groups, scenarios and call queues
stay the same for the run: each list is fetched once. Changes nothing.
"""

from __future__ import annotations

from contextlib import closing
from functools import cache
from typing import TYPE_CHECKING, TypeVar

import pulumi

from pulumi_plusofon.advice import with_advice
from pulumi_plusofon.runtime import PlusofonError
from pulumi_plusofon.runtime.text import unmarked
from pulumi_plusofon.schema.phone import number_among
from pulumi_plusofon.session import AccountError, Listing, own_numbers

from . import directories
from .account import lookup_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pulumi_plusofon.api import Client, ListedNumber, RegistrationStatus, Target, TargetKind

    from .account import Account

_Answer = TypeVar("_Answer")


class LookupFailedError(pulumi.RunError):
    """A lookup could not be answered. The text says why, in one line."""

    def __init__(self, text: str) -> None:
        super().__init__(unmarked(text))


def get_external_numbers(*, account: Account | None = None) -> tuple[ListedNumber, ...]:
    """Every external number of the account. One `GET /api/v1/number/external`.

    `account` is an `Account` beside the stack's own (default: the stack's own). Raises `LookupFailedError`.
    """
    return _ask(account, own_numbers)


def get_external_number(*, number: str | int, account: Account | None = None) -> ListedNumber:
    """The account's entry of `number`, in any of its forms. One `GET /api/v1/number/external`.

    Digits that the account lists as they stand are that number, also where they could be another one's
    national form.
    Raises `LookupFailedError`, also where the account has the number not at all, or more than once.
    """
    all_numbers = cache(lambda: get_external_numbers(account=account))
    try:
        digits = number_among(number, lambda: {entry.number for entry in all_numbers()})
    except ValueError as problem:
        raise LookupFailedError(f"number: {problem}") from None
    listed = all_numbers()
    try:
        (whole := Listing(listed)).require_unambiguous(digits)
    except AccountError as error:
        raise LookupFailedError(f"number: {error.reason}") from None
    found = whole.with_number(digits)
    if not found and (unread := [entry.number for entry in listed if not entry.has_digits]):
        raise LookupFailedError(
            f"number: {digits} is not in the account as far as its list can be read: it has {unread[0]}, too"
        )
    if len(found) != 1:
        times = f"{len(found)} times" if found else "not"
        raise LookupFailedError(f"number: {digits} is {times} in the account")
    return found[0]


def get_registration_status(
    *, logins: Sequence[str], account: Account | None = None
) -> tuple[RegistrationStatus, ...]:
    """The registrations of SIP `logins` (`ate` only). One `GET /api/v1/number/external/status`.

    Raises `LookupFailedError`.
    """
    if not isinstance(logins, list | tuple) or not all(isinstance(login, str) for login in logins):
        raise LookupFailedError("logins: must be a list of texts")
    _or_fail(lambda: directories.of_run(lookup_settings(account)).require_own())
    return _ask(account, lambda client: client.registration_statuses(logins))


def get_sip_accounts(*, account: Account | None = None) -> tuple[Target, ...]:
    """Every SIP account, with `id`, `name`, `number` (extension) and `login`. `GET /api/v1/sip`, once a run.

    Raises `LookupFailedError`, as all of these do.
    """
    return _targets("sip", account)


def get_sip_account(
    *,
    name: str | None = None,
    number: str | int | None = None,
    login: str | None = None,
    account: Account | None = None,
) -> Target:
    """The one SIP account of this `name`, extension (`number`) or `login`; its `id` is a `sip_id`."""
    given = {"name": name, "number": number, "login": login}
    named = {field: value for field, value in given.items() if value is not None}
    if len(named) != 1:
        raise LookupFailedError("get_sip_account: give one of name, number, login")
    [(field, value)] = named.items()
    return _target("sip", account, field, value)


def get_groups(*, account: Account | None = None) -> tuple[Target, ...]:
    """Every group, with `id`, `name` and `number`. `GET /api/v1/groups`, once a run."""
    return _targets("group", account)


def get_group(*, name: str, account: Account | None = None) -> Target:
    """The one group of this `name`; its `id` is a `group_id`."""
    return _target("group", account, "name", name)


def get_scenarios(*, account: Account | None = None) -> tuple[Target, ...]:
    """Every scenario, with `id`, `name` and `number`. `GET /api/v1/scenario`, once a run."""
    return _targets("scenario", account)


def get_scenario(*, name: str, account: Account | None = None) -> Target:
    """The one scenario of this `name`; its `id` is a `scenario_id`."""
    return _target("scenario", account, "name", name)


def get_call_queues(*, account: Account | None = None) -> tuple[Target, ...]:
    """Every call queue, with `id` and `name`. `GET /api/v1/call-queues`, once a run."""
    return _targets("call_queue", account)


def get_call_queue(*, name: str, account: Account | None = None) -> Target:
    """The one call queue of this `name`; its `id` is a `call_queue_id`."""
    return _target("call_queue", account, "name", name)


def _targets(kind: TargetKind, account: Account | None) -> tuple[Target, ...]:
    return _or_fail(lambda: directories.of_run(lookup_settings(account)).targets(kind))


def _target(kind: TargetKind, account: Account | None, field: str, value: object) -> Target:
    if not isinstance(value, str | int) or isinstance(value, bool) or not str(value).strip():
        raise LookupFailedError(f"{field}: must be a text that is known when the program runs")
    return _or_fail(lambda: directories.of_run(lookup_settings(account)).find(kind, field, str(value)))


def _ask(account: Account | None, question: Callable[[Client], _Answer]) -> _Answer:
    def ask() -> _Answer:
        with closing(directories.client(lookup_settings(account))) as client:
            return question(client)

    return _or_fail(ask)


def _or_fail(step: Callable[[], _Answer]) -> _Answer:
    try:
        return step()
    except PlusofonError as error:
        raise LookupFailedError(with_advice(error, "lookup")) from None
