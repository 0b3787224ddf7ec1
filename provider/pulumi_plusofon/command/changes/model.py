"""The findings of `plusofon changes` as values: a change for each number, and all of a preview."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_plusofon.command.output.groups import Item

ChangeKind = Literal[
    "disconnected",
    "replaced",
    "moved",
    "taken_over",
    "caller_id",
    "registration",
    "connected",
    "released",
    "unclear",
    "unchanged",
]
# In the order in which they are shown, below those with a danger.
KINDS: Final[tuple[ChangeKind, ...]] = (
    "disconnected",
    "replaced",
    "moved",
    "taken_over",
    "caller_id",
    "registration",
    "connected",
    "released",
    "unclear",
    "unchanged",
)


@dataclass(frozen=True)
class Request:
    """A request for a number or its forwarding (`of`); `is_sure` says whether it is surely sent."""

    method: str
    of: str
    is_sure: bool


@dataclass(frozen=True)
class Change:
    """What changes for the calls to one number.

    `number` is None while it is not known, `replaced_by` the number that its resource has from then on.
    `before` and `after` say where calls go, None on a side where the
    number is not connected by this stack. `account` names an account beside the stack's own. `steps` are
    the preview's that it comes from, without those of what stays the same.
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
    writes: tuple[Request, ...] = ()
    steps: tuple[str, ...] = ()


@dataclass(frozen=True)
class CallerChanges:
    """All of a preview. `others` are changes of resources that are not ours.

    `errors` and `warnings` are the preview's own. `is_whole` says that the numbers that do not change are
    among them; `missing` are the steps that could not be rehearsed. `advice` is what the rules say that
    refuse nothing. `not_checked` says which ids of targets were not looked up. `steps` counts all resources
    of the stack, of others too, by what the engine does to them.
    """

    stack: str
    numbers: tuple[Change, ...]
    others: tuple[str, ...]
    errors: tuple[Item, ...]
    is_whole: bool
    missing: tuple[str, ...] = ()
    warnings: tuple[Item, ...] = ()
    advice: tuple[Item, ...] = ()
    not_checked: tuple[str, ...] = ()
    steps: Mapping[str, int] = field(default_factory=dict)

    @property
    def changed(self) -> list[Change]:
        """Those with anything to say: a change, a step, or a danger of what stays."""
        return [
            change for change in self.numbers if change.kind != "unchanged" or change.dangers or change.steps
        ]

    @property
    def is_complete(self) -> bool:
        """Whether nothing can be missing."""
        return self.is_whole and not self.missing and not self.errors
