"""The targets of the stack's own account: their names, and the ids that a forwarding has and the account not.

Says of other accounts that they were not asked. Sends nothing but what the look-up asks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.advice import with_advice
from pulumi_plusofon.runtime.text import in_one_line, plain
from pulumi_plusofon.schema.kinds import name_in
from pulumi_plusofon.schema.targets import NAMED
from pulumi_plusofon.session import references

from .planned import properties

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pulumi_plusofon.api import TargetKind
    from pulumi_plusofon.routes.words import Names
    from pulumi_plusofon.session import ReferenceCheck

    from .planned import Planned

_NO_NAMES: Final[Names] = {}
_BESIDE: Final = "the ids of targets were not checked: --names reads the account of PLUSOFON_TOKEN alone"


@dataclass
class Targets:
    """What is known of targets.

    `names` are those of the own account by type and id. `check` looks ids up there, None where nothing may be
    looked up. `notes` say why not.
    """

    names: Names = field(default_factory=dict)
    check: ReferenceCheck | None = None
    notes: list[str] = field(default_factory=list)
    _beside: set[str] = field(default_factory=set)
    _hidden: set[str] = field(default_factory=set)

    def names_in(self, place: str | None) -> Names:
        """The names in an account, by the URN of its provider resource; None is the stack's own."""
        return self.names if place is None else _NO_NAMES

    def missing(self, place: str | None, body: Mapping[str, Any]) -> Iterator[str]:
        """The targets of a forwarding that its account does not have, in words."""
        if self.check is None:
            return
        if place is None:
            yield from (reference.missing() for reference in self.check.missing(body))
        elif any(references(body)):
            self._beside.add(plain(name_in(place)))

    def note_hidden(self, names: Iterable[str]) -> None:
        """Note that the preview does not show the ids in these fields."""
        if self.check is not None:
            self._hidden.update(names)

    def not_checked(self) -> tuple[str, ...]:
        """Why ids were not checked, a line for each reason."""
        lines = list(self.notes)
        if self._hidden:
            lines.append(f"{', '.join(sorted(self._hidden))}: not checked where the preview hides the id")
        if self.check:
            lines += self.check.not_checked(lambda error: in_one_line(with_advice(error, "command"))).values()
        return (*lines, *(f"account {name}: {_BESIDE}" for name in sorted(self._beside)))


def kinds_used(planned: Planned) -> list[TargetKind]:
    """The kinds of targets that the forwardings of a preview lead to."""
    found = [
        properties(state).get(name)
        for step in planned.ours
        for state in (step.old, step.new)
        if state
        for name in ("type", "type_default")
    ]
    return [kind for kind in NAMED if kind in found]
