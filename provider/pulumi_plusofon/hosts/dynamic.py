"""The lifecycle as `pulumi.dynamic` providers, run by the engine in a process of their own.

Translates, and decides nothing: the engine's property bags to plain dicts (`properties`), the lifecycle's
answers to the engine's, errors to lines for a person (`reporting`). The providers hold nothing, so that a
stack's state holds nothing of them but their names.

The module path `pulumi_plusofon.hosts.dynamic` and the names of the two provider classes are in the
state of every stack: they never change. E-numbers, here and elsewhere, are facts of `docs/dev/engine.md`.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, ClassVar, Final

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)

from pulumi_plusofon.lifecycle import EXTERNAL_NUMBER, FORWARDING, Diff
from pulumi_plusofon.runtime.text import unmarked
from pulumi_plusofon.schema.kinds import CUSTOMER, name_for_people
from pulumi_plusofon.schema.values import UNKNOWN
from pulumi_plusofon.session import DeclaredTwiceError

from . import dynamic_sdk, placement, process
from .properties import PROVIDER_KEY, plain_values
from .reporting import reported_in_one_line, show_notices

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_plusofon.lifecycle import Lifecycle

# An alias brought it here: the one of a subclass, whose type was the SDK's for every class without one.
_OF_ANOTHER: Final = (
    "the stack has a resource of another kind under this name and a former type, dynamic:Resource, which this"
    " one would replace, and nothing was done: give this one another name"
)


class _LifecycleProvider(ResourceProvider):
    """The engine's calls, handed to one lifecycle."""

    serialize_as_secret_always = False
    lifecycle: ClassVar[Lifecycle]

    def configure(self, req: ConfigureRequest) -> None:
        """Take the stack's configuration, and set this process to speak in lines."""
        process.configure(req.config)
        show_notices()
        dynamic_sdk.make_room()

    @reported_in_one_line
    def check(self, olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Refuse bad inputs, all problems at once, and a bad configuration before them."""
        process.settings()
        if self._is_of_another(olds):
            return CheckResult(news, [CheckFailure("", _OF_ANOTHER)])
        checked = self.lifecycle.check(plain_values(news), plain_values(olds))
        inputs = {name: news[name] if value is UNKNOWN else value for name, value in checked.inputs.items()}
        problems = list(map(str, checked.problems)) or self._declare(checked.inputs)
        # E53: the engine would print the property's value behind its name, be it a secret or not.
        return CheckResult(inputs, [CheckFailure("", unmarked(problem)) for problem in problems])

    def _declare(self, inputs: Mapping[str, Any]) -> list[str]:
        """Note what the resource declares; the error where another one of this run declares it, too.

        The engine calls `check` for each resource of a program, also for one that does not change (E50). Only
        the URN distinguishes them.
        """
        key, urn = self.lifecycle.key(inputs), dynamic_sdk.urn()
        try:
            if key and urn:
                process.session().holds.declare(key, name_for_people(urn))
        except DeclaredTwiceError as error:
            return [str(error)]
        return []

    def _is_of_another(self, olds: Mapping[str, Any]) -> bool:
        """Whether the state has another kind of resource in this one's place, which it would then replace."""
        before = olds.get(PROVIDER_KEY)
        name = next(base.__name__ for base in type(self).__mro__ if base.__module__ == __name__)
        return isinstance(before, str) and name.encode() not in base64.b64decode(before)

    @reported_in_one_line
    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Compare, and look for what moved to another account: that alone may ask the API, once a run.

        Notes what this run holds and what it replaces, too: the engine calls nothing else for a resource that
        does not change (E50).
        """
        olds, news = plain_values(_olds), plain_values(_news)
        session = process.session()
        diff = self.lifecycle.diff(olds, news)
        if not diff.replaces and placement.has_moved(session, olds, beside=process.is_beside()):
            diff = Diff([*diff.changed, CUSTOMER], [CUSTOMER])
        if diff.replaces:
            self.lifecycle.expect_replacement(session, olds, news)
        elif not diff.changed:
            self.lifecycle.keep(session, olds)
        return DiffResult(
            changes=bool(diff.changed), replaces=diff.replaces, delete_before_replace=bool(diff.replaces)
        )

    @reported_in_one_line
    def create(self, props: dict[str, Any]) -> CreateResult:
        """Create."""
        created = self.lifecycle.create(process.session(), plain_values(props))
        return CreateResult(created.id, created.outputs | placement.mark(beside=process.is_beside()))

    @reported_in_one_line
    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Read; an empty answer says that the object is gone (E61)."""
        read = self.lifecycle.read(process.session(), id_, plain_values(props))
        return ReadResult(read.id, read.outputs, read.inputs) if read else ReadResult("", {})

    @reported_in_one_line
    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Update in place; the answer has all outputs, or they would be lost (E60)."""
        updated = self.lifecycle.update(process.session(), _id, plain_values(_olds), plain_values(_news))
        return UpdateResult(updated | placement.mark(beside=process.is_beside()))

    @reported_in_one_line
    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Delete; what is gone is success."""
        self.lifecycle.delete(process.session(), _id, plain_values(_props))


class ExternalNumberProvider(_LifecycleProvider):
    """Stands in the state of every external number: see the module's docstring."""

    lifecycle: ClassVar[Lifecycle] = EXTERNAL_NUMBER


class NumberForwardingProvider(_LifecycleProvider):
    """Stands in the state of every forwarding: see the module's docstring."""

    lifecycle: ClassVar[Lifecycle] = FORWARDING
