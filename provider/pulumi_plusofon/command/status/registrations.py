"""Registrations as the commands show them: their account, their age, and logins that are not registered.

Shows a login that a stack has as a secret by its resource's name alone. Changes nothing.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from pulumi_plusofon.api import Client
from pulumi_plusofon.command.accounts import opened
from pulumi_plusofon.runtime import Settings
from pulumi_plusofon.runtime.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pulumi_plusofon.api import RegistrationStatus
    from pulumi_plusofon.command.accounts import StacksAccount

    Ask = Callable[[], tuple[RegistrationStatus, ...]]

_HIDDEN: Final = "[secret]"
_COLUMNS: Final = ("login", "status", "date", "age")
# Of the largest unit that fits, and of the next one.
_UNITS: Final = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


@dataclass(frozen=True)
class Login:
    """How a login is shown: as it is, or as a secret of the resource that has it."""

    shown: str
    resource: str | None = None

    @property
    def name(self) -> str:
        """What an error calls it."""
        return f"that of {self.resource}" if self.shown == _HIDDEN else self.shown


@dataclass(frozen=True)
class Source:
    """One request for registrations, and the logins that it is for; none for all that the account has."""

    ask: Ask
    logins: Mapping[str, Login]


@dataclass(frozen=True)
class Look:
    """What one look has shown: rows by login, those of an unknown login without a status."""

    rows: list[dict[str, Any]]
    missing: list[str]
    unregistered: list[str]


@contextmanager
def sources(
    logins: Sequence[str], stack: str | None, *, retries: int | None = None
) -> Iterator[list[Source]]:
    """The accounts to read: that of the environment, or those of `stack`. Raises `PlusofonError`.

    `retries` is how often a failed request is repeated, None for what the settings say.
    """
    if stack is not None:
        with opened([stack], Path.cwd(), max_retries=retries) as accounts:
            yield _of_stack(accounts, logins, stack)
        return
    settings = Settings.from_environment().with_retries(retries)
    with closing(Client(settings)) as client:
        yield [
            Source(partial(client.registration_statuses, logins), {login: Login(login) for login in logins})
        ]


def look(asked: Sequence[Source]) -> Look:
    """Ask all of them once. Raises `PlusofonError`."""
    now = datetime.now(timezone.utc)
    rows: list[dict[str, Any]] = []
    missing: list[str] = []
    unregistered: list[str] = []
    for source in asked:
        statuses = source.ask()
        for status in statuses:
            login = source.logins.get(status.login, Login(status.login))
            rows.append(_row(login, status, now))
            if not status.registered:
                unregistered.append(login.name)
        known = {status.login for status in statuses}
        unknown = [login for name, login in source.logins.items() if name not in known]
        rows += [_row(login, None, now) for login in unknown]
        missing += [login.name for login in unknown]
    return Look(rows, sorted(missing), sorted(unregistered))


def failures(seen: Look, *, fails: bool) -> str:
    """What makes the command fail, as one line; empty where nothing does."""
    lines = []
    if fails and seen.unregistered:
        lines.append(f"not registered: {', '.join(seen.unregistered)}")
    if seen.missing:
        lines.append(f"the account knows no login {', '.join(seen.missing)}")
    return "; ".join(lines)


def with_age(row: dict[str, Any]) -> dict[str, Any]:
    """A row for people."""
    return {**row, "age": in_words(row["age_seconds"])}


def columns(*, of_stack: bool) -> tuple[str, ...]:
    """The columns for people."""
    return (*_COLUMNS, "resource") if of_stack else _COLUMNS


def age_of(date: str | None, now: datetime) -> int | None:
    """The seconds since `date`, read as UTC where it has no zone; None for one to come, or that is none."""
    try:
        then = datetime.fromisoformat(date or "")
    except ValueError:
        return None
    seconds = int((now - (then if then.tzinfo else then.replace(tzinfo=timezone.utc))).total_seconds())
    return seconds if seconds >= 0 else None


def in_words(seconds: int | None) -> str | None:
    """An age for people: "3 d 4 h"."""
    if seconds is None:
        return None
    units = [(unit, length) for unit, length in _UNITS if length <= seconds][:2] or [_UNITS[-1]]
    words: list[str] = []
    for unit, length in units:
        count, seconds = divmod(seconds, length)
        words += [f"{count} {unit}"] if count or not words else []
    return " ".join(words)


def _row(login: Login, status: RegistrationStatus | None, now: datetime) -> dict[str, Any]:
    date = status.date if status else None
    row = {
        "login": login.shown,
        "status": status.status if status else None,
        "date": date,
        "age_seconds": age_of(date, now),
    }
    return row if login.resource is None else {**row, "resource": login.resource}


def _of_stack(accounts: Sequence[StacksAccount], wanted: Sequence[str], stack: str) -> list[Source]:
    found = [(account, _logins(account, wanted)) for account in accounts]
    unknown = set(wanted).difference(*(logins for _, logins in found))
    if unknown:
        raise click.ClickException(f"the stack {stack} has no number of login {', '.join(sorted(unknown))}")
    # Without a login the request would be for all of the account.
    return [Source(partial(_ask, account, tuple(logins)), logins) for account, logins in found if logins]


def _logins(account: StacksAccount, wanted: Sequence[str]) -> dict[str, Login]:
    logins: dict[str, Login] = {}
    for member in account.members:
        resource = member.resource
        login = resource.outputs.get("login")
        if resource.is_number and login is not None and (not wanted or str(login) in wanted):
            shown = _HIDDEN if "login" in resource.secrets else plain(str(login))
            logins[str(login)] = Login(shown, plain(resource.name))
    return logins


def _ask(account: StacksAccount, logins: tuple[str, ...]) -> tuple[RegistrationStatus, ...]:
    with account.reported():
        return account.client.registration_statuses(logins)
