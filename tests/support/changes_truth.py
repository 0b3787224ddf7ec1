"""A report of changes against what an update has done: a change is never left out, and what is sure is so."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from pulumi_plusofon.command.changes.model import CallerChanges, Change

# What an account has of a number, with `source` and, in words, `goes`: where its calls go.
Facts: TypeAlias = "dict[str, Any]"
Writes: TypeAlias = "Counter[str]"
CONCEALED: Final = ("[secret]", "known in the update", "not known", " or ")
FAILS: Final = "the up fails here"
MAY_FAIL: Final = "the up may fail here"


def failures(changes: CallerChanges, said: str = FAILS) -> list[str]:
    """What the report says of steps that the provider refuses."""
    return [text for row in changes.numbers for text in (*row.dangers, *row.notes) if text.startswith(said)]


def said_of(changes: CallerChanges, account: str, digits: str) -> Change | None:
    """The row of a number in an account, None without one."""
    place = None if account == "own" else account
    rows = [row for row in changes.numbers if (row.account, row.number) == (place, digits)]
    assert len(rows) < 2, rows
    return rows[0] if rows else None


def require_true(row: Change | None, before: Facts | None, after: Facts | None, sent: Writes) -> None:
    """Whether a row says what has happened in an update that went well."""
    changed = before != after or bool(sent)
    if row is None:
        assert not changed, (before, after, sent)
        return
    sure = Counter(write.method for write in row.writes if write.is_sure)
    assert not sure - sent, (row, sent)
    require_possible(row, sent)
    if before != after:
        assert row.kind != "unchanged" or row.dangers, (row, before, after)
    if row.kind == "unchanged" and before and after:
        assert (before["goes"], before["source"]) == (after["goes"], after["source"]), row
    if not any(write.method in ("PUT", "DELETE") and not write.is_sure for write in row.writes):
        assert (row.after is None) == (after is None), (row, after)
    for text, facts in ((row.before, before), (row.after, after)):
        if text and facts and not any(word in text for word in CONCEALED):
            assert text == facts["goes"], (row, facts)


def require_possible(row: Change | None, sent: Writes) -> None:
    """Whether nothing was sent that the row does not say, in an update that went well or not."""
    possible = Counter(write.method for write in row.writes) if row else Counter[str]()
    assert not sent - possible, (row, sent)


def require_unsure(changes: CallerChanges) -> None:
    """Whether a report of an update that fails says of no request that it is surely sent."""
    assert not [row for row in changes.numbers for write in row.writes if write.is_sure]
