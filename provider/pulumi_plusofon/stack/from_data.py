"""Numbers and forwardings declared as data, such as a stack's configuration, made into resources.

Every mistake in the data is reported at once, with its path (`numbers[2].forward.type`); only data without
one becomes resources. What may stand there is a matter of `declaration`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pulumi

from pulumi_plusofon.data.format import NumbersReader, unknown_profile
from pulumi_plusofon.data.names import TargetNames
from pulumi_plusofon.resources import directories
from pulumi_plusofon.resources.account import lookup_settings
from pulumi_plusofon.resources.external_number import ExternalNumber
from pulumi_plusofon.resources.inputs import InputError, with_unknowns
from pulumi_plusofon.resources.number_forwarding import NumberForwarding
from pulumi_plusofon.resources.options import warn_once
from pulumi_plusofon.routes.words import destination
from pulumi_plusofon.schema.targets import TARGET_FIELDS

if TYPE_CHECKING:
    from pulumi_plusofon.data.format import Entry
    from pulumi_plusofon.session import ReferenceCheck


@dataclass(frozen=True)
class DeclaredNumber:
    """An external number that was declared, and its forwarding if it has one."""

    type: str
    number: ExternalNumber
    forwarding: NumberForwarding | None

    @property
    def forwards_to(self) -> pulumi.Output[str | None] | None:
        """Where its calls go, in a few words ("group 9"); None where no forwarding is declared."""
        if self.forwarding is None:
            return None
        names = ("type", "host", "type_default", *TARGET_FIELDS)
        return pulumi.Output.all(**{name: getattr(self.forwarding, name) for name in names}).apply(
            destination
        )


def declare_numbers(
    numbers: Any, path: str = "numbers", profile: str | None = None
) -> dict[str, DeclaredNumber]:
    """Declare the resources that `numbers` describes, by their names.

    `numbers` is a list of mappings: the inputs of an `ExternalNumber`, `name` for the resource's name
    (default: the number's digits), `aliases` for the names that it had before, `forward` for the inputs of
    its `NumberForwarding`, if it is to have one, `forwards` for others by profile, and `protect` for whether
    the engine refuses to delete or replace both. In a forwarding, `sip`, `group`, `scenario` and `call_queue`
    name the target in place of an id; each list of the stack's own account is read once, and ids that are
    given are then looked up, too. `path` is what the
    data is called in errors. `profile` says which of `forwards` counts; a number without that one keeps its
    `forward`. All forwardings are validated, also those that do not count today. The forwarding's resource
    names, former ones too, are the number's.

    Raises `InputError` with one line per problem.
    """
    names = TargetNames(_look_up)
    reader = NumbersReader(names, with_unknowns)
    entries = reader.read(numbers, path)
    reader.note_missing_targets()
    for line in names.not_checked():
        warn_once(line)
    problems = reader.problems.lines
    if not problems and (unknown := unknown_profile(profile, entries)):
        problems = [f"profile: {unknown}"]
    if problems:
        raise InputError("\n".join(problems))
    return {entry.name: _declared(entry, profile) for entry in entries}


def _look_up() -> ReferenceCheck:
    return directories.check_of_run(lookup_settings(None))


def _declared(entry: Entry, profile: str | None) -> DeclaredNumber:
    aliases = [pulumi.Alias(name=former) for former in entry.aliases]
    opts = pulumi.ResourceOptions(protect=entry.protect, aliases=aliases)
    number = ExternalNumber(entry.name, **entry.inputs, opts=opts)
    forward = entry.forwarding(profile)
    forwarding = NumberForwarding(entry.name, number=number, **forward, opts=opts) if forward else None
    return DeclaredNumber(entry.inputs["type"], number, forwarding)
