"""What a preview changes for callers: where the calls of each number go now and then, and what is dangerous.

Compares two sides of one preview and asks the rules of the later one. Reads no account, guesses no value that
the preview hides, and sends nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from pulumi_plusofon.migration.steps import SECRET, UNKNOWN, is_known
from pulumi_plusofon.policies.asking import broken
from pulumi_plusofon.routes.words import destination
from pulumi_plusofon.runtime.plain import plain
from pulumi_plusofon.schema.fields import TARGETS
from pulumi_plusofon.schema.kinds import EXTERNAL_NUMBER, name_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pulumi_plusofon.migration.steps import Step
    from pulumi_plusofon.policies.asking import Settings
    from pulumi_plusofon.routes.words import Names

    from .planned import Number, Planned

ChangeKind = Literal[
    "disconnected", "replaced", "moved", "caller_id", "registration", "connected", "released", "unchanged"
]
# In the order in which they are shown, below those with a danger.
KINDS: Final[tuple[ChangeKind, ...]] = (
    "disconnected",
    "replaced",
    "moved",
    "caller_id",
    "registration",
    "connected",
    "released",
    "unchanged",
)
_LATER: Final = "known in the update"
_SHOWN: Final = {"Y": "the caller's number", "N": "the forwarding number"}
_CALLER_IDS: Final = {"cli_type": "caller id", "cli_type_default": "caller id of the fallback"}
_LEADS: Final = ("type", "host", "type_default", *TARGETS.values())
_CONNECTION: Final = ("host", "port", "login")
_NOWHERE: Final = "nowhere"
NOT_SHOWN: Final = "not shown"


@dataclass(frozen=True)
class Change:
    """What changes for the calls to one number.

    `number` is None while it is not known, `replaced_by` the number that its resource has from then on.
    `before` and `after` say where calls go, None on a side where the
    number is not connected by this stack. `account` names an account beside the stack's own.
    """

    kind: ChangeKind
    number: str | None
    resource: str
    account: str | None
    before: str | None
    after: str | None
    replaced_by: str | None = None
    notes: tuple[str, ...] = ()
    dangers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Changes:
    """All of a preview. `others` counts changes of resources that are not ours; `errors` are the preview's.

    `is_whole` says that the numbers that do not change are among them.
    """

    stack: str
    numbers: tuple[Change, ...]
    others: int
    errors: tuple[str, ...]
    is_whole: bool

    @property
    def changed(self) -> list[Change]:
        """Those with anything to say: a change, or a danger of what stays."""
        return [one for one in self.numbers if one.kind != "unchanged" or one.dangers]


def changes_of(planned: Planned, settings: Settings, names: Names) -> Changes:
    """What `planned` changes; `settings` are the rules', `names` those of groups and other targets by id."""
    dangers = _dangers(planned, settings)
    before = {one.key: one for one in planned.before}
    after = {one.key: one for one in planned.after}
    successors = {one.urn: one for one in planned.after}
    predecessors = {one.urn: one for one in planned.before}
    say = _Words(names, hides_unchanged=planned.hides_unchanged)
    found = []
    for key in dict.fromkeys([*before, *after]):
        old, new = before.get(key), after.get(key)
        if old is None and new is not None:
            found.append(_connected(new, predecessors.get(new.urn), say))
        elif new is None and old is not None:
            found.append(_left(old, successors.get(old.urn), say))
        elif old is not None and new is not None:
            found.append(_kept(old, new, say))
    found += [_loose(step, say) for step in planned.loose]
    shown = [_with_dangers(change, dangers, urns) for change, urns in found]
    shown.sort(key=lambda one: (not one.dangers, KINDS.index(one.kind), one.number or "", one.resource))
    return Changes(
        planned.stack, tuple(shown), planned.others, tuple(planned.errors), not planned.hides_unchanged
    )


_Found = tuple[Change, frozenset[str]]


