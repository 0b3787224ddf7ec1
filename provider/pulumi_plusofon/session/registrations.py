"""Look up whether logins are registered, once for all that wait: 200 numbers cost no more requests than one.

One of the waiting threads sends the request for all, after a pause that grows; the others take its answer.
Reads the status endpoint, and nothing else.
"""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from pulumi_plusofon.api import ApiError
from pulumi_plusofon.runtime import clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pulumi_plusofon.api import RegistrationStatus

_SHORTEST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 5.0


class Registrations:
    """The registrations of one account's logins, for as long as something waits for them.

    `ask` sends one request for all logins that it is given.
    """

    def __init__(self, ask: Callable[[Iterable[str]], tuple[RegistrationStatus, ...]]) -> None:
        self._ask = ask
        self._changed = threading.Condition()
        self._waiting: Counter[str] = Counter()
        self._is_asking = False
        self._round = 0
        self._pause = 0.0
        self._answer: dict[str, RegistrationStatus] | ApiError = {}

    @contextmanager
    def waiting(self, login: str) -> Iterator[None]:
        """A block in which something waits for `login`."""
        with self._changed:
            if not self._waiting:
                self._pause = 0.0
            self._waiting[login] += 1
        try:
            yield
        finally:
            with self._changed:
                self._waiting -= Counter([login])

    def next(self, login: str, seconds: float) -> RegistrationStatus | None:
        """What the next answer says of `login`, None if nothing, within `seconds` or a little more.

        Raises `ApiError` where it failed, for all that waited for it.
        """
        deadline = clock.monotonic() + seconds
        with self._changed:
            seen = self._round
            while self._is_asking and self._round == seen and self._changed.wait(_LONGEST_PAUSE):
                pass
            leads = self._round == seen and not self._is_asking
            self._is_asking = self._is_asking or leads
        if leads:
            self._lead(deadline)
        with self._changed:
            answer = self._answer
        if isinstance(answer, ApiError):
            raise answer
        return answer.get(login)

    def _lead(self, deadline: float) -> None:
        """Ask for all that wait by then."""
        answer: dict[str, RegistrationStatus] | ApiError = {}
        try:
            pause = min(self._pause, max(deadline - clock.monotonic(), 0.0))
            if pause:
                clock.pause(pause)
            self._pause = min(max(self._pause * 1.5, _SHORTEST_PAUSE), _LONGEST_PAUSE)
            with self._changed:
                logins = sorted(self._waiting)
            answer = {status.login: status for status in self._ask(logins)}
        except ApiError as failure:
            answer = failure
        finally:
            with self._changed:
                self._answer = answer
                self._round += 1
                self._is_asking = False
                self._changed.notify_all()
