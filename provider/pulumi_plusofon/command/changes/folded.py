"""Rows of the report that a person reads: each change in full, what is always the same once with its count.

Chooses and shortens; what it leaves out of a text is whole in the JSON.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pulumi_plusofon.command.output.groups import Item, grouped
from pulumi_plusofon.policies.rules import RULES
from pulumi_plusofon.runtime.text import FEW

from .planned import alike
from .requests import called

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .model import CallerChanges, Change

_RULES: Final = frozenset(rule.name for rule in RULES)
_STAYS: Final = "unchanged for callers, but not for the engine"


@dataclass(frozen=True)
class Folded:
    """What a report shows of the numbers: `rows`, and a line for each kind of what does not change.

    `dangers` are such lines about what must not be.
    """

    rows: list[Change]
    dangers: list[str]
    others: list[str]


def folded(changes: CallerChanges) -> Folded:
    """The rows of all that changes, and the rest of them in a line for each kind, unless they are few."""
    rows: list[Change] = []
    still: list[Change] = []
    for change in changes.changed:
        (still if change.kind == "unchanged" else rows).append(change)
    if len(still) <= FEW:
        rows, still = changes.changed, []
    return Folded(
        list(_shortened(rows)),
        grouped(item for change in still for item in _dangers(change)),
        grouped(item for change in still if not change.dangers for item in _notes(change)),
    )


def _shortened(rows: Iterable[Change]) -> Iterator[Change]:
    """The rows, with the name alone of a rule that has refused a few of them by then."""
    seen: Counter[str] = Counter()
    for change in rows:
        dangers = []
        for danger in change.dangers:
            rule = _rule(danger)
            seen[rule or ""] += 1
            dangers.append(f"{rule}: as above" if rule and seen[rule] > FEW else danger)
        yield replace(change, dangers=tuple(dangers))


def _dangers(change: Change) -> Iterator[Item]:
    for danger in change.dangers:
        kind = _rule(danger) or alike(danger, change.resource)
        yield Item(kind, danger, _named(change))


def _notes(change: Change) -> Iterator[Item]:
    text = "; ".join(change.notes) or _STAYS
    yield Item(alike(text, change.resource), text, _named(change))


def _named(change: Change) -> str:
    return f"{called(change)} ({change.resource})"


def _rule(danger: str) -> str | None:
    """The rule that a danger is of, which it begins with."""
    name = danger.partition(":")[0]
    return name if name in _RULES else None
