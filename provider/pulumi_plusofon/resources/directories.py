"""The directories of one run of a program: what its accounts have that a forwarding can refer to by name.

A process may have several runs, and a program several accounts: each run fetches each list of an account
once. Reads at the first use, never before; changes nothing.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from pulumi.runtime.settings import SETTINGS

from pulumi_plusofon import api
from pulumi_plusofon.session import Directory

if TYPE_CHECKING:
    from pulumi_plusofon.api import Client, Target, TargetKind
    from pulumi_plusofon.runtime import Settings

# By the engine's end of the run, which every run has of its own.
_OF_RUNS: Final[WeakKeyDictionary[Any, dict[Settings, Directory]]] = WeakKeyDictionary()


def client(settings: Settings) -> Client:
    """A client for a program's question."""
    return api.Client(settings)


def of_run(settings: Settings) -> Directory:
    """The directory of this run for the account of these settings."""

    def fetch(kind: TargetKind) -> tuple[Target, ...]:
        with closing(client(settings)) as asked:
            return asked.list_targets(kind)

    monitor: Any = SETTINGS.monitor
    known = {} if monitor is None else _OF_RUNS.setdefault(monitor, {})
    return known.setdefault(settings, Directory(fetch))
