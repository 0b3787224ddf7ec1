"""The accounts that stacks are in, each opened once for all its stacks, and for GETs alone.

An account is that of a stack's own settings, or one beside it with the settings that the state keeps. Whether
two stacks share an account is decided by token and address. Writes nothing.
"""

from __future__ import annotations

import os
from collections import defaultdict
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from pulumi_plusofon.advice import with_advice
from pulumi_plusofon.api import ApiError, Client
from pulumi_plusofon.pulumi_cli.runner import StackError
from pulumi_plusofon.pulumi_cli.state import read_config, read_stack
from pulumi_plusofon.runtime import ConfigurationError, Settings
from pulumi_plusofon.runtime.settings import text_of
from pulumi_plusofon.runtime.text import in_one_line
from pulumi_plusofon.session import AccountError, AccountSession, Directory, ReferenceCheck

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pulumi_plusofon.advice import Reader
    from pulumi_plusofon.api import ListedNumber
    from pulumi_plusofon.pulumi_cli.state import StackState, StateResource

# The stack's own account's alone: an account beside it has another id.
_OWN_ALONE: Final = "PLUSOFON_CUSTOMER_ID"


@dataclass(frozen=True)
class Member:
    """A resource and the stack that has it."""

    stack: StackState
    resource: StateResource


@dataclass
class StacksAccount:
    """One account, and what the named stacks have in it. `reader` is who set it up: see `advice`.

    `own_of` are the stacks whose own account it is; for the others of `stacks` it is one beside their own.
    """

    client: Client
    reader: Reader
    stacks: list[str] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    own_of: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.session = AccountSession(self.client)
        self.targets = ReferenceCheck(Directory(self.client.list_targets, self.session.entries))

    def forwardings(self) -> list[StateResource]:
        """The stacks' forwardings in it."""
        return [member.resource for member in self.members if not member.resource.is_number]

    def entries(self) -> list[ListedNumber]:
        """All that the account lists. Raises `StackError` where it cannot be listed."""
        with self.reported():
            try:
                return self.session.entries()
            except AccountError as error:
                raise self._error(error.reason) from None

    def require_own(self) -> None:
        """Refuse the account if a state has anything of its own in another one. Raises `StackError`."""
        customers = {member.resource.customer_id for member in self.members} - {None}
        with self.reported():
            others = sorted(filter(None, filter(self.session.is_other, customers)))
        if others:
            ours = " and ".join(map(str, others))
            raise self._error(
                f"the state has resources in account {ours}, and the token is another's; set the token"
                f" and the base URL of account {ours}, or use a backend or a stack of this account's own"
            )

    @contextmanager
    def reported(self) -> Iterator[None]:
        """A block in which an error of the API becomes one line that names the stacks."""
        try:
            yield
        except ApiError as error:
            raise self._error(with_advice(error, self.reader)) from None

    def missing_targets(self, forwarding: StateResource) -> list[str]:
        """The targets of a forwarding of the state that the account does not have, in words."""
        return [
            reference.missing(is_secret=reference.field in forwarding.secrets)
            for reference in self.targets.missing(forwarding.outputs)
        ]

    def not_checked(self) -> list[str]:
        """Why ids of targets could not be compared with the account's lists, a line for each list."""
        lines = self.targets.not_checked(lambda error: in_one_line(with_advice(error, self.reader)))
        return [f"{', '.join(self.stacks)}: {line}" for line in lines.values()]

    def _error(self, text: str) -> StackError:
        return StackError(f"{', '.join(self.stacks)}: {text}")


@contextmanager
def opened(
    names: Sequence[str], folder: Path, *, max_retries: int | None = None
) -> Iterator[list[StacksAccount]]:
    """The accounts of the stacks `names` of the project in `folder`; raises `StackError`.

    `max_retries` is in place of what their settings say.
    """
    placed: dict[Settings, _Place] = {}
    for name in dict.fromkeys(names):
        # The configuration first: where the passphrase is missing, its error has the fewer words.
        config = read_config(name, folder)
        stack = read_stack(name, folder)
        for settings, reader, resources in _places(stack, config):
            is_own = reader == "lookup"
            place = placed.setdefault(settings, _Place(reader))
            place.stacks.append(name)
            place.own_of += [name] if is_own else []
            place.members += [Member(stack, resource) for resource in resources]
    with ExitStack() as clients:
        yield [
            StacksAccount(
                clients.enter_context(closing(Client(settings.with_retries(max_retries)))),
                place.reader,
                place.stacks,
                place.members,
                place.own_of,
            )
            for settings, place in _merged(placed).items()
        ]


@dataclass
class _Place:
    reader: Reader
    stacks: list[str] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    own_of: list[str] = field(default_factory=list)


def _places(
    stack: StackState, config: Mapping[str, str]
) -> Iterator[tuple[Settings, Reader, list[StateResource]]]:
    """The settings of each account that a stack has resources in, and of its own in any case."""
    by_provider: dict[str, list[StateResource]] = defaultdict(list)
    for resource in stack.resources:
        by_provider[resource.provider if resource.provider in stack.accounts else ""].append(resource)
    own = by_provider.pop("", [])
    if own or not by_provider or text_of("token", config.get) is not None:
        yield _settings(stack.name, config, os.environ), "lookup", own
    environment = {name: value for name, value in os.environ.items() if name != _OWN_ALONE}
    for urn, resources in by_provider.items():
        yield _settings(stack.name, stack.accounts[urn], environment), "account", resources


def _settings(stack: str, config: Mapping[str, str], environment: Mapping[str, str]) -> Settings:
    try:
        return replace(Settings.load(config.get, environment, config), read_only=True)
    except ConfigurationError as error:
        lines = [f"{stack}: {line}" for line in str(error).splitlines()]
        raise StackError("\n".join(lines)) from None


def _merged(placed: Mapping[Settings, _Place]) -> dict[Settings, _Place]:
    """The places of one token and address as one, with the account's id that one of them names."""
    by_token: dict[tuple[str, str, str], list[Settings]] = defaultdict(list)
    for settings in placed:
        by_token[settings.base_url, settings.token, settings.client_id].append(settings)
    merged = {}
    for same in by_token.values():
        places = [placed[settings] for settings in same]
        stacks = list(dict.fromkeys(name for place in places for name in place.stacks))
        guards = {settings.customer_id for settings in same} - {None}
        if len(guards) > 1:
            ids = " and ".join(map(str, sorted(filter(None, guards))))
            raise StackError(
                f"{', '.join(stacks)}: they have one token, and plusofon:customerId is {ids}: the token is"
                " that of one account, so correct plusofon:token or plusofon:customerId"
            )
        settings = replace(same[0], customer_id=next(iter(guards), None))
        members = [member for place in places for member in place.members]
        own_of = [name for place in places for name in place.own_of]
        merged[settings] = _Place(places[0].reader, stacks, members, own_of)
    return merged
