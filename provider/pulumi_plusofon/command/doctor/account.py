"""What the API answers about the account: each question is sent once, and only when a check needs it.

Where the list gets no answer at all, nothing more is sent: each further question would wait as long.
Decides nothing about what an answer means.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pulumi_plusofon.advice import advice_for
from pulumi_plusofon.api import ApiError, Client, MaybeDoneError, NotFoundError, NotSentError

from .findings import UnknownError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_plusofon.advice import Reader
    from pulumi_plusofon.api import ListedNumber
    from pulumi_plusofon.api.client import Answered

_Answer = TypeVar("_Answer")
# No answer of the API came: there is no connection, or something else answers at the address.
UNANSWERED: Final = (NotSentError, MaybeDoneError)
NO_LIST: Final = "there is no list of numbers"


class Account:
    """The answers to the questions that were asked so far."""

    def __init__(self, client: Client, reader: Reader) -> None:
        self.settings = client.settings
        self._client = client
        self._reader: Reader = reader
        self._answers: dict[Callable[[Client], Any], Any] = {}
        self._received: tuple[Answered | None, datetime] | None = None

    def listed(self) -> tuple[ListedNumber, ...]:
        """The account's list of numbers; raises `ApiError`, each time that it is asked for."""
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
