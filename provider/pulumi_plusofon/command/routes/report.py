"""Routes as JSON, and their problems in a line each. Formats alone."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.command.output.groups import Item, grouped, in_no_stack
from pulumi_plusofon.command.output.numbers import with_e164
from pulumi_plusofon.runtime.text import counted

from .problems import rule_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from .overview import Route
    from .profiles import Profile
    from .sources import Gathered


_NO_TARGET: Final = "no_target"


def as_json(routes: Sequence[Route], found: Gathered, shown: Callable[[str], str]) -> dict[str, Any]:
    """All of it as values; names of fields and kinds of problems are frozen.

    `shown` is what becomes of each text.
    """
    numbers = {route.key: route.number for route in routes}
    values = {
        "numbers": [_number(route, numbers) for route in routes],
        "profiles": [asdict(profile) for profile in found.profiles],
        "profiles_not_read": found.unread,
        "notes": found.notes,
    }
    return {name: _shown(value, shown) for name, value in values.items()}


def problems(routes: Sequence[Route], found: Gathered, allowed: Collection[str]) -> list[str]:
    """A line for each kind of problem that is not allowed, and for each that profiles would have."""
    items = [
        Item(rule_of(problem) or problem.kind, problem.text, _named(route))
        for route in routes
        for problem in route.problems
        if problem.kind not in allowed
    ]
    lines = grouped(items)
    for profile in found.profiles:
        name = f"profile {profile.name}" if profile.name else "no profile"
        missing = () if _NO_TARGET in allowed else profile.no_target
        lines += [f"{name}: {line}" for line in grouped(map(_of_profile, profile.problems))]
        lines += [f"{name}: {line}" for line in missing]
    return lines + [f"profiles could not be read: {line}" for line in found.unread]


def unmanaged(routes: Sequence[Route], stacks: Sequence[str]) -> str | None:
    """A line about the numbers of the account that no stack has; `stacks` are those that were named."""
    numbers = [route.number for route in routes if route.is_unmanaged]
    return in_no_stack(numbers, stacks) if numbers else None


def _named(route: Route) -> str:
    return f"{route.number} ({route.resource})" if route.resource else route.number


def _of_profile(line: str) -> Item:
    """A line of a profile's problems: the resource, the rule, and what the rule says."""
    about, _, text = line.partition(": ")
    return Item(text.partition(":")[0], text, about)


def _number(route: Route, numbers: Mapping[str, str]) -> dict[str, Any]:
    values = asdict(route)
    del values["key"]
    ways = [
        with_e164({"to": way.label, "number": numbers.get(way.key), "is_fallback": way.is_fallback})
        for way in route.ways
    ]
    return with_e164({**values, "ways": ways})


def summary(routes: Sequence[Route], profiles: Sequence[Profile]) -> str:
    """How many there are, and how many have problems."""
    wrong = sum(bool(route.problems) for route in routes)
    said = f"{counted(len(routes), 'number')}, {wrong or 'none'} with problems"
    if not profiles:
        return f"{said}."
    named = ", ".join(profile.name for profile in profiles if profile.name)
    current = next((profile.name for profile in profiles if profile.is_current), None)
    refused = sum(bool(profile.problems) for profile in profiles)
    missing = sum(bool(profile.no_target) for profile in profiles)
    more = f", {missing} with a target that is not there" if missing else ""
    return (
        f"{said}. Profiles: {named} (now {current or 'none'}), {refused or 'none'} refused by a policy{more}."
    )


def _shown(value: Any, shown: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {name: _shown(inner, shown) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(inner, shown) for inner in value]
    return shown(value) if isinstance(value, str) else value
