"""The ids by which forwardings name their targets, compared with the account's lists.

Every report and the preview ask here. An id is missing only where a whole list that was read is without it; a
list that cannot be read is noted, and says nothing. Sends nothing but what the directory asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_plusofon.api.directory import WORDS
from pulumi_plusofon.runtime import PlusofonError
from pulumi_plusofon.schema.targets import TARGETS
from pulumi_plusofon.schema.values import number_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pulumi_plusofon.api import Target, TargetKind
    from pulumi_plusofon.schema.targets import TargetType

    from .directory import Directory


@dataclass(frozen=True)
class Reference:
    """A target that a forwarding names by its id, in the input `field`."""

    kind: TargetKind
    field: str
    id: int

    def missing(self, *, is_secret: bool = False) -> str:
        """That the account does not have it, in words; without the id where that is a secret."""
        shown = "this id (a secret)" if is_secret else f"id {self.id}"
        return f"the account has no {WORDS[self.kind][0]} with {shown}"


def references(forwarding: Mapping[str, Any]) -> Iterator[Reference]:
    """The targets that a forwarding names by ids of the account's lists, as far as they are known."""
    for row in dict.fromkeys(_row(forwarding.get(name)) for name in ("type", "type_default")):
        if row is None:
            continue
        try:
            target_id = number_id(forwarding.get(row.field))
        except ValueError:
            # Not known yet, hidden, or refused by the checks of the field.
            continue
        yield Reference(row.type, row.field, target_id)  # type: ignore[arg-type]  # of what is listed


def _row(of_type: object) -> TargetType | None:
    row = TARGETS.get(of_type) if isinstance(of_type, str) else None
    return row if row and row.listed else None


class ReferenceCheck:
    """Looks up the references of forwardings in one account; a list that failed is not asked for again."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self._failures: dict[TargetKind, PlusofonError] = {}

    def targets(self, kind: TargetKind) -> tuple[Target, ...] | None:
        """Every target of this kind, None where the list cannot be read."""
        if kind in self._failures:
            return None
        try:
            return self.directory.targets(kind)
        except PlusofonError as error:
            self._failures[kind] = error
            return None

    def names(self, kind: TargetKind) -> dict[int, str]:
        """The names of the targets of this kind by their ids, as far as the list can be read."""
        return {target.id: target.name for target in self.targets(kind) or () if target.id is not None}

    def missing(self, forwarding: Mapping[str, Any]) -> list[Reference]:
        """The references of a forwarding that the account certainly does not have."""
        return [reference for reference in references(forwarding) if self._is_missing(reference)]

    def not_checked(self, words: Callable[[PlusofonError], str]) -> dict[TargetKind, str]:
        """Why ids of a kind were not checked, by the kind; `words` puts an error into a line."""
        return {
            kind: f"the ids of {WORDS[kind][1]} were not checked: {words(error)}"
            for kind, error in self._failures.items()
        }

    def _is_missing(self, reference: Reference) -> bool:
        if self.targets(reference.kind) is None:
            return False
        try:
            return not self.directory.has(reference.kind, reference.id)
        except PlusofonError as error:
            self._failures[reference.kind] = error
            return False
