"""Numbers and forwardings declared as data, such as a stack's configuration.

Every mistake in the data is reported at once, with its path (`numbers[2].forward.type`); only data without
one becomes resources. Adds no rules to those of the resources but that names, former ones too, and
numbers are unique.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import pulumi

from pulumi_plusofon import lifecycle
from pulumi_plusofon.resources.external_number import ExternalNumber
from pulumi_plusofon.resources.inputs import InputError, with_unknowns
from pulumi_plusofon.resources.number_forwarding import NumberForwarding
from pulumi_plusofon.routes.words import destination
from pulumi_plusofon.schema.fields import NAMED, TARGETS
from pulumi_plusofon.schema.kinds import EXTERNAL_NUMBER, NUMBER_FORWARDING
from pulumi_plusofon.schema.values import UNKNOWN

from .names import TargetNames

_NUMBER_KEYS: Final = EXTERNAL_NUMBER.inputs
_OTHER_KEYS: Final = ("name", "aliases", "forward", "protect")
# The number that a forwarding hangs under is the one that it is of.
_FORWARD_KEYS: Final = tuple(
    name for name in NUMBER_FORWARDING.inputs if name not in ("number_type", "number_id")
)


@dataclass(frozen=True)
class DeclaredNumber:
    """An external number that was declared, and its forwarding if it has one."""

    type: str
    number: ExternalNumber
    forwarding: NumberForwarding | None

    @property
    def forwards_to(self) -> pulumi.Output[str | None] | None:
        """Where its calls go, in a few words ("group 9"); None where no forwarding is declared."""
        if self.forwarding is None:
            return None
        names = ("type", "host", "type_default", *TARGETS.values())
        return pulumi.Output.all(**{name: getattr(self.forwarding, name) for name in names}).apply(
            destination
        )


@dataclass
class _Problems:
    lines: list[str] = field(default_factory=list)

    def add(self, path: str, text: object) -> None:
        # A key is any text, also one with a line break.
        self.lines.append(f"{path if path.isprintable() else ascii(path)}: {text}")


def declare_numbers(numbers: Any, path: str = "numbers") -> dict[str, DeclaredNumber]:
    """Declare the resources that `numbers` describes, by their names.

    `numbers` is a list of mappings: the inputs of an `ExternalNumber`, `name` for the resource's name
    (default: the number's digits), `aliases` for the names that it had before, `forward` for the inputs of
    its `NumberForwarding`, if it is to have one, and `protect` for whether the engine refuses to delete or
    replace both. In `forward`, `sip`, `group`, `scenario` and `call_queue` name the target in place of an id;
    the stack's own account is asked, each list once. `path` is what the data is called in errors. The
    forwarding's resource names, former ones too, are the number's.

    Raises `InputError` with one line per problem.
    """
    problems = _Problems()
    entries = _entries(numbers, path, problems, TargetNames())
    if problems.lines:
        raise InputError("\n".join(problems.lines))
    return {name: _declared(name, entry) for name, entry in entries.items()}


def _declared(name: str, entry: dict[str, Any]) -> DeclaredNumber:
    aliases = [pulumi.Alias(name=former) for former in entry.get("aliases") or ()]
    opts = pulumi.ResourceOptions(protect=entry.get("protect"), aliases=aliases)
    number = ExternalNumber(name, **{key: entry[key] for key in _NUMBER_KEYS if key in entry}, opts=opts)
    forward = entry.get("forward")
    forwarding = NumberForwarding(name, number=number, **forward, opts=opts) if forward else None
    return DeclaredNumber(entry["type"], number, forwarding)


def _entries(numbers: Any, path: str, problems: _Problems, names: TargetNames) -> dict[str, dict[str, Any]]:
    if not isinstance(numbers, list):
        problems.add(path, "must be a list of numbers" if numbers is not None else "is missing")
        return {}
    entries: dict[str, dict[str, Any]] = {}
    seen: dict[str, str] = {}
    for index, entry in enumerate(numbers):
        place = f"{path}[{index}]"
        if not isinstance(entry, dict):
            problems.add(place, "must be a mapping such as {type: sipuri, number: ..., host: ...}")
            continue
        digits = _check_number(entry, place, problems)
        forward = entry.get("forward")
        if forward is not None:
            forward = _checked_forward(forward, f"{place}.forward", problems, names)
        name = digits if entry.get("name") is None else entry["name"]
        if name is None:
            continue
        if not _is_name(name):
            problems.add(f"{place}.name", "must be a text")
            continue
        if not _are_names(entry.get("aliases")):
            problems.add(f"{place}.aliases", "must be a list of the names that it had before")
            continue
        former = [(one, "name", f"aliases[{at}]") for at, one in enumerate(entry.get("aliases") or ())]
        for value, kind, field_name in ((name, "name", "name"), (digits, "number", "number"), *former):
            here = f"{place}.{field_name}"
            if value is not None and seen.setdefault(f"{kind} {value}", here) != here:
                problems.add(here, f"{value} is also {seen[f'{kind} {value}']}")
        entries[name] = {**entry, "forward": forward}
    return entries


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and value.isprintable()


def _are_names(value: Any) -> bool:
    return value is None or (isinstance(value, list) and all(map(_is_name, value)))


def _check_number(entry: dict[str, Any], place: str, problems: _Problems) -> str | None:
    """Note what is wrong with one entry; its number as digits, None if it has none."""
    for key in entry:
        if key not in (*_NUMBER_KEYS, *_OTHER_KEYS):
            problems.add(f"{place}.{key}", "is no field of a number")
    checked = lifecycle.EXTERNAL_NUMBER.check(
        with_unknowns({key: entry[key] for key in _NUMBER_KEYS if key in entry})
    )
    for problem in checked.problems:
        problems.add(f"{place}.{problem.field}", problem.text)
    if not isinstance(entry.get("protect"), bool | None):
        problems.add(f"{place}.protect", "must be true or false")
    digits = checked.inputs.get("number")
    return digits if isinstance(digits, str) else None


def _checked_forward(
    forward: Any, place: str, problems: _Problems, names: TargetNames
) -> dict[str, Any] | None:
    """The inputs of a forwarding, with ids in place of names; notes what is wrong with them."""
    if not isinstance(forward, dict):
        problems.add(place, "must be a mapping such as {type: group, group_id: 9, cli_type: Y}")
        return None
    for key in forward:
        if key not in (*_FORWARD_KEYS, *NAMED):
            problems.add(f"{place}.{key}", "is no field of a forwarding")
    resolved = names.resolve(forward)
    for key, text in resolved.problems.items():
        problems.add(f"{place}.{key}", text)
    inputs = with_unknowns({key: resolved.inputs[key] for key in _FORWARD_KEYS if key in resolved.inputs})
    for problem in lifecycle.FORWARDING.check(
        {**inputs, "number_type": UNKNOWN, "number_id": UNKNOWN}
    ).problems:
        problems.add(f"{place}.{resolved.written.get(problem.field, problem.field)}", problem.text)
    return resolved.inputs
