"""Ids of targets that a forwarding is declared with, compared with the lists of a run that looks names up.

A run that looks nothing up asks nothing here. Looks just before the resource is registered with the engine,
as `declared` does. Leaves out values that are not known by then, and what a transformation may change.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pulumi

from pulumi_plusofon.advice import with_advice
from pulumi_plusofon.runtime import PlusofonError
from pulumi_plusofon.schema.targets import TARGETS

from . import directories
from .account import Account, account_of, lookup_settings
from .declared import Declaration, is_transformed
from .inputs import InputError, is_unknown
from .options import warn_once

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_plusofon.session import ReferenceCheck

    from .directories import LookedUp

_NAMES: Final = ("type", "type_default", *(target.field for target in TARGETS.values() if target.listed))


class ForwardingDeclaration(Declaration):
    """What a forwarding declares: the number that it is of, and the targets that it leads to."""

    def __init__(self, key: Any, thing: str, resource: str, inputs: Mapping[str, Any]) -> None:
        super().__init__(key, thing, resource)
        self._inputs = {name: inputs[name] for name in _NAMES if inputs.get(name) is not None}
        self._resource_name = resource
        self._looked_up: LookedUp = {}
        self._account: pulumi.ProviderResource | None = None

    def settle(self, resource: pulumi.Resource, opts: pulumi.ResourceOptions) -> None:
        """Note what is declared, and in which account."""
        super().settle(resource, opts)
        if not is_transformed(resource, opts):
            self._account = account_of(resource)
            self._looked_up = directories.looked_up()

    async def _require(self, nothing: list[Any]) -> list[Any]:
        found = await super()._require(nothing)
        # Most runs look nothing up: they need no settings here, and send nothing.
        if any(check.directory.is_asked for check in self._looked_up.values()):
            await self._require_targets()
        return found

    async def _require_targets(self) -> None:
        check = self._check()
        if check is None or not check.directory.is_asked:
            return
        known, secrets = await _known(self._inputs)
        problems = [
            f"{self._resource_name}: {reference.field}: "
            f"{reference.missing(is_secret=reference.field in secrets)};"
            f" it has {check.directory.shown(reference.kind)}"
            for reference in check.missing(known)
        ]
        for line in check.not_checked(partial(with_advice, reader="lookup")).values():
            warn_once(line)
        if problems:
            raise InputError("\n".join(problems))

    def _check(self) -> ReferenceCheck | None:
        """What this run looks up in the forwarding's account, None where it cannot look anything up there."""
        account = self._account
        if account is not None and not isinstance(account, Account):
            return None
        try:
            return self._looked_up.get(lookup_settings(account))
        except PlusofonError:
            # A lookup in this account has failed for the same reason, and said it.
            return None


async def _known(inputs: Mapping[str, Any]) -> tuple[dict[str, Any], set[str]]:
    """The values that are known by now, and the names of those that are secret."""
    known, secrets = {}, set()
    for name, value in inputs.items():
        if not is_unknown(value):
            known[name] = value
            continue
        output = pulumi.Output.from_input(value)
        if await output.is_known():
            known[name] = await output.future()
            if await output.is_secret():
                secrets.add(name)
    return known, secrets
