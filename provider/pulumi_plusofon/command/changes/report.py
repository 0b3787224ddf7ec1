"""Put changes for callers into words: lines for a terminal, Markdown for a pull request, JSON.

Formats alone: it compares nothing and sends nothing.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.command.output.groups import grouped
from pulumi_plusofon.command.output.markdown import Table, escaped, section
from pulumi_plusofon.command.output.numbers import with_e164
from pulumi_plusofon.runtime.text import counted, e164, some

from .folded import folded
from .requests import sentences
from .words import is_concealed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .model import CallerChanges, Change, ChangeKind

_TITLE: Final = "What changes for callers"
_COLUMNS: Final = ("", "number", "resource", "change", "calls go now", "calls go then", "notes")
_NOT_SEEN: Final = "Not seen: forwardings that were changed by hand, because the API does not return them."
_HIDES: Final = "The preview leaves out what does not change: `pulumi preview --json --show-sames` shows it."
_NOT_WHOLE: Final = "This report is not whole: it does not show what these do"
_INCOMPLETE: Final = "The preview failed, so this may not be all"
# The engine's words, marks and order.
_STEPS: Final = (
    ("create", "+ ", "to create"),
    ("import", "= ", "to import"),
    ("update", "~ ", "to update"),
    ("delete", "- ", "to delete"),
    ("replace", "+-", "to replace"),
    ("same", "", "unchanged"),
)
# So many changes of other resources are named, and so many steps that could not be rehearsed.
_MOST: Final = 50
_ELSEWHERE: Final = "`plusofon changes --json` has all of them"
_WORDS: Final[Mapping[ChangeKind, str]] = {
    "disconnected": "disconnected",
    "replaced": "disconnected, then connected again",
    "moved": "calls go elsewhere",
    "taken_over": "taken over",
    "caller_id": "caller id",
    "registration": "connection to the operator",
    "connected": "connected",
    "released": "left connected, in no stack",
    "unclear": "cannot be said",
    "unchanged": "unchanged",
}


def lines(changes: CallerChanges) -> Iterator[tuple[str, bool]]:
    """All that a person reads as lines of text, each with whether it is about a danger."""
    yield from ((line, True) for line in _errors(changes))
    yield from ((line, True) for line in _missing(changes))
    yield _summary(changes), False
    shown = folded(changes)
    for change in shown.rows:
        account = f" in account {change.account}" if change.account else ""
        called = f"{change.number or '(a number)'} ({change.resource}{account})"
        yield f"{'!' if change.dangers else ' '} {called}: {_sentence(change)}", bool(change.dangers)
        for danger in change.dangers:
            yield f"    ! {danger}", True
        for note in change.notes:
            yield f"    {note}", False
    yield from ((f"! Unchanged: {line}", True) for line in shown.dangers)
    yield from ((f"  Unchanged: {line}", False) for line in shown.others)
    yield from ((line, False) for line in _besides(changes))
    if not changes.is_whole:
        yield _HIDES, False
    yield _NOT_SEEN, False


def as_json(changes: CallerChanges) -> dict[str, Any]:
    """All of it as values; names of fields and kinds are frozen."""
    return {
        "stack": changes.stack,
        "complete": changes.is_complete,
        "shows_unchanged": changes.is_whole,
        "errors": [error.text for error in changes.errors],
        "warnings": [warning.text for warning in changes.warnings],
        "missing": list(changes.missing),
        "not_checked": list(changes.not_checked),
        "numbers": [_as_values(change) for change in changes.numbers],
        "other_changes": len(changes.others),
    }


def _as_values(change: Change) -> dict[str, Any]:
    """A change with its numbers in the form in which they are taken again, too."""
    return with_e164({**asdict(change), "replaced_by_e164": e164(change.replaced_by)})


def as_markdown(changes: CallerChanges) -> str:
    """A section with a table of what changes."""
    shown = folded(changes)
    bold = [*_errors(changes), *_missing(changes)]
    parts: list[str | Table] = [f"**{escaped(line)}**" for line in bold]
    parts.append(escaped(_summary(changes)))
    if shown.rows:
        parts.append(Table(_COLUMNS, [_row(change) for change in shown.rows], _ELSEWHERE))
    parts += [f"**! Unchanged: {escaped(line)}**" for line in shown.dangers]
    parts += [f"Unchanged: {escaped(line)}" for line in shown.others]
    parts += [escaped(line) for line in _besides(changes)]
    if not changes.is_whole:
        parts.append(_HIDES)
    return section(_TITLE, *parts, _NOT_SEEN)


def failure_as_markdown(text: str) -> str:
    """A section that says why there is nothing to compare."""
    return section(_TITLE, f"**The preview could not be read: {escaped(text)}**", _NOT_SEEN)


def _summary(changes: CallerChanges) -> str:
    count = len(changes.numbers)
    changed = sum(change.kind != "unchanged" for change in changes.numbers)
    dangers = sum(bool(change.dangers) for change in changes.numbers)
    of_stack = f"{counted(count, 'number')} of the stack {changes.stack}"
    if not changes.is_whole:
        of_stack = f"{of_stack} that the preview shows"
    said = f"{_TITLE}: {f'{changed} of' if changed else 'nothing in'} {of_stack}."
    return f"{said} {counted(dangers, 'number')} with a danger, marked !." if dangers else said


def _errors(changes: CallerChanges) -> list[str]:
    return [f"{_INCOMPLETE}: {line}" for line in grouped(changes.errors)]


def _missing(changes: CallerChanges) -> list[str]:
    return [f"{_NOT_WHOLE}: {some(changes.missing, _MOST, '; ')}"] if changes.missing else []


def _change(change: Change) -> str:
    return f"replaced by {change.replaced_by}" if change.replaced_by else _WORDS[change.kind]


def _sentence(change: Change) -> str:
    if change.before is None and change.after is None:
        return _change(change)
    if change.after is None:
        how = f"its calls went to {change.before}"
    elif change.before is None:
        how = f"its calls go to {change.after}"
    elif change.before == change.after and change.kind == "moved":
        how = f"to {change.after}, which may be another one than until now"
    elif change.before != change.after:
        until = change.before if is_concealed(change.before) else f"to {change.before}"
        after = change.after if is_concealed(change.after) else f"to {change.after}"
        how = f"{after}, until now {until}"
    else:
        how = "as before" if is_concealed(change.after) else f"calls go to {change.after} as before"
    return f"{_change(change)}: {how}"


def _row(change: Change) -> tuple[Any, ...]:
    account = f" (account {change.account})" if change.account else ""
    return (
        "!" if change.dangers else "",
        e164(change.number) or change.number,
        f"{change.resource}{account}",
        _change(change),
        change.before,
        change.after,
        "; ".join([*change.dangers, *change.notes]) or None,
    )


def _besides(changes: CallerChanges) -> Iterator[str]:
    """What is sent, how many resources change, and what engine, program and policies say."""
    yield from sentences(changes)
    counts = [f"{mark}{changes.steps[op]} {word}" for op, mark, word in _STEPS if changes.steps.get(op)]
    if counts and set(changes.steps) != {"same"}:
        yield f"Resources of the stack: {', '.join(counts)}."
    if changes.others:
        count = counted(len(changes.others), "change")
        yield f"Besides: {count} of other resources: {some(changes.others, _MOST, '; ')}."
    yield from changes.not_checked
    yield from (f"Warning of the preview: {line}" for line in grouped(changes.warnings))
    yield from (f"The policies advise: {line}." for line in grouped(changes.advice))
