"""Orders in which the engine may take steps that share a number: it runs what is independent side by side.

Gives orders, and puts the rows of several together. Carries out nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pulumi_plusofon.runtime.text import plain

from .model import KINDS, Request
from .planned import is_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pulumi_plusofon.pulumi_cli.preview import Step

    from .model import Change
    from .row import Row

_MOVED: Final = ("same", "create", "update", "replace")
# Of more steps the order as it is, and the other way round.
_MOST: Final = 8
_ORDER: Final = "the order in which the engine takes {} decides: change one after the other"
_FAILS: Final = "the up fails here"
_MAY_FAIL: Final = "the up may fail here"
_GONE: Final = "disconnected"


def other_orders(steps: Sequence[Step]) -> list[list[Step]]:
    """Further orders of the steps of a group in which it may matter which one is first."""
    moved = [step for step in steps if step.op in _MOVED]
    deleted = [step for step in steps if step.op == "delete"]
    is_calm = all(step.op == "same" for step in steps)
    if is_calm or len(moved) + len(deleted) < len(steps) or not _is_contested(steps):
        return []
    wanted = [moved[::-1]]
    for step in moved if len(moved) <= _MOST else ():
        others = [other for other in moved if other is not step]
        wanted += [[step, *others], [*others, step]]
    found = [[*_possible(order), *deleted] for order in wanted]
    found += [[*moved, *order] for order in _deletions(deleted)]
    different: list[list[Step]] = []
    for order in found:
        if order != [*moved, *deleted] and order not in different:
            different.append(order)
    return different


def _is_contested(steps: Sequence[Step]) -> bool:
    """Whether the group has more than a number and its forwarding."""
    numbers = sum(map(is_number, steps))
    return numbers != 1 or len(steps) - numbers > 1


def _deletions(steps: Sequence[Step]) -> Iterator[list[Step]]:
    """Orders of deletions: what depends on a number goes before it, and any other forwarding at any time."""
    yield sorted(steps, key=is_number)
    alone = [step for step in steps if not is_number(step) and step.old and not step.old.numbers]
    yield [*(step for step in steps if step not in alone), *alone]


def _possible(order: Sequence[Step]) -> list[Step]:
    """The order, with each forwarding behind the number whose id it takes."""
    placed: list[Step] = []
    waiting = list(order)
    while waiting:
        urns = {step.urn for step in waiting}
        step = next((each for each in waiting if urns.isdisjoint(_sources(each) - {each.urn})), waiting[0])
        waiting.remove(step)
        placed.append(step)
    return placed


def _sources(step: Step) -> set[str]:
    return set(step.new.sources.get("number_id", ())) if step.new else set()


def put_together(orders: Sequence[Sequence[Row]]) -> Iterator[Row]:
    """The rows of the first order, with what is otherwise in the other ones."""
    # An update that fails in every order fails: which of its steps is refused, the first one says.
    fails = all(any(map(_is_refused, rows)) for rows in orders)
    first, *others = ({row.key: row for row in rows} for rows in orders)
    for key, row in first.items():
        yield _together([row, *(rows[key] for rows in others if key in rows)], fails=fails)
    seen = set(first)
    for rows in others:
        for key, row in rows.items():
            if key not in seen and row.change.writes:
                seen.add(key)
                without = replace(row, change=replace(row.change, writes=()))
                yield _together([row, without], fails=fails)


def _is_refused(row: Row) -> bool:
    return any(danger.startswith(_FAILS) for danger in row.change.dangers)


def _together(rows: Sequence[Row], *, fails: bool) -> Row:
    changes = [row.change for row in rows]
    first, kind = changes[0], min((change.kind for change in changes), key=KINDS.index)
    change = replace(first, kind=kind, writes=tuple(_writes(changes)))
    if not fails and any(_outcome(other) != _outcome(first) for other in changes):
        names = " and ".join(sorted({plain(name) for row in rows for name in row.names}))
        dangers = dict.fromkeys(danger for other in changes for danger in other.dangers)
        afters = list(dict.fromkeys(other.after or _GONE for other in changes))
        change = replace(
            change,
            after=None if afters == [_GONE] else " or ".join(afters),
            notes=tuple(dict.fromkeys(note for other in changes for note in other.notes)),
            dangers=(_ORDER.format(names), *(_sure(danger, changes) for danger in dangers)),
        )
    return replace(rows[0], change=change)


def _outcome(change: Change) -> tuple[object, ...]:
    return (change.after, set(change.dangers))


def _sure(danger: str, changes: Sequence[Change]) -> str:
    """A danger that is not in every order may come."""
    return (
        danger if all(danger in change.dangers for change in changes) else danger.replace(_FAILS, _MAY_FAIL)
    )


def _writes(changes: Sequence[Change]) -> Iterator[Request]:
    """What is sent in every order for certain, and what is sent in one of them."""
    possible: Counter[tuple[str, str]] = Counter()
    surely: list[Counter[tuple[str, str]]] = []
    for change in changes:
        possible |= Counter((write.method, write.of) for write in change.writes)
        surely.append(Counter((write.method, write.of) for write in change.writes if write.is_sure))
    if all(Counter(change.writes) == Counter(changes[0].writes) for change in changes):
        yield from changes[0].writes
        return
    for (method, of), count in possible.items():
        sure = min(counter[method, of] for counter in surely)
        yield from (Request(method, of, is_sure=place < sure) for place in range(count))
