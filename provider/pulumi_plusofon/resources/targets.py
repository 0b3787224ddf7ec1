"""Ids of targets that a forwarding is declared with, compared with the lists of a run that looks names up.

Refuses the token of another account than the forwarding's number is in: a name there has another id.

A run that looks nothing up asks nothing here. Looks just before the resource is registered with the engine,
as `declared` does. Leaves out values that are not known by then, and what a transformation may change.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pulumi

from pulumi_plusofon.advice import with_advice
from pulumi_plusofon.runtime import PlusofonError
from pulumi_plusofon.schema.kinds import CUSTOMER
from pulumi_plusofon.schema.targets import TARGETS

from . import directories
from .account import Account, account_of, lookup_settings
from .declared import Declaration, is_transformed
from .inputs import InputError, is_unknown
from .options import warn_once

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_plusofon.runtime import Settings
    from pulumi_plusofon.session import ReferenceCheck

    from .directories import LookedUp

_NAMES: Final = (
    *("type", "type_default", CUSTOMER),
    *(target.field for target in TARGETS.values() if target.listed),
)


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
        settings = self._settings()
        check = self._looked_up.get(settings) if settings else None
        if settings is None or check is None or not check.directory.is_asked:
            return
        known, secrets = await _known(self._inputs)
        self._require_own(known.get(CUSTOMER), settings, check)
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

    def _require_own(self, customer: Any, settings: Settings, check: ReferenceCheck) -> None:
        """Refuse what was looked up in another account than the number is in, as the state has it."""
        # A lookup has compared the account with the settings, where they name it.
        if customer is None or settings.customer_id is not None:
            return
        try:
            theirs = directories.customer_of_run(settings, check)
        except PlusofonError as error:
            warn_once(f"whose account the lookups are of was not checked: {with_advice(error, 'lookup')}")
            return
        if theirs not in (None, int(customer)):
            ours = int(customer)
            raise InputError(
                f"{self._resource_name}: the state has its number in account {ours}, and the token is account"
                f" {theirs}'s, where names have other ids: set the token and the base URL of account {ours}"
            )

    def _settings(self) -> Settings | None:
        """With what this run looks things up in the forwarding's account, None where it cannot."""
        account = self._account
        if account is not None and not isinstance(account, Account):
            return None
        try:
            return lookup_settings(account)
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
