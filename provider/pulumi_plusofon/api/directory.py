"""The account's SIP accounts, groups, scenarios and call queues: what a forwarding's id refers to.

The vendor's pages of 2023-02-13 show the beginning of each answer alone, so only `id`, `name`, `number` and
`login` are read, and everything else is left where it is. Any of the lists may come in pages (`pages`).
Never sends `GET /api/v1/sip/{id}`: it answers a SIP password in clear. Sends nothing itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from pulumi_plusofon.runtime.text import plain

from . import said
from .models import ShapeError, array, positive

if TYPE_CHECKING:
    from collections.abc import Mapping

TargetKind: TypeAlias = Literal["sip", "group", "scenario", "call_queue"]
PATHS: Final[Mapping[TargetKind, str]] = {
    "sip": "/api/v1/sip",
    "group": "/api/v1/groups",
    "scenario": "/api/v1/scenario",
    "call_queue": "/api/v1/call-queues",
}
# As people call one of them, and several.
WORDS: Final[Mapping[TargetKind, tuple[str, str]]] = {
    "sip": ("SIP account", "SIP accounts"),
    "group": ("group", "groups"),
    "scenario": ("scenario", "scenarios"),
    "call_queue": ("call queue", "call queues"),
}


@dataclass(frozen=True)
class Target:
    """A SIP account, group, scenario or call queue as the account's list has it.

    `id` is what a forwarding's field takes, None where it cannot be read. `number` is the extension (`sip`,
    `group`) or the number of a scenario, `login` the SIP login (`sip`); None where the list has none.
    """

    id: int | None
    name: str
    number: str | None = None
    login: str | None = None


def parse_targets(answer: dict[str, Any], kind: TargetKind) -> tuple[Target, ...]:
    """The targets of one page of a list's answer; raises `ShapeError`."""
    targets = tuple(
        Target(
            positive(item.get("id")),
            _text(item.get("name")) or "",
            _text(item.get("number")),
            _text(item.get("login")) if kind == "sip" else None,
        )
        for item in array(answer, "data")
    )
    # An account without such targets has nothing to explain.
    if problem := said.faults(answer) or (not targets and said.words(answer)):
        raise ShapeError(f"data: {len(targets)} came, and the answer says: {problem}")
    return targets


def _text(value: object) -> str | None:
    """A text or a whole number of the list, safe to show."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return plain(str(value)).strip()
