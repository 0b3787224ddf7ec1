"""The subject of `plusofon doctor`: a folder, the settings that count there, and the account they open.

The account is opened for GETs alone. Each question is sent once, when a check needs it, and a failure is not
repeated. Where the list gets no answer at all, nothing more is sent. Never shows the token.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pulumi_plusofon.advice import advice_for
from pulumi_plusofon.api import ApiError, Client, MaybeDoneError, NotFoundError, NotSentError
from pulumi_plusofon.pulumi_cli.state import StackError, read_marked_config
from pulumi_plusofon.runtime import ConfigurationError, PlusofonError, Settings
from pulumi_plusofon.runtime.settings import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from pulumi_plusofon.advice import Reader
    from pulumi_plusofon.api import ListedNumber
    from pulumi_plusofon.api.client import Answered

_Answer = TypeVar("_Answer")
# No answer of the API came: there is no connection, or something else answers at the address.
UNANSWERED: Final = (NotSentError, MaybeDoneError)
NO_LIST: Final = "there is no list of numbers"


class UnknownError(PlusofonError):
    """What a check examines cannot be known; `advice` says what to do about it, None for nothing."""

    def __init__(self, text: str, advice: str | None = None) -> None:
        super().__init__(text)
        self.advice = advice


class AccountAnswers:
    """The API's answers so far."""

    def __init__(self, client: Client, reader: Reader) -> None:
        self.settings = client.settings
        self._client = client
        self._reader: Reader = reader
        self._answers: dict[Callable[[Client], Any], Any] = {}
        self._received: tuple[Answered | None, datetime] | None = None

    def listed(self) -> tuple[ListedNumber, ...]:
        """The account's list of numbers; raises `ApiError`, each time."""
        return self._once(_list)

    def numbers(self) -> tuple[ListedNumber, ...]:
        """The account's list; raises `UnknownError` without it: why is the finding of another check."""
        try:
            return self.listed()
        except ApiError:
            raise UnknownError(NO_LIST) from None

    def answered(self) -> tuple[Answered, datetime]:
        """How the list was answered, also with a refusal, and when by this machine's clock.

        Raises `UnknownError` where no answer came.
        """
        is_unanswered = self._is_unanswered()
        answered, moment = self._received or (None, None)
        if is_unanswered or answered is None or moment is None:
            raise UnknownError(NO_LIST)
        return answered, moment

    def fact(self, question: Callable[[Client], _Answer]) -> _Answer:
        """The answer to another question; raises `UnknownError` where there is none, and `ApiError`.

        A token that may not list may yet say whose it is.
        """
        if self._is_unanswered():
            raise UnknownError(f"not asked, because {NO_LIST}")
        try:
            return self._once(question)
        except NotFoundError:
            raise UnknownError("the API does not say") from None

    def advice(self, error: ApiError) -> str | None:
        """What to do about an error, in the words of who set the account's settings."""
        return advice_for(error, self._reader) or None

    def _is_unanswered(self) -> bool:
        try:
            self.listed()
        except ApiError as error:
            return isinstance(error, UNANSWERED)
        return False

    def _once(self, question: Callable[[Client], _Answer]) -> _Answer:
        if question not in self._answers:
            try:
                self._answers[question] = question(self._client)
            except ApiError as error:
                self._answers[question] = error
            if question is _list:
                self._received = (self._client.last_answer, datetime.now(timezone.utc))
        answer = self._answers[question]
        if isinstance(answer, ApiError):
            raise answer
        result: _Answer = answer
        return result


def _list(client: Client) -> tuple[ListedNumber, ...]:
    return client.list_numbers()


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
    opened: AccountAnswers | None = None

    @property
    def account(self) -> AccountAnswers:
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
        yield replace(subject, opened=AccountAnswers(client, reader))


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
