"""The targets that a program looks up in its accounts: each run fetches each list of an account once.

Also whose account that is, which is asked once where a resource's state says whose it must be.

Reads at the first use, never before; changes nothing.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from pulumi.runtime.settings import SETTINGS

from pulumi_plusofon import api
from pulumi_plusofon.session import Directory, ReferenceCheck, customer_of, own_numbers

if TYPE_CHECKING:
    from typing import TypeAlias

    from pulumi_plusofon.api import Client, Target, TargetKind
    from pulumi_plusofon.runtime import Settings

    # What a run looks up, by the settings of the account.
    LookedUp: TypeAlias = dict[Settings, ReferenceCheck]

# By the engine's end of the run, which every run has of its own.
_OF_RUNS: Final[WeakKeyDictionary[Any, LookedUp]] = WeakKeyDictionary()
_CUSTOMERS: Final[WeakKeyDictionary[ReferenceCheck, int | None]] = WeakKeyDictionary()


def client(settings: Settings) -> Client:
    """A client for a program's question."""
    return api.Client(settings)


def looked_up() -> LookedUp:
    """What this run looks up, also what it does later."""
    monitor: Any = SETTINGS.monitor
    return {} if monitor is None else _OF_RUNS.setdefault(monitor, {})


def check_of_run(settings: Settings) -> ReferenceCheck:
    """What this run looks up in the account of these settings."""

    def fetch(kind: TargetKind) -> tuple[Target, ...]:
        with closing(client(settings)) as asked:
            return asked.list_targets(kind)

    def require_own() -> None:
        if settings.customer_id is not None:
            with closing(client(settings)) as asked:
                own_numbers(asked)

    return looked_up().setdefault(settings, ReferenceCheck(Directory(fetch, require_own)))


def of_run(settings: Settings) -> Directory:
    """The directory of this run for the account of these settings."""
    return check_of_run(settings).directory


def customer_of_run(settings: Settings, check: ReferenceCheck) -> int | None:
    """The own id of the account in which `check` looks up, None where the API does not say it.

    Raises what the API answers otherwise.
    """
    if check not in _CUSTOMERS:
        with closing(client(settings)) as asked:
            _CUSTOMERS[check] = customer_of(asked)
    return _CUSTOMERS[check]
