"""The numbers and forwardings that the resources of one run declare, so that none has two owners.

Looks just before it registers a resource with the engine: by then the program has said all that it says at
once, and nothing of it has been sent, not even by `up --skip-preview`. Leaves unknown values, resources with
another parent and those that a transformation may change to the provider (`hosts.dynamic`). Sends nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

import pulumi
from pulumi.runtime._callbacks import _CallbackServicer
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.settings import SETTINGS

from .account import account_keys, account_of
from .inputs import InputError

if TYPE_CHECKING:
    from collections.abc import Hashable
    from typing import TypeAlias

    _Declared: TypeAlias = dict[tuple[Hashable, ...], list["Declaration"]]

# By the engine's end of the run, which every run has of its own; then by what is declared and where.
_OF_RUNS: Final[WeakKeyDictionary[Any, _Declared]] = WeakKeyDictionary()


class Declaration:
    """What one resource declares.

    `key` is equal for all that declare the same in one account, None where it is unknown; `thing` and
    `resource` are for people ("the forwarding of ate/101", "NumberForwarding office").
    """

    def __init__(self, key: Hashable, thing: str, resource: str) -> None:
        self._key = key
        self._thing = thing
        self._resource = resource
        self._same: list[list[Declaration]] = []

    def options(self) -> pulumi.ResourceOptions:
        """Options that keep the resource from the engine where another one of its run declares the same."""
        nothing: pulumi.Output[list[Any]] = pulumi.Output.from_input([])
        return pulumi.ResourceOptions(depends_on=nothing.apply(self._require))

    def settle(self, resource: pulumi.Resource, opts: pulumi.ResourceOptions) -> None:
        """Note what is declared: the resource is made, and has its account."""
        monitor: Any = SETTINGS.monitor
        # One set of mocks may serve many programs.
        is_one_run = monitor is not None and not isinstance(monitor, MockMonitor)
        if is_one_run and self._key is not None and not is_transformed(resource, opts):
            of_run = _OF_RUNS.setdefault(monitor, {})
            for account in account_keys(account_of(resource)):
                same = of_run.setdefault((self._key, account, opts.parent), [])
                same.append(self)
                self._same.append(same)

    async def _require(self, nothing: list[Any]) -> list[Any]:
        if alike := next((same for same in self._same if len(same) > 1), None):
            first, second = (declaration._resource for declaration in alike[:2])  # noqa: SLF001
            raise InputError(f"{self._thing}: declared by {first} and by {second}; remove one of the two")
        return nothing


def is_transformed(resource: pulumi.Resource, opts: pulumi.ResourceOptions) -> bool:
    """Whether something of the program may give the resource other inputs, or another account."""
    # A transform runs in a call of the engine's, which a servicer of the run serves (E142).
    serves = any(servicer._monitor is SETTINGS.monitor for servicer in _CallbackServicer._servicers)  # noqa: SLF001
    return serves or bool(opts.transforms or opts.ignore_changes or resource._transformations)  # noqa: SLF001
