"""A comparison in words: as JSON, as Markdown for a pull request, and what to do about each kind.

Formats alone: it asks nothing and compares nothing.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.command.output.groups import in_no_stack
from pulumi_plusofon.command.output.markdown import Table, escaped, section
from pulumi_plusofon.command.output.numbers import with_e164, with_plus
from pulumi_plusofon.runtime.text import FEW, counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .comparison import Comparison, Difference, DifferenceKind

_TITLE: Final = "Drift"
COLUMNS: Final = ("kind", "stack", "resource", "number", "id", "detail")
_NOT_SEEN: Final = ("forwardings", "SIP passwords")
NOT_SEEN: Final = f"Not seen: {' and '.join(_NOT_SEEN)}, because the API does not return them."
_ELSEWHERE: Final = "`plusofon drift --json` has all of them"
_ADVICE: Final[Mapping[DifferenceKind, str]] = {
    "gone": "`pulumi refresh`, then `pulumi up`, connects it again; to let it go, remove it from the program",
    "changed": "`pulumi up --refresh` sets it back; to keep it, declare what is there",
    "no_target": "calls to it reach nothing: declare a target that `plusofon targets` lists",
    "unknown": "nothing can be said of it: do what its text says",
    "unregistered": "check login, password and host at the operator",
    "unmanaged": "declare it and run `plusofon adopt`, or leave it",
}


def folded(
    differences: Sequence[Difference], stacks: Sequence[str], most: int | None = None
) -> tuple[list[Difference], list[str]]:
    """The differences of the stacks, at most so many of a kind, and lines about what is not among them."""
    shown, lines = [], []
    for kind in _ADVICE:
        found = [difference for difference in differences if difference.kind == kind]
        if kind == "unmanaged" and len(found) > FEW:
            lines.append(in_no_stack([difference.number or "-" for difference in found], stacks))
            continue
        shown += found[:most]
        if more := len(found) - len(found[:most]):
            lines.append(f"{kind}: {more} more ({len(found)} in all): `plusofon drift --json` lists them")
    return shown, lines


def advice(differences: Sequence[Difference]) -> list[str]:
    """One line for each kind of difference there is."""
    kinds = {difference.kind for difference in differences}
    return [f"{kind}: {text}" for kind, text in _ADVICE.items() if kind in kinds]


def agreement(comparison: Comparison, stacks: Sequence[str]) -> str:
    """The line for a comparison that found nothing."""
    numbers = counted(comparison.numbers, "number")
    which = "stack" if len(stacks) == 1 else "stacks"
    return f"Nothing differs: {numbers} of the {which} {', '.join(stacks)}, as the account has them."


def as_json(comparison: Comparison, stacks: Sequence[str]) -> dict[str, Any]:
    """All of it as values; names of fields are frozen."""
    return {
        "differences": [with_e164(asdict(difference)) for difference in comparison.differences],
        "not_seen": list(_NOT_SEEN),
        "not_checked": comparison.not_checked,
        "stacks": list(stacks),
        "numbers": comparison.numbers,
    }


def as_markdown(comparison: Comparison, stacks: Sequence[str]) -> str:
    """A section with a table, or with one line where nothing differs."""
    not_checked = [escaped(line) for line in comparison.not_checked]
    if not comparison.differences:
        return section(_TITLE, escaped(agreement(comparison, stacks)), *not_checked, NOT_SEEN)
    shown, lines = folded(comparison.differences, stacks)
    rows = [[with_plus(vars(difference))[column] for column in COLUMNS] for difference in shown]
    listed = [f"- {line}" for line in advice(comparison.differences)]
    parts = [Table(COLUMNS, rows, _ELSEWHERE)] if rows else []
    return section(_TITLE, *parts, *map(escaped, lines), "\n".join(listed), *not_checked, NOT_SEEN)


def failure_as_markdown(text: str) -> str:
    """A section that says why there is no comparison."""
    return section(_TITLE, f"The stacks could not be compared: {escaped(text)}", NOT_SEEN)
