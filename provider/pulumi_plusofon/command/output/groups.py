"""Many of one kind as one line: how many there are, and the first few. No flood of one kind hides another.

Formats alone: it decides nothing about what is of one kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from shlex import quote
from typing import TYPE_CHECKING, Final

from pulumi_plusofon.runtime.text import FEW, counted, plain, some

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# As many kinds as a person reads.
_MOST_KINDS: Final = 20


@dataclass(frozen=True)
class Item:
    """A line of a report: what it says, and what about. Those of one `kind` are shown together."""

    kind: str
    text: str
    about: str = ""


def in_no_stack(numbers: Sequence[str], stacks: Sequence[str]) -> str:
    """A line about the account's numbers that no named stack has, and the command that lists them."""
    words = " ".join(f"--stack {quote(name)}" for name in stacks)
    lists = f"`plusofon numbers --unmanaged {words}`" if stacks else "`--json`"
    are = "is" if len(numbers) == 1 else "are"
    count = counted(len(numbers), "number")
    return f"{count} of the account {are} in no stack ({some(list(map(plain, numbers)))}): {lists} lists them"


def grouped(items: Iterable[Item]) -> list[str]:
    """A line for each kind, in the order in which the kinds come."""
    kinds: dict[str, list[Item]] = {}
    for item in items:
        kinds.setdefault(item.kind, []).append(item)
    lines = [_line(alike) for alike in kinds.values()]
    more = len(lines) - _MOST_KINDS
    return [*lines[:_MOST_KINDS], f"and {more} more of other kinds"] if more > 0 else lines


def _line(alike: Sequence[Item]) -> str:
    """What the first says, and of how many the like is said."""
    first, *others = alike
    abouts = list(dict.fromkeys(item.about for item in alike))
    in_all = f" ({len(abouts)} in all)" if len(abouts) > FEW else ""
    if abouts == [""]:
        return f"{first.text} (and {len(others)} more like it)" if others else first.text
    if {item.text for item in others} <= {first.text}:
        return f"{some(abouts)}{in_all}: {first.text}"
    named = some(abouts[1:], FEW - 1) or f"{len(others)} more of it"
    return f"{first.about}: {first.text}; likewise {named}{in_all}"
