"""Sources of `plusofon routes`: the routes of stacks, or of one exported state, and the stacks' profiles.

Reads states and settings by `pulumi`, accounts by GETs where there is a token. Draws nothing.
"""

from __future__ import annotations

import json
import os
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pulumi_plusofon.api import Client
from pulumi_plusofon.command.accounts import Member, StacksAccount, opened
from pulumi_plusofon.pulumi_cli.files import Project, find_project
from pulumi_plusofon.pulumi_cli.runner import StackError
from pulumi_plusofon.pulumi_cli.state import read_config, read_stack, stack_of
from pulumi_plusofon.runtime import Settings
from pulumi_plusofon.runtime.settings import text_of
from pulumi_plusofon.runtime.text import plain
from pulumi_plusofon.runtime.yaml import FileError
from pulumi_plusofon.schema.kinds import name_in

from .known import of_accounts, of_states
from .overview import overview
from .profiles import profiles

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pulumi_plusofon.policies.settings_file import PolicySettings
    from pulumi_plusofon.pulumi_cli.state import StackState, StateResource
    from pulumi_plusofon.session import ReferenceCheck

    from .overview import Route
    from .profiles import Profile


@dataclass
class Gathered:
    """Routes and profiles; `unread` says of which profiles nothing is known, `notes` what else is not."""

    title: str
    routes: list[Route]
    profiles: list[Profile] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def of_stacks(names: Sequence[str], folder: Path, rules: PolicySettings) -> Gathered:
    """The routes of stacks of the project in `folder`. Raises `StackError`."""
    configs = {name: read_config(name, folder) for name in dict.fromkeys(names)}
    project = _project(folder)
    places = {name: f"{project.name}/{name.rpartition('/')[2]}" for name in configs}
    has_tokens = all(text_of("token", config.get) is not None for config in configs.values())
    with ExitStack() as kept:
        accounts: list[StacksAccount] = []
        if has_tokens:
            accounts = kept.enter_context(opened(list(configs), folder))
            known = of_accounts(accounts)
        else:
            known = of_states([read_stack(name, folder) for name in configs])
            known.notes.append("there is no token, so nothing is known of the account")
        routes = overview(known, rules, places)
        gathered = Gathered(_title(configs), routes, notes=known.notes)
        for name, config in configs.items():
            try:
                targets = _targets(name, accounts)
                gathered.profiles += profiles(places[name], config, project.program_folder, rules, targets)
            except StackError as error:  # noqa: PERF203 - of a few stacks
                gathered.unread += [f"{name}: {line}" for line in str(error).splitlines()]
        notes = [*rules.ended(), *(line for account in accounts for line in account.not_checked())]
        gathered.notes = list(dict.fromkeys([*known.notes, *notes]))
    return gathered


def of_state(content: bytes, rules: PolicySettings) -> Gathered:
    """The routes of a state that `pulumi stack export` wrote, with the account of the environment's token.

    Raises `StackError`.
    """
    stack, place = _exported(content)
    if text_of("token", lambda _key: None) is None:
        known = of_states([stack])
        known.notes.append("there is no PLUSOFON_TOKEN, so nothing is known of the account")
    else:
        with closing(Client(replace(Settings.from_environment(os.environ), read_only=True))) as client:
            own = [
                Member(stack, resource)
                for resource in stack.resources
                if resource.provider not in stack.accounts
            ]
            known = of_accounts([StacksAccount(client, "command", [stack.name], own)])
        beside = [
            Member(stack, resource) for resource in stack.resources if resource.provider in stack.accounts
        ]
        known.members = [*known.members, *beside]
        for name in sorted({plain(name_in(member.resource.provider)) for member in beside}):
            known.notes.append(f"nothing is known of the account {name}: an exported state does not open it")
    routes = overview(known, rules, {stack.name: place})
    return Gathered(_title([stack.name]), routes, notes=[*known.notes, *rules.ended()])


def _title(names: Any) -> str:
    return f"Routes of {', '.join(map(plain, names))}, as last set"


def _targets(name: str, accounts: Sequence[StacksAccount]) -> ReferenceCheck | None:
    """Where targets of the stack's own account are looked up, None without a token."""
    return next((account.targets for account in accounts if name in account.own_of), None)


def _project(folder: Path) -> Project:
    try:
        project = find_project(folder)
    except FileError as error:
        raise StackError(f"this is no Pulumi project: {error}") from None
    if project is None:
        raise StackError(f"there is no Pulumi project in {plain(str(folder))} or above it")
    return project


def _require_values(resource: StateResource) -> None:
    """Refuse lists and objects where a resource of ours has texts and numbers."""
    for value in resource.outputs.values():
        if isinstance(value, list | dict):
            raise TypeError(value)


def _exported(content: bytes) -> tuple[StackState, str]:
    try:
        exported = json.loads(content)
        urns = [entry["urn"].split(":") for entry in exported["deployment"].get("resources") or ()]
        name, project = (urns[0][2], urns[0][4]) if urns else ("an empty stack", "")
        stack = stack_of(name, exported)
        for resource in stack.resources:
            _require_values(resource)
    except (AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError):
        raise StackError("this is no state that `pulumi stack export` wrote") from None
    return stack, f"{project}/{name}"