class _Words:
    """Where calls go, in words."""

    def __init__(self, names: Names, *, hides_unchanged: bool) -> None:
        self._names = names
        self._hides_unchanged = hides_unchanged

    def goes(self, number: Number) -> str:
        if number.forwarding is not None:
            return self.forwarding(number.forwarding)
        is_hidden = self._hides_unchanged and not number.is_replaced and number.op in ("same", "update")
        return NOT_SHOWN if is_hidden else _NOWHERE

    def forwarding(self, forwarding: Mapping[str, Any]) -> str:
        if forwarding.get("type") == "empty":
            return _NOWHERE
        shown = {name: _shown(value) if not is_known(value) else value for name, value in forwarding.items()}
        known = {name: value for name, value in shown.items() if value is not None}
        return plain(destination({"type": _LATER, **known}, self._names))


def _connected(new: Number, replaced: Number | None, say: _Words) -> _Found:
    notes = []
    if replaced is not None and replaced.key != new.key and new.is_replaced:
        notes.append(f"in place of {_digits(replaced)}, and takes no calls until it is forwarded")
    notes += _caller_ids(None, new.forwarding)
    if new.facts.get("type") == "ate":
        notes.append(f"registers at {_shown(new.facts.get('host'))}")
    return _change("connected", new, None, say.goes(new), notes), _urns(new)


def _left(old: Number, successor: Number | None, say: _Words) -> _Found:
    before = say.goes(old)
    if old.is_retained:
        note = "stays connected and forwarded, and this stack has it no longer"
        return _change("released", old, before, before, [note]), _urns(old)
    dangers = ["calls to it fail from then on"]
    if successor is None or successor.key == old.key:
        return _change("disconnected", old, before, None, [], dangers), _urns(old)
    change = _change("replaced", old, before, None, [], dangers)
    return replace(change, replaced_by=_digits(successor)), _urns(old)


def _kept(old: Number, new: Number, say: _Words) -> _Found:
    before, after = say.goes(old), say.goes(new)
    notes, dangers = [], []
    is_moved = _leads(old.forwarding) != _leads(new.forwarding)
    caller_ids = list(_caller_ids(old.forwarding, new.forwarding))
    connection = list(_connection(old, new))
    hidden = list(_hidden(new))
    kind: ChangeKind = "unchanged"
    if new.is_replaced and old.urn == new.urn:
        kind = "replaced"
        dangers.append("it takes no calls from its disconnection until it is connected and forwarded again")
    elif is_moved or hidden:
        kind = "moved"
    elif caller_ids:
        kind = "caller_id"
    elif connection:
        kind = "registration"
    if is_moved and after == _NOWHERE:
        dangers.append("calls to it go nowhere")
    if old.urn != new.urn:
        notes.append(f"now declared as {new.name}, until now as {old.name}")
        if new.op == "create" and new.facts.get("adopt") is not True:
            notes.append(
                f"the account has the number: unless plusofon:adopt is on, the update refuses {new.name};"
                f" the alias {old.name} makes it the same resource"
            )
    notes += [*hidden, *caller_ids, *connection]
    if new.forwarding_op == "update" and kind == "unchanged":
        notes.append("its forwarding is set again as it is")
    return _change(kind, new, before, after, notes, dangers), _urns(old) | _urns(new)


def _loose(step: Step, say: _Words) -> _Found:
    """A forwarding of a number that this stack does not have."""
    old, new = step.old, step.new or (step.old if step.op == "same" else None)
    sides = [None if one is None else {**one.outputs, **one.inputs} for one in (old, new)]
    before, after = [None if one is None else say.forwarding(one) for one in sides]
    after = after or _NOWHERE
    facts = sides[1] or sides[0] or {}
    called = f"{_shown(facts.get('number_type'))}/{_shown(facts.get('number_id'))}"
    is_same = _leads(sides[0]) == _leads(sides[1])
    caller_ids = list(_caller_ids(*sides)) if all(sides) else []
    kind: ChangeKind = ("caller_id" if caller_ids else "unchanged") if is_same else "moved"
    dangers = ("calls to it go nowhere",) if kind == "moved" and after == _NOWHERE else ()
    note = f"the number {called} is not in the preview"
    account = _account(step.state.provider) if step.state else None
    change = Change(
        kind, None, plain(step.name), account, before, after, notes=(note, *caller_ids), dangers=dangers
    )
    return change, frozenset({step.urn})


