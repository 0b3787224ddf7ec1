"""Check every profile of a stack's data against the policies before it is needed.

Reads the stack's configuration and the file that it names, as the program does. Connects and forwards
nothing, and looks at no state: a profile is what could become of the stack.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_plusofon import lifecycle
from pulumi_plusofon.data.format import NumbersReader, profiles_of
from pulumi_plusofon.data.names import TargetNames
from pulumi_plusofon.data.references import References
from pulumi_plusofon.data.source import PROFILE, read_source
from pulumi_plusofon.policies.asking import broken
from pulumi_plusofon.pulumi_cli.runner import StackError
from pulumi_plusofon.routes.model import Resource
from pulumi_plusofon.routes.words import destination
from pulumi_plusofon.runtime.text import plain
from pulumi_plusofon.runtime.yaml import FileError
from pulumi_plusofon.schema.kinds import EXTERNAL_NUMBER, NUMBER_FORWARDING
from pulumi_plusofon.schema.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pulumi_plusofon.data.format import Entry
    from pulumi_plusofon.policies.settings_file import PolicySettings
    from pulumi_plusofon.session import ReferenceCheck


@dataclass(frozen=True)
class Profile:
    """What a profile would do: where each number's calls go, and what the rules refuse.

    `name` is None for the stack without one; `is_current` says that it counts now. `no_target` says which
    targets the account does not have.
    """

    name: str | None
    is_current: bool
    forwards_to: Mapping[str, str]
    problems: tuple[str, ...]
    no_target: tuple[str, ...] = ()


def profiles(
    place: str,
    config: Mapping[str, str],
    folder: Path,
    settings: PolicySettings,
    targets: ReferenceCheck | None,
) -> list[Profile]:
    """Every profile of the stack at `place` (`project/stack`), none if its data has no `forwards`.

    `folder` is that of the program, as it names it to `declare_stack`.

    `targets` are those of the stack's own account, None without a token. Raises `StackError` with one line
    for each mistake in the data.
    """
    project = place.partition("/")[0]
    entries = _entries(project, config, folder, targets)
    names = profiles_of(entries)
    current = config.get(f"{project}:{PROFILE}")
    return [
        Profile(
            name,
            name == current,
            {entry.name: plain(destination(_forwarding(entry, name))) for entry in entries},
            tuple(_refused(entries, name, place, settings)),
            tuple(_missing(entries, name, targets)),
        )
        for name in (None, *names)
        if names
    ]


def _entries(
    project: str, config: Mapping[str, str], folder: Path, targets: ReferenceCheck | None
) -> list[Entry]:
    try:
        source = read_source(lambda key: config.get(f"{project}:{key}"), project, folder)
    except FileError as error:
        raise StackError(str(error)) from None
    except (RecursionError, ValueError):
        # A program of its own may keep anything under that key.
        return []
    data, path = source.data, source.path
    if not isinstance(data, list) or not any(
        isinstance(entry, dict) and entry.get("forwards") for entry in data
    ):
        # Without `forwards` there is no profile, and a program of its own has no data at all.
        return []
    references = References(
        lambda key: config.get(key if ":" in key else f"{project}:{key}"),
        sealed=False,
        environment=os.environ,
    )
    resolved = references.resolve(_without_passwords(data), path)

    def look_up() -> ReferenceCheck:
        if targets is None:
            raise StackError("names are looked up in the account: set its token")
        return targets

    reader = NumbersReader(TargetNames(look_up, "command"))
    entries = reader.read(resolved, path)
    if problems := [*references.problems, *reader.problems.lines]:
        raise StackError("\n".join(map(plain, problems)))
    return entries


def _without_passwords(data: list[Any]) -> list[Any]:
    """The data with passwords that are not known: they are validated in every preview, where they are."""
    return [
        {**entry, "secret": UNKNOWN} if isinstance(entry, dict) and "secret" in entry else entry
        for entry in data
    ]


def _refused(
    entries: Sequence[Entry], profile: str | None, place: str, settings: PolicySettings
) -> Iterator[str]:
    resources = [resource for entry in entries for resource in _resources(entry, profile, place)]
    for found in broken(resources, settings):
        if found.is_mandatory:
            yield plain(f"{found.resource}: {found.rule}: {found.text}")


def _missing(entries: Sequence[Entry], profile: str | None, targets: ReferenceCheck | None) -> Iterator[str]:
    for entry in entries:
        forward = _forwarding(entry, profile)
        for reference in targets.missing(forward) if targets and forward else ():
            yield plain(f"{entry.name}: {reference.missing()}")


def _forwarding(entry: Entry, profile: str | None) -> dict[str, Any] | None:
    """The forwarding that counts in the profile, in the form in which it would be sent."""
    forward = entry.forwarding(profile)
    if forward is None:
        return None
    inputs = {**forward, "number_type": entry.inputs["type"], "number_id": UNKNOWN}
    return lifecycle.FORWARDING.check(inputs).inputs


def _resources(entry: Entry, profile: str | None, place: str) -> Iterator[Resource]:
    project, _, stack = place.partition("/")
    urn = f"urn:pulumi:{stack}::{project}::{EXTERNAL_NUMBER.token}::{entry.name}"
    number = dict(lifecycle.EXTERNAL_NUMBER.check(entry.inputs).inputs)
    yield Resource(EXTERNAL_NUMBER.name, entry.name, urn, number, place, protect=bool(entry.protect))
    forward = _forwarding(entry, profile)
    if forward is None:
        return
    yield Resource(
        NUMBER_FORWARDING.name,
        entry.name,
        f"urn:pulumi:{stack}::{project}::{NUMBER_FORWARDING.token}::{entry.name}",
        forward,
        place,
        protect=bool(entry.protect),
        sources={"number_id": (urn,)},
    )
