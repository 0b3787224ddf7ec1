"""Find the resources that a recording took into a state, and the forwardings that leave the state with them.

What an ordinary run connected stays, also if it depends on what was recorded: that is an obstacle. Reads an
exported state; changes nothing. Sends no request: the account stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.lifecycle.adoption import RECORDED
from pulumi_plusofon.runtime.text import plain
from pulumi_plusofon.schema.kinds import EXTERNAL_NUMBER, kind_of, name_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# Arguments of one command stay well below what a system allows.
_AT_ONCE: Final = 400


@dataclass(frozen=True)
class Leaving:
    """One resource that leaves the state. `number` is None for a forwarding whose number stays."""

    urn: str
    kind: str
    resource: str
    number: str | None
    protected: bool


@dataclass(frozen=True)
class Undoing:
    """What leaves a state, dependents first, and the resources of others that stand in the way."""

    leaving: tuple[Leaving, ...]
    obstacles: tuple[str, ...]

    def batches(self) -> Iterator[list[str]]:
        """The URNs, so many at once as fit one command."""
        urns = [leaving.urn for leaving in self.leaving]
        for start in range(0, len(urns), _AT_ONCE):
            yield urns[start : start + _AT_ONCE]


def undoing(exported: Mapping[str, Any]) -> Undoing:
    """What leaves the state for all that was recorded to be let go."""
    entries = (exported.get("deployment") or {}).get("resources") or ()
    leaving: dict[str, Leaving] = {}
    numbers: dict[tuple[str, ...], Leaving] = {}
    obstacles = []
    # A state lists what is depended on first.
    for entry in entries:
        outputs, kind = entry.get("outputs") or {}, kind_of(entry["type"])
        is_number = kind == EXTERNAL_NUMBER.name
        of = None if is_number else numbers.get(_key(entry, "number_type"))
        if kind and (outputs.get(RECORDED) or of):
            needed = [leaving[urn] for urn in _needed(entry) if urn in leaving]
            leaving[entry["urn"]] = _leaving(entry, kind, [of] if of else needed)
            if is_number:
                numbers[_key(entry, "type")] = leaving[entry["urn"]]
        elif needed := [leaving[urn] for urn in _needed(entry) if urn in leaving]:
            obstacles.append(f"{plain(entry['type'])} {_name(entry)} (of {needed[0].resource})")
    return Undoing(tuple(reversed(leaving.values())), tuple(obstacles))


def _key(entry: Mapping[str, Any], type_name: str) -> tuple[str, ...]:
    """What a number and its forwarding have in common: type, id, and the account that both are in."""
    outputs = entry.get("outputs") or {}
    return str(outputs.get(type_name)), str(outputs.get("number_id")), str(entry.get("provider"))


def _leaving(entry: Mapping[str, Any], kind: str, needed: Sequence[Leaving]) -> Leaving:
    numbers = [entry["outputs"]["number"]] if kind == EXTERNAL_NUMBER.name else [of.number for of in needed]
    return Leaving(
        entry["urn"],
        kind,
        _name(entry),
        next((plain(str(number)) for number in numbers if number), None),
        protected=bool(entry.get("protect")),
    )


def _needed(entry: Mapping[str, Any]) -> set[str]:
    """The URNs without which a resource cannot be in a state."""
    named = [*(entry.get("dependencies") or ()), entry.get("parent"), entry.get("deletedWith")]
    return {urn for urn in named if urn}


def _name(entry: Mapping[str, Any]) -> str:
    return plain(name_in(entry["urn"]))
