"""Reports of previews made of a few steps, and what they say of requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.command.changes.changes import changes_of
from pulumi_plusofon.command.changes.planned import read_preview
from pulumi_plusofon.policies.settings_file import PolicySettings
from unit.previews import forwarding, preview

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulumi_plusofon.api import ListedNumber
    from pulumi_plusofon.command.changes.model import CallerChanges, Change

OFF: Final = PolicySettings({"protect-in-production": {"enforcementLevel": "disabled"}})


def found(
    *steps: dict[str, Any], listed: Sequence[ListedNumber] | None = None, adopt: str = "refuse", **more: Any
) -> CallerChanges:
    planned = read_preview(preview(*steps, **more), lambda _stack: ())
    planned.adopts.setdefault(None, adopt)
    return changes_of(planned, OFF, None, listed)


def change(*steps: dict[str, Any], **more: Any) -> Change:
    [only] = found(*steps, **more).numbers
    return only


def sent(of: Change) -> list[str]:
    return [f"{write.method} {write.of}{'' if write.is_sure else ', perhaps'}" for write in of.writes]


def by_id(op: str, name: str, of: int, after: int | None = None, **more: Any) -> dict[str, Any]:
    """A step of a forwarding that names its number by type and id."""
    step = forwarding(op, name, of, None if after is None else {"number_id": after}, **more)
    for side in ("oldState", "newState"):
        if side in step:
            step[side]["propertyDependencies"] = {}
    return step
