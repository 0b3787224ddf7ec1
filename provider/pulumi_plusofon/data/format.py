"""The numbers of a stack as data: what may stand there, and every mistake with its path.

Adds no rules to those of the resources but that names, former ones too, and numbers are unique, and that a
profile is one that a number has. Makes no resource.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon import lifecycle
from pulumi_plusofon.runtime.text import plain
from pulumi_plusofon.schema.kinds import EXTERNAL_NUMBER, NUMBER_FORWARDING
from pulumi_plusofon.schema.targets import NAMED
from pulumi_plusofon.schema.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .names import TargetNames

NUMBER_KEYS: Final = EXTERNAL_NUMBER.inputs
# What else stands in an entry, with its meaning.
OTHER_KEYS: Final[Mapping[str, str]] = {
    "name": "The name of the resource in the stack; without one it is the number's digits.",
    "aliases": "The names that the resource had before.",
    "forward": "Where the calls go.",
    "forwards": "Where the calls go instead, by profile. The stack's configuration chooses one profile.",
    "protect": "Whether the engine refuses to delete or replace the number and its forwarding.",
}
# The number that a forwarding hangs under is the one that it is of.
FORWARD_KEYS: Final = tuple(
    name for name in NUMBER_FORWARDING.inputs if name not in ("number_type", "number_id")
)


@dataclass(frozen=True)
class Entry:
    """A number as declared: the inputs of its resource, and its forwardings.

    `forward` is the one that counts where no profile does, `forwards` are those by profile.
    """

    name: str
    inputs: Mapping[str, Any]
    aliases: tuple[str, ...] = ()
    protect: bool | None = None
    forward: Mapping[str, Any] | None = None
    forwards: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def forwarding(self, profile: str | None) -> Mapping[str, Any] | None:
        """The inputs of the forwarding that counts in `profile` (None: in none)."""
        return self.forward if profile is None else self.forwards.get(profile, self.forward)


@dataclass
class Problems:
    """What is wrong with the data, one line each."""

    lines: list[str] = field(default_factory=list)

    def add(self, path: str, text: object) -> None:
        """Note `text` about what stands at `path`."""
        # A key is any text, also one with a line break.
        self.lines.append(f"{path if path.isprintable() else ascii(path)}: {text}")


class NumbersReader:
    """Reads numbers from data.

    `names` resolves the names of targets. `known` gives the fields as the checks are to see them: with
    `UNKNOWN` in place of what a program only promises.
    """

    def __init__(
        self, names: TargetNames, known: Callable[[Mapping[str, Any]], dict[str, Any]] = dict
    ) -> None:
        self.problems = Problems()
        self._names = names
        self._known = known
        self._checked: list[tuple[str, Mapping[str, Any]]] = []

    def read(self, numbers: Any, path: str) -> list[Entry]:
        """The numbers of the list `numbers`, which errors call `path`; `problems` gets its errors."""
        if not isinstance(numbers, list):
            self.problems.add(path, "must be a list of numbers" if numbers is not None else "is missing")
            return []
        seen: dict[str, str] = {}
        read = (self._entry(entry, f"{path}[{index}]", seen) for index, entry in enumerate(numbers))
        return [entry for entry in read if entry is not None]

    def note_missing_targets(self) -> None:
        """Note the ids that the account does not have, if a name was looked up there anyway."""
        for place, inputs in self._checked:
            for name, text in self._names.missing(inputs).items():
                self.problems.add(f"{place}.{name}", text)

    def _entry(self, entry: Any, place: str, seen: dict[str, str]) -> Entry | None:
        if not isinstance(entry, dict):
            self.problems.add(place, "must be a mapping such as {type: sipuri, number: ..., host: ...}")
            return None
        digits = self._check_number(entry, place)
        forward, forwards = entry.get("forward"), entry.get("forwards")
        if forward is not None:
            forward = self._forward(forward, f"{place}.forward")
        by_profile = {} if forwards is None else self._forwards(forwards, f"{place}.forwards")
        name = digits if entry.get("name") is None else entry["name"]
        if name is None:
            return None
        if not _is_name(name):
            self.problems.add(f"{place}.name", "must be a text")
            return None
        if not _are_names(entry.get("aliases")):
            self.problems.add(f"{place}.aliases", "must be a list of the names that it had before")
            return None
        aliases = tuple(entry.get("aliases") or ())
        former = [(former_name, "name", f"aliases[{at}]") for at, former_name in enumerate(aliases)]
        for value, kind, field_name in ((name, "name", "name"), (digits, "number", "number"), *former):
            here = f"{place}.{field_name}"
            if value is not None and seen.setdefault(f"{kind} {value}", here) != here:
                self.problems.add(here, f"{value} is also {seen[f'{kind} {value}']}")
        inputs = {key: entry[key] for key in NUMBER_KEYS if key in entry}
        return Entry(name, inputs, aliases, entry.get("protect"), forward, by_profile)

    def _check_number(self, entry: dict[str, Any], place: str) -> str | None:
        """Note the errors of one entry; its number as digits, None if it has none."""
        for key in entry:
            if key not in (*NUMBER_KEYS, *OTHER_KEYS):
                self.problems.add(f"{place}.{key}", "is no field of a number")
        checked = lifecycle.EXTERNAL_NUMBER.check(
            self._known({key: entry[key] for key in NUMBER_KEYS if key in entry})
        )
        for problem in checked.problems:
            self.problems.add(f"{place}.{problem.field}", problem.text)
        if not isinstance(entry.get("protect"), bool | None):
            self.problems.add(f"{place}.protect", "must be true or false")
        digits = checked.inputs.get("number")
        return digits if isinstance(digits, str) else None

    def _forwards(self, forwards: Any, place: str) -> dict[str, Mapping[str, Any]]:
        if not isinstance(forwards, dict):
            self.problems.add(place, "must be a mapping of forwardings by profile: {night: {type: ...}}")
            return {}
        found: dict[str, Mapping[str, Any]] = {}
        for profile, forward in forwards.items():
            if not _is_name(profile):
                # YAML reads `on` and `1` as other things than text.
                self.problems.add(
                    f"{place}.{profile}", "the name of a profile must be a text: put it in quotes"
                )
                continue
            checked = self._forward(forward, f"{place}.{profile}")
            if checked is not None:
                found[profile] = checked
        return found

    def _forward(self, forward: Any, place: str) -> Mapping[str, Any] | None:
        """The inputs of a forwarding, with ids in place of names; notes their errors."""
        if not isinstance(forward, dict):
            self.problems.add(place, "must be a mapping such as {type: group, group_id: 9, cli_type: Y}")
            return None
        for key in forward:
            if key not in (*FORWARD_KEYS, *NAMED):
                self.problems.add(f"{place}.{key}", "is no field of a forwarding")
        resolved = self._names.resolve(forward)
        for key, text in resolved.problems.items():
            self.problems.add(f"{place}.{key}", text)
        inputs = self._known({key: resolved.inputs[key] for key in FORWARD_KEYS if key in resolved.inputs})
        problems = lifecycle.FORWARDING.check(
            {**inputs, "number_type": UNKNOWN, "number_id": UNKNOWN}
        ).problems
        if not problems:
            self._checked.append((place, inputs))
        for problem in problems:
            self.problems.add(f"{place}.{resolved.written.get(problem.field, problem.field)}", problem.text)
        return resolved.inputs


def profiles_of(entries: list[Entry]) -> list[str]:
    """The profiles that the numbers have, in the order of their first use."""
    return list(dict.fromkeys(profile for entry in entries for profile in entry.forwards))


def unknown_profile(profile: str | None, entries: list[Entry]) -> str | None:
    """What is wrong with choosing `profile`, None if nothing is: a misspelt one would switch nothing."""
    known = profiles_of(entries)
    if profile is None or profile in known:
        return None
    there = f"the profiles are {', '.join(known)}" if known else "no number has `forwards`"
    return f'no number has a forwarding for "{plain(profile)}"; {there}'


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and value.isprintable()


def _are_names(value: Any) -> bool:
    return value is None or (isinstance(value, list) and all(map(_is_name, value)))