def _leads(forwarding: Mapping[str, Any] | None) -> list[Any]:
    if forwarding is None or forwarding.get("type") == "empty":
        return []
    return [forwarding.get(name) for name in _LEADS]


def _hidden(new: Number) -> Iterator[str]:
    """That an update may change a target which the preview does not show."""
    forwarding = new.forwarding or {}
    hides = [name for name in _LEADS if not is_known(forwarding.get(name))]
    if hides and new.forwarding_op == "update":
        yield f"the preview does not show {', '.join(hides)}: where calls go may change"


def _caller_ids(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Iterator[str]:
    for name, called in _CALLER_IDS.items():
        before, after = (old or {}).get(name), (new or {}).get(name)
        if after is not None and before != after:
            until = f", until now {_SHOWN.get(before, _shown(before))}" if before is not None else ""
            yield f"{called}: {_SHOWN.get(after, _shown(after))}{until}"


def _connection(old: Number, new: Number) -> Iterator[str]:
    """What changes between the number's operator and the vendor."""
    if new.op != "update" or new.is_replaced:
        return
    changed = [name for name in _CONNECTION if old.facts.get(name) != new.facts.get(name)]
    parts = [
        f"{name} {_shown(new.facts.get(name))}, until now {_shown(old.facts.get(name))}" for name in changed
    ]
    if new.facts.get("type") == "ate":
        has_password = new.facts.get("secret") is not None
        if changed:
            yield f"registers anew: {'; '.join(parts)}"
        elif has_password and not _differ(old, new):
            yield "registers anew: its password changes (not shown)"
        elif has_password:
            yield "registers anew if its password changes, which a preview hides"
    elif changed:
        yield f"calls are expected from other servers: {'; '.join(parts)}"


def _differ(old: Number, new: Number) -> bool:
    """Whether the preview shows another reason for an update."""
    names = [one for one in EXTERNAL_NUMBER.inputs if one != "secret"]
    return any(old.facts.get(name) != new.facts.get(name) for name in names)


def _dangers(planned: Planned, settings: Settings) -> Mapping[str, list[str]]:
    """What the rules refuse, by the URN of the resource."""
    found = defaultdict(list)
    for one in broken(planned.resources, settings):
        if one.is_mandatory:
            found[one.resource.urn].append(f"{one.rule}: {plain(one.text)}")
    return found


def _with_dangers(change: Change, dangers: Mapping[str, Sequence[str]], urns: frozenset[str]) -> Change:
    added = [text for urn in sorted(urns) for text in dangers.get(urn, ())]
    return replace(change, dangers=(*change.dangers, *added))


def _change(
    kind: ChangeKind,
    number: Number,
    before: str | None,
    after: str | None,
    notes: Sequence[str],
    dangers: Sequence[str] = (),
) -> Change:
    digits = number.facts.get("number")
    return Change(
        kind,
        plain(str(digits)) if is_known(digits) else None,
        number.name,
        _account(number.account),
        before,
        after,
        notes=tuple(notes),
        dangers=tuple(dangers),
    )


def _digits(number: Number) -> str:
    return _shown(number.facts.get("number"))


def _shown(value: Any) -> str:
    if value is None:
        return "none"
    if value == UNKNOWN:
        return _LATER
    return plain(str(value)) if is_known(value) else SECRET


def _account(urn: str | None) -> str | None:
    return plain(name_in(urn)) if urn else None


def _urns(number: Number) -> frozenset[str]:
    return frozenset(filter(None, (number.urn, number.forwarding_urn)))
