"""Rules that hold in production alone, and which stacks that is."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from .model import Violation, deferred

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_plusofon.routes.model import Resource

    from .config import Production
    from .model import Finding


def is_production(place: str, globs: list[str]) -> bool:
    """Whether the stack at `place` (`organization/project/stack`) is one of `globs`.

    A glob is held against as many of the last parts as it has itself, so that no `*` reaches from a
    project's name into its stack's; capital letters make no stack another one. A place whose organization is
    not known (`project/stack`) may be any organization's.
    """
    parts = place.lower().split("/")
    return any(_matches(parts, glob.lower().split("/")) for glob in globs)


def _matches(parts: list[str], glob: list[str]) -> bool:
    asked = glob[-len(parts) :]
    return all(map(fnmatchcase, parts[-len(asked) :], asked))


def protected(number: Resource, config: Production) -> Iterator[Finding]:
    """Refuse a number that a mistake could delete."""
    if is_production(number.place, config.production_stacks) and not number.protect:
        yield Violation(
            number,
            f"protect is off, and stack {_stack(number)} is production;"
            " give it opts=pulumi.ResourceOptions(protect=True)",
        )


def registration_waited(number: Resource, config: Production) -> Iterator[Finding]:
    """Advise to find out whether a login works before calls depend on it."""
    if not is_production(number.place, config.production_stacks):
        return
    yield from deferred(number, "type", "wait_for_registration")
    unset = number.properties.get("wait_for_registration") is None
    if number.get("type") == "ate" and unset:
        yield Violation(
            number,
            f"wait_for_registration is not set, and stack {_stack(number)} is production; set it to seconds,"
            " such as 60, so that a login that does not register is reported at once",
        )


def _stack(resource: Resource) -> str:
    return resource.place.rpartition("/")[2]
