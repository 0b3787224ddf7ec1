"""The requests that an update sends, in a sentence: how many of each, and for which numbers.

Counts what a rehearsal has found; works out nothing.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from pulumi_plusofon.runtime.text import some

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .model import CallerChanges, Change

# In the order of a number's life.
_DOES: Final[Mapping[str, str]] = {
    "PUT": "to connect",
    "PATCH": "to change",
    "POST": "to forward",
    "DELETE": "to disconnect",
}
# Numbers that are named for each kind of request.
_NAMED: Final = 5


def sentences(changes: CallerChanges) -> Iterator[str]:
    """What the update sends for certain, and what it sends perhaps; nothing where nothing changes."""
    surely = _counted(changes, is_sure=True)
    perhaps = _counted(changes, is_sure=False)
    up = "The up" if changes.is_complete else "As far as this report goes, the up"
    if surely or (changes.changed and not perhaps):
        yield f"{up} sends {surely or 'nothing that changes the account'}."
    if perhaps:
        yield f"{up} may send {perhaps}."


def _counted(changes: CallerChanges, *, is_sure: bool) -> str:
    numbers: dict[str, list[str]] = defaultdict(list)
    for change in changes.numbers:
        for write in change.writes:
            if write.is_sure is is_sure:
                numbers[write.method].append(called(change))
    return ", ".join(
        f"{len(numbers[method])} {method} {does} ({some(sorted(set(numbers[method])), _NAMED)})"
        for method, does in _DOES.items()
        if numbers[method]
    )


def called(change: Change) -> str:
    """The number of a change, with its account where that is not the stack's own."""
    number = change.number or f"(the number of {change.resource})"
    return f"{number} in account {change.account}" if change.account else number
