"""Compare an account before and after its steps were rehearsed: what a preview changes for callers.

Where calls go, what is disconnected meanwhile, what is sent, and what is dangerous. Works out no step itself.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pulumi_plusofon.command.output.groups import Item
from pulumi_plusofon.policies.asking import broken
from pulumi_plusofon.runtime.text import plain
from pulumi_plusofon.schema.kinds import name_in

from .hidden import Hidden
from .model import KINDS, CallerChanges
from .orders import put_together
from .rehearsal import rehearse
from .row import rows_of
from .targets import Targets
from .words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pulumi_plusofon.api import ListedNumber
    from pulumi_plusofon.policies.settings_file import PolicySettings

    from .planned import Planned


_UNSEEN: Final = "the preview hides whether it has a forwarding that the program no longer declares"


def changes_of(
    planned: Planned,
    settings: PolicySettings,
    targets: Targets | None = None,
    listed: Sequence[ListedNumber] | None = None,
) -> CallerChanges:
    """What `planned` changes.

    `settings` are the rules', `targets` and `listed` what the stack's own account has, None where it was not
    asked.
    """
    known = targets or Targets()
    hidden = Hidden()
    words = Words(hidden, known, hides_unchanged=planned.hides_unchanged)
    dangers, advice = _rules(planned, settings)
    rehearsals = rehearse(planned, listed, hidden)
    has_failed = any(done.failure for orders in rehearsals for rehearsed in orders for done in rehearsed.done)
    rows = [
        row
        for orders in rehearsals
        for row in put_together([list(rows_of(rehearsed, words)) for rehearsed in orders])
    ]
    # A rule is about what a resource is afterwards: it is said where the resource is then.
    stays = {urn for row in rows for urn in row.after}
    found = []
    for row in rows:
        urns = row.after | (row.urns - stays)
        added = [text for urn in sorted(urns) for text in dangers.get(urn, ())]
        # An update that fails in one place sends in others what it has come to by then.
        writes = [replace(write, is_sure=write.is_sure and not has_failed) for write in row.change.writes]
        found.append(replace(row.change, dangers=(*row.change.dangers, *added), writes=tuple(writes)))
    found.sort(
        key=lambda change: (
            not change.dangers,
            KINDS.index(change.kind),
            change.number or "",
            change.resource,
        )
    )
    missing = [
        f"{change.resource}: {note}" for change in found if change.kind == "unclear" for note in change.notes
    ]
    missing += [f"{plain(name_in(urn))}: {_UNSEEN}" for urn in sorted(planned.unseen)]
    shown = {urn for row in rows for urn in row.urns}
    missing += [
        f"{step.op} {plain(step.name)}"
        for step in planned.ours
        if step.urn not in shown and step.op != "same"
    ]
    return CallerChanges(
        planned.stack,
        tuple(found),
        tuple(planned.others),
        tuple(planned.errors),
        is_whole=not planned.hides_unchanged,
        missing=tuple(missing),
        warnings=(*planned.warnings, *(Item(line, line) for line in settings.ended())),
        advice=tuple(advice),
        not_checked=known.not_checked(),
        steps=planned.steps,
    )


def _rules(planned: Planned, settings: PolicySettings) -> tuple[Mapping[str, list[str]], list[Item]]:
    """What the rules refuse, by the URN of the resource, and what they advise."""
    dangers: dict[str, list[str]] = defaultdict(list)
    advice = []
    for rule in broken(planned.resources, settings):
        said = f"{rule.rule}: {plain(rule.text)}"
        if rule.is_mandatory:
            dangers[rule.resource.urn].append(said)
        else:
            advice.append(Item(rule.rule, said, plain(rule.resource.name)))
    return dangers, advice
