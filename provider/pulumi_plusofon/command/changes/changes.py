"""What a preview changes for callers: where the calls of each number go now and then, and what is dangerous.

Compares two sides of one preview and asks the rules of the later one. Reads no account, guesses no value that
the preview hides, and sends nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal

from pulumi_plusofon.policies.asking import broken
from pulumi_plusofon.pulumi_cli.preview import is_known
from pulumi_plusofon.runtime.text import plain
from pulumi_plusofon.schema.kinds import name_in

from .words import NOWHERE, Words, caller_ids, connection, hidden, leads, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pulumi_plusofon.policies.asking import Settings
    from pulumi_plusofon.pulumi_cli.preview import Step
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
    """All of a preview. `others` are changes of resources that are not ours.

    `errors` and `warnings` are the preview's own.
    `is_whole` says that the numbers that do not change are among them. `advice` is what the rules say that
    refuse nothing. `steps` counts all resources of the stack, of others too, by what the engine does to them.
    """

    stack: str
    numbers: tuple[Change, ...]
    others: tuple[str, ...]
    errors: tuple[str, ...]
    is_whole: bool
    warnings: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    steps: Mapping[str, int] = field(default_factory=dict)

    @property
    def changed(self) -> list[Change]:
        """Those with anything to say: a change, or a danger of what stays."""
        return [one for one in self.numbers if one.kind != "unchanged" or one.dangers]


def changes_of(planned: Planned, settings: Settings, names: Names) -> Changes:
    """What `planned` changes; `settings` are the rules', `names` those of groups and other targets by id."""
    dangers: dict[str, list[str]] = defaultdict(list)
    advice = []
    for rule in broken(planned.resources, settings):
        said = f"{rule.rule}: {plain(rule.text)}"
        if rule.is_mandatory:
            dangers[rule.resource.urn].append(said)
        else:
            advice.append(f"{plain(rule.resource.name)}: {said}")
    before = {one.key: one for one in planned.before}
    after = {one.key: one for one in planned.after}
    successors = {one.urn: one for one in planned.after}
    predecessors = {one.urn: one for one in planned.before}
    say = Words(names, hides_unchanged=planned.hides_unchanged)
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
    every = [_with_dangers(change, dangers, urns) for change, urns in found]
    every.sort(key=lambda one: (not one.dangers, KINDS.index(one.kind), one.number or "", one.resource))
    return Changes(
        planned.stack,
        tuple(every),
        tuple(planned.others),
        tuple(planned.errors),
        is_whole=not planned.hides_unchanged,
        warnings=tuple(planned.warnings),
        advice=tuple(advice),
        steps=planned.steps,
    )


_Found = tuple[Change, frozenset[str]]


def _connected(new: Number, replaced: Number | None, say: Words) -> _Found:
    notes = []
    if replaced is not None and replaced.key != new.key and new.is_replaced:
        notes.append(f"in place of {_digits(replaced)}, and takes no calls until it is forwarded")
    notes += caller_ids(None, new.forwarding)
    if new.facts.get("type") == "ate":
        notes.append(f"registers at {shown(new.facts.get('host'))}")
    return _change("connected", new, None, say.goes(new), notes), _urns(new)


def _left(old: Number, successor: Number | None, say: Words) -> _Found:
    before = say.goes(old)
    if old.is_retained:
        note = "stays connected and forwarded, and this stack has it no longer"
        return _change("released", old, before, before, [note]), _urns(old)
    dangers = ["calls to it fail from then on"]
    if successor is None or successor.key == old.key:
        return _change("disconnected", old, before, None, [], dangers), _urns(old)
    change = _change("replaced", old, before, None, [], dangers)
    return replace(change, replaced_by=_digits(successor)), _urns(old)


def _kept(old: Number, new: Number, say: Words) -> _Found:
    before, after = say.goes(old), say.goes(new)
    notes, dangers = [], []
    is_moved = leads(old.forwarding) != leads(new.forwarding)
    ids = list(caller_ids(old.forwarding, new.forwarding))
    connected = list(connection(old, new))
    concealed = list(hidden(new))
    kind: ChangeKind = "unchanged"
    if new.is_replaced and old.urn == new.urn:
        kind = "replaced"
        dangers.append("it takes no calls from its disconnection until it is connected and forwarded again")
    elif is_moved or concealed:
        kind = "moved"
    elif ids:
        kind = "caller_id"
    elif connected:
        kind = "registration"
    if is_moved and after == NOWHERE:
        dangers.append("calls to it go nowhere")
    if old.urn != new.urn:
        notes.append(f"now declared as {new.name}, until now as {old.name}")
        if new.op == "create" and new.facts.get("adopt") is not True:
            notes.append(
                f"the account has the number: unless plusofon:adopt is on, the update refuses {new.name};"
                f" the alias {old.name} makes it the same resource"
            )
    notes += [*concealed, *ids, *connected]
    if new.forwarding_op == "update" and kind == "unchanged":
        notes.append("its forwarding is set again as it is")
    return _change(kind, new, before, after, notes, dangers), _urns(old) | _urns(new)


def _loose(step: Step, say: Words) -> _Found:
    """A forwarding of a number that this stack does not have."""
    old, new = step.old, step.new or (step.old if step.op == "same" else None)
    sides = [None if one is None else {**one.outputs, **one.inputs} for one in (old, new)]
    before, after = [None if one is None else say.forwarding(one) for one in sides]
    after = after or NOWHERE
    facts = sides[1] or sides[0] or {}
    called = f"{shown(facts.get('number_type'))}/{shown(facts.get('number_id'))}"
    is_same = leads(sides[0]) == leads(sides[1])
    ids = list(caller_ids(*sides)) if all(sides) else []
    kind: ChangeKind = ("caller_id" if ids else "unchanged") if is_same else "moved"
    dangers = ("calls to it go nowhere",) if kind == "moved" and after == NOWHERE else ()
    note = f"the number {called} is not in the preview"
    account = _account(step.state.provider) if step.state else None
    change = Change(kind, None, plain(step.name), account, before, after, notes=(note, *ids), dangers=dangers)
    return change, frozenset({step.urn})


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
    return shown(number.facts.get("number"))


def _account(urn: str | None) -> str | None:
    return plain(name_in(urn)) if urn else None


def _urns(number: Number) -> frozenset[str]:
    return frozenset(filter(None, (number.urn, number.forwarding_urn)))
