"""The checks of the project: its other stacks, and what two stacks claim alike.

Asks `pulumi` for the stacks' names, and reads the stack files as they are written; decrypts nothing.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from pulumi_plusofon.pulumi_cli.files import Project, find_project
from pulumi_plusofon.pulumi_cli.runner import read_json
from pulumi_plusofon.runtime import NAMESPACE, Settings
from pulumi_plusofon.runtime.settings import text_of
from pulumi_plusofon.runtime.text import plain
from pulumi_plusofon.runtime.yaml import FileError

from .findings import Check, CheckResult
from .subject import UnknownError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .subject import Subject

# What belongs to one stack, each with the value that all may share.
_OWN: Final = {"customerId": None, "baseUrl": Settings.base_url}
_SEPARATE: Final = (
    "give each stack an account of its own (docs/environments.md), or let no two stacks declare the same"
    " number"
)


def _stacks(subject: Subject) -> CheckResult:
    _require_project(subject)
    listed = read_json(subject.folder, "stack", "ls", "--json")
    try:
        names = [str(stack["name"]) for stack in listed]
    except (TypeError, KeyError):
        raise UnknownError("`pulumi stack ls --json` printed no list of stacks") from None
    own = _own(subject)
    others = ", ".join(plain(name) for name in names if _short(name) != own) or "none"
    return CheckResult("good", others if own is None else f"besides {plain(own)}: {others}")


def _shared(subject: Subject) -> CheckResult:
    project = _require_project(subject)
    subject.require_config()
    files, unreadable = project.stack_configs()
    claims = {name: _claims(config) for name, config in files.items()}
    own = _own(subject)
    if own is not None:
        claims[own] = {key: text_of(key, subject.config.get) for key in _OWN}
    alike = [
        f"{key} {value} is that of {' and '.join(names)}"
        for key, shared in _OWN.items()
        for value, names in _by_value(key, claims).items()
        if value != shared and len(names) > 1 and own in (None, *names)
    ]
    if not alike and not unreadable:
        return CheckResult("good", "no two stacks name the same customerId or baseUrl")
    return CheckResult("notice", plain("; ".join([*alike, *unreadable])), _SEPARATE)


def _claims(config: Mapping[str, Any]) -> dict[str, str | None]:
    """What a stack's file says in clear of the settings that belong to one stack."""
    values = {key: config.get(f"{NAMESPACE}:{key}") for key in _OWN}
    return {key: value if isinstance(value, str) else None for key, value in values.items()}


def _by_value(key: str, claims: Mapping[str, Mapping[str, str | None]]) -> dict[str, list[str]]:
    """The stacks that name each value of a setting."""
    stacks = defaultdict(list)
    for name, values in sorted(claims.items()):
        if value := values[key]:
            stacks[value.rstrip("/")].append(name)
    return stacks


def _require_project(subject: Subject) -> Project:
    try:
        project = find_project(subject.folder)
    except FileError as error:
        raise UnknownError(str(error)) from None
    if project is None:
        raise UnknownError(
            "there is no Pulumi.yaml in this folder or above it", "run it in the project's folder"
        )
    return project


def _own(subject: Subject) -> str | None:
    return None if subject.stack is None else _short(subject.stack)


def _short(stack: str) -> str:
    """The name of a stack without the organization and the project that may stand before it."""
    return stack.rpartition("/")[2]


CHECKS: Final = (Check("stacks", _stacks), Check("shared settings", _shared))
