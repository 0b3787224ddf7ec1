"""What is examined: a folder, the settings of a stack or of the environment, and the account that they open.

The account is opened for GETs alone, and a failure is shown as it is: no request is repeated. Never shows
the token.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pulumi_plusofon.api import Client
from pulumi_plusofon.pulumi_cli.state import StackError, read_marked_config
from pulumi_plusofon.runtime import ConfigurationError, Settings
from pulumi_plusofon.runtime.settings import text_of

from .account import Account
from .findings import UnknownError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pulumi_plusofon.advice import Reader


@dataclass(frozen=True)
class Subject:
    """A folder and the settings that count there.

    `stack` is None where the environment's settings alone count; `config` the stack's configuration and
    `secret_keys` the keys of its secrets, both empty where it cannot be read, which `config_problem` says;
    `opened` the account, None where the settings open none.
    """

    folder: Path
    stack: str | None
    config: Mapping[str, str] = field(default_factory=dict, repr=False)
    secret_keys: frozenset[str] = frozenset()
    config_problem: str | None = None
    opened: Account | None = None

    @property
    def account(self) -> Account:
        """The account; raises `UnknownError` where the settings open none."""
        if self.opened is not None:
            return self.opened
        self.require_config()
        if text_of("token", self.config.get) is None:
            raise UnknownError("there is no token", self.how_to_set_a_token)
        raise UnknownError("the settings cannot be used", "correct the settings first")

    @property
    def how_to_set_a_token(self) -> str:
        """What to type where there is no token."""
        if self.stack is None:
            return "set PLUSOFON_TOKEN, or name a stack that has a token: `plusofon doctor --stack STACK`"
        return f"run `pulumi config set --secret plusofon:token --stack {self.stack}`, or set PLUSOFON_TOKEN"

    def require_config(self) -> None:
        """Raise `UnknownError` where the stack's configuration could not be read."""
        if self.config_problem is not None:
            raise UnknownError("the stack's configuration cannot be read")


@contextmanager
def opened(folder: Path, stack: str | None) -> Iterator[Subject]:
    """What there is to examine in `folder` with `stack`, None for the environment's settings alone."""
    subject = _configured(folder, stack)
    client = _client(subject)
    # Settings are named as a person finds them: a stack's by their keys, else by their variables.
    reader: Reader = "command" if stack is None else "lookup"
    if client is None:
        yield subject
        return
    with closing(client):
        yield replace(subject, opened=Account(client, reader))


def _configured(folder: Path, stack: str | None) -> Subject:
    if stack is None:
        return Subject(folder, None)
    try:
        return Subject(folder, stack, *read_marked_config(stack, folder))
    except StackError as error:
        return Subject(folder, stack, config_problem=str(error))


def _client(subject: Subject) -> Client | None:
    """A client of the account, None where the settings open none: the findings of the settings say why."""
    if subject.config_problem is not None:
        return None
    try:
        settings = Settings.load(subject.config.get, keys=subject.config)
    except ConfigurationError:
        return None
    return Client(replace(settings, read_only=True, max_retries=0))
